"""The statement of a household: base points, what can be redeemed, and every entry with what, when, who and paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, String, bindparam, cast, literal, or_, select, tuple_

from db.line import ENTITIES_PER_LOG, entity_id, origin_of
from db.names import names_of
from db.store import Store
from db.tables.people import Person
from db.tables.points import Posting, SchemeItem
from db.tables.returning import GoodsReturn
from db.tables.shop import Item, Redemption, RedemptionLine
from db.tables.statement import table_of
from db.tables.terminal import Operator
from kiosk.domain.goods import PIECE, is_weight
from kiosk.domain.people import HouseholdShown, show_household
from kiosk.domain.scheme import current_day, household_scheme
from kiosk.errors import Refused

SHOWN: Final = 5
REVERSIBLE: Final = (
    "points_awarded", "attendance_awarded", "suggestion_awarded", "points_deducted", "opening_balance_posted",
)  # fmt: skip


@dataclass(frozen=True)
class GoodsHandedOut:
    """Goods of a redemption as its entry names them: quantity in pieces of the item's unit, or in grams."""

    name: str
    quantity: int
    unit: str

    @property
    def is_weighed(self) -> bool:
        """Whether the quantity is in grams."""
        return is_weight(self.unit)


@dataclass(frozen=True)
class Entry:
    """One entry of an account: `points` signed, in hundredths; `at` in milliseconds UTC.

    `kind` is the kind of fact. `label_zh` and `label_en` name the scheme's item, or are None; `goods` what a
    redemption handed out or a return took back. `target_id` is the entry a reversal takes back, the redemption of which
    goods came back, or the household a merger moved points to.
    An entry that is not counted was written twice; one that is reversed, or a redemption that is void, was taken back
    by another. `proxy_name` is who collected what a redemption handed out, where nobody of the household did.
    """

    entry_id: int
    kind: str
    day: str | None
    at: int
    points: int
    item_code: str | None
    label_zh: str | None
    label_en: str | None
    goods: tuple[GoodsHandedOut, ...]
    paper_number: str | None
    evidence_code: str | None
    person_name: str | None
    operator_name: str | None
    target_id: int | None
    is_counted: bool
    is_reversed: bool
    proxy_name: str | None = None
    is_void: bool = False

    @property
    def marks(self) -> tuple[str, ...]:
        """What is unusual about it, by the last part of the keys of its words: taken back, void, written twice."""
        taken_back = ("reversed",) if self.is_reversed else ("void",) if self.is_void else ()
        return taken_back if self.is_counted else (*taken_back, "twice")

    @property
    def can_be_reversed(self) -> bool:
        """Whether a reversal of this entry could count."""
        return self.kind in REVERSIBLE and self.is_counted and not self.is_reversed

    def label(self, language: str) -> str | None:
        """Return the item's label in a language, Chinese unless it begins with en."""
        return self.label_en if language.startswith("en") else self.label_zh


@dataclass(frozen=True)
class Account:
    """A household's account in hundredths of a point, with its latest entries, the newest first.

    `total_points` is base and redeemable together; base points are never redeemed.
    """

    household: HouseholdShown
    base_points: int
    redeemable_points: int
    total_points: int
    honour_line_points: int | None
    entries: tuple[Entry, ...]


def show_account(store: Store, household_id: int, shown: int = SHOWN) -> Account:
    """Return what a household has and its last entries. Raises Refused (`household_unknown`)."""
    with store.read() as connection:
        return account_of(connection, store.village, household_id, shown)


def account_of(connection: Connection, village: int, household_id: int, shown: int = SHOWN) -> Account:
    """Return what a household has and its last entries. Raises Refused (`household_unknown`)."""
    household = show_household(connection, village, household_id)
    try:
        rules = household_scheme(connection, village, current_day(connection, village)).rules
    except Refused:
        rules = {}
    base = rules.get("base_points", 0)
    entries = entries_of(connection, village, household_id, 0, shown)
    redeemable = household.redeemable_points
    return Account(household, base, redeemable, base + redeemable, rules.get("honour_line_points"), entries)


def entry_of(connection: Connection, village: int, entry_id: int) -> tuple[Entry, int]:
    """Return one entry and the household on whose account it stands. Raises Refused (`entry_unknown`)."""
    log, seq = origin_of(entry_id)
    row = connection.execute(_entry_statement(), {"of_village": village, "of_log": log, "of_seq": seq}).first()
    if row is None:
        raise Refused("entry_unknown")
    return _entries(connection, village, [row])[0], row.household_id


def entries_of(connection: Connection, village: int, household_id: int, start: int, count: int) -> tuple[Entry, ...]:
    """Return entries of a household, newest first, read in at most six statements however many there are."""
    parameters = {"of_village": village, "of_household": household_id, "first": start, "most": count}
    return _entries(connection, village, connection.execute(_entries_statement(), parameters).all())


def _entries(connection: Connection, village: int, rows: Sequence[Row[Any]]) -> tuple[Entry, ...]:
    if not rows:
        return ()
    names = names_of(connection, village, (name for row in rows for name in (row.person_name_id, row.operator_name_id)))
    labels = _labels(connection, village, rows)
    goods = _goods(connection, village, [row for row in rows if row.kind == "redemption_made"])
    goods |= _goods_back(connection, village, [row for row in rows if row.kind == "goods_returned"])
    return tuple(
        _entry(row, names, labels.get((row.scheme, row.item_code), (None, None)), goods.get((row.log, row.seq), ()))
        for row in rows
    )


def is_reversed() -> ColumnElement[bool]:
    """Return the condition that a posting of a statement was taken back by a reversal."""
    return _has_later("reverse:", "reverse_deduction:", "reverse_opening:")


def _has_later(*prefixes: str) -> ColumnElement[bool]:
    """Return the condition that a posting whose key is one of `prefixes` and a posting's own number is there."""
    posting, later = table_of(Posting).c, table_of(Posting).alias("later").c
    own_id = cast(posting.log * ENTITIES_PER_LOG + posting.seq, String)
    keys = [literal(prefix) + own_id for prefix in prefixes]
    same = select(literal(1)).where(later.village == posting.village, later.once_key.in_(keys))
    return same.correlate(table_of(Posting)).exists()


def _is_by_proxy() -> ColumnElement[bool]:
    """Return the condition that a posting is of a redemption that somebody else collected."""
    posting, made = table_of(Posting).c, table_of(Redemption).c
    same = (made.village == posting.village, made.log == posting.log, made.seq == posting.seq)
    return select(literal(1)).where(*same, made.proxy_id.is_not(None)).correlate(table_of(Posting)).exists()


def _entry(
    row: Row[Any],
    names: dict[int | None, str],
    labels: tuple[str | None, str | None],
    goods: Sequence[GoodsHandedOut],
) -> Entry:
    return Entry(
        entity_id(row.log, row.seq), row.kind, row.day, row.at or 0, row.points or 0, row.item_code, *labels,
        tuple(goods), row.paper_number, row.evidence_code, names[row.person_name_id] or None,
        names[row.operator_name_id] or None, row.target_id, bool(row.is_counted), bool(row.is_reversed),
        (names[row.person_name_id] or None) if row.is_by_proxy else None, bool(row.is_void),
    )  # fmt: skip


def _labels(
    connection: Connection, village: int, rows: Sequence[Row[Any]]
) -> dict[tuple[str | None, str | None], tuple[str | None, str | None]]:
    """Return the labels of the items by scheme and code, as they are called now."""
    wanted = {(row.scheme, row.item_code) for row in rows if row.item_code is not None}
    if not wanted:
        return {}
    parameters = {"of_village": village, "of_items": sorted(wanted, key=str)}
    found = connection.execute(_labels_statement(), parameters)
    return {(row.scheme, row.code): (row.label_zh, row.label_en) for row in found}


def _goods(
    connection: Connection, village: int, rows: Iterable[Row[Any]]
) -> dict[tuple[int, int], list[GoodsHandedOut]]:
    goods: dict[tuple[int, int], list[GoodsHandedOut]] = {(row.log, row.seq): [] for row in rows}
    if goods:
        logs, seqs = {log for log, _ in goods}, {seq for _, seq in goods}
        parameters = {"of_village": village, "of_logs": sorted(logs), "of_seqs": sorted(seqs)}
        for row in connection.execute(_goods_statement(), parameters):
            if (row.log, row.seq) in goods:
                line = GoodsHandedOut(row.name or "", row.quantity or 0, row.unit or PIECE)
                goods[row.log, row.seq].append(line)
    return goods


def _goods_back(
    connection: Connection, village: int, rows: Iterable[Row[Any]]
) -> dict[tuple[int, int], list[GoodsHandedOut]]:
    logs, seqs = {row.log for row in rows}, {row.seq for row in rows}
    if not logs:
        return {}
    returned, item = table_of(GoodsReturn), table_of(Item)
    is_home = or_(item.c.village == returned.c.village, item.c.village == 0) & item.c.name.is_not(None)
    statement = (
        select(returned.c.log, returned.c.seq, returned.c.quantity, item.c.name, item.c.unit)
        .select_from(returned.outerjoin(item, (item.c.item_id == returned.c.item_id) & is_home))
        .where(returned.c.village == village, returned.c.log.in_(logs), returned.c.seq.in_(seqs))
    )
    return {
        (row.log, row.seq): [GoodsHandedOut(row.name or "", row.quantity or 0, row.unit or PIECE)]
        for row in connection.execute(statement)
    }


@lru_cache(maxsize=1)
def _entries_statement() -> Select[Any]:
    posting = table_of(Posting).c
    return (
        _described()
        .where(posting.village == bindparam("of_village"), posting.household_id == bindparam("of_household"))
        .order_by(posting.rank.desc(), posting.n)
        .offset(bindparam("first"))
        .limit(bindparam("most"))
    )


@lru_cache(maxsize=1)
def _entry_statement() -> Select[Any]:
    posting = table_of(Posting).c
    return (
        _described()
        .where(posting.village == bindparam("of_village"), posting.log == bindparam("of_log"))
        .where(posting.seq == bindparam("of_seq"), posting.household_id.is_not(None))
        .order_by(posting.n)
        .limit(1)
    )


def _described() -> Select[Any]:
    posting, operator, person = table_of(Posting).c, table_of(Operator), table_of(Person)
    return (
        select(table_of(Posting), operator.c.name_id.label("operator_name_id"))
        .add_columns(person.c.name_id.label("person_name_id"), is_reversed().label("is_reversed"))
        .add_columns(_has_later("void:").label("is_void"))
        .add_columns(_is_by_proxy().label("is_by_proxy"))
        .select_from(
            table_of(Posting)
            .outerjoin(
                operator, (operator.c.village == posting.village) & (operator.c.operator_id == posting.operator_id)
            )
            .outerjoin(person, (person.c.village == posting.village) & (person.c.person_id == posting.person_id))
        )
    )


@lru_cache(maxsize=1)
def _labels_statement() -> Select[Any]:
    item = table_of(SchemeItem).c
    return (
        select(item.scheme, item.code, item.label_zh, item.label_en)
        .where(
            item.village.in_([bindparam("of_village"), 0]),
            tuple_(item.scheme, item.code).in_(bindparam("of_items", expanding=True)),
        )
        .order_by(item.from_day, item.rank)
    )


@lru_cache(maxsize=1)
def _goods_statement() -> Select[Any]:
    """By logs and by numbers: for pairs of the two SQLite would read every redemption of the village.

    The row that names an item is its home's; the village's own row of goods of the county has no name.
    """
    line, item = table_of(RedemptionLine), table_of(Item)
    is_home = or_(item.c.village == line.c.village, item.c.village == 0) & item.c.name.is_not(None)
    is_same = (item.c.item_id == line.c.item_id) & is_home
    return (
        select(line.c.log, line.c.seq, line.c.quantity, item.c.name, item.c.unit)
        .select_from(line.outerjoin(item, is_same))
        .where(
            line.c.village == bindparam("of_village"),
            line.c.log.in_(bindparam("of_logs", expanding=True)),
            line.c.seq.in_(bindparam("of_seqs", expanding=True)),
        )
        .order_by(line.c.log, line.c.seq, line.c.n)
    )
