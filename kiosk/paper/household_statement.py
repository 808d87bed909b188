"""The statement of a household for the household: every entry of some days and what was left after it.

On slip paper as elements, on A4 as PDF. It is the household's own paper, so its name stands there in full, and that of
who collected for it.
"""

from typing import TYPE_CHECKING, Final

from kiosk.locale import Texts
from kiosk.locale.entry import full_what_of
from kiosk.locale.figures import points, signed
from kiosk.paper.elements import Align, Big, Cell, Cut, Element, Feed, Row, Rule, Text, pair
from kiosk.paper.typeset import Press, typeset

if TYPE_CHECKING:
    from kiosk.domain.household_statement import HouseholdStatement, StatementLine
    from kiosk.domain.statement import Entry

_POINTS_COLUMNS: Final = 8


def household_statement_slip(statement: "HouseholdStatement", village: str, texts: Texts) -> list[Element]:
    """Give the statement for slip paper: two lines an entry; the year stands above them."""
    return [
        Big(village),
        Text(texts("statement.sheet.title"), Align.CENTRE),
        Feed(),
        *(pair(label, value) for label, value in _facts(statement, texts)),
        Rule(),
        *(element for line in statement.lines for element in _entry(line, texts)),
        *([Rule()] if statement.lines else [Text(texts("statement.sheet.none")), Rule()]),
        pair(texts("statement.sheet.after"), points(statement.after_points)),
        Text(texts("statement.sheet.advice")),
        Feed(),
        Cut(),
    ]


def household_statement_sheet(
    statement: "HouseholdStatement", village: str, texts: Texts, press: Press = typeset
) -> bytes:
    """Give the statement as PDF on A4; ``press`` sets it here or in a program of its own.

    Raises Refused ``glyph_missing`` with the line and the character.
    """
    columns = ("day", "what", "paper", "by", "points", "left")
    return press(
        "household_statement",
        {
            "title": texts("statement.sheet.title"),
            "village": village,
            "facts": [{"label": label, "value": value} for label, value in _facts(statement, texts)],
            "columns": [texts(f"statement.sheet.{column}") for column in columns],
            "lines": [
                {
                    "number": line.day,
                    "what": _what(line.entry, texts),
                    "paper": line.entry.paper_number or "",
                    "by": line.entry.operator_name or "",
                    "points": signed(line.entry.points),
                    "left": points(line.redeemable_points),
                }
                for line in statement.lines
            ],
            "none": texts("statement.sheet.none"),
            "advice": texts("statement.sheet.advice"),
            "page": texts("meeting.paper.page", page="{page}", pages="{pages}"),
        },
    )


def _what(entry: "Entry", texts: Texts) -> str:
    """Say what an entry was, and what is unusual about it."""
    return "  ".join([full_what_of(entry, texts), *(texts(f"statement.mark.{mark}") for mark in entry.marks)])


def _facts(statement: "HouseholdStatement", texts: Texts) -> list[tuple[str, str]]:
    household, period = statement.household, statement.period
    place = household.place
    who = texts("statement.who", name=household.name, group=place.group, house=place.house)
    figures = {"before": statement.before_points, "earned": statement.earned_points, "spent": statement.spent_points}
    return [
        (texts("statement.sheet.household"), who),
        (texts("statement.sheet.days"), f"{period.first} — {period.last}"),
        *((texts(f"statement.sheet.{name}"), points(value)) for name, value in figures.items()),
        (texts("statement.sheet.after"), points(statement.after_points)),
    ]


def _entry(line: "StatementLine", texts: Texts) -> list[Element]:
    entry = line.entry
    paper = texts("statement.paper", number=entry.paper_number) if entry.paper_number else ""
    by = texts("statement.by", name=entry.operator_name) if entry.operator_name else ""
    beside = " ".join(part for part in (line.day[5:], paper, by) if part)
    return [
        Row((Cell(_what(entry, texts)), Cell(signed(entry.points), Align.RIGHT, _POINTS_COLUMNS))),
        Row((Cell(beside), Cell(points(line.redeemable_points), Align.RIGHT, _POINTS_COLUMNS))),
    ]
