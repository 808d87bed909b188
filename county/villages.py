"""Which villages there are, what they are called, where they reach the county: said by an officer, kept by the hub."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from county.tables import VillageName
from county.value import set_value, value_of
from db.tables.statement import table_of, upsert

LEAST, MOST = 1, 9998
LONGEST_NAME: Final = 40
_ADDRESS: Final = "address"
_PHONE: Final = "phone"
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_HEADINGS: Final = (frozenset({"village", "村编号", "编号"}), frozenset({"name", "村名", "名称"}))
_PLAIN: Final = re.compile(rf"[^\x00-\x1f\x7f]{{1,{LONGEST_NAME}}}")
_NAMED: Final = re.compile(r"(\d{1,4})(?:=(.+))?")


class VillageError(ValueError):
    """A list or a village that cannot be used; the sentence names the place and what to do. Nothing is done."""


@dataclass(frozen=True)
class Named:
    """A village: its number, 1 to 9998, and its name."""

    number: int
    name: str


@dataclass(frozen=True)
class Service:
    """Where villages reach the county: an address, empty where none has a line, and a telephone number."""

    address: str
    phone: str


def read_list(data: bytes) -> tuple[Named, ...]:
    """Return the villages of a CSV file with the columns 村编号 and 村名 (or village, name), as Excel writes it too.

    Raises:
        VillageError: it is no such list, a number or a name cannot be, or a number stands there twice.
    """
    rows = [row for row in csv.reader(io.StringIO(_decoded(data))) if any(cell.strip() for cell in row)]
    heading = [cell.strip().lower() for cell in rows[0]] if rows else []
    places = [next((at for at, cell in enumerate(heading) if cell in words), None) for words in _HEADINGS]
    if None in places:
        raise VillageError("The list must begin with a row of headings: 村编号,村名 (or village,name).")
    number_at, name_at = (place or 0 for place in places)
    found = tuple(_named(line, row, number_at, name_at) for line, row in enumerate(rows[1:], start=2))
    if not found:
        raise VillageError("The list names no village.")
    return _once(found)


def read_words(words: Iterable[str], known: Mapping[int, str]) -> tuple[Named, ...]:
    """Return villages given as `123=云岭村`, or as `123` where the name is known from before. Raises VillageError."""
    found: list[Named] = []
    for word in words:
        parts = _NAMED.fullmatch(word.strip())
        if parts is None:
            raise VillageError(f"{word}: name a village by its number, or as 123=云岭村.")
        number = int(parts.group(1))
        name = parts.group(2) or known.get(number)
        if name is None:
            raise VillageError(f"{number:04}: the name is not known yet; write {number:04}=NAME.")
        found.append(_checked(f"{number:04}", number, name))
    return _once(tuple(found))


def known_names(connection: Connection) -> dict[int, str]:
    """Return what the villages are called that were named before."""
    village = table_of(VillageName).c
    return {row.village: row.name for row in connection.execute(select(village.village, village.name)) if row.name}


def keep_names(connection: Connection, villages: Iterable[Named]) -> None:
    """Remember what villages are called."""
    statement = upsert(connection.dialect.name, table_of(VillageName))
    statement = statement.on_conflict_do_update(index_elements=["village"], set_={"name": statement.excluded.name})
    connection.execute(statement, [{"village": each.number, "name": each.name} for each in villages])


def service_of(connection: Connection) -> Service:
    """Return where villages reach the county, as it was said last."""
    return Service(value_of(connection, _ADDRESS) or "", value_of(connection, _PHONE) or "")


def keep_service(connection: Connection, service: Service) -> None:
    """Remember where villages reach the county."""
    set_value(connection, _ADDRESS, service.address)
    set_value(connection, _PHONE, service.phone)


def name_of_village(connection: Connection, village: int) -> str:
    """Return what a village is called, or nothing where nobody ever said."""
    named = table_of(VillageName).c
    found: str | None = connection.execute(select(named.name).where(named.village == village)).scalar_one_or_none()
    return found or ""


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise VillageError("The list cannot be read: save it as CSV.")


def _named(line: int, row: list[str], number_at: int, name_at: int) -> Named:
    number, name = ((row[at].strip() if at < len(row) else "") for at in (number_at, name_at))
    if not re.fullmatch(r"\d{1,4}", number):
        raise VillageError(f"Line {line}: {number or 'nothing'} is no village number.")
    return _checked(f"Line {line}", int(number), name)


def _checked(place: str, number: int, name: str) -> Named:
    if not LEAST <= number <= MOST:
        raise VillageError(f"{place}: village numbers lie between {LEAST:04} and {MOST}.")
    if not _PLAIN.fullmatch(name.strip()):
        raise VillageError(f"{place}: the name must be a text of at most {LONGEST_NAME} characters.")
    return Named(number, name.strip())


def _once(villages: tuple[Named, ...]) -> tuple[Named, ...]:
    seen: set[int] = set()
    for each in villages:
        if each.number in seen:
            raise VillageError(f"{each.number:04} is named twice.")
        seen.add(each.number)
    return tuple(sorted(villages, key=lambda each: each.number))
