"""From what the domain knows of a meeting to what its attendance sheet says."""

from itertools import groupby
from typing import Final

from db.names import mask
from kiosk.domain.attendance import AttendanceSheet, SheetLine
from kiosk.domain.meeting import MeetingShown
from kiosk.domain.meeting_template import label_of, templates
from kiosk.locale import Texts
from kiosk.locale.figures import points, time_of_day
from kiosk.locale.meeting import counted_kind, groups_of
from kiosk.paper.attendance import AttendanceContent, AttendanceGroup, AttendanceLine

ACTS: Final = ("opened", "begun", "ended")


def attendance_content(sheet: AttendanceSheet, village: str, texts: Texts, *, is_for_wall: bool) -> AttendanceContent:
    """Say what the sheet of a meeting says.

    One that hangs on a wall masks the names and keeps the reasons of leave to itself.
    """
    expected = [line for line in sheet.lines if line.came != "observer"]
    observers = [line for line in sheet.lines if line.came == "observer"]
    groups = [
        AttendanceGroup(
            texts("meeting.paper.group", group=group),
            tuple(_line(line, texts, is_for_wall=is_for_wall) for line in lines),
        )
        for group, lines in groupby(expected, key=lambda line: line.place.group)
    ]
    if observers:
        lines = tuple(_line(line, texts, is_for_wall=is_for_wall) for line in observers)
        groups.append(AttendanceGroup(texts("meeting.paper.observers"), lines))
    note = texts("meeting.paper.note_wall" if is_for_wall else "meeting.paper.note_own")
    return AttendanceContent(village, _kind(sheet.meeting, texts), tuple(_facts(sheet, texts)), tuple(groups), note)


def _kind(meeting: MeetingShown, texts: Texts) -> str:
    """Name the kind and what it counts, its groups, and the topic."""
    template = templates().get(meeting.template)
    kind = counted_kind(label_of(meeting.template, texts.language), meeting.counts, texts)
    whom = groups_of(meeting.groups, texts) if template is not None and template.asks_group else ""
    return "  ".join(part for part in (kind, whom, meeting.topic) if part)


def _facts(sheet: AttendanceSheet, texts: Texts) -> list[tuple[str, str]]:
    meeting, tally = sheet.meeting, sheet.tally
    facts = [("day", meeting.day)]
    facts += [(name, time_of_day(meeting.acts[name].stamp.at)) for name in ACTS if name in meeting.acts]
    facts += [("expected", str(tally.expected)), ("present", str(tally.present))]
    counts = {"late": tally.late, "leave": tally.leave, "absent": tally.absent, "observers": tally.observers}
    facts += [(name, str(count)) for name, count in counts.items() if count]
    if meeting.heads is not None:
        facts.append(("heads", str(meeting.heads)))
    if (end := meeting.acts.get("ended")) is not None:
        facts.append(("points", points(end.row.points or 0)))
    return [(texts(f"meeting.paper.{name}"), value) for name, value in facts]


def _line(line: SheetLine, texts: Texts, *, is_for_wall: bool) -> AttendanceLine:
    place = texts("meeting.paper.house", house=line.place.house)
    return AttendanceLine(place, mask(line.name) if is_for_wall else line.name, _state(line, texts, is_for_wall))


def _state(line: SheetLine, texts: Texts, is_for_wall: bool) -> str:  # noqa: FBT001  because it goes on what the sheet is for
    if line.leave_reason is not None and not is_for_wall:
        return texts("meeting.came.leave_for", reason=texts(f"meeting.leave.{line.leave_reason}"))
    if line.is_corrected:
        return texts("meeting.mark.corrected")
    clock = "" if line.at is None else time_of_day(line.at)
    came = "" if line.came == "present" else texts(f"meeting.came.{line.came}")
    return " ".join(part for part in (came, clock) if part)
