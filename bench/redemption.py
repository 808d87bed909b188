"""A confirmed redemption against bare sqlite3 writing the same rows with the same pragmas."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bench.fill import NOW, VILLAGE, Filled, entropy
from bench.measure import Row, alternate
from db.engine import PRAGMAS, open_sqlite
from db.store import open_store, store_file
from kiosk.codes import PersonCard, read_code
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.card import find_card
from kiosk.domain.goods import find_items
from kiosk.domain.shop import redeem_basket

SALES: Final = 120
KEPT_BY_KEY: Final = ("balance", "stock", "guard_redeemable", "cursor")


def rows(filled: Filled) -> list[Row]:
    """Redemptions of one line on a full store."""
    ours_home, floor_home = filled.home.with_name("redeem-ours"), filled.home.with_name("redeem-floor")
    for home in (ours_home, floor_home):
        shutil.copytree(filled.home, home, dirs_exist_ok=True)
    ours = Ours(ours_home, filled)
    floor = Floor(floor_home, ours.rows_of_one())
    measured = alternate(floor.sell, ours.sell)
    return [
        measured.row("redemption, 1,000,000 facts : bare sqlite3, p50", 3.0),
        measured.row("redemption, 1,000,000 facts : bare sqlite3, p95", 3.0, at=0.95),
    ]


class Ours:
    """The domain function as the till calls it."""

    def __init__(self, home: Path, filled: Filled) -> None:
        """Open the store and look up cards and goods beforehand, as the till has by then."""
        self.store = open_store(open_sqlite(store_file(home)), entropy)
        self._operator = filled.operator
        self._sold = 0
        with self.store.read() as connection:
            numbers = [code.number for card in filled.cards[:SALES] if isinstance(code := read_code(card), PersonCard)]
            self._cards = [find_card(connection, VILLAGE, number) for number in numbers]
            self._items = [find_items(connection, VILLAGE, code)[0] for code in filled.codes[:SALES]]

    def sell(self) -> list[float]:
        """Return the milliseconds of each of SALES redemptions."""
        return [timed(self._sell_one) for _ in range(SALES)]

    def rows_of_one(self) -> dict[str, list[sqlite3.Row]]:
        """Make one redemption and return every row it wrote, by table."""
        self._sell_one()
        file = store_file(Path(str(self.store.engine.url.database)).parent)
        connection = sqlite3.connect(file)
        connection.row_factory = sqlite3.Row
        head = "(SELECT max(seq) FROM line WHERE log = (SELECT log FROM own_log))"
        found = {}
        for table in ("line", "redemption", "redemption_line", "stock_movement", "posting", "slip_owed"):
            sql = f"SELECT * FROM {table} WHERE log = (SELECT log FROM own_log) AND seq = {head}"  # noqa: S608  because the names stand above
            found[table] = connection.execute(sql).fetchall()
        for table in KEPT_BY_KEY:
            found[table] = connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchall()  # noqa: S608  because the names stand above
        connection.close()
        return found

    def _sell_one(self) -> None:
        card = self._cards[self._sold % len(self._cards)]
        item = self._items[self._sold % len(self._items)]
        self._sold += 1
        holder = Holder(card.household_id, "card", card.person_id, card.card_id)
        redeem_basket(self.store, holder, (BasketLine(item, 1),), now=NOW, by=self._operator)


class Floor:
    """The same rows, written by statements that are prepared once."""

    def __init__(self, home: Path, found: dict[str, list[sqlite3.Row]]) -> None:
        """Open the file with the store's own pragmas."""
        self._connection = sqlite3.connect(store_file(home), isolation_level=None)
        for name, value in PRAGMAS.items():
            self._connection.execute(f"PRAGMA {name}={value}")
        self._seq = 10_000_000
        self._writes = [(_write(table, row), row) for table, kept in found.items() for row in kept]

    def sell(self) -> list[float]:
        """Return the milliseconds of each of SALES transactions."""
        return [timed(self._sell_one) for _ in range(SALES)]

    def _sell_one(self) -> None:
        self._seq += 1
        self._connection.execute("BEGIN IMMEDIATE")
        for sql, row in self._writes:
            self._connection.execute(sql, [self._value(name, row) for name in row.keys()])  # noqa: SIM118  because a Row iterates values
        self._connection.execute("COMMIT")

    def _value(self, name: str, row: sqlite3.Row) -> Any:  # noqa: ANN401  because columns differ
        return self._seq if name == "seq" else row[name]


def timed(act: Callable[[], object]) -> float:
    """Return the milliseconds an act takes."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1_000


def _write(table: str, row: sqlite3.Row) -> str:
    names = row.keys()
    marks = ",".join("?" * len(names))
    verb = "REPLACE" if table in KEPT_BY_KEY else "INSERT"
    return f"{verb} INTO {table} ({','.join(names)}) VALUES ({marks})"
