"""What the county publishes from one TOML file: goods, limits, days, schemes, lost cards, messages, numbers.

A file is read whole and checked whole; if a row cannot be, nothing of the file is published. What is held already is
not said again, so the same file changes nothing. Each village is one transaction, the common log the first of them.
"""

import os
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from county.county_log import CountyLog, say_in
from county.hub import Hub
from county.publish.card import read_found_card, read_lost_card, require_distinct_cards
from county.publish.days import read_exchange_day, read_opening_days
from county.publish.entry import Entry, Published, PublishError, Row, RowError
from county.publish.goods import read_goods, require_distinct_codes
from county.publish.known import known_villages
from county.publish.limit import read_limit
from county.publish.message import read_message
from county.publish.rule import read_setting
from county.publish.scheme import SCHEME_KEYS, read_named_scheme, read_own_scheme
from db.journal import COMMON_VILLAGE

READERS: Final[Mapping[str, Callable[[Row], Entry]]] = {
    "goods": read_goods,
    "limits": read_limit,
    "opening_days": read_opening_days,
    "exchange_days": read_exchange_day,
    "schemes": read_named_scheme,
    "lost_cards": read_lost_card,
    "found_cards": read_found_card,
    "messages": read_message,
    "settings": read_setting,
}
"""How a row of each table is read."""

__all__ = ["READERS", "PublishError", "Published", "publish_file"]


def publish_file(hub: Hub, file: Path, entropy: Callable[[int], bytes] = os.urandom) -> Published:
    """Publish a TOML file, all or nothing.

    Raises:
        PublishError: something in it cannot be; every row that is wrong is named.
        OSError: the file cannot be read.
    """
    entries = read_entries(file)
    _require_known(hub, entries)
    of_village: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        of_village[entry.village].append(entry)
    counts: Counter[str] = Counter()
    for village in sorted(of_village):
        counts.update(say_in(hub, village, partial(_say, of_village[village]), entropy))
    return Published(counts)


def read_entries(file: Path) -> Sequence[Entry]:
    """Return every row of a file, checked. Raises PublishError, OSError."""
    content = file.read_bytes()
    try:
        said = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PublishError([RowError(f"The file cannot be read: {error}")]) from error
    entries: list[Entry] = []
    faults = _unknown(said)
    if said.keys() & SCHEME_KEYS:
        _gather(entries, faults, partial(read_own_scheme, file.name, content, said))
    for table, reader in READERS.items():
        for number, values in enumerate(_rows(said, table, faults), start=1):
            _gather(entries, faults, partial(reader, Row(table, number, values, file.parent)))
    faults += require_distinct_codes(entries) + require_distinct_cards(entries)
    if not entries and not faults:
        faults.append(RowError(f"The file says nothing. It holds tables like {_tables()}, or a scheme."))
    if faults:
        raise PublishError(faults)
    return entries


def _say(entries: Sequence[Entry], log: CountyLog) -> Counter[str]:
    counts: Counter[str] = Counter()
    faults: list[RowError] = []
    for entry in entries:
        try:
            counts.update(entry.say(log))
        except RowError as fault:
            faults.append(fault)
    if faults:
        raise PublishError(faults)
    return counts


def _gather(entries: list[Entry], faults: list[RowError], read: Callable[[], Entry]) -> None:
    try:
        entries.append(read())
    except RowError as fault:
        faults.append(fault)


def _rows(said: Mapping[str, Any], table: str, faults: list[RowError]) -> Sequence[Any]:
    rows = said.get(table, [])
    if not isinstance(rows, list):
        faults.append(RowError(f"{table} must be tables: write [[{table}]] above each row."))
        return []
    return rows


def _unknown(said: Mapping[str, Any]) -> list[RowError]:
    names = sorted(said.keys() - READERS.keys() - SCHEME_KEYS)
    return [RowError(f"{name} is nothing the county publishes: use {_tables()}.") for name in names]


def _tables() -> str:
    return ", ".join(f"[[{table}]]" for table in READERS)


def _require_known(hub: Hub, entries: Sequence[Entry]) -> None:
    with hub.read() as connection:
        known = known_villages(connection) | {COMMON_VILLAGE}
    faults = [
        entry.row.wrong(f"nobody knows village {entry.village:04}; look at the number, or make it a code first")
        for entry in entries
        if entry.village not in known
    ]
    if faults:
        raise PublishError(faults)
