"""Papers of the practice desk: the codes to practise with, and the word that somebody has learned it."""

from kiosk.coach import STEPS, Papers
from kiosk.locale import Texts
from kiosk.paper.elements import Align, Big, Code128, Cut, Element, Feed, Rule, Text
from kiosk.paper.slip import signature


def codes_slip(papers: Papers, texts: Texts) -> list[Element]:
    """Give the slip to scan from: a card and two kinds of goods."""
    codes = (("practice.card", papers.card), ("practice.salt", papers.salt), ("practice.soap", papers.soap))
    elements: list[Element] = [Big(texts("practice.codes")), Text(texts("practice.not_real"), Align.CENTRE), Rule()]
    for name, code in codes:
        elements += [Text(texts(name), Align.CENTRE), Code128(code), Feed()]
    return [*elements, Cut()]


def learned_slip(name: str, day: str, texts: Texts, columns: int) -> list[Element]:
    """Give the paper of somebody who did all six things on a day (ISO text), for a paper of ``columns``."""
    return [
        Big(texts("practice.learned_title")),
        Text(f"{name}  {day}", Align.CENTRE),
        Rule(),
        *(Text(f"√ {texts(f'practice.step.{step}')}") for step in STEPS),
        Rule(),
        signature(texts("practice.secretary"), columns),
        Feed(),
        Cut(),
    ]
