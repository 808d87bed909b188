"""The list of lost cards: `[[lost_cards]] number`, and `[[found_cards]] number` to take one off it again.

Said in log 0 of the village that the number names: no other village takes its cards.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from stdnum.iso7064 import mod_97_10

from county.county_log import CountyLog
from county.publish.entry import Entry, Row, RowError
from db.facts.people import CardBarred, CardCleared
from db.tables.people import CardBar
from db.tables.statement import table_of

CARD: Final = re.compile(r"(25|26|27)([0-9]{4})[0-9]{10}")
"""Household book, person, household; then the village."""
BARRED: Final = "cards barred"
CLEARED: Final = "cards cleared"


@dataclass(frozen=True)
class CardEntry:
    """A number that goes on the list, or off it."""

    row: Row
    number: str
    is_barred: bool

    @property
    def village(self) -> int:
        """The village that the number names."""
        return int(self.number[2:6])

    def say(self, log: CountyLog) -> Mapping[str, int]:
        """Say it unless the list says so already."""
        bar = table_of(CardBar).c
        held = log.connection.execute(
            select(bar.is_barred).where(bar.village == log.village, bar.number == self.number)
        ).scalar_one_or_none()
        if bool(held) is self.is_barred:
            return {}
        log.say(CardBarred(number=self.number) if self.is_barred else CardCleared(number=self.number))
        return Counter({BARRED if self.is_barred else CLEARED: 1})


def require_distinct_cards(entries: Sequence[Entry]) -> list[RowError]:
    """Return a fault for each row whose card stood in a row before it: nobody could tell whether it is lost."""
    seen: set[str] = set()
    faults = []
    for entry in entries:
        if isinstance(entry, CardEntry):
            if entry.number in seen:
                faults.append(entry.row.wrong(f"the same card as in a row above: keep one ({entry.number})"))
            seen.add(entry.number)
    return faults


def read_lost_card(row: Row) -> Entry:
    """Return a number that goes on the list. Raises RowError."""
    return CardEntry(row, _number(row), is_barred=True)


def read_found_card(row: Row) -> Entry:
    """Return a number that goes off the list. Raises RowError."""
    return CardEntry(row, _number(row), is_barred=False)


def _number(row: Row) -> str:
    row.require_fields("number")
    number = row.text("number").replace(" ", "")
    if not CARD.fullmatch(number) or not mod_97_10.is_valid(number):
        raise row.wrong(f"{number} is no card's number; read its 16 digits again")
    return number
