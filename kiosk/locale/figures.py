"""How figures are written for people: points, money, instants and days. The same in every language.

Integers come in with the unit their name ends in: hundredths of a point, fen, milliseconds UTC.
"""

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.zone import local_time


def points(hundredths: int) -> str:
    """Write points without needless zeros: 4250 is ``42.5``, -300 is ``-3``."""
    return _decimal(hundredths, shortest=True)


def signed(hundredths: int) -> str:
    """Write a change of points, what is added with a sign too: 500 is ``+5``, -300 is ``-3``."""
    return f"+{points(hundredths)}" if hundredths > 0 else points(hundredths)


def short_number(number: str) -> str:
    """Write the number of a slip or an objection as the desk says it: ``0123-1-001204`` is ``1204``."""
    return number[-_RUNNING_DIGITS:].lstrip("0") or "0"


def yuan(fen: int) -> str:
    """Write money with two places: 1999 is ``19.99``."""
    return _decimal(fen, shortest=False)


def kilograms(grams: int) -> str:
    """Write a weight in kilograms without needless zeros: 750 is ``0.75``."""
    sign, grams = ("-", -grams) if grams < 0 else ("", grams)
    whole, rest = divmod(grams, 1000)
    return f"{sign}{whole}" + (f".{rest:03}".rstrip("0") if rest else "")


def size(octets: int) -> str:
    """Write an amount of memory or disk in the largest unit that leaves a whole figure: 67108864 is ``64 MB``."""
    unit, factor = next(((name, factor) for name, factor in _SIZES if abs(octets) >= factor), _SIZES[-1])
    return f"{octets // factor} {unit}"


def instant(at: int) -> str:
    """Write an instant (milliseconds UTC) as local day and time: ``2026-11-22 08:57``."""
    return local_time(at).strftime("%Y-%m-%d %H:%M")


def time_of_day(at: int) -> str:
    """Write an instant (milliseconds UTC) as local time: ``08:57``."""
    return local_time(at).strftime("%H:%M")


def shown(name: str, value: object) -> object:
    """Give ``value`` as a text shows it: integers by the unit their ``name`` ends in, all else unchanged."""
    if isinstance(value, int) and not isinstance(value, bool):
        write = _BY_UNIT.get(name.rpartition("_")[2])
        return value if write is None else write(value)
    return value


_BY_UNIT: Final[Mapping[str, Callable[[int], str]]] = {
    "points": points,
    "fen": yuan,
    "grams": kilograms,
    "bytes": size,
    "at": instant,
    "time": time_of_day,
}


_RUNNING_DIGITS: Final = 6
_SIZES: Final = (("GB", 2**30), ("MB", 2**20), ("kB", 2**10), ("B", 1))


def _decimal(hundredths: int, *, shortest: bool) -> str:
    sign, hundredths = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    whole, rest = divmod(hundredths, 100)
    if shortest and not rest:
        return f"{sign}{whole}"
    fraction = f"{rest:02}"
    return f"{sign}{whole}.{fraction.rstrip('0') if shortest else fraction}"
