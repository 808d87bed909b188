"""Points issued in a period: by item of the scheme, and by month.

An award counts on its own business day. One that was taken back does not count, whenever that happened: what is said
about a month is what was rightly given in it, and no later month goes below zero for it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from db.line import ENTITIES_PER_LOG
from db.progress import Advance, unseen
from db.store import Store
from db.tables.points import Posting, SchemeItem
from db.tables.statement import table_of
from kiosk.domain import report
from kiosk.domain.report import MonthFigure, Period, marks, month_of, months_through, pieces, within

AWARDED: Final = ("issued", "reverse:")
DEDUCTED: Final = ("adjusted", "reverse_deduction:")
"""From which account points come or to which they go, and how the key of what takes them back begins."""


@dataclass(frozen=True)
class Source:
    """What an item of a scheme brought, in hundredths of a point; a deduction is below zero.

    `entries` were counted and not taken back. `given_points` is all that was given, `reversed_points` what of it was
    taken back. Labels and group are those the item has now, None where no scheme here names it.
    """

    scheme: str
    item: str
    group: str | None
    label_zh: str | None
    label_en: str | None
    entries: int
    given_points: int
    reversed_points: int

    @property
    def points(self) -> int:
        """What is left of what was given."""
        return self.given_points - self.reversed_points

    def label(self, language: str) -> str:
        """Return what the item is called in a language, Chinese unless it begins with en; its code if nameless."""
        return (self.label_en if language.startswith("en") else self.label_zh) or self.item


@dataclass(frozen=True)
class Issued:
    """Points issued: by source in the order of the scheme, deductions apart, and by month without deductions."""

    period: Period
    sources: tuple[Source, ...]
    deductions: tuple[Source, ...]
    months: tuple[MonthFigure, ...]

    @property
    def points(self) -> int:
        """All points issued, in hundredths."""
        return sum(source.points for source in self.sources)

    @property
    def deducted_points(self) -> int:
        """All points deducted, in hundredths, as a figure above zero."""
        return -sum(source.points for source in self.deductions)


@dataclass
class _Sum:
    """Hundredths of a point and entries, given and taken back."""

    given_points: int = 0
    given: int = 0
    reversed_points: int = 0
    reversed: int = 0


def issued_points(store: Store, period: Period, advance: Advance = unseen) -> Issued:
    """Return what was issued on the business days of a period; `advance` is told the days as they are read."""
    with store.read_in_pieces() as connection:
        awarded = _sums(connection, store.village, period, AWARDED, advance)
        deducted = _sums(connection, store.village, period, DEDUCTED, unseen)
        items = _items(connection, store.village, {scheme for scheme, _item, _month in (*awarded, *deducted)})
    months: dict[str, tuple[int, int]] = {}
    for (_scheme, _item, month), found in awarded.items():
        points, entries = months.get(month, (0, 0))
        months[month] = (points + found.given_points - found.reversed_points, entries + found.given - found.reversed)
    return Issued(period, _sources(awarded, items), _sources(deducted, items), months_through(months))


_Sums = dict[tuple[str, str, str], _Sum]


def _sums(connection: Connection, village: int, period: Period, kind: tuple[str, str], advance: Advance) -> _Sums:
    """Return the sums by scheme, item and month."""
    account, prefix = kind
    sums: _Sums = defaultdict(_Sum)
    mark, given = _marks(account), _given(account)
    for piece in pieces(connection, village, period, mark, advance):
        for row in connection.execute(given, piece):
            found = sums[row.scheme or "", row.item_code, row.month]
            found.given_points += row.points
            found.given += row.entries
    known = {"of_village": village, "first_day": period.first, "last_day": period.last, "behind": f"{prefix[:-1]};"}
    for bounds in _key_pieces(connection, known, prefix):
        for row in connection.execute(_taken_back(account), bounds):
            found = sums[row.scheme or "", row.item_code, row.month]
            found.reversed_points += row.points
            found.reversed += row.entries
    return sums


def _items(connection: Connection, village: int, schemes: set[str]) -> dict[tuple[str, str], Any]:
    """Return all items of some schemes as they are called now."""
    if not schemes:
        return {}
    rows = connection.execute(_items_statement(), {"of_village": village, "of_schemes": sorted(schemes)}).all()
    return {(row.scheme, row.code): row for row in rows}


def _sources(sums: _Sums, items: dict[tuple[str, str], Any]) -> tuple[Source, ...]:
    by_item: dict[tuple[str, str], list[_Sum]] = defaultdict(list)
    for (scheme, item, _month), found in sums.items():
        by_item[scheme, item].append(found)
    sources = [_source(key, found, items.get(key)) for key, found in by_item.items()]
    return tuple(sorted(sources, key=lambda source: _place(source, items)))


def _place(source: Source, items: dict[tuple[str, str], Any]) -> tuple[Any, ...]:
    """Order by scheme, then by groups and items as the scheme has them; what no scheme here names comes last."""
    item = items.get((source.scheme, source.item))
    if item is None:
        return source.scheme, True, 0, "", 0, source.item
    same = (row.position for row in items.values() if (row.scheme, row.group_code) == (item.scheme, item.group_code))
    return source.scheme, False, min(same), item.group_code, item.position, item.code


def _source(key: tuple[str, str], sums: list[_Sum], item: Any) -> Source:  # noqa: ANN401  because a row has the type of its columns
    group, zh, en = (None, None, None) if item is None else (item.group_code, item.label_zh, item.label_en)
    given, taken = sum(found.given_points for found in sums), sum(found.reversed_points for found in sums)
    scheme, code = key
    return Source(scheme, code, group, zh, en, sum(found.given - found.reversed for found in sums), given, taken)


def _is_source(account: str) -> tuple[ColumnElement[bool], ...]:
    """Say which leg of a posting counts: the other end of a household's, where it names an item of a scheme."""
    posting = table_of(Posting).c
    return posting.account == account, posting.household_id.is_(None), posting.item_code.is_not(None)


@lru_cache(maxsize=2)
def _marks(account: str) -> Select[Any]:
    return marks(table_of(Posting), *_is_source(account))


@lru_cache(maxsize=2)
def _given(account: str) -> Select[Any]:
    posting = table_of(Posting).c
    month = month_of(posting.day).label("month")
    points = (-func.sum(posting.points * posting.is_counted)).label("points")
    return (
        select(posting.scheme, posting.item_code, month, points, func.sum(posting.is_counted).label("entries"))
        .where(within(table_of(Posting)), *_is_source(account))
        .group_by(posting.scheme, posting.item_code, month)
    )


def _key_pieces(connection: Connection, known: dict[str, Any], prefix: str) -> Iterator[dict[str, Any]]:
    """Yield the parameters of `_taken_back` for pieces of the keys with a prefix."""
    after: str | None = prefix
    while after is not None:
        from_here = known | {"after": after}
        after = connection.execute(_key_marks(), from_here | {"rows_between": report.PIECE - 1}).scalar_one_or_none()
        yield from_here | {"upto": known["behind"] if after is None else after}


@lru_cache(maxsize=1)
def _key_marks() -> Select[Any]:
    reversal = table_of(Posting).c
    return (
        select(reversal.once_key)
        .where(reversal.village == bindparam("of_village"))
        .where(reversal.once_key > bindparam("after"), reversal.once_key < bindparam("behind"))
        .order_by(reversal.once_key)
        .offset(bindparam("rows_between"))
        .limit(1)
    )


@lru_cache(maxsize=2)
def _taken_back(account: str) -> Select[Any]:
    """The reversals of a piece of keys, under the day and the item of what they took back.

    Nothing is said here of the household that the other leg names: with it SQLite would begin at the wrong end.
    """
    posting, reversal = table_of(Posting), table_of(Posting).alias("reversal")
    month = month_of(posting.c.day).label("month")
    points = func.sum(reversal.c.points).label("points")
    taken = posting.c
    is_taken = (
        (taken.village == reversal.c.village)
        & (taken.log == reversal.c.target_id // ENTITIES_PER_LOG)
        & (taken.seq == reversal.c.target_id % ENTITIES_PER_LOG)
    )
    return (
        select(taken.scheme, taken.item_code, month, points, func.count().label("entries"))
        .select_from(reversal.join(posting, is_taken))
        .where(reversal.c.village == bindparam("of_village"))
        .where(reversal.c.once_key > bindparam("after"), reversal.c.once_key <= bindparam("upto"))
        .where(reversal.c.account == account, reversal.c.is_counted == 1, taken.account == account)
        .where(taken.item_code.is_not(None))
        .where(taken.day >= bindparam("first_day"), taken.day <= bindparam("last_day"))
        .group_by(taken.scheme, taken.item_code, month)
    )


@lru_cache(maxsize=1)
def _items_statement() -> Select[Any]:
    item = table_of(SchemeItem).c
    return (
        select(item.scheme, item.code, item.group_code, item.position, item.label_zh, item.label_en)
        .where(item.village.in_([bindparam("of_village"), 0]))
        .where(item.scheme.in_(bindparam("of_schemes", expanding=True)))
        .order_by(item.from_day, item.rank)
    )
