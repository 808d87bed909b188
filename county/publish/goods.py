"""Goods and what they cost: `[[goods]] code, name, unit, points, from_day`. Entities are made in village 0 alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from sqlalchemy import Connection, select
from stdnum import ean

from county.county_log import CountyLog
from county.publish.entry import Entry, Row, RowError
from db.facts.shop import ItemRegistered, ItemRenamed, PriceSet
from db.journal import COMMON_VILLAGE
from db.tables.shop import Item, ItemCode, Price
from db.tables.statement import table_of

GTIN_DIGITS: Final = 14
HUNDREDTHS: Final = 100
MOST_POINTS: Final = 1_000_000
ADDED: Final = "new goods"
RENAMED: Final = "goods named anew"
PRICED: Final = "prices"


@dataclass(frozen=True)
class GoodsEntry:
    """Goods as the county offers them: a code of fourteen digits, points in hundredths for one unit from a day on."""

    row: Row
    code: str
    name: str
    unit: str
    points: int
    from_day: str
    village: int = COMMON_VILLAGE

    def say(self, log: CountyLog) -> Mapping[str, int]:
        """Register, rename and price what is not held so."""
        counts: Counter[str] = Counter()
        held = item_of(log.connection, self.code)
        if held is None:
            item = log.say(ItemRegistered(name=self.name, unit=self.unit, codes=(self.code,))).id
            counts[ADDED] += 1
        else:
            item, name, unit = held
            if (name, unit) != (self.name, self.unit):
                log.say(ItemRenamed(item=item, name=self.name, unit=self.unit))
                counts[RENAMED] += 1
        if _price_on(log.connection, item, self.from_day) != self.points:
            log.say(PriceSet(item=item, from_day=self.from_day, points=self.points))
            counts[PRICED] += 1
        return counts


def read_goods(row: Row) -> Entry:
    """Return a row of goods. Raises RowError."""
    row.require_fields("code", "name", "unit", "points", "from_day")
    code = row.text("code")
    if not ean.is_valid(code):
        raise row.wrong(f"{code} is no barcode; look at its digits again")
    return GoodsEntry(
        row, code.zfill(GTIN_DIGITS), row.text("name"), row.text("unit"), points_of(row), row.day("from_day")
    )


def require_distinct_codes(entries: Sequence[Entry]) -> list[RowError]:
    """Return a fault for each row whose code stood in a row before it."""
    seen: set[str] = set()
    faults = []
    for entry in entries:
        if isinstance(entry, GoodsEntry):
            if entry.code in seen:
                faults.append(entry.row.wrong(f"the same code as in a row above: keep one ({entry.code})"))
            seen.add(entry.code)
    return faults


def points_of(row: Row) -> int:
    """Return hundredths of a point. Raises RowError."""
    try:
        points = Decimal(str(row.values["points"])) * HUNDREDTHS
    except InvalidOperation as error:
        raise row.wrong("points must be a number like 3 or 2.5") from error
    if not points.is_finite() or points != points.to_integral_value() or not 0 <= points <= MOST_POINTS * HUNDREDTHS:
        raise row.wrong(f"points must lie between 0 and {MOST_POINTS}, with at most two decimals")
    return int(points)


def item_of(connection: Connection, code: str) -> tuple[int, str, str] | None:
    """Return id, name and unit of the county's goods with a code of fourteen digits, None if there are none."""
    held, item = table_of(ItemCode).c, table_of(Item).c
    row = connection.execute(
        select(item.item_id, item.name, item.unit)
        .where(held.village == COMMON_VILLAGE, held.code == code)
        .where(item.village == held.village, item.item_id == held.item_id)
        .order_by(item.item_id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.item_id, row.name, row.unit)


def _price_on(connection: Connection, item_id: int, day: str) -> int | None:
    price = table_of(Price).c
    statement = (
        select(price.points)
        .where(price.village == COMMON_VILLAGE, price.item_id == item_id, price.from_day <= day)
        .order_by(price.from_day.desc(), price.rank.desc())
        .limit(1)
    )
    found: int | None = connection.execute(statement).scalar_one_or_none()
    return found
