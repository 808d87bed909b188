"""Lines of the meeting desk: kinds of meetings, whom they are for, and one line for each of a list."""

from datetime import date
from typing import TYPE_CHECKING, Final

from kiosk.domain.meeting_template import label_of, templates
from kiosk.locale.figures import time_of_day
from kiosk.locale.meeting import counted_kind, groups_of
from kiosk.paper.width import columns_of, on_screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kiosk.domain.attendance import SheetLine, Tally
    from kiosk.domain.meeting import MeetingShown
    from kiosk.locale import Texts
    from kiosk.screens.meeting.state import Entered

_ORDER: Final = ("open", "called", "called_later", "left_open", "missed")


def kind_of(meeting: "MeetingShown", texts: "Texts") -> str:
    """Name the kind of a meeting."""
    return label_of(meeting.template, texts.language)


def banner_of(meeting: "MeetingShown", texts: "Texts") -> str:
    """Name the kind, whom it is for, and whether it counts persons or households."""
    kind = counted_kind(kind_of(meeting, texts), meeting.counts, texts)
    return "  ".join(part for part in (kind, whom_of(meeting, texts), meeting.topic) if part)


def whom_of(meeting: "MeetingShown", texts: "Texts") -> str:
    """Name the village groups, or the whole village; nothing for a kind that is never for groups."""
    template = templates().get(meeting.template)
    if template is None or not template.asks_group:
        return ""
    return groups_of(meeting.groups, texts)


def day_of(day: str, today: str | None, texts: "Texts") -> str:
    """Say a day as people do: today, else month and day; an unreadable one stands for itself."""
    if day == today:
        return texts("meeting.today")
    try:
        read = date.fromisoformat(day)
    except ValueError:
        return day
    return texts("meeting.day", month=read.month, day=read.day)


def when_of(meeting: "MeetingShown", today: str | None, texts: "Texts") -> str:
    """Say day and hour of a meeting."""
    hour = meeting.planned_hour or "" if meeting.state == "called" else ""
    return " ".join(part for part in (day_of(meeting.day, today, texts), hour) if part)


def meeting_line(meeting: "MeetingShown", today: str | None, texts: "Texts") -> str:
    """Give a meeting in one line of the list: how it stands, when, what, for whom."""
    parts = [when_of(meeting, today, texts), kind_of(meeting, texts), whom_of(meeting, texts)]
    what = "  ".join(part for part in parts if part)
    ended = meeting.acts.get("ended")
    if ended is not None:
        return texts("meeting.line.ended", what=what, present=ended.row.present or 0)
    return texts(f"meeting.line.{standing_of(meeting, today)}", what=what)


def standing_of(meeting: "MeetingShown", today: str | None) -> str:
    """Say how a meeting stands on a business day: the last part of the keys of its line."""
    if meeting.state == "called" and today is not None and meeting.day < today:
        return "missed"
    if meeting.is_open:
        return "left_open" if today is not None and meeting.day < today else "open"
    return meeting.state


def tally_line(tally: "Tally", texts: "Texts", *, is_over: bool = False) -> str:
    """Give the figures of a meeting, of one that is over also who was absent; only expected and present may be none."""
    parts = [texts("meeting.tally.present", expected=tally.expected, present=tally.present)]
    absent = tally.absent if is_over else 0
    beside = {"late": tally.late, "leave": tally.leave, "absent": absent, "observers": tally.observers}
    return "  ".join(parts + [texts(f"meeting.tally.{name}", count=count) for name, count in beside.items() if count])


def entered_row(entered: "Entered", texts: "Texts") -> str:
    """Give somebody who came in one row: when, who, and what is unusual."""
    return "  ".join([time_of_day(entered.at), entered.name, *marks_of(entered, texts)])


def marks_of(entered: "Entered", texts: "Texts") -> list[str]:
    """Name what is unusual about a sign-in."""
    marks = []
    if entered.late_minutes is not None:
        marks.append(texts("meeting.mark.late", count=entered.late_minutes))
    if entered.is_observer:
        marks.append(texts("meeting.mark.observer"))
    if entered.is_fast:
        marks.append(texts("meeting.mark.fast"))
    return marks


def roll_lines(lines: "Sequence[SheetLine]", texts: "Texts") -> list[str]:
    """Give those of the roll a line each: place and name under each other, then how they stand."""
    places = [texts("meeting.place", group=line.place.group, house=line.place.house) for line in lines]
    names = [line.name for line in lines]
    return [
        "  ".join([_padded(place, places), _padded(name, names), *_standing(line, texts)])
        for place, name, line in zip(places, names, lines, strict=True)
    ]


def _padded(text: str, column: "Sequence[str]") -> str:
    """Fill a text to the width of its column."""
    widest = max(columns_of(each, on_screen) for each in column)
    return text + " " * (widest - columns_of(text, on_screen))


def _standing(line: "SheetLine", texts: "Texts") -> "Iterator[str]":
    yield state_of(line, texts)
    if line.at is not None:
        yield time_of_day(line.at)
    if line.is_corrected:
        yield texts("meeting.mark.corrected")


def state_of(line: "SheetLine", texts: "Texts") -> str:
    """Say how somebody stands: came, late, on leave and why, not there."""
    if line.leave_reason is not None:
        return texts("meeting.came.leave_for", reason=texts(f"meeting.leave.{line.leave_reason}"))
    return texts(f"meeting.came.{line.came}")


def in_order(meetings: "Iterable[MeetingShown]", today: str | None) -> tuple["MeetingShown", ...]:
    """Put meetings in the order of the list: today's, later ones, those left open or not held, then the others."""

    def place(meeting: "MeetingShown") -> tuple[int, int, str, int]:
        standing = standing_of(meeting, today)
        if standing not in _ORDER:
            return len(_ORDER) + 1, -_number_of(meeting.day), "", -meeting.meeting_id
        order = _ORDER.index(standing) + int(standing == "called" and meeting.day != today)
        return order, _number_of(meeting.day), meeting.planned_hour or "", meeting.meeting_id

    return tuple(sorted(meetings, key=place))


def _number_of(day: str) -> int:
    return int("".join(sign for sign in day if sign.isdigit()) or 0)
