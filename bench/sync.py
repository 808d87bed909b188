"""`make bench-sync`: build the floors beside ours, measure in turn, print the table; ends with 1 if a bar is passed."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bench import sync_beside, sync_herd, sync_ingest, sync_slow, sync_volume
from bench.measure import Row, table
from bench.sync_engine import Databases, postgresql


def main() -> int:
    """Measure what was asked for and print one table."""
    parser = argparse.ArgumentParser(prog="bench.sync", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="measure", help=f"some of {', '.join(MEASURES)}; all without")
    chosen = parser.parse_args().measures or list(MEASURES)
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder, postgresql() as databases:
        rows = [row for name in chosen for row in MEASURES[name](databases, Path(folder))]
    print("\n".join(table(rows)))
    return 0 if all(row.is_met for row in rows) else 1


def _volume(databases: Databases, folder: Path) -> Iterator[Row]:
    with sync_volume.sides(databases, folder / "volume") as on:
        yield from sync_volume.rows(on)


MEASURES: Final[dict[str, Callable[[Databases, Path], Iterator[Row]]]] = {
    "volume": _volume,
    "herd": lambda databases, _folder: sync_herd.rows(databases),
    "ingest": lambda databases, _folder: sync_ingest.rows(databases),
    "beside": lambda _databases, folder: sync_beside.rows(folder / "beside"),
    "slow": lambda _databases, folder: sync_slow.rows(folder / "slow"),
}

if __name__ == "__main__":
    sys.exit(main())
