"""The report of a day that was closed: everything its desk wrote between two closes, added up again from the books.

Because it is computed from lines that never change, a report printed again weeks later says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, literal, select

from db.journal import read_since
from db.line import entity_id, origin_of, read
from db.projections.shop import is_repeat
from db.store import Store, own_log
from db.tables.period import DayAct, SlipCopy, SpotCount
from db.tables.points import Posting
from db.tables.returning import GoodsReturn
from db.tables.shop import Redemption, RedemptionLine, StockMovement
from db.tables.statement import table_of
from db.tables.terminal import LogBegun
from db.tables.workspace import SlipOwed
from kiosk.domain.day_figures import DayFigures, Stretch, counted_voids, figures_in, last_close
from kiosk.domain.goods import find_goods, is_weight
from kiosk.domain.operators import operator_names
from kiosk.domain.scheme import items_on
from kiosk.domain.shop import number_of
from kiosk.errors import Refused

LINES_AT_ONCE: Final = 1_000
CLOSES_SHOWN: Final = 9


@dataclass(frozen=True)
class IssuedBy:
    """Points (hundredths) from one source: an item of a scheme with its labels, else the kind of fact."""

    kind: str
    label_zh: str | None
    label_en: str | None
    count: int
    points: int

    def label(self, language: str) -> str | None:
        """Return what the source is called in a language, None where only its kind is known."""
        return self.label_en if language.startswith("en") else self.label_zh


@dataclass(frozen=True)
class GoodsMoved:
    """Goods and how much of them, in pieces or grams; `points` (hundredths) where they were redeemed."""

    name: str
    unit: str
    quantity: int
    points: int = 0

    @property
    def is_weighed(self) -> bool:
        """Whether the quantity is in grams."""
        return is_weight(self.unit)


@dataclass(frozen=True)
class SpotFound:
    """Goods of a spot count, in pieces or grams by the book and on the shelf; `reason` says why nobody counted them."""

    name: str
    unit: str
    booked: int
    counted: int
    reason: str | None

    @property
    def is_weighed(self) -> bool:
        """Whether the quantities are in grams."""
        return is_weight(self.unit)


@dataclass(frozen=True)
class DayReport:
    """A closed day: who stood there, slips by hand and by the book, points in and out, goods, what was taken back.

    `slips_counted` is None where nobody counted. Slips are named by the number people read on them; `unprinted` are
    those of the day that have not come out of the printer by now, `copied` those that were printed once more. `at` is
    the close in wall milliseconds.
    """

    close_id: int
    day: str
    at: int
    till: int
    operators: tuple[str, ...]
    slips_counted: int | None
    figures: DayFigures
    slips: tuple[str, ...]
    voided: tuple[str, ...]
    unprinted: tuple[str, ...]
    copied: tuple[str, ...]
    issued: tuple[IssuedBy, ...]
    goods_out: tuple[GoodsMoved, ...]
    goods_back: tuple[GoodsMoved, ...]
    lowered: tuple[GoodsMoved, ...]
    returned: tuple[GoodsMoved, ...] = ()
    wasted: tuple[GoodsMoved, ...] = ()
    spot: tuple[SpotFound, ...] = ()

    @property
    def difference(self) -> int:
        """Slips that are too many in the box; below zero some are missing."""
        return 0 if self.slips_counted is None else self.slips_counted - self.figures.slips_booked


@dataclass(frozen=True)
class DayClosed:
    """A close of this desk, as a list of them shows it."""

    close_id: int
    day: str
    at: int


def list_closes(store: Store) -> tuple[DayClosed, ...]:
    """Return the last closes of this desk that say what they closed, the newest first."""
    act = table_of(DayAct).c
    with store.read() as connection:
        statement = (
            select(act.log, act.seq, act.day, act.at)
            .where(act.village == store.village, act.log == own_log(connection, store.village), act.act == "closed")
            .where(act.slips_booked.is_not(None))
            .order_by(act.seq.desc())
            .limit(CLOSES_SHOWN)
        )
        rows = connection.execute(statement).all()
    return tuple(DayClosed(entity_id(row.log, row.seq), row.day or "", row.at or 0) for row in rows)


def show_day_report(store: Store, close_id: int | None = None) -> DayReport:
    """Return the report of a close, of this desk's last one if none is named.

    Raises:
        Refused: nothing was closed here yet, or there is no such close (`day_never_closed`).
    """
    if close_id is None:
        close_id = next((each.close_id for each in list_closes(store)), None)
    with store.read() as connection:
        close = _close(connection, store.village, close_id)
        day = Stretch(store.village, close.log, last_close(connection, store.village, close.log, close.seq), close.seq)
        moved = _moved(connection, day)
        return DayReport(
            entity_id(close.log, close.seq), close.day or "", close.at or 0, _till(connection, day),
            _operators(connection, day), close.slips_counted,
            figures_in(connection, day, close.slips_booked), _slips(connection, day), _voided(connection, day),
            _unprinted(connection, day), _copied(connection, day),
            _issued(connection, day, close.day or ""), _redeemed(connection, day),
            tuple(each for each in moved if each.quantity > 0),
            tuple(each for each in moved if each.quantity < 0),
            _returned(connection, day, is_waste=0), _returned(connection, day, is_waste=1), _spot(connection, day),
        )  # fmt: skip


def _close(connection: Connection, village: int, close_id: int | None) -> Row[Any]:
    act = table_of(DayAct)
    log, seq = (0, 0) if close_id is None else origin_of(close_id)
    place = (act.c.village == village, act.c.log == log, act.c.seq == seq, act.c.act == "closed")
    row = connection.execute(select(act).where(*place, act.c.slips_booked.is_not(None))).one_or_none()
    if row is None:
        raise Refused("day_never_closed")
    return row


def _till(connection: Connection, day: Stretch) -> int:
    begun = table_of(LogBegun).c
    statement = select(begun.till).where(begun.village == day.village, begun.log == day.log)
    return connection.execute(statement).scalar_one_or_none() or 0


def _operators(connection: Connection, day: Stretch) -> tuple[str, ...]:
    """Name whoever wrote a line of the day, in the order in which they came."""
    found: dict[int, None] = {}
    at, end = day.after, day.until or 0
    while at < end:
        lines = read_since(connection, day.village, day.log, at, min(LINES_AT_ONCE, end - at))
        found |= {op: None for op in (read(line).op for line in lines) if op is not None}
        at += max(len(lines), 1)
    names = operator_names(connection, day.village, found)
    return tuple(names[each] for each in found if names.get(each))


def _slips(connection: Connection, day: Stretch) -> tuple[str, ...]:
    made = table_of(Redemption)
    rows = connection.execute(select(made.c.till, made.c.number).where(*day.holds(made)).order_by(made.c.seq)).all()
    return tuple(number_of(day.village, row.till, row.number) for row in rows)


def _voided(connection: Connection, day: Stretch) -> tuple[str, ...]:
    """Name the slips that were made void on the day, whenever they were printed."""
    leg = table_of(Posting)
    ids = select(leg.c.target_id).where(*counted_voids(day))
    return _numbers_of(connection, day, ids.order_by(leg.c.seq))


def _copied(connection: Connection, day: Stretch) -> tuple[str, ...]:
    """Name the slips that were printed once more on the day."""
    copy = table_of(SlipCopy)
    return _numbers_of(connection, day, select(copy.c.redemption_id).where(*day.holds(copy)).order_by(copy.c.seq))


def _numbers_of(connection: Connection, day: Stretch, ids: Select[Any]) -> tuple[str, ...]:
    """Name the slips of the redemptions whose ids a statement gives, each once."""
    made, found = table_of(Redemption).c, []
    for log, seq in map(origin_of, connection.execute(ids).scalars()):
        at = (made.village == day.village, made.log == log, made.seq == seq)
        row = connection.execute(select(made.till, made.number).where(*at)).one_or_none()
        if row is not None:
            found.append(number_of(day.village, row.till, row.number))
    return tuple(dict.fromkeys(found))


def _unprinted(connection: Connection, day: Stretch) -> tuple[str, ...]:
    made, owed = table_of(Redemption), table_of(SlipOwed)
    is_same = (owed.c.village == made.c.village) & (owed.c.log == made.c.log) & (owed.c.seq == made.c.seq)
    statement = select(made.c.till, made.c.number).select_from(made.join(owed, is_same)).where(*day.holds(made))
    rows = connection.execute(statement.order_by(made.c.seq)).all()
    return tuple(number_of(day.village, row.till, row.number) for row in rows)


def _issued(connection: Connection, day: Stretch, on: str) -> tuple[IssuedBy, ...]:
    leg = table_of(Posting)
    statement = (
        select(leg.c.kind, leg.c.scheme, leg.c.item_code, func.count().label("entries"))
        .add_columns(func.sum(leg.c.points).label("points"))
        .where(*day.holds(leg), leg.c.is_counted == 1, leg.c.account == "issued")
        .group_by(leg.c.kind, leg.c.scheme, leg.c.item_code)
        .order_by(func.sum(leg.c.points), leg.c.kind, leg.c.item_code)
    )
    rows = connection.execute(statement).all()
    schemes = sorted({row.scheme for row in rows if row.scheme is not None})
    items = {(scheme, item.code): item for scheme in schemes for item in items_on(connection, day.village, scheme, on)}
    found = []
    for row in rows:
        item = items.get((row.scheme, row.item_code))
        zh, en = (None, None) if item is None else (item.label_zh, item.label_en)
        found.append(IssuedBy(row.kind or "", zh, en, int(row.entries), -int(row.points)))
    return tuple(found)


def _redeemed(connection: Connection, day: Stretch) -> tuple[GoodsMoved, ...]:
    line = table_of(RedemptionLine)
    statement = (
        select(line.c.item_id, func.sum(line.c.quantity).label("quantity"), func.sum(line.c.points).label("points"))
        .where(*day.holds(line))
        .group_by(line.c.item_id)
    )
    return _named(connection, day.village, connection.execute(statement).all())


def _moved(connection: Connection, day: Stretch) -> tuple[GoodsMoved, ...]:
    """Goods that came back to the shelf or left the book otherwise than over the counter: what is said once."""
    movement = table_of(StockMovement)
    statement = (
        select(movement.c.item_id, func.sum(movement.c.quantity).label("quantity"))
        .add_columns(literal(0).label("points"))
        .where(*day.holds(movement), movement.c.once_key.is_not(None), ~is_repeat())
        .group_by(movement.c.item_id, movement.c.quantity > 0)
    )
    return _named(connection, day.village, connection.execute(statement).all())


def _returned(connection: Connection, day: Stretch, *, is_waste: int) -> tuple[GoodsMoved, ...]:
    """Goods of slips that came back: to the shelf, or to be thrown away."""
    back = table_of(GoodsReturn)
    statement = (
        select(back.c.item_id, func.sum(back.c.quantity).label("quantity"), func.sum(back.c.points).label("points"))
        .where(*day.holds(back), back.c.is_counted == 1, back.c.is_waste == is_waste)
        .group_by(back.c.item_id)
    )
    return _named(connection, day.village, connection.execute(statement).all())


def _spot(connection: Connection, day: Stretch) -> tuple[SpotFound, ...]:
    spot = table_of(SpotCount)
    rows = connection.execute(select(spot).where(*day.holds(spot)).order_by(spot.c.seq, spot.c.n)).all()
    goods = find_goods(connection, day.village, sorted({row.item_id for row in rows}), "")
    return tuple(
        SpotFound(
            goods[row.item_id].name, goods[row.item_id].unit, row.booked or 0, row.counted or 0, row.reason
        )
        for row in rows
        if row.item_id in goods
    )  # fmt: skip


def _named(connection: Connection, village: int, rows: Sequence[Any]) -> tuple[GoodsMoved, ...]:
    goods = find_goods(connection, village, sorted({row.item_id for row in rows}), "")
    moved = [
        GoodsMoved(goods[row.item_id].name, goods[row.item_id].unit, int(row.quantity), int(row.points))
        for row in rows
        if row.item_id in goods
    ]
    return tuple(sorted(moved, key=lambda each: (-each.points, each.name, each.quantity)))
