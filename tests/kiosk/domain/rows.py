"""Rows of sheets without sheets: typed rows as a reading gives them, and importing them at a desk."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from db.facts.terminal import SeatTaken
from db.journal import Sealed, heads, read_since
from db.line import Fact, read, render
from db.store import Store, own_log
from kiosk.domain.import_plan import ImportPlan
from kiosk.domain.importing import Imported, apply_import, plan_import
from kiosk.domain.waiting import Signature
from kiosk.sheets.problem import Fault, Problem
from kiosk.sheets.rows import (
    GoodsRow,
    HouseholdRow,
    MemberRow,
    PersonRow,
    Row,
    SheetKind,
    SheetReading,
    TabReading,
    Where,
)
from tests.village import VILLAGE, Village

SHEET = "表一"
NOWHERE = Where(SHEET, 0, {})
SALT = ("06990103300302",)
_KINDS = {
    HouseholdRow: SheetKind.HOUSEHOLDS,
    PersonRow: SheetKind.PERSONS,
    MemberRow: SheetKind.MEMBERS,
    GoodsRow: SheetKind.GOODS,
}


def house(group: int, number: int, head: str, **about: Any) -> HouseholdRow:  # noqa: ANN401  because tests name any field
    """A household."""
    return HouseholdRow(NOWHERE, group, number, head, **about)


def person(group: int, number: int, name: str, year: int = 1960, **about: Any) -> PersonRow:  # noqa: ANN401  because tests name any field
    """A person of a household."""
    return PersonRow(NOWHERE, group, number, name, year, **about)


def member(group: int, number: int, name: str, year: int = 1960, **about: Any) -> MemberRow:  # noqa: ANN401  because tests name any field
    """A member of the branch."""
    return MemberRow(NOWHERE, group, number, name, year, **about)


def goods(name: str = "食盐", points: int = 300, codes: tuple[str, ...] = SALT, **about: Any) -> GoodsRow:  # noqa: ANN401  because tests name any field
    """A kind of goods."""
    return GoodsRow(NOWHERE, codes, name, points, **about)


def sheet_of(*rows: Row, problems: Sequence[Problem] = ()) -> SheetReading:
    """A reading of these rows, the first of them in row 2; each field has a column."""
    placed = tuple(replace(row, where=_where(row, number)) for number, row in enumerate(rows, start=2))
    digest = f"{abs(hash(rows)):064x}"
    kind = _KINDS[type(rows[0])]
    return SheetReading(kind, "sheet.xlsx", (TabReading(SHEET, (0, 0)),), len(rows), placed, tuple(problems), digest)


def plan(village: Village, *rows: Row, from_day: str | None = None) -> ImportPlan:
    """What importing rows would change."""
    return plan_import(village.store, sheet_of(*rows), village.now, from_day)


def bring(village: Village, *rows: Row, badge: str | None = None) -> Imported:
    """Import rows."""
    signature = None if badge is None else Signature(badge)
    return apply_import(village.store, plan(village, *rows), signature, now=village.now, by=village.operator)


def told(found: ImportPlan) -> list[tuple[Fault, str, str]]:
    """Code, cell and other of every problem."""
    return [(problem.code, problem.cell, problem.other) for problem in found.problems]


def changes(found: ImportPlan) -> list[tuple[str, str, dict[str, object]]]:
    """What is changed, of whom, and the values."""
    return [(change.what.value, change.subject, dict(change.values)) for _row, change in found.changes]


def facts_of(store: Store) -> list[Fact]:
    """Every fact of the own log."""
    with store.read() as connection:
        log = own_log(connection, store.village)
        return [read(line) for line in read_since(connection, store.village, log, 0, 1_000_000)]


def written_by(store: Store, act: Callable[[], object]) -> list[Fact]:
    """The facts that an act writes to the own log."""
    before = len(facts_of(store))
    act()
    return facts_of(store)[before:]


def length(store: Store) -> int:
    """How many lines the store holds."""
    with store.read() as connection:
        return sum(head.seq for head in heads(connection, store.village).values())


def seat_moves(village: Village) -> None:
    """Another terminal of the village takes the seat."""
    body = SeatTaken(seat=2).model_dump()
    header = (VILLAGE, 5, 1, 999, SeatTaken.KIND, 1, None, None, 1, "f", 1, 1, (0, 0), body, None)
    village.store.receive(VILLAGE, 5, [Sealed(render(Fact(*header)))])


def _where(row: Row, number: int) -> Where:
    names = [name for name in row.__dataclass_fields__ if name != "where"]
    names += ["code", "price", "opening", "birth", "best_before", "limit"]
    cells = {name: f"{chr(ord('A') + column)}{number}" for column, name in enumerate(names)}
    return Where(SHEET, number, cells)
