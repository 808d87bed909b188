"""Objections on the waiting list: what they are about, the replies to choose from, and the answer on paper."""

from typing import TYPE_CHECKING, Any, Final

from kiosk.domain.objection import DECLINING, UPHOLDING, answer_objection, show_objection, waiting_objections
from kiosk.domain.waiting import Answered
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.widgets.account import entry_line
from kiosk.screens.widgets.entry_papers import objection_paper, print_paper

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from db.facts.points import ObjectionReply
    from db.line import Stamp
    from db.store import Store
    from kiosk.domain.objection import ObjectionShown
    from kiosk.domain.waiting import Signature
    from kiosk.screens.waiting_list.screen import WaitingListScreen

KIND: Final = "objection"


async def read_objections(screen: "WaitingListScreen") -> "Mapping[int, ObjectionShown]":
    """Give the objections that wait, by the request each is."""
    return {each.objection_id: each for each in await screen.station.read(waiting_objections)}


def why_of(screen: "WaitingListScreen", objection: "ObjectionShown") -> str:
    """Say why, and to which entry."""
    reason = screen.say(f"objection.reason.{objection.reason}")
    if objection.entry is None:
        return reason
    return f"{reason}\n{entry_line(objection.entry, None, screen.station.texts)}"


async def ask_reply(
    screen: "WaitingListScreen", objection: "ObjectionShown", *, is_upheld: bool
) -> "Callable[..., Answered] | None":
    """Ask how the objection is answered, and give what answers so; None if the person went back."""
    can_be_reversed = objection.entry is not None and objection.entry.can_be_reversed
    upholding = UPHOLDING if can_be_reversed else UPHOLDING[1:]
    replies = upholding if is_upheld else DECLINING
    title = screen.say("objection.ask.uphold" if is_upheld else "objection.ask.decline")
    names = [screen.say(f"objection.reply.{reply}") for reply in replies]
    chosen = await screen.ask(ChoiceModal(screen.station, title, names))
    return None if chosen is None else _replying(replies[chosen])


async def print_answer(screen: "WaitingListScreen", objection_id: int) -> tuple[str, dict[str, Any]]:
    """Print the answer for the household, for which nobody waits, and give the key and values of what is said of it."""
    station = screen.station
    answered = await station.read(show_objection, objection_id)
    print_paper(screen, objection_paper(station, answered))
    reply = "other" if answered.answer is None else answered.answer.reply
    values = {"number": answered.number, "reply": screen.say(f"objection.reply.{reply}")}
    return "objection.told.answered", values


def _replying(reply: "ObjectionReply") -> "Callable[..., Answered]":
    def answer(store: "Store", objection_id: int, signature: "Signature | None", *, now: "Stamp", by: int) -> Answered:
        answer_objection(store, objection_id, reply, signature, now=now, by=by)
        return Answered(objection_id, KIND, reply in UPHOLDING, 0)

    return answer
