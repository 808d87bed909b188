"""Looking for somebody by initials of their name, against the plainest scan that could: LIKE over one table.

Both ask a file on disk through the connection they keep. The floor holds 5,000 rows of (name, all keys of the name)
and gives every name whose keys hold the letters anywhere. Ours does what the desk does when somebody types: it looks
whether names came in, finds whose key begins with the letters, puts the best first and says where each of them lives.
"""

import random
import sqlite3
from contextlib import closing
from functools import partial
from itertools import product
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bench.fill import FULL, SMALL, Sister, Size, entropy, fill
from bench.measure import Row, alternate
from bench.redemption import timed
from db.engine import PRAGMAS, open_sqlite
from db.store import Store, open_store, store_file
from db.tables.statement import table_of
from db.tables.workspace import NameKey
from kiosk.domain.find import find_typed, refresh_name_keys

SEARCHES: Final = 100
SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN: Final = "明华伟强芳丽军杰娟敏秀英国建春梅"
NAMES: Final = ["".join(signs) for signs in product(SURNAMES, GIVEN, GIVEN)]
"""5,120 made-up names; those of a real village share their initials as these do."""
N_OF_INITIALS: Final = 2
"""The place of the usual initials among the keys of a name of Chinese characters."""


class Named(Sister):
    """Persons with names that have a reading."""

    def name_of_person(self, number: int) -> str:
        """Give each a name of their own."""
        return NAMES[number * 37 % len(NAMES)]


class Floor:
    """One table with a row for each name, in a file."""

    def __init__(self, file: Path, store: Store) -> None:
        """Copy name and keys of every person from a store."""
        self.connection = sqlite3.connect(file)
        for name, value in PRAGMAS.items():
            self.connection.execute(f"PRAGMA {name} = {value}")
        self.connection.execute("CREATE TABLE names (name TEXT NOT NULL, keys TEXT NOT NULL)")
        self.connection.executemany("INSERT INTO names VALUES (?, ?)", _keys_by_name(store))
        self.connection.commit()

    def find(self, letters: str) -> list[str]:
        """Return every name whose keys hold the letters."""
        found = self.connection.execute("SELECT name FROM names WHERE keys LIKE ?", (f"%{letters}%",))
        return [name for (name,) in found]


def rows(folder: Path) -> list[Row]:
    """Look for the initials of random people, floor and ours in turn."""
    filled = fill(folder / "search", Size(SMALL.goods, FULL.households, FULL.persons, 0), Named)
    store = open_store(open_sqlite(store_file(filled.home)), entropy)
    refresh_name_keys(store)
    floor = Floor(folder / "names.db", store)
    sought = _initials(store)
    with closing(store), closing(floor.connection):
        measured = alternate(
            lambda: [timed(partial(floor.find, each)) for each in sought],
            lambda: [timed(partial(find_typed, store, each)) for each in sought],
        )
    what = "person by initials in 5,000 : sqlite3 LIKE '%x%', 1 table"
    return [measured.row(f"{what}, p50", 2.0), measured.row(f"{what}, p95", 2.0, at=0.95)]


def _initials(store: Store) -> list[str]:
    """Return the initials of SEARCHES people, the same at every run."""
    key = table_of(NameKey).c
    with store.read() as connection:
        known = connection.execute(select(key.key).where(key.n == N_OF_INITIALS).order_by(key.log, key.seq)).scalars()
        persons = [each for each in known if each is not None and each.isalpha()]
    return random.Random(1).sample(persons, SEARCHES)


def _keys_by_name(store: Store) -> list[tuple[str, str]]:
    """Return each name with all its keys in one text."""
    key = table_of(NameKey).c
    keys: dict[tuple[int, int], list[str]] = {}
    with store.read() as connection:
        for log, seq, each in connection.execute(select(key.log, key.seq, key.key).order_by(key.log, key.seq, key.n)):
            keys.setdefault((log, seq), []).append(each)
    return [(each[0], " ".join(each)) for each in keys.values()]
