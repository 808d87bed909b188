"""The slip of an objection: its number when it is raised, and the answer when there is one."""

from kiosk.domain.objection import ObjectionShown
from kiosk.locale import Texts
from kiosk.locale.figures import signed
from kiosk.paper.elements import Align, Big, Cut, Element, Feed, Rule, Text, pair
from kiosk.paper.slip import Household, shown_household, signature


def objection_slip(objection: ObjectionShown, village: str, what: str, texts: Texts, columns: int) -> list[Element]:
    """Give the slip of an objection for a paper of ``columns``; ``what`` names the entry it is about."""
    place = texts("till.place", group=objection.place.group, house=objection.place.house)
    answer = objection.answer
    return [
        Big(village),
        Text(texts("paper.objection.title" if answer is None else "paper.objection.answer_title"), Align.CENTRE),
        Feed(),
        pair(texts("paper.objection.number"), objection.number),
        pair(texts("paper.entry.household"), shown_household(Household(place, objection.household_name))),
        pair(texts("paper.objection.raised"), objection.day or ""),
        pair(texts("paper.objection.written"), objection.operator_name),
        *_entry(objection, what, texts),
        pair(texts("paper.objection.reason"), texts(f"objection.reason.{objection.reason}")),
        Rule(),
        *_answer(objection, texts),
        Feed(),
        signature(texts("paper.slip.signature"), columns),
        Feed(),
        Cut(),
    ]


def _entry(objection: ObjectionShown, what: str, texts: Texts) -> list[Element]:
    entry = objection.entry
    if entry is None:
        return []
    return [
        pair(texts("paper.objection.entry"), what),
        pair(texts("paper.objection.entered"), f"{entry.day or ''}  {signed(entry.points)}"),
        *([pair(texts("paper.entry.paper"), entry.paper_number)] if entry.paper_number else []),
    ]


def _answer(objection: ObjectionShown, texts: Texts) -> list[Element]:
    answer = objection.answer
    if answer is None:
        return [Text(texts("paper.objection.keep"))]
    state = "objection.state.upheld" if answer.is_upheld else "objection.state.declined"
    return [
        Big(texts(state)),
        Text(texts(f"objection.reply.{answer.reply}"), Align.CENTRE),
        pair(texts("paper.objection.answered"), f"{answer.day or ''}  {answer.signer_name}"),
    ]
