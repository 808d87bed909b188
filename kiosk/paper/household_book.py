"""The household book that lies at the desk: every household by group with a code to scan when the card is at home.

Its codes are of a type of their own, so that a household opened from the book is marked as having shown no card.
"""

from dataclasses import dataclass

from kiosk.locale import Texts
from kiosk.paper.bars import bars
from kiosk.paper.elements import Code128
from kiosk.paper.typeset import Press, Resolution, typeset


@dataclass(frozen=True)
class BookHousehold:
    """One household: its number as people say it, the head's name in full, its book code of 16 digits."""

    number: str
    head: str
    code: str


@dataclass(frozen=True)
class BookGroup:
    """One village group with its households in the order of the book."""

    name: str
    households: tuple[BookHousehold, ...]


def household_book(
    village: str,
    day: str,
    groups: tuple[BookGroup, ...],
    texts: Texts,
    resolution: Resolution = Resolution.OFFICE,
    press: Press = typeset,
) -> bytes:
    """Give the book of ``village`` as PDF on A4, each group on pages of its own; ``day`` is printed as it is given.

    ``press`` sets it: here, or in a program of its own.

    Raises Refused ``glyph_missing`` with the household's number and name.
    """
    area = "paper.household_book"
    return press(
        "household_book",
        {
            "title": texts(f"{area}.title", village=village),
            "advice": texts(f"{area}.advice"),
            "printed_on": texts(f"{area}.printed_on", day=day),
            "page": texts(f"{area}.page", page="{page}", pages="{pages}"),
            "groups": [
                {"name": group.name, "households": [_entry(one) for one in group.households]} for group in groups
            ],
        },
        resolution,
    )


def _entry(household: BookHousehold) -> dict[str, str | list[tuple[int, int]]]:
    return {
        "number": household.number,
        "head": household.head,
        "bars": bars(household.code),
        "caption": Code128(household.code).caption,
    }
