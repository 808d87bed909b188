"""The demo village: the sample sheets imported into a store of their own, with cards and some points to try.

Nobody in it exists. Its numbers are the same wherever it is made, so that what a page tells to scan can be scanned.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from db.facts.people import CardIssued
from db.line import Stamp
from db.store import Store
from kiosk.codes import CodeType, mint
from kiosk.demo.samples import write_samples
from kiosk.domain.card_stock import issue_blank_cards
from kiosk.domain.find import Found, groups, households_in_group, people_of, refresh_name_keys
from kiosk.domain.importing import apply_import, plan_import
from kiosk.domain.period import close_day, open_day
from kiosk.domain.points import Earning, Recipient, award_points
from kiosk.domain.terminal import add_operator
from kiosk.domain.village import begin_village
from kiosk.domain.waiting import Signature
from kiosk.errors import TryAgain
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import SheetKind
from kiosk.station import DEMO_VILLAGE
from kiosk.store_care import create_file

SHEETS: Final = (
    ("households.xlsx", SheetKind.HOUSEHOLDS),
    ("persons.xlsx", SheetKind.PERSONS),
    ("members.csv", SheetKind.MEMBERS),
    ("goods.xlsx", SheetKind.GOODS),
)
SALT: Final = "6990103300302"
"""A barcode of the demo goods to scan first."""

EARNINGS: Final = ("meeting_on_time", "public_cleaning", "volunteering", "suggestion_adopted")
BLANK_CARDS: Final = 10
_SUPERVISOR: Final = "罗监督"
_ATTENDANT: Final = "邓禾"


@dataclass(frozen=True)
class DemoCard:
    """A card of a head of household: its number, the name, and where the household is."""

    number: str
    name: str
    group: int
    house: int


@dataclass(frozen=True)
class Demo:
    """A demo village that was made: the badges of the desk, cards to scan, and blank ones to be bound."""

    badge: str
    other_badges: tuple[str, ...]
    cards: tuple[DemoCard, ...]
    blank_cards: tuple[str, ...]


def make_demo(home: Path, first_operator: str, *, now: Stamp) -> Demo:
    """Make the demo store of a data folder: sample roster and goods, cards, household book, some points.

    Raises:
        Refused: there is a store already (`store_exists`).
        NotWritable: the folder cannot be written (`home_not_writable`).
        TryAgain: another program is making one here (`store_in_use`).
    """
    made: list[Demo] = []
    create_file(home, DEMO_VILLAGE, fixed_bytes(), lambda store: made.append(_fill(store, first_operator, now)))
    return made[0]


def fixed_bytes() -> Callable[[int], bytes]:
    """Return a source of bytes that is the same every time: a demo has no secrets."""
    drawn = 0

    def draw(count: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(f"demo village {drawn}".encode()).digest(count)

    return draw


def _fill(store: Store, first_operator: str, now: Stamp) -> Demo:
    secretary = begin_village(store, first_operator, now=now)
    by = secretary.operator_id
    supervisor = add_operator(store, _SUPERVISOR, "supervisor", now=now, by=by)
    attendant = add_operator(store, _ATTENDANT, "attendant", now=now, by=by)
    _import_samples(store, Signature(supervisor.badge), now=now, by=by)
    heads = [_head(store, household) for group in groups(store) for household in households_in_group(store, group)]
    cards = _issue_cards(store, heads, now=now, by=by)
    blank = issue_blank_cards(store, BLANK_CARDS, now=now, by=by)
    _award(store, heads, now=now, by=by)
    _prepare_search(store)
    badges = supervisor.badge, attendant.badge
    return Demo(secretary.badge, badges, cards, tuple(card.number for card in blank))


def _import_samples(store: Store, signature: Signature, *, now: Stamp, by: int) -> None:
    with tempfile.TemporaryDirectory(prefix="samples-") as folder:
        write_samples(Path(folder))
        for name, kind in SHEETS:
            plan = plan_import(store, read_sheet(Path(folder) / name, kind), now)
            apply_import(store, plan, signature, now=now, by=by)


def _head(store: Store, household: Found) -> Found:
    """Return the head of a household as a person, or the household if nobody of that name is registered."""
    return next(
        (person for person in people_of(store, household.household_id) if person.name == household.name), household
    )


def _issue_cards(store: Store, heads: Iterable[Found], *, now: Stamp, by: int) -> tuple[DemoCard, ...]:
    """Give every head a card and every household its code in the household book."""
    made: list[DemoCard] = []
    with store.write(now=now, by=by) as act:
        bodies = []
        for head in heads:
            number = mint(CodeType.PERSON, act.village, act.entropy)
            book = mint(CodeType.HOUSEHOLD_BOOK, act.village, act.entropy)
            household = head.household_id
            bodies.append(CardIssued(number=number, holder="person", household=household, person=head.person_id))
            bodies.append(CardIssued(number=book, holder="book", household=household))
            made.append(DemoCard(number, head.name, head.group, head.house))
        act.append_many([(body, None) for body in bodies])
    return tuple(made)


def _award(store: Store, heads: list[Found], *, now: Stamp, by: int) -> None:
    """Let some households earn on the day before: today is for whoever tries the desk to open."""
    yesterday = datetime.fromtimestamp(now.at // 1_000, tz=UTC).astimezone() - timedelta(days=1)
    open_day(store, yesterday.date().isoformat(), now=now, by=by)
    for number, item in enumerate(EARNINGS):
        earners = tuple(Recipient(head.household_id, head.person_id) for head in heads[number :: 2 + number])
        award_points(store, earners, Earning(item), now=now, by=by)
    close_day(store, now=now, by=by)


def _prepare_search(store: Store) -> None:
    try:
        refresh_name_keys(store)
    except TryAgain:
        return  # the screen that searches makes them when it opens
