"""The attendance sheet of a meeting: on slip paper as elements, on A4 as PDF. It says what it is given, by group."""

from dataclasses import dataclass
from typing import Final

from kiosk.locale import Texts
from kiosk.paper.elements import WIDE, Align, Big, Cell, Cut, Element, Feed, Row, Rule, Text, pair
from kiosk.paper.typeset import Press, typeset
from kiosk.paper.width import columns_of, on_paper

_PLACE_COLUMNS: Final = 5
_STATE_COLUMNS: Final = 12
_WIDE_STATE_COLUMNS: Final = 18
_SHORTEST_LINE: Final = 8


@dataclass(frozen=True)
class AttendanceLine:
    """Somebody expected, or an observer: place in the group, name as it is to be printed, how they stand."""

    place: str
    name: str
    state: str


@dataclass(frozen=True)
class AttendanceGroup:
    """A village group, or the observers, with their lines in order."""

    name: str
    lines: tuple[AttendanceLine, ...]


@dataclass(frozen=True)
class AttendanceContent:
    """What an attendance sheet says, in ready texts: `facts` are label and value, above the names."""

    village: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    groups: tuple[AttendanceGroup, ...]
    note: str


def attendance_slip(content: AttendanceContent, texts: Texts, columns: int) -> list[Element]:
    """Give the sheet for slip paper of ``columns``, with a line to sign on."""
    return [
        Big(content.village),
        Text(texts("meeting.paper.title"), Align.CENTRE),
        Feed(),
        Text(content.kind),
        *(pair(label, value) for label, value in content.facts),
        Rule(),
        *(element for group in content.groups for element in _group(group, columns)),
        Text(content.note),
        Feed(),
        _signature(texts("meeting.paper.signature"), columns),
        Feed(),
        Cut(),
    ]


def attendance_sheet(content: AttendanceContent, texts: Texts, press: Press = typeset) -> bytes:
    """Give the sheet as PDF on A4, two columns of names a group; ``press`` sets it here or in a program of its own.

    Raises Refused ``glyph_missing`` with the place and the name.
    """
    return press(
        "attendance_sheet",
        {
            "title": texts("meeting.paper.title"),
            "village": content.village,
            "kind": content.kind,
            "facts": [f"{label} {value}" for label, value in content.facts],
            "groups": [
                {
                    "name": group.name,
                    "lines": [{"number": line.place, "name": line.name, "state": line.state} for line in group.lines],
                }
                for group in content.groups
            ],
            "note": content.note,
            "signature": texts("meeting.paper.signature"),
            "page": texts("meeting.paper.page", page="{page}", pages="{pages}"),
        },
    )


def _group(group: AttendanceGroup, columns: int) -> list[Element]:
    state = _WIDE_STATE_COLUMNS if columns >= WIDE else _STATE_COLUMNS
    rows: list[Element] = [
        Row((Cell(line.place, width=_PLACE_COLUMNS), Cell(line.name), Cell(line.state, Align.RIGHT, state)))
        for line in group.lines
    ]
    return [Text(group.name), *rows, Rule()]


def _signature(label: str, columns: int) -> Element:
    return Text(label + "_" * max(columns - columns_of(label, on_paper), _SHORTEST_LINE))
