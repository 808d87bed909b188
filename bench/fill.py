"""A store of the size that the bars name: 20,000 goods, 5,000 persons, 1,000,000 facts.

The facts are a sister terminal's log, taken in as foreign lines are: the desk's own log stays short, the tables full.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db.engine import open_sqlite
from db.facts import write_body
from db.facts.body import Body, transfer
from db.facts.people import CardIssued, HouseholdRegistered, PersonRegistered
from db.facts.points import PointsAwarded
from db.facts.shop import ItemRegistered, Line, PriceSet, RedemptionMade
from db.journal import Sealed
from db.line import Fact, Private, Stamp, entity_id, render
from db.store import Store, create_store, store_file
from kiosk.clock import local_day
from kiosk.codes import CodeType, mint
from kiosk.domain.period import open_day
from kiosk.domain.village import begin_village

VILLAGE: Final = 4321
SISTER_LOG: Final = 7
# The programs that are measured go by the clock of the machine: the day that is open must be today.
NOW: Final = Stamp(time.time_ns() // 1_000_000, "s", 1, 60_000)
DAY: Final = local_day(NOW.at)
PIECE: Final = 5_000


@dataclass(frozen=True)
class Size:
    """How large a store is."""

    goods: int
    households: int
    persons: int
    facts: int


FULL: Final = Size(20_000, 1_700, 5_000, 1_000_000)
SMALL: Final = Size(20, 10, 20, 0)


@dataclass(frozen=True)
class Filled:
    """A filled store: its folder, the operator, and what can be scanned."""

    home: Path
    operator: int
    cards: tuple[str, ...]
    codes: tuple[str, ...]


def entropy(count: int, _drawn: list[int] = [0]) -> bytes:  # noqa: B006  because the counter is the point
    """Give bytes that are the same at every run."""
    _drawn[0] += 1
    return hashlib.shake_256(f"bench:{_drawn[0]}".encode()).digest(count)


def gtin(number: int) -> str:
    """Give the GTIN-14 of made-up goods."""
    digits = f"0699{number:09d}"
    weights = (3, 1) * 7
    check = -sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 10
    return f"{digits}{check}"


def fill(home: Path, size: Size, sister_of: Callable[[Size], "Sister"] | None = None) -> Filled:
    """Lay out and fill a store with the log of a sister terminal."""
    home.mkdir(parents=True, exist_ok=True)
    store = create_store(open_sqlite(store_file(home)), VILLAGE, entropy)
    operator = begin_village(store, "测试员", now=NOW).operator_id
    open_day(store, DAY, now=NOW, by=operator)
    sister = (sister_of or Sister)(size)
    _receive(store, sister.lines())
    store.close()
    return Filled(home, operator, tuple(sister.cards), tuple(gtin(number) for number in range(size.goods)))


class Sister:
    """Another terminal of the village: registers everything, then awards and redeems in turn."""

    def __init__(self, size: Size) -> None:
        """Begin with an empty log."""
        self.size = size
        self.cards: list[str] = []
        self._seq = 0

    def lines(self) -> Iterator[Sealed]:
        """Yield every line of the log."""
        households, items = [], []
        for number in range(self.size.goods):
            yield self._line(ItemRegistered(name=f"商品{number}", unit="件", codes=(gtin(number),)))
            items.append(self._id)
            yield self._line(PriceSet(item=self._id, from_day="2020-01-01", points=100 + number % 50 * 50))
        for number in range(self.size.households):
            yield self._line(HouseholdRegistered(group=number // 60 + 1, house=number % 60 + 1), f"户主{number}")
            households.append(self._id)
        for number in range(self.size.persons):
            household = households[number % len(households)]
            yield self._line(
                PersonRegistered(household=household, birth_year=1940 + number % 70), self.name_of_person(number)
            )
            card = mint(CodeType.PERSON, VILLAGE, entropy)
            self.cards.append(card)
            yield self._line(CardIssued(number=card, holder="person", household=household, person=self._id))
        for number, household in enumerate(households):
            # As many as are needed, and not the same for all: a figure that does not change is not drawn again.
            yield self._line(_award(household, 100_000_00 + number * 100))
        while self._seq < self.size.facts:
            household = households[self._seq % len(households)]
            if self._seq % 3:
                yield self._line(_award(household, 200))
            else:
                yield self._line(_redemption(household, items[self._seq % len(items)], self._seq))

    def name_of_person(self, number: int) -> str:
        """Give the name of a person."""
        return f"村民{number}"

    @property
    def _id(self) -> int:
        return entity_id(SISTER_LOG, self._seq)

    def _line(self, body: Body, name: str | None = None) -> Sealed:
        self._seq += 1
        private = None if name is None else Private(bytes(16), f'{{"name":"{name}"}}')
        digest = None if private is None else private.digest
        fact = Fact(
            VILLAGE, SISTER_LOG, self._seq, self._seq + 10, body.KIND, body.VERSION, None, DAY, NOW.at, "s", 1,
            NOW.mono, (0, 0), write_body(body), digest,
        )  # fmt: skip
        return Sealed(render(fact), private)


def _award(household: int, points: int) -> PointsAwarded:
    legs = transfer("issued", household, points)
    return PointsAwarded(household=household, scheme="bench", item="on_time", points=points, legs=legs)


def _redemption(household: int, item: int, number: int) -> RedemptionMade:
    return RedemptionMade(
        seat=1, till=2, number=number, slip=f"28{number:014d}", household=household, entry="card",
        lines=(Line(item=item, quantity=1, each=100, points=100),), points=100, before=0, after=0,
        legs=transfer("redeemed", household, -100),
    )  # fmt: skip


def _receive(store: Store, lines: Iterator[Sealed]) -> None:
    piece: list[Sealed] = []
    for sealed in lines:
        piece.append(sealed)
        if len(piece) == PIECE:
            store.receive(VILLAGE, SISTER_LOG, piece)
            piece = []
    if piece:
        store.receive(VILLAGE, SISTER_LOG, piece)
