"""What else may be done about a meeting, under one key."""

from typing import TYPE_CHECKING

from kiosk.screens.meeting import ending, roll
from kiosk.screens.meeting.state import Phase
from kiosk.screens.modals.choice import ChoiceModal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kiosk.screens.meeting.screen import MeetingScreen


async def ask_errand(desk: "MeetingScreen") -> None:
    """Ask which errand, then run it."""
    errands = errands_of(desk)
    names = [desk.say(f"meeting.errand.{name}") for name in errands]
    chosen = await desk.ask(ChoiceModal(desk.station, desk.say("meeting.ask.errand"), names))
    if chosen is not None:
        await list(errands.values())[chosen](desk)


def errands_of(desk: "MeetingScreen") -> "dict[str, Callable[[MeetingScreen], Awaitable[None]]]":
    """Give the errands that mean something now, by the last part of the keys of their texts."""
    state = desk.desk_state
    if state.phase is Phase.OVER:
        return {"correct": roll.find}
    errands: dict[str, Callable[[MeetingScreen], Awaitable[None]]] = {"leave": roll.note_leave}
    if state.is_begun and state.phase is Phase.SIGNING:
        errands["end_uncounted"] = ending.end_uncounted
    errands["cancel"] = ending.cancel
    if state.phase is Phase.SIGNING:
        errands |= {"away": go_away, "others": show_others}
    return errands


async def go_away(desk: "MeetingScreen") -> None:
    """Do something else meanwhile; the meeting stays open."""
    desk.dismiss()


async def show_others(desk: "MeetingScreen") -> None:
    """Look at other meetings; the open one stays open, and a card still signs in there."""
    await desk.list()
