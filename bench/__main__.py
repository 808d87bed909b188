"""`make bench`: fill a store, measure, print the table; ends with 1 if a bar is passed."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench import losses, meeting_scan, redemption, scan, search, sign_in, starts
from bench.fill import FULL, SMALL, Size, fill
from bench.measure import Row, table


def main() -> int:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--facts", type=int, default=FULL.facts, help="facts in the full store")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        rows = measure(Path(folder), Size(FULL.goods, FULL.households, FULL.persons, chosen.facts))
        sentences = losses.report(Path(folder))
    print("\n".join([*table(rows), *sentences]))
    return 0 if all(row.is_met for row in rows) else 1


def measure(folder: Path, size: Size) -> list[Row]:
    """Fill three stores and return every row."""
    start = time.perf_counter()
    full, small = fill(folder / "full", size), fill(folder / "small", SMALL)
    fresh = fill(folder / "fresh", Size(SMALL.goods, size.households, size.persons, 0))
    print(f"{size.facts:,} facts filled in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return [
        *(*starts.help_rows(), *redemption.rows(full), *starts.frame_rows(full), *scan.rows(full, small)),
        *(*sign_in.rows(full, fresh), *meeting_scan.rows(full, fresh), *search.rows(folder)),
    ]


if __name__ == "__main__":
    sys.exit(main())
