"""Handing the county's own lines back to a county that was restored from a backup: what of them, with whose word."""

from sqlalchemy import Connection

from db.journal import COMMON_VILLAGE, last_seq
from db.line import COUNTY_LOG
from db.wire.v1.message import HeadSeen
from db.wire.v1.steps import Stretch, hash_at
from db.wire.v1.word import end_vouched_for
from kiosk.sync import memory


def fitting_word(connection: Connection, village: int, hub_key: str, stretch: Stretch) -> tuple[bytes, int] | None:
    """Return the county's newest word for lines that are held here beyond the stretch's beginning, and their end.

    Without it the county would not take them: anybody could have written them.
    """
    for word in memory.county_words(connection, village, stretch.village):
        head = end_vouched_for(word, hub_key)
        if head is None or (head.village, head.log) != (stretch.village, stretch.log) or head.seq <= stretch.after:
            continue
        held = hash_at(connection, stretch.village, stretch.log, head.seq)
        if held is not None and held.hex() == head.hash:
            return word, head.seq
    return None


def note_holdings(connection: Connection, village: int, held: tuple[HeadSeen, ...]) -> None:
    """Remember how far the county said it holds its own logs, when it answered by stick."""
    there = {row.v: row.s for row in held if row.l == COUNTY_LOG}
    for of_village in (COMMON_VILLAGE, village):
        memory.keep_county_holds(connection, village, of_village, there.get(of_village, 0))


def lacking_at_county(connection: Connection, village: int) -> list[Stretch]:
    """Return what is held here of the county's own logs beyond what it said it holds; nothing where it never said."""
    found = []
    for of_village in (COMMON_VILLAGE, village):
        there = memory.county_holds(connection, village, of_village)
        if there is not None and last_seq(connection, of_village, COUNTY_LOG) > there:
            found.append(Stretch(of_village, COUNTY_LOG, there))
    return found
