"""The first day of the demo village: log, operators, roster and goods come in as sheets do, and cards are issued."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from db.store import Store
from kiosk.demo.calendar import FIRST_DAY
from kiosk.demo.chance import Chance
from kiosk.demo.desk import DemoDesk
from kiosk.demo.goods import DemoItem, catalogue
from kiosk.demo.members import DrawnMember, draw_members
from kiosk.demo.people import DrawnHousehold, DrawnPerson, Presence, draw_people
from kiosk.demo.words import words
from kiosk.domain.card import CardMade, issue_person_card
from kiosk.domain.card_stock import book_entries, issue_blank_cards, issue_book_codes, issue_first_household_cards
from kiosk.domain.goods import find_items
from kiosk.domain.importing import apply_import, plan_import
from kiosk.domain.roster import read_households, read_persons
from kiosk.domain.terminal import OperatorMade, add_operator
from kiosk.domain.village import begin_village
from kiosk.domain.waiting import Signature
from kiosk.sheets.rows import GoodsRow, HouseholdRow, MemberRow, PersonRow, Row, SheetKind, SheetReading, Where

ATTENDANTS: Final = 3
BLANK_CARDS: Final = 12
OF_AGE_TO_ATTEND: Final = range(28, 66)
SET_UP_AT: Final = 9 * 60


@dataclass
class Home:
    """A household of the village: its persons in the order in which they were drawn, its number in the household book.

    `card` is the household's own; `is_lost` while it is; `is_open` until the household joins another.
    """

    household_id: int
    drawn: DrawnHousehold
    person_ids: tuple[int, ...]
    book: str
    card: CardMade
    is_lost: bool = False
    is_open: bool = True

    @property
    def activity(self) -> float:
        """The share of what can be earned that it goes for; nothing once it joined another."""
        return self.drawn.presence.value if self.is_open else 0.0


@dataclass
class DemoMember:
    """A member of the branch with home and card; `is_lost` while the card is."""

    drawn: DrawnMember
    person_id: int
    home: Home
    card: CardMade
    is_lost: bool = False


@dataclass(frozen=True)
class Held:
    """A meeting that was held."""

    meeting_id: int
    day: date


@dataclass(frozen=True)
class DemoVillage:
    """Everybody and everything that the year is about; `items` are ids by GTIN-14.

    `awarded` are the entries so far, `held` the last meeting of each kind that took place.
    """

    desk: DemoDesk
    chance: Chance
    homes: tuple[Home, ...]
    members: tuple[DemoMember, ...]
    items: dict[str, int]
    blank_cards: list[CardMade]
    awarded: list[int] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)

    @property
    def open_homes(self) -> list[Home]:
        """The households that have not joined another."""
        return [home for home in self.homes if home.is_open]


def set_up(store: Store, chance: Chance, households: int) -> DemoVillage:
    """Begin the village, register everybody and everything, and hand out the first cards."""
    desk = DemoDesk(store)
    desk.switch_on(FIRST_DAY, SET_UP_AT)
    desk.secretary = begin_village(store, words()["secretary"], now=desk.clock.now())
    desk.supervisor = desk.secretary_does(add_operator, words()["supervisor"], "supervisor")
    people = draw_people(chance, households)
    members = draw_members(chance, people)
    _import_all(desk, people, members)
    homes = _homes(desk, people)
    blank = desk.secretary_does(issue_blank_cards, BLANK_CARDS)
    desk.attendants = tuple(_attendants(desk, homes))
    return DemoVillage(desk, chance, homes, _members(desk, homes, members), _items(store), list(blank))


def _import_all(desk: DemoDesk, people: Sequence[DrawnHousehold], members: Sequence[DrawnMember]) -> None:
    persons = [(household, person) for household in people for person in household.persons]
    _import(desk, SheetKind.HOUSEHOLDS, [_household_row(_where(at), each) for at, each in enumerate(people)])
    _import(desk, SheetKind.PERSONS, [_person_row(_where(at), *each) for at, each in enumerate(persons)])
    _import(desk, SheetKind.MEMBERS, [_member_row(_where(at), each) for at, each in enumerate(members)])
    _import(desk, SheetKind.GOODS, [_goods_row(_where(at), each) for at, each in enumerate(catalogue())])


def _import(desk: DemoDesk, kind: SheetKind, rows: Sequence[Row]) -> None:
    """Import rows as if a sheet had held them; the supervisor signs for what the passbooks held."""
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    reading = SheetReading(kind, kind.value, seen=len(rows), rows=tuple(rows), digest=digest)
    plan = plan_import(desk.store, reading, desk.clock.now(), FIRST_DAY.isoformat())
    desk.secretary_does(apply_import, plan, Signature(desk.supervisor.badge))


def _where(at: int) -> Where:
    return Where("demo", at + 2, {})


def _household_row(where: Where, household: DrawnHousehold) -> HouseholdRow:
    passbook = f"YL-{household.group:02}{household.house:02}" if household.opening_points else ""
    return HouseholdRow(
        where, *household.place, household.head.name, household.residents, household.opening_points or None, passbook
    )


def _person_row(where: Where, household: DrawnHousehold, person: DrawnPerson) -> PersonRow:
    is_head = person is household.head
    return PersonRow(where, *household.place, person.name, person.birth_year, sex=person.sex, is_head=is_head)


def _member_row(where: Where, member: DrawnMember) -> MemberRow:
    person = member.person
    return MemberRow(
        where, *member.household.place, person.name, person.birth_year, sex=person.sex, standing=member.standing,
        class_code=member.class_code, joined_year=member.joined_year,
    )  # fmt: skip


def _goods_row(where: Where, item: DemoItem) -> GoodsRow:
    return GoodsRow(
        where, (item.code,), item.name, item.points, item.size, item.unit, item.unit_grams,
        monthly_limit=item.monthly_limit,
    )  # fmt: skip


def _homes(desk: DemoDesk, people: Sequence[DrawnHousehold]) -> tuple[Home, ...]:
    """Give every household card and book code; they come out by group and house number, as people were drawn."""
    cards = desk.secretary_does(issue_first_household_cards)
    desk.secretary_does(issue_book_codes)
    books = [entry.number for entry in book_entries(desk.store)]
    with desk.store.read() as connection:
        held = read_households(connection, desk.store.village)
        persons = read_persons(connection, desk.store.village)
    ids = {(person.household_id, person.name): person.person_id for person in persons}
    return tuple(
        Home(household_id, each, tuple(ids[household_id, person.name] for person in each.persons), book, card)
        for each, book, card in zip(people, books, cards, strict=True)
        for household_id in (held[each.place].household_id,)
    )


def _members(desk: DemoDesk, homes: Sequence[Home], members: Sequence[DrawnMember]) -> tuple[DemoMember, ...]:
    by_place = {home.drawn.place: home for home in homes}
    made = []
    for member in members:
        home = by_place[member.household.place]
        person_id = home.person_ids[home.drawn.persons.index(member.person)]
        made.append(DemoMember(member, person_id, home, desk.secretary_does(issue_person_card, person_id)))
    return tuple(made)


def _attendants(desk: DemoDesk, homes: Sequence[Home]) -> list[OperatorMade]:
    """Let some villagers who are at home stand at the desk; they award nothing to their own household alone."""
    at_home = [home for home in homes if home.drawn.presence in {Presence.HIGH, Presence.MIDDLE}]
    fitting = [home for home in at_home if home.drawn.head.age in OF_AGE_TO_ATTEND]
    chosen = fitting[:: max(1, len(fitting) // ATTENDANTS)][:ATTENDANTS]
    return [desk.secretary_does(add_operator, home.drawn.head.name, "attendant", home.person_ids[0]) for home in chosen]


def _items(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {item.code: find_items(connection, store.village, item.code)[0] for item in catalogue()}
