"""Any two sheets, one after the other: the tables say what the last one says, and nobody is gone."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from db.engine import open_sqlite
from db.invariants import find_faults
from db.projections import digest
from db.store import open_store, rebuild
from kiosk.domain.goods import find_goods, find_items
from kiosk.domain.import_plan import ImportPlan
from kiosk.domain.importing import apply_import
from kiosk.domain.roster import HeldHousehold, HeldPerson, read_households, read_members, read_persons
from kiosk.sheets.rows import GoodsRow, HouseholdRow, MemberRow, PersonRow, Row
from tests.kiosk.domain.office import Office
from tests.kiosk.domain.rows import goods, house, length, member, person, plan
from tests.ledger import IN_MEMORY, copy_database
from tests.village import DAY, VILLAGE, seeded

FEW = settings(max_examples=10, deadline=None)
NAMES = st.sampled_from(["王明", "李𠮷", "赵新", "木朵·阿禾"])
PLACES = st.tuples(st.integers(1, 2), st.integers(1, 3))
Key: TypeAlias = tuple[int, int, str, int, int]


@st.composite
def households(draw: DrawFn) -> list[HouseholdRow]:
    """A list of households, each place once; a passbook belongs to its place."""
    places = draw(st.lists(PLACES, min_size=1, unique=True))
    residents = st.none() | st.integers(1, 9)
    return [
        house(
            group,
            number,
            draw(NAMES),
            residents=draw(residents),
            opening_points=500 * group,
            passbook=f"P{group}{number}",
        )
        for group, number in places
    ]


KEYS: SearchStrategy[Key] = st.tuples(
    st.integers(1, 2), st.integers(1, 3), NAMES, st.sampled_from([1950, 1960]), st.integers(0, 1)
)
SEXES = st.sampled_from([None, "f", "m"])


@st.composite
def persons(draw: DrawFn) -> list[PersonRow]:
    """A list of persons, each key once."""
    return [
        person(group, number, name, year, homonym=homonym, sex=draw(SEXES))
        for group, number, name, year, homonym in draw(st.lists(KEYS, min_size=1, unique=True))
    ]


@st.composite
def shelves(draw: DrawFn) -> list[GoodsRow]:
    """A list of goods, each code once; stock, limit and best-before may be left empty."""
    codes = draw(st.lists(st.integers(1, 5), min_size=1, unique=True))
    amounts = st.none() | st.integers(0, 5)
    days = st.none() | st.sampled_from(["2027-01-31", "2027-02-28"])
    return [
        goods(
            draw(st.sampled_from(["食盐", "香皂"])), draw(st.sampled_from([50, 300])), (f"{code:05}",),
            stock=draw(amounts), monthly_limit=draw(amounts), best_before_on=draw(days),
        )
        for code in codes
    ]  # fmt: skip


@cache
def _model() -> tuple[TemporaryDirectory[str], Office]:
    folder = TemporaryDirectory(prefix="rosters-")
    return folder, Office(Path(folder.name))


@contextmanager
def office_in_memory() -> Iterator[Office]:
    """An office whose store is a copy in memory: no disk to wait for between two examples."""
    _folder, model = _model()
    office = copy.copy(model)
    engine = open_sqlite(IN_MEMORY)
    copy_database(model.store.engine, engine)
    office.store = open_store(engine, seeded("rosters"))
    try:
        yield office
    finally:
        office.close()


def bring(office: Office, *rows: Row) -> ImportPlan:
    """Import whatever may be imported and give the plan."""
    found = plan(office, *rows).leaving_out_bad_rows()
    apply_import(office.store, found, now=office.now, by=office.operator)
    return found


def check(office: Office, rows: list[Row]) -> None:
    """Nothing is left to do, nothing contradicts, and a rebuild ends in the same tables."""
    assert {planned.changes for planned in plan(office, *rows).rows} <= {()}
    before = length(office.store)
    bring(office, *rows)
    assert length(office.store) == before
    with office.store.read() as connection:
        assert find_faults(connection, VILLAGE) == []
        live = digest(connection, VILLAGE)
    rebuild(office.store)
    with office.store.read() as connection:
        assert digest(connection, VILLAGE) == live


def held_households(office: Office) -> dict[tuple[int, int], HeldHousehold]:
    """The open households by place."""
    with office.store.read() as connection:
        return read_households(connection, VILLAGE)


def held_persons(office: Office) -> list[HeldPerson]:
    """The persons present."""
    with office.store.read() as connection:
        return read_persons(connection, VILLAGE)


@FEW
@given(first=households(), last=households())
def test_households_are_as_the_last_sheet_says_when_two_came(
    first: list[HouseholdRow], last: list[HouseholdRow]
) -> None:
    """Heads and residents by place; every household of the first sheet is still there, each passbook counted once."""
    with office_in_memory() as office:
        bring(office, *first)
        ids = {household.household_id for household in held_households(office).values()}
        bring(office, *last)
        held = held_households(office)
        for row in last:
            found = held[row.group, row.house]
            assert found.head == row.head
            assert row.residents in (None, found.residents)
            assert office.balance(found.household_id) == row.opening_points
        assert ids <= {household.household_id for household in held.values()}
        check(office, list(last))


@FEW
@given(first=persons(), last=persons(), classes=st.lists(st.sampled_from([None, "elder", "cadre"]), min_size=2))
def test_persons_and_members_are_as_the_last_sheet_says_when_two_came(
    first: list[PersonRow], last: list[PersonRow], classes: list[str | None]
) -> None:
    """Everybody of the last sheet once, with class and sex; nobody of the first sheet is gone."""
    with office_in_memory() as office:
        bring(office, *(house(group, number, "赵新") for group in (1, 2) for number in (1, 2, 3)))
        bring(office, *first)
        ids = {held.person_id for held in held_persons(office)}
        bring(office, *last)
        homes = {(each.household_id): place for place, each in held_households(office).items()}
        found = {
            (*homes[held.household_id], held.name, held.birth_year, held.homonym): held for held in held_persons(office)
        }
        assert len(found) == len(held_persons(office))
        for row in last:
            assert row.sex in (None, found[row.group, row.house, row.name, row.birth_year, row.homonym].sex)
        assert ids <= {held.person_id for held in found.values()}
        roll = [as_member(row, classes[number % len(classes)]) for number, row in enumerate(last)]
        bring(office, *roll)
        with office.store.read() as connection:
            members = read_members(connection, VILLAGE)
        for each in roll:
            held = members[found[each.group, each.house, each.name, each.birth_year, each.homonym].person_id]
            assert held.class_code == (each.class_code or "ordinary")
        check(office, list(roll))


def as_member(row: PersonRow, class_code: str | None) -> MemberRow:
    """The person of a row as a member."""
    return member(row.group, row.house, row.name, row.birth_year, homonym=row.homonym, class_code=class_code)


@FEW
@given(first=shelves(), last=shelves())
def test_goods_are_as_the_last_sheet_says_when_two_came(first: list[GoodsRow], last: list[GoodsRow]) -> None:
    """Name, price, stock, limit and best-before; what the last sheet leaves empty is as the first said."""
    with office_in_memory() as office:
        bring(office, *first)
        bring(office, *last)
        said = {row.codes[0]: row for row in first}
        with office.store.read() as connection:
            ids = {row.codes[0]: find_items(connection, VILLAGE, row.codes[0]) for row in (*first, *last)}
            assert {len(items) for items in ids.values()} == {1}
            held = find_goods(connection, VILLAGE, [items[0] for items in ids.values()], DAY)
        for row in last:
            found, before = held[ids[row.codes[0]][0]], said.get(row.codes[0])
            assert (found.name, found.points) == (row.name, row.price_points)
            assert found.stock == _said(row.stock, before and before.stock, 0)
            assert found.monthly_limit == _said(row.monthly_limit, before and before.monthly_limit, None)
            assert found.best_before == _said(row.best_before_on, before and before.best_before_on, None)
        check(office, list(last))


def _said(last: object, first: object, nothing: object) -> object:
    return last if last is not None else first if first is not None else nothing
