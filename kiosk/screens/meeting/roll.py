"""The roll: everybody expected with their state; a digit lets somebody sign in, notes leave, or puts right."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final, get_args

from db.facts.meeting import CorrectionReason, LeaveReason
from kiosk.domain.attendance import show_attendance
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.sign_in import Correction, request_sign_in, set_leave, sign_in_found
from kiosk.errors import Refused
from kiosk.screens.meeting import arrivals
from kiosk.screens.meeting.state import Entered, Notice, Phase, Tone
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.paper_number import PaperNumberModal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kiosk.domain.attendance import Came, SheetLine
    from kiosk.screens.meeting.screen import MeetingScreen

LEAVE_REASONS: Final[tuple[LeaveReason, ...]] = get_args(LeaveReason)
CORRECTION_REASONS: Final[tuple[CorrectionReason, ...]] = get_args(CorrectionReason)


async def open_roll(desk: "MeetingScreen", notice: Notice | None = None, *, page: int = 0) -> None:
    """Show everybody expected, by place."""
    meeting = desk.desk_state.meeting
    if meeting is None:
        return
    sheet = await desk.station.read(show_attendance, meeting.meeting_id)
    state = replace(
        desk.desk_state, phase=Phase.ROLL, meeting=sheet.meeting, tally=sheet.tally, lines=sheet.lines, notice=notice,
        typed="", heads=None,
    )  # fmt: skip
    desk.change(replace(state, page=min(page, state.pages - 1)))


async def choose(desk: "MeetingScreen", line: "SheetLine") -> None:
    """Ask what to do about somebody of the roll, and do it."""
    meeting = desk.desk_state.meeting
    if meeting is None:
        return
    if not meeting.is_open:
        await correct(desk, _comer(line), line.name)
        return
    tasks = _TASKS[line.came]
    title = desk.say("meeting.ask.about", name=line.name)
    names = [desk.say(f"meeting.task.{name}") for name in tasks]
    chosen = await desk.ask(ChoiceModal(desk.station, title, names))
    if chosen is not None:
        await list(tasks.values())[chosen](desk, line)


async def find(desk: "MeetingScreen") -> None:
    """Go to somebody on the roll by name or place; who is not on it came as an observer, or is put on the sheet."""
    meeting = desk.desk_state.meeting
    sought = await arrivals.find_somebody(desk, desk.say("meeting.ask.who"))
    if sought is None or meeting is None:
        return
    comer, name = sought
    line = next((each for each in desk.desk_state.lines if each.subject_id == comer.subject_id), None)
    if line is not None:
        await choose(desk, line)
    elif meeting.is_open:
        arrivals.show_arrival(desk, await desk.station.do(sign_in_found, meeting.meeting_id, comer))
    else:
        await correct(desk, comer, name)


async def note_leave(desk: "MeetingScreen") -> None:
    """Find somebody and note that they asked not to come."""
    sought = await arrivals.find_somebody(desk, desk.say("meeting.ask.who_leave"))
    if sought is not None:
        notice = await _set_leave(desk, *sought)
        meeting = desk.desk_state.meeting
        if notice is not None and meeting is not None:
            await desk.show(meeting.meeting_id, notice)


async def correct(desk: "MeetingScreen", comer: Comer, name: str) -> None:
    """Ask for somebody to be entered after the end: why, whether they were late, on what paper."""
    state, say = desk.desk_state, desk.say
    line = next((each for each in state.lines if each.subject_id == comer.subject_id), None)
    if line is not None and line.sign_in_id is not None:
        raise Refused("signed_in_before")
    reasons = [say(f"meeting.correction.{reason}") for reason in CORRECTION_REASONS]
    reason = await desk.ask(ChoiceModal(desk.station, say("meeting.ask.correction", name=name), reasons))
    if reason is None or state.meeting is None:
        return
    lateness = [say("meeting.ask.was_on_time"), say("meeting.ask.was_late")]
    late = await desk.ask(ChoiceModal(desk.station, say("meeting.ask.lateness", name=name), lateness))
    if late is None:
        return
    has_paper = await desk.ask(
        ChoiceModal(desk.station, say("meeting.ask.paper"), [say("meeting.ask.no_paper"), say("meeting.ask.has_paper")])
    )
    paper = None
    if has_paper:
        paper = await desk.ask(PaperNumberModal(desk.station, say("meeting.ask.paper_number")))
    if has_paper is None or (has_paper and paper is None):
        return
    correction = Correction(comer, CORRECTION_REASONS[reason], bool(late), paper)
    await desk.station.do(request_sign_in, state.meeting.meeting_id, correction)
    await desk.show(state.meeting.meeting_id, Notice(name, "meeting.told.asked", {}, Tone.DOUBLE))


async def _enter(desk: "MeetingScreen", line: "SheetLine") -> None:
    meeting = desk.desk_state.meeting
    if meeting is not None:
        arrivals.show_arrival(desk, await desk.station.do(sign_in_found, meeting.meeting_id, _comer(line)))


async def _leave(desk: "MeetingScreen", line: "SheetLine") -> None:
    page = desk.desk_state.page
    notice = await _set_leave(desk, _comer(line), line.name)
    if notice is not None:
        await open_roll(desk, notice, page=page)


async def _no_leave(desk: "MeetingScreen", line: "SheetLine") -> None:
    page, meeting = desk.desk_state.page, desk.desk_state.meeting
    if meeting is not None:
        await desk.station.do(set_leave, meeting.meeting_id, _comer(line), None)
        await open_roll(desk, Notice(line.name, "meeting.told.no_leave"), page=page)


async def _take_back(desk: "MeetingScreen", line: "SheetLine") -> None:
    if line.sign_in_id is not None and line.at is not None:
        await arrivals.undo(desk, Entered(line.sign_in_id, line.name, line.at))


def _comer(line: "SheetLine") -> Comer:
    return Comer(line.household_id, line.person_id)


async def _set_leave(desk: "MeetingScreen", comer: Comer, name: str) -> Notice | None:
    """Ask why, and note that somebody asked not to come; None if the person went back."""
    meeting = desk.desk_state.meeting
    reasons = [desk.say(f"meeting.leave.{reason}") for reason in LEAVE_REASONS]
    chosen = await desk.ask(ChoiceModal(desk.station, desk.say("meeting.ask.leave", name=name), reasons))
    if chosen is None or meeting is None:
        return None
    await desk.station.do(set_leave, meeting.meeting_id, comer, LEAVE_REASONS[chosen])
    return Notice(name, "meeting.told.leave", {"reason": reasons[chosen]}, Tone.CARD)


_TASKS: "Final[dict[Came, dict[str, Callable[[MeetingScreen, SheetLine], Awaitable[None]]]]]" = {
    "absent": {"enter": _enter, "leave": _leave},
    "leave": {"enter": _enter, "no_leave": _no_leave},
    "present": {"undo": _take_back},
    "late": {"undo": _take_back},
    "observer": {"undo": _take_back},
}
"""What may be done about somebody in an open meeting, by the last part of the keys of its texts."""
