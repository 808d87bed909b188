"""The ledger of redemptions: every line that went over the counter, what of it was made void and what came back."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.line import entity_id
from db.store import Store
from db.tables.returning import GoodsReturn
from db.tables.shop import Item, Redemption, RedemptionLine, RedemptionVoid
from db.tables.statement import table_of
from kiosk.domain.goods import PIECE, is_weight
from kiosk.domain.ledger_rows import households_named, in_period, operators_named, persons_named, rows_of
from kiosk.domain.people import HouseholdPlace
from kiosk.domain.report import Period
from kiosk.domain.shop import number_of


@dataclass(frozen=True)
class RedemptionEntry:
    """A line of a redemption: `quantity` in pieces of `unit`, or in grams where `is_weighed`; points in hundredths.

    `at` in milliseconds UTC; `entry` is how the household was recognised, `proxy` who collected in its place, "" if
    nobody did. `returned` of the quantity came back for `returned_points`.
    """

    number: str
    day: str
    at: int
    place: HouseholdPlace
    household: str
    item: str
    quantity: int
    unit: str
    is_weighed: bool
    points: int
    entry: str
    proxy: str
    operator: str
    is_void: bool
    returned: int = 0
    returned_points: int = 0


def redemption_ledger(store: Store, period: Period) -> tuple[RedemptionEntry, ...]:
    """Return every line redeemed on the business days of a period, by day and number."""
    village = store.village
    with store.read_in_pieces() as connection:
        made = rows_of(connection, village, period, in_period(table_of(Redemption)))
        lines = rows_of(connection, village, period, in_period(table_of(RedemptionLine)))
        households = households_named(connection, village, (row.household_id for row in made))
        proxies = persons_named(connection, village, (row.proxy_id for row in made))
        operators, items = operators_named(connection, village), items_named(connection, village)
        void = table_of(RedemptionVoid).c
        voided = set(connection.execute(select(void.redemption_id).where(void.village == village)).scalars())
        back = _returned(connection, village)
    of = {(row.log, row.seq): row for row in made}
    found = []
    for line in sorted(lines, key=lambda each: (each.day, each.log, each.seq, each.n)):
        redemption = of[line.log, line.seq]
        name, unit = items.get(line.item_id, ("", PIECE))
        found.append(
            RedemptionEntry(
                number_of(village, redemption.till, redemption.number), line.day, redemption.at or 0,
                *households[redemption.household_id], name, line.quantity, unit, line.per > 1 or is_weight(unit),
                line.points, redemption.entry, proxies.get(redemption.proxy_id, ""),
                operators.get(redemption.operator_id, ""),
                entity_id(line.log, line.seq) in voided, *back.get((entity_id(line.log, line.seq), line.n), (0, 0)),
            )
        )  # fmt: skip
    return tuple(found)


def _returned(connection: Connection, village: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Return what came back, and its points, by redemption and line."""
    back = table_of(GoodsReturn).c
    rows = connection.execute(
        select(back.redemption_id, back.line, func.sum(back.quantity), func.sum(back.points))
        .where(back.village == village, back.is_counted == 1)
        .group_by(back.redemption_id, back.line)
    )
    return {(redemption_id, n): (int(quantity), int(points)) for redemption_id, n, quantity, points in rows}


def items_named(connection: Connection, village: int) -> dict[int, tuple[str, str]]:
    """Return name and unit of all goods by id, as they are now; the row that names an item is its home's."""
    item = table_of(Item).c
    rows = connection.execute(
        select(item.item_id, item.name, item.unit)
        .where(item.village.in_([village, 0]), item.name.is_not(None))
        .order_by(item.village.desc())
    )
    return {row.item_id: (row.name, row.unit or PIECE) for row in rows}
