"""Schemes: what earns or costs points, and the numbers a scheme sets. Everything is dated and read from tables."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select

from db.line import Stamp
from db.scheme_file import SchemeFile, SchemeFileError, read_scheme
from db.schemes import items_in_force, scheme_change
from db.store import Act, Store
from db.tables.points import Scheme, SchemeRule
from db.tables.statement import table_of
from kiosk.calendar import is_day
from kiosk.domain.access import Right, require_right
from kiosk.domain.period import day_state
from kiosk.errors import BadInput, Refused

FAR_DAY: Final = "9000-01-01"
"""Stands for a business day where there was none yet: all that is dated holds by then, and days can be counted on."""


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
    """The scheme of the households on a day: its code, its names, and its numbers by the names of `Rules`."""

    code: str
    label_zh: str
    label_en: str
    from_day: str
    digest: str
    rules: dict[str, int]


@dataclass(frozen=True)
class SchemeLoading:
    """What loading a scheme changed: items written anew and items that are no longer offered; nothing the second time.

    `from_day` is the day from which the scheme holds, `items` how many items it has.
    """

    scheme: str
    from_day: str
    items: int
    changed: int
    ended: int
    is_unchanged: bool


def load_scheme(
    store: Store, source: str | Path, from_day: str | None = None, *, now: Stamp, by: int | None
) -> SchemeLoading:
    """Load a scheme, shipped (by name) or a file (by path), from a day on (by default the day the file states).

    It writes a fact for each item that differs and a closing one; a file that is in force already changes nothing.
    Without an operator it is the program or its installer that loads.

    Raises:
        BadInput: the file cannot be used, see `read_scheme`, or the day is none (`scheme_value_wrong`).
        Refused: the scheme was loaded from a later day already (`scheme_day_goes_back`).
        NotAllowed: the operator may not load schemes (`right_missing`, `operator_not_active`).
    """
    try:
        file = read_scheme(source)
    except SchemeFileError as error:
        raise BadInput(error.code, **error.parameters) from error
    holds_from = from_day or file.head.from_day
    if not is_day(holds_from):
        raise BadInput("scheme_value_wrong", place=file.head.code, key="from_day", value=holds_from)
    with store.write(now=now, by=by) as act:
        if by is not None:
            require_right(act.connection, act.village, by, Right.LOAD_SCHEME)
        return write_scheme(act, file, holds_from)


def write_scheme(act: Act, file: SchemeFile, from_day: str) -> SchemeLoading:
    """Write what a scheme changes inside an action. Raises Refused (`scheme_day_goes_back`)."""
    try:
        change = scheme_change(act.connection, act.village, file, from_day)
    except SchemeFileError as error:
        raise Refused(error.code, **error.parameters) from error
    for body in change.bodies:
        act.append(body)
    return SchemeLoading(
        file.head.code, change.from_day, len(file.items), change.changed, change.ended, is_unchanged=not change.bodies
    )


def list_schemes(store: Store) -> tuple["SchemeInForce", ...]:
    """Return every loading of every scheme, the county's and the village's, in the order of their days."""
    scheme = table_of(Scheme).c
    with store.read() as connection:
        rows = connection.execute(
            select(table_of(Scheme))
            .where(scheme.village.in_([store.village, 0]))
            .order_by(scheme.from_day, scheme.rank)
        ).all()
        return tuple(_scheme(connection, row) for row in rows)


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
    return state.open_day or state.latest_day or FAR_DAY


def household_scheme(connection: Connection, village: int, day: str) -> SchemeInForce:
    """Return the scheme of the households in force on a day: latest day first, then the highest rank.

    Raises:
        Refused: there is none (`scheme_absent`).
    """
    row = connection.execute(_scheme_statement(), {"of_village": village, "of_day": day}).one_or_none()
    if row is None:
        raise Refused("scheme_absent")
    return _scheme(connection, row)


def items_on(connection: Connection, village: int, scheme: str, day: str) -> list[Item]:
    """Return every item of a scheme as it is in force on a day, ended ones too, by position."""
    return [_item(row) for row in items_in_force(connection, village, scheme, day).values()]


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


def _scheme(connection: Connection, row: Row[Any]) -> SchemeInForce:
    rules = connection.execute(_rules_statement(), {"of_village": row.village, "of_log": row.log, "of_seq": row.seq})
    numbers = {name: value for name, value in rules}  # noqa: C416  because a row is no pair for the type checker
    return SchemeInForce(row.scheme, row.label_zh or "", row.label_en or "", row.from_day, row.digest or "", numbers)


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
def _rules_statement() -> Select[Any]:
    rule = table_of(SchemeRule).c
    return select(rule.name, rule.value).where(
        rule.village == bindparam("of_village"), rule.log == bindparam("of_log"), rule.seq == bindparam("of_seq")
    )
