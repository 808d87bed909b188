"""A small invented village that tests share: a store, an operator, households, goods."""

import hashlib
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from db.engine import open_sqlite
from db.line import Stamp
from db.store import create_store, open_store, store_file
from kiosk.clock import ManualClock
from kiosk.domain.card import CardMade, issue_person_card
from kiosk.domain.goods import NewItem, register_item
from kiosk.domain.people import HouseholdPlace, register_household, register_person
from kiosk.domain.period import open_day
from kiosk.domain.points import Award, Earning, post_award
from kiosk.domain.village import begin_village

if TYPE_CHECKING:
    from db.store import Store

VILLAGE = 123
DAY = "2026-11-22"
MORNING = 1_795_305_600_000


def seeded(seed: str) -> Callable[[int], bytes]:
    """Give a source of bytes that is the same at every run."""
    drawn = 0

    def draw(count: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(f"{seed}:{drawn}".encode()).digest(count)

    return draw


class Village:
    """A store with an open day and a secretary at the desk."""

    def __init__(self, folder: Path, seed: str = "village") -> None:
        """Lay the store out in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.file = store_file(folder)
        self.clock = ManualClock(MORNING)
        self.store: Store = create_store(open_sqlite(self.file), VILLAGE, seeded(seed))
        self.operator = begin_village(self.store, "周会计", now=self.now).operator_id
        open_day(self.store, DAY, now=self.now, by=self.operator)

    @property
    def now(self) -> Stamp:
        """Let a second pass and give the stamp."""
        self.clock.advance(1_000)
        return self.clock.now()

    def household(self, group: int, house: int, name: str) -> int:
        """Register a household."""
        return register_household(self.store, HouseholdPlace(group, house), name, now=self.now, by=self.operator)

    def person(self, household: int, name: str, birth_year: int = 1961) -> int:
        """Register a person."""
        return register_person(self.store, household, name, birth_year, now=self.now, by=self.operator)

    def card(self, person: int) -> CardMade:
        """Issue a card to a person."""
        return issue_person_card(self.store, person, now=self.now, by=self.operator)

    def goods(self, name: str, code: str, points: int) -> int:
        """Register goods."""
        return register_item(self.store, NewItem(name, "袋", (code,), points), now=self.now, by=self.operator)

    def award(self, household: int, points: int) -> int:
        """Award points, hundredths, whatever the scheme says."""
        award = Award("zhijin_household", Earning("suggestion_adopted"), points)
        with self.store.write(now=self.now, by=self.operator) as act:
            return post_award(act, household, award).entry_id

    def copied(self, folder: Path) -> "Village":
        """Give a village like this one over a copy of its store: laying one out takes much longer."""
        folder.mkdir(parents=True, exist_ok=True)
        other = copy(self)
        other.folder, other.file, other.clock = folder, store_file(folder), copy(self.clock)
        other.file.write_bytes(self.file.read_bytes())
        other.store = open_store(open_sqlite(other.file), seeded("copied"))
        return other

    def close(self) -> None:
        """Close the store."""
        self.store.close()
