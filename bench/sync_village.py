"""What villages have to report: lines of the demo year, and the same events as a bare client would send them."""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.fill import entropy
from db import journal, projections
from db.engine import open_sqlite, open_unsynced, transaction
from db.journal import Sealed
from db.line import Fact, Stamp, entity_id, read, render
from db.store import Store, begin_own_log, create_store, open_store, own_log, store_file
from db.wire.v1.steps import Stretch, lines_after
from kiosk.demo.village import make_demo
from kiosk.station import DEMO_VILLAGE

NOW: Final = Stamp(1_795_305_600_000, "s", 1_000, 60_000)
_SECOND: Final = 1_000
_AT_ONCE: Final = 1_000
_NOT_IN_PAYLOAD: Final = ("household", "points", "legs")


@cache
def demo_year() -> tuple[Sealed, ...]:
    """Return every line of the demo village's own log, in order; the village lives its year for it once."""
    with TemporaryDirectory(prefix="kiosk-bench-") as folder:
        make_demo(Path(folder))
        store = open_store(open_sqlite(store_file(Path(folder))), entropy)
        with store.read() as connection:
            log = own_log(connection, DEMO_VILLAGE)
            last = journal.last_seq(connection, DEMO_VILLAGE, log)
            lines = lines_after(connection, Stretch(DEMO_VILLAGE, log, 0), last, last)
        store.close()
    return tuple(lines)


def lines_of(village: int, chosen: Sequence[Sealed], log: int | None = None) -> Iterator[Sealed]:
    """Yield lines as those of a village, numbered from 1 where it gets a log of its own.

    The demo village does everything on the full second; here each deed gets milliseconds, as a clock has them.
    """
    dice = random.Random(village)
    for seq, sealed in enumerate(chosen, start=1):
        fact, late = read(sealed.line), dice.randrange(_SECOND)
        fact = replace(fact, village=village, at=fact.at + late, mono=fact.mono + late)
        yield Sealed(render(fact if log is None else replace(fact, log=log, seq=seq, turn=seq)), sealed.private)


def bare_facts(lines: Iterable[Sealed]) -> Iterator[str]:
    """Yield the same events as JSON texts in the usual manner: a UUID, an account, a change, the rest as payload."""
    dice = random.Random(7)
    for sealed in lines:
        fact = read(sealed.line)
        yield json.dumps(
            {
                "id": _uuid7(fact.at, dice), "village_id": fact.village, "terminal_id": fact.log, "seq": fact.seq,
                "ts": fact.at, "kind": fact.kind, "account_id": fact.body.get("household") or entity_id(fact.log, 0),
                "delta": fact.body.get("points") or 0, "payload": _payload(fact, sealed),
            },
            separators=(",", ":"), ensure_ascii=False,
        )  # fmt: skip


def _payload(fact: Fact, sealed: Sealed) -> Mapping[str, Any]:
    """Return what else happened, without what is null."""
    kept = {name: value for name, value in fact.body.items() if value is not None and name not in _NOT_IN_PAYLOAD}
    return kept if sealed.private is None else kept | json.loads(sealed.private.text)


def _uuid7(at: int, dice: random.Random) -> str:
    digits = f"{at:012x}7{dice.getrandbits(12):03x}{0x8 | dice.getrandbits(2):x}{dice.getrandbits(60):015x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@dataclass
class Reporting:
    """A village with a store whose own log holds the first lines of its year: what `kiosk sync` runs on."""

    store: Store
    log: int
    year: tuple[Sealed, ...]
    written: int = 0

    def write(self, count: int) -> None:
        """Let so many more lines of the year be written."""
        lines = self.year[self.written : self.written + count]
        assert len(lines) == count
        with transaction(self.store.engine, is_write=True) as connection:
            for start in range(0, count, _AT_ONCE):
                journal.store(connection, self.store.village, self.log, lines[start : start + _AT_ONCE])
            projections.project(connection, self.store.village)
        self.written += count


def reporting_village(home: Path, village: int, facts: int) -> Reporting:
    """Lay out a store whose own log holds so many facts."""
    home.mkdir(parents=True, exist_ok=True)
    year = tuple(lines_of(village, demo_year()))
    log = read(year[0].line).log
    made = create_store(open_unsynced(store_file(home)), village, entropy)
    with transaction(made.engine, is_write=True) as connection:
        begin_own_log(connection, village, log)
    made.close()
    reporting = Reporting(open_store(open_sqlite(store_file(home)), entropy), log, year)
    reporting.write(facts)
    return reporting
