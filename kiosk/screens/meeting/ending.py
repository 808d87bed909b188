"""A meeting ends: with the heads counted, with a badge where the operator may not end it; or it is cancelled."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, get_args

from db.facts.meeting import CancelReason
from kiosk.domain.meeting import cancel_meeting
from kiosk.domain.meeting_end import HeadsDiffer, end_counted, end_left_open, end_meeting
from kiosk.errors import NotAllowed, Refused
from kiosk.screens.meeting.state import Phase
from kiosk.screens.modals.badge import BadgeModal
from kiosk.screens.modals.choice import ChoiceModal

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.domain.meeting_end import MeetingOver
    from kiosk.screens.meeting.screen import MeetingScreen

CANCEL_REASONS: Final[tuple[CancelReason, ...]] = get_args(CancelReason)
CURED_BY_BADGE: Final = "right_missing"


async def end(desk: "MeetingScreen") -> None:
    """End the meeting on the screen. Raises Refused (`heads_missing`) where nobody was counted, and as the domain."""
    state = desk.desk_state
    if state.phase is Phase.FORGOTTEN:
        await _end(desk, end_left_open, int(state.typed) if state.typed else None)
    elif state.heads is not None:
        await _end(desk, end_meeting)
    elif state.typed:
        await _end(desk, end_counted, int(state.typed))
    else:
        raise Refused("heads_missing")


async def end_uncounted(desk: "MeetingScreen") -> None:
    """End the meeting without a head count."""
    await _end(desk, end_meeting)


async def cancel(desk: "MeetingScreen") -> None:
    """Ask why, and cancel the meeting."""
    meeting = desk.desk_state.meeting
    if meeting is None:
        return
    reasons = [desk.say(f"meeting.cancel.{reason}") for reason in CANCEL_REASONS]
    chosen = await desk.ask(ChoiceModal(desk.station, desk.say("meeting.ask.cancel"), reasons))
    if chosen is not None:
        await desk.station.do(cancel_meeting, meeting.meeting_id, CANCEL_REASONS[chosen])
        await desk.show(meeting.meeting_id)


async def _end(desk: "MeetingScreen", how: "Callable[..., MeetingOver | HeadsDiffer]", *heads: Any) -> None:  # noqa: ANN401  because the ways to end take a count or none
    """End in one of the three ways; ask for a badge where the operator may not."""
    meeting = desk.desk_state.meeting
    if meeting is None:
        return
    try:
        done = await desk.station.do(how, meeting.meeting_id, *heads)
    except NotAllowed as refused:
        if refused.code != CURED_BY_BADGE:
            raise
        given = await desk.ask(BadgeModal(desk.station, desk.say("meeting.ask.badge")))
        if given is None:
            return
        done = await desk.station.do(how, meeting.meeting_id, *heads, given.badge)
    if isinstance(done, HeadsDiffer):
        desk.change(replace(desk.desk_state, tally=done.tally, heads=done.heads))
        return
    desk.change(replace(desk.desk_state, over=done))
    await desk.show(meeting.meeting_id)
