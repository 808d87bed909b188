"""A hub that is filled, says something, is backed up and restored: what its tests share."""

from pathlib import Path

from county.county_log import county_log
from county.hub import Hub
from county.restore import Moment, Restored, restore_backup
from db.journal import Sealed
from kiosk.sync.session import report_to_county
from tests.bodies import award
from tests.ledger import lines_of, new_store, write
from tests.village import Village, seeded

TAKEN = "20261122T0903"
LOG = 77


def lines(village: int, count: int) -> list[Sealed]:
    """The first lines of a village's log, with personal texts beside some."""
    store = new_store(LOG, village)
    write(store, *(award(9, number) for number in range(1, count + 1)))
    with store.read() as connection:
        return lines_of(connection, village, LOG)


def publish(hub: Hub, village: int, points: int) -> None:
    """The county says something, with a personal text beside it."""
    with county_log(hub, village, seeded("county")) as log:
        log.say(award(9, points), {"note": "补发"})


def restored(file: Path, home: Path, database: str | None = None) -> Restored:
    """Make a hub of a backup."""
    return restore_backup(file, home, database, Moment(1_000, TAKEN, seeded("restore")))


def report(village: Village) -> None:
    """One session."""
    report_to_county(village.store, now=village.now, advance=lambda *_: None)
