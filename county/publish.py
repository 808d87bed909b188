"""What the county says to all its villages: goods with their prices, from one TOML file, as facts of its common log.

Entities are made in village 0 alone: what the county says to one village only refers to what is there.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select
from stdnum import ean

from county.hub import Hub
from db import projections
from db.facts.body import Body
from db.facts.shop import ItemRegistered, ItemRenamed, PriceSet
from db.journal import COMMON_VILLAGE, Writer, append
from db.line import COUNTY_LOG, Stamp
from db.tables.shop import Item, ItemCode, Price
from db.tables.statement import table_of

GTIN_DIGITS: Final = 14
HUNDREDTHS: Final = 100
MOST_POINTS: Final = 1_000_000
_FIELDS: Final = frozenset({"code", "name", "unit", "points", "from_day"})


class PublishError(ValueError):
    """A file that cannot be published; the sentence names the row and what to do. Nothing of it is."""


@dataclass(frozen=True)
class GoodsRow:
    """Goods as the county offers them: a code of fourteen digits, points in hundredths for one unit from a day on."""

    code: str
    name: str
    unit: str
    points: int
    from_day: str


@dataclass(frozen=True)
class Published:
    """What a file changed: goods that were new, named anew, and prices that were set. The same file again: nothing."""

    added: int
    renamed: int
    priced: int


def publish_file(hub: Hub, file: Path, entropy: Callable[[int], bytes] = os.urandom) -> Published:
    """Publish the goods of a TOML file, all or none.

    Raises:
        PublishError: a row says something that cannot be.
        OSError: the file cannot be read.
    """
    rows = read_goods(file.read_text("utf-8"))
    counts = {"added": 0, "renamed": 0, "priced": 0}
    stamp = Stamp(at=hub.now(), clock="s", boot=0, mono=0)
    writer = Writer(COMMON_VILLAGE, COUNTY_LOG, stamp, None, None, entropy)
    with hub.write() as connection:
        projections.project(connection, COMMON_VILLAGE)
        for row in rows:
            _publish(connection, row, lambda body: _say(connection, writer, body), counts)
    return Published(**counts)


def read_goods(text: str) -> tuple[GoodsRow, ...]:
    """Return the rows of a file with tables `[[goods]]`. Raises PublishError."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PublishError(f"The file cannot be read: {error}") from error
    rows = said.get("goods")
    if not isinstance(rows, list) or set(said) != {"goods"}:
        raise PublishError("The file must hold tables [[goods]] and nothing else.")
    found = tuple(_row(number, row) for number, row in enumerate(rows, start=1))
    if len({row.code for row in found}) != len(found):
        raise PublishError("Two rows have the same code: keep one.")
    return found


def _publish(connection: Connection, row: GoodsRow, say: Callable[[Body], int], counts: dict[str, int]) -> None:
    item = _item_of(connection, row.code)
    if item is None:
        item_id = say(ItemRegistered(name=row.name, unit=row.unit, codes=(row.code,)))
        counts["added"] += 1
    else:
        item_id, name, unit = item
        if (name, unit) != (row.name, row.unit):
            say(ItemRenamed(item=item_id, name=row.name, unit=row.unit))
            counts["renamed"] += 1
    if _price_on(connection, item_id, row.from_day) != row.points:
        say(PriceSet(item=item_id, from_day=row.from_day, points=row.points))
        counts["priced"] += 1


def _say(connection: Connection, writer: Writer, body: Body) -> int:
    fact = append(connection, writer, body)
    projections.fold(connection, COMMON_VILLAGE, [fact])
    return fact.id


def _item_of(connection: Connection, code: str) -> tuple[int, str, str] | None:
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


def _row(number: int, said: object) -> GoodsRow:
    if not isinstance(said, Mapping) or set(said) != _FIELDS:
        raise PublishError(f"Row {number} must say {', '.join(sorted(_FIELDS))} and nothing else.")
    code, name, unit = (_text(number, said, field) for field in ("code", "name", "unit"))
    if not ean.is_valid(code):
        raise PublishError(f"Row {number}: {code} is no barcode; look at its digits again.")
    return GoodsRow(
        code.zfill(GTIN_DIGITS), name, unit, _points(number, said["points"]), _day(number, said["from_day"])
    )


def _text(number: int, said: Mapping[str, Any], field: str) -> str:
    value = said[field]
    if not isinstance(value, str) or not re.fullmatch(r"[^\r\n\0]{1,60}", value.strip()):
        raise PublishError(f"Row {number}: {field} must be a short text in quotes.")
    return value.strip()


def _points(number: int, value: object) -> int:
    try:
        points = Decimal(str(value)) * HUNDREDTHS
    except InvalidOperation as error:
        raise PublishError(f"Row {number}: points must be a number like 3 or 2.5.") from error
    if not points.is_finite() or points != points.to_integral_value() or not 0 <= points <= MOST_POINTS * HUNDREDTHS:
        raise PublishError(f"Row {number}: points must lie between 0 and {MOST_POINTS}, with at most two decimals.")
    return int(points)


def _day(number: int, value: object) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise PublishError(f"Row {number}: from_day must be a day like 2026-12-01.") from error
