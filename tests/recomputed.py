"""What the separate program finds in a store's export: the figures every story is held against."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.export import export_journal

if TYPE_CHECKING:
    from db.store import Store


@dataclass(frozen=True)
class Recomputed:
    """The oracle's verdict on one village."""

    village: dict[str, Any]
    faults: list[Any]

    @property
    def balances(self) -> dict[int, int]:
        """Redeemable points by household, hundredths."""
        return {row["household"]: row["points"] for row in self.village["balances"]}

    @property
    def stock(self) -> dict[int, int]:
        """Book stock by item."""
        return {row["item"]: row["quantity"] for row in self.village["stock"]}

    def rows(self, name: str) -> dict[int, dict[str, Any]]:
        """Rows of a table by id."""
        return {row["id"]: row for row in self.village[name]}


def recompute(store: "Store", folder: Path) -> Recomputed:
    """Export the journal of a store into `folder` and let the oracle read it."""
    with store.read() as connection:
        export_journal(connection, folder / "exported")
    program = [sys.executable, str(Path(__file__).parent / "oracle" / "recompute.py")]
    files = [str(folder / "exported.lines"), str(folder / "exported.private")]
    done = subprocess.run([*program, *files, "--json"], capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    village = next(each for each in found["villages"] if each["village"] == store.village)
    return Recomputed(village, found["faults"])
