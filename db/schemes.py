"""What stands in force of a scheme, and what loading a file would change: the same at a village and at the county."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from db.facts.body import Body
from db.facts.points import SchemeItemSet, SchemeLoaded
from db.scheme_file import SchemeFile, SchemeFileError
from db.tables.points import Scheme, SchemeItem
from db.tables.statement import table_of


@dataclass(frozen=True)
class SchemeChange:
    """What loading a file writes, in this order: items set anew, items that end, and the loading. Nothing: `bodies` ().

    `from_day` is the day from which the scheme holds, which an unchanged file has from its last loading.
    """

    bodies: tuple[Body, ...]
    changed: int
    ended: int
    from_day: str


def scheme_change(connection: Connection, village: int, file: SchemeFile, from_day: str) -> SchemeChange:
    """Return what a village (0: the county, for all) has to write so that a file holds from a day on.

    Raises:
        SchemeFileError: the scheme was loaded from a later day already (`scheme_day_goes_back`).
    """
    scheme = file.head.code
    latest = _latest_loading(connection, village, scheme)
    if latest is not None and latest.digest == file.digest:
        return SchemeChange((), 0, 0, latest.from_day)
    if latest is not None and from_day < latest.from_day:
        raise SchemeFileError("scheme_day_goes_back", day=from_day, latest=latest.from_day)
    held = items_in_force(connection, village, scheme, from_day)
    bodies = file.bodies(from_day)
    changed = [body for body in bodies if body.code not in held or not _says_the_same(held[body.code], body)]
    codes = {body.code for body in bodies}
    ended = [
        _said(row, from_day, is_active=False) for code, row in held.items() if row.is_active != 0 and code not in codes
    ]
    head = file.head
    loaded = SchemeLoaded(
        scheme=scheme, audience=head.audience, label_zh=head.zh, label_en=head.en, digest=file.digest,
        from_day=from_day, items=len(changed) + len(ended), rules=file.rules(),
    )  # fmt: skip
    return SchemeChange((*changed, *ended, loaded), len(changed), len(ended), from_day)


def items_in_force(connection: Connection, village: int, scheme: str, day: str) -> dict[str, Row[Any]]:
    """Return the row of every item of a scheme as it is in force on a day, ended ones too, by position and code."""
    parameters = {"of_village": village, "of_scheme": scheme, "of_day": day}
    rows = {row.code: row for row in connection.execute(_items_statement(), parameters)}
    return dict(sorted(rows.items(), key=lambda each: (each[1].position or 0, each[0])))


def _latest_loading(connection: Connection, village: int, scheme: str) -> Row[Any] | None:
    loading = table_of(Scheme).c
    return connection.execute(
        select(table_of(Scheme))
        .where(loading.village == village, loading.scheme == scheme)
        .order_by(loading.from_day.desc(), loading.rank.desc())
        .limit(1)
    ).one_or_none()


def _says_the_same(row: Row[Any], body: SchemeItemSet) -> bool:
    return _said(row, body.from_day, is_active=row.is_active != 0) == body


def _said(row: Row[Any], from_day: str, *, is_active: bool) -> SchemeItemSet:
    """Return an item in force as the fact that would set it."""
    return SchemeItemSet(
        scheme=row.scheme, code=row.code, group=row.group_code, position=row.position, label_zh=row.label_zh,
        label_en=row.label_en, points=row.points, unit_zh=row.unit_zh, unit_en=row.unit_en,
        monthly_cap=row.monthly_cap_points, is_routine=bool(row.is_routine), needs_evidence=bool(row.needs_evidence),
        is_active=is_active, from_day=from_day,
    )  # fmt: skip


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
