"""The goods of the demo village: the catalogue of the sample sheets, what the shop numbers itself, and faulty scans."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from kiosk.demo.words import words
from kiosk.domain.goods import GRAMS, share_of
from kiosk.gs1 import GTIN_DIGITS, check_digit

REST: Final = "rest"
"""Goods that are neither food to live on, nor for cleaning, nor for washing."""
USUAL: Final = 1
"""On the shelf in the year of what is sold out at its end."""
COST_SHARE: Final = (4, 5)
"""What the shop pays for what a household of the village makes, of its price in points."""
MISCOUNTED: Final = "06990106601307"
"""Goods of which the last count of the year missed a carton, so that more goes over the counter than the book has."""

FAULTY_CODES: Final = (
    "6990103300303",  # a wrong check digit
    "6901234567892",  # goods that nobody registered
    "012345678905",  # twelve digits: the zero in front is lost
    "96385074",  # an EAN-8 that nobody registered
    "6990103300302\r",  # the scanner's own end of line, sent twice
    "69901033003026990102200207",  # two scans glued together
    "WX-0042",  # letters from a parcel
)
"""Codes that a scanner really brings, for trying the desk out."""

_SAMPLES: Final = Path(__file__).with_name("samples.toml")
_HUNDREDTHS: Final = 100


@dataclass(frozen=True)
class DemoItem:
    """Goods to register: `code` is a GTIN-14, `points` (hundredths, for one unit) the price on the first day.

    `cost_fen` is what a unit costs the shop. `shelf` is what lies there at the end of the year, `usual` what the shelf
    is filled up to, in pieces or grams.
    """

    code: str
    name: str
    size: str
    unit: str
    points: int
    cost_fen: int
    shelf: int
    monthly_limit: int | None
    best_before: str | None
    kind: str

    @property
    def usual(self) -> int:
        """What the shelf is filled up to in the year."""
        return self.shelf or USUAL

    def cost_of(self, quantity: int) -> int:
        """Return what pieces or grams cost, in fen."""
        return share_of(self.cost_fen, quantity, self.unit_grams or 1)

    @property
    def unit_grams(self) -> int | None:
        """The grams of a unit by weight; None for pieces."""
        return GRAMS.get(self.unit)


@dataclass(frozen=True)
class NewPrice:
    """A price that holds from a day on, in hundredths of a point."""

    code: str
    from_day: str
    points: int


@cache
def catalogue() -> tuple[DemoItem, ...]:
    """Return all goods in the order of the list."""
    listed = tomllib.loads(_SAMPLES.read_text("utf-8"))["goods"]
    return (*(_listed(row) for row in listed), *(_in_store(*row) for row in words()["in_store"]))


def new_prices() -> tuple[NewPrice, ...]:
    """Return every change of a price in the year."""
    return tuple(
        NewPrice(gtin(change["code"]), day, hundredths(points))
        for change in words()["price"]
        for day, points in change["days"]
    )


def gtin(code: str) -> str:
    """Return a barcode of thirteen digits as goods are kept by."""
    return code.zfill(GTIN_DIGITS)


def hundredths(points: str) -> int:
    """Return points as people write them in hundredths."""
    return int(Decimal(points) * _HUNDREDTHS)


def _listed(row: list[Any]) -> DemoItem:
    code, name, size, unit, points, cost, shelf, _day, limit = row
    price = next((change["before"] for change in words()["price"] if change["code"] == code), points)
    kind = next((kind for kind, codes in words()["demand"].items() if code in codes), REST)
    best_before = words()["best_before"].get(code)
    return DemoItem(
        gtin(code), name, size, unit, hundredths(price), hundredths(cost), shelf, int(limit) if limit else None,
        best_before, kind,
    )  # fmt: skip


def _in_store(body: str, name: str, size: str, unit: str, points: str, shelf: int) -> DemoItem:
    code = gtin(body + check_digit(body))
    price = hundredths(points)
    return DemoItem(code, name, size, unit, price, share_of(price, *COST_SHARE), shelf, None, None, REST)
