"""Papers of the practice desk: the codes to practise with, and the word that somebody has learned it."""

from collections.abc import Iterable, Mapping

from kiosk.locale import Texts
from kiosk.paper.elements import Align, Big, Code128, Cut, Element, Feed, Rule, Text
from kiosk.paper.slip import signature


def codes_slip(codes: Mapping[str, str], texts: Texts) -> list[Element]:
    """Give the slip to scan from: codes by what they are called, ``card``, ``salt``, ``soap``."""
    elements: list[Element] = [Big(texts("practice.codes")), Text(texts("practice.not_real"), Align.CENTRE), Rule()]
    for name, code in codes.items():
        elements += [Text(texts(f"practice.{name}"), Align.CENTRE), Code128(code), Feed()]
    return [*elements, Cut()]


def learned_slip(name: str, day: str, steps: Iterable[str], texts: Texts, columns: int) -> list[Element]:
    """Give the paper of somebody who did all the ``steps`` on a day (ISO text), for a paper of ``columns``."""
    return [
        Big(texts("practice.learned_title")),
        Text(f"{name}  {day}", Align.CENTRE),
        Rule(),
        *(Text(f"√ {texts(f'practice.step.{step}')}") for step in steps),
        Rule(),
        signature(texts("practice.secretary"), columns),
        Feed(),
        Cut(),
    ]
