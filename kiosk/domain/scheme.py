"""Schemes: what earns or costs points, and the numbers a scheme sets. Everything is dated and read from tables."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from db.store import Store
from db.tables.points import Scheme, SchemeItem, SchemeRule
from db.tables.statement import table_of
from kiosk.domain.period import day_state
from kiosk.errors import Refused

RULES: Final = (
    "base_points",
    "honour_line_points",
    "routine_cap_points",
    "value_fen",
    "value_points",
)
"""The numbers every scheme states: base points that are not redeemable, the line of the honour title, what routine
items may bring a household in a month (hundredths of a point), and the worth of points: `value_fen` for
`value_points`."""


@dataclass(frozen=True)
class Item:
    """An item in force: points (hundredths) for one unit, below zero for a deduction; labels in both languages.

    `unit_zh` and `unit_en` are set where the item is counted (kilograms); `monthly_cap_points` is what a household may
    earn by it in a calendar month, None is no cap of its own.
    """

    scheme: str
    code: str
    group: str
    position: int
    label_zh: str
    label_en: str
    points: int
    unit_zh: str | None
    unit_en: str | None
    monthly_cap_points: int | None
    is_routine: bool
    needs_evidence: bool
    is_active: bool
    from_day: str

    @property
    def is_deduction(self) -> bool:
        """Whether the item takes points away."""
        return self.points < 0

    @property
    def is_counted(self) -> bool:
        """Whether somebody says how many units there were."""
        return self.unit_zh is not None

    def label(self, language: str) -> str:
        """Return the label in a language, Chinese unless it begins with en."""
        return self.label_en if language.startswith("en") else self.label_zh

    def unit(self, language: str) -> str:
        """Return the unit in a language, empty where the item is not counted."""
        return (self.unit_en if language.startswith("en") else self.unit_zh) or ""


@dataclass(frozen=True)
class SchemeInForce:
    """The scheme of the households on a day: its code, its names, and its numbers (see RULES)."""

    code: str
    label_zh: str
    label_en: str
    from_day: str
    digest: str
    rules: dict[str, int]


def show_items(store: Store) -> tuple[Item, ...]:
    """Return what can be awarded or deducted today, in the order of the scheme.

    Raises:
        Refused: no scheme is in force (`scheme_absent`).
    """
    with store.read() as connection:
        day = current_day(connection, store.village)
        found = household_scheme(connection, store.village, day)
        return tuple(item for item in items_on(connection, store.village, found.code, day) if item.is_active)


def current_day(connection: Connection, village: int) -> str:
    """Return the open business day, else the last one there was; before the first one everything dated holds."""
    state = day_state(connection, village)
    return state.open_day or state.latest_day or "9999-12-31"


def household_scheme(connection: Connection, village: int, day: str) -> SchemeInForce:
    """Return the scheme of the households in force on a day: latest day first, then the highest rank.

    Raises:
        Refused: there is none (`scheme_absent`).
    """
    row = connection.execute(_scheme_statement(), {"of_village": village, "of_day": day}).one_or_none()
    if row is None:
        raise Refused("scheme_absent")
    rule = table_of(SchemeRule).c
    rules = connection.execute(
        select(rule.name, rule.value).where(
            rule.village == row.village, rule.log == row.log, rule.seq == row.seq, rule.name.is_not(None)
        )
    )
    numbers = {name: value for name, value in rules}  # noqa: C416  because a row is no pair for the type checker
    return SchemeInForce(row.scheme, row.label_zh or "", row.label_en or "", row.from_day, row.digest or "", numbers)


def items_on(connection: Connection, village: int, scheme: str, day: str) -> list[Item]:
    """Return every item of a scheme as it is in force on a day, ended ones too, by position."""
    parameters = {"of_village": village, "of_scheme": scheme, "of_day": day}
    in_force: dict[str, Item] = {}
    for row in connection.execute(_items_statement(), parameters):
        in_force[row.code] = _item(row)
    return sorted(in_force.values(), key=lambda item: (item.position, item.code))


def require_item(connection: Connection, village: int, code: str, day: str) -> Item:
    """Return an item of the households' scheme that may be used on a day.

    Raises:
        Refused: no scheme is in force (`scheme_absent`), or it has no such item (`scheme_item_unknown`).
    """
    scheme = household_scheme(connection, village, day)
    for item in items_on(connection, village, scheme.code, day):
        if item.code == code and item.is_active:
            return item
    raise Refused("scheme_item_unknown", item=code)


def _item(row: Any) -> Item:  # noqa: ANN401  because a Core row is untyped
    return Item(
        row.scheme, row.code, row.group_code or "", row.position or 0, row.label_zh or "", row.label_en or "",
        row.points or 0, row.unit_zh, row.unit_en, row.monthly_cap_points, bool(row.is_routine),
        bool(row.needs_evidence), row.is_active != 0, row.from_day or "",
    )  # fmt: skip


@lru_cache(maxsize=1)
def _scheme_statement() -> Select[Any]:
    scheme = table_of(Scheme).c
    return (
        select(table_of(Scheme))
        .where(
            scheme.village.in_([bindparam("of_village"), 0]),
            scheme.audience == "household",
            scheme.from_day <= bindparam("of_day"),
        )
        .order_by(scheme.from_day.desc(), scheme.rank.desc())
        .limit(1)
    )


@lru_cache(maxsize=1)
def _items_statement() -> Select[Any]:
    item = table_of(SchemeItem).c
    return (
        select(table_of(SchemeItem))
        .where(
            item.village.in_([bindparam("of_village"), 0]),
            item.scheme == bindparam("of_scheme"),
            func.coalesce(item.from_day, "") <= bindparam("of_day"),
        )
        .order_by(item.from_day, item.rank)
    )
