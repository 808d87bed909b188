"""The attendance sheet on paper: on slip paper here, or as an A4 page."""

from typing import TYPE_CHECKING

from kiosk.domain.attendance import show_attendance
from kiosk.errors import Refused
from kiosk.letterhead import village_of
from kiosk.locale import Texts
from kiosk.screens.meeting.state import Notice, Tone
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.outlet import ask_outlet

if TYPE_CHECKING:
    from kiosk.paper.attendance import AttendanceContent
    from kiosk.screens.meeting.screen import MeetingScreen

CHOICES = ("slip_own", "slip_wall", "page_own", "page_wall")


async def print_sheet(desk: "MeetingScreen") -> None:
    """Ask for whom and on what, and print the attendance sheet.

    Raises Refused `printer_missing`, and as `ask_outlet` and its `put`.
    """
    meeting = desk.desk_state.meeting
    names = [desk.say(f"meeting.print.{choice}") for choice in CHOICES]
    chosen = await desk.ask(ChoiceModal(desk.station, desk.say("meeting.ask.print"), names))
    if chosen is None or meeting is None:
        return
    content = await _content(desk, is_for_wall=CHOICES[chosen].endswith("wall"))
    notice = await (_to_page if CHOICES[chosen].startswith("page") else _to_slip)(desk, content)
    if notice is not None:
        await desk.show(meeting.meeting_id, notice)


async def _content(desk: "MeetingScreen", *, is_for_wall: bool) -> "AttendanceContent":
    from kiosk.paper.attendance_content import attendance_content

    meeting = desk.desk_state.meeting
    if meeting is None:
        raise Refused("meeting_unknown")
    sheet = await desk.station.read(show_attendance, meeting.meeting_id)
    return attendance_content(sheet, village_of(desk.station), desk.station.texts, is_for_wall=is_for_wall)


async def _to_slip(desk: "MeetingScreen", content: "AttendanceContent") -> Notice:
    from kiosk.paper.attendance import attendance_slip

    meeting = desk.desk_state.meeting
    name = f"attendance-{meeting.meeting_id if meeting is not None else 0}-{content.note}"
    texts, slips = desk.station.texts, desk.station.slips
    trouble = await slips.bring_out(name, lambda columns: attendance_slip(content, texts, columns))
    if trouble is None:
        return Notice("", "meeting.told.printed")
    return Notice("", f"meeting.printer.{trouble}", {}, Tone.DOUBLE)


async def _to_page(desk: "MeetingScreen", content: "AttendanceContent") -> Notice | None:
    from kiosk.paper.apart import typeset_apart
    from kiosk.paper.attendance import attendance_sheet

    meeting, station = desk.desk_state.meeting, desk.station
    outlet = await ask_outlet(desk)
    if outlet is None or meeting is None:
        return None
    sheet = await station.aside(attendance_sheet, content, Texts(station.settings.language), typeset_apart)
    file = f"{desk.say('meeting.paper.file')}-{meeting.day}-{meeting.meeting_id % 2**33}.pdf"
    await station.aside(outlet.put, file, sheet)
    return Notice("", "meeting.told.written", {"where": desk.say(outlet.told), "file": file})
