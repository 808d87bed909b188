"""How this desk stands with the county: asked, let in or not, what is unsent and how old. Nothing here reaches out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.store import Store


class Standing(StrEnum):
    """What the county knows of this terminal, as far as it is known here."""

    STRANGER = "stranger"
    ASKED = "asked"
    KNOWN = "known"


@dataclass(frozen=True)
class CountyState:
    """``check`` are this terminal's digits to compare on the telephone, empty before it has a key.

    ``hub_check`` are the county's. ``oldest_at`` is when the oldest unsent line was written, wall milliseconds.
    """

    standing: Standing
    check: str
    hub_check: str
    oldest_at: int | None


def look_at_county(store: "Store") -> CountyState:
    """Return how this desk stands with the county."""
    from db.wire.v1.signed import fingerprint
    from kiosk.sync.memory import acknowledged_at, certificate, county_of

    with store.read() as connection:
        county = county_of(connection, store.village)
        has_answered = acknowledged_at(connection, store.village) is not None
        is_known = has_answered or certificate(connection, store.village) is not None
        oldest = _oldest_unsent(connection, store.village)
    if county is None or not county.hub_key:
        return CountyState(Standing.STRANGER, "", "", oldest)
    standing = Standing.KNOWN if is_known else Standing.ASKED
    return CountyState(standing, fingerprint(county.key.public), fingerprint(county.hub_key), oldest)


def _oldest_unsent(connection: "Connection", village: int) -> int | None:
    from db.journal import read_since
    from db.line import read
    from db.store import own_log
    from kiosk.sync.memory import acknowledged

    log = own_log(connection, village)
    lines = read_since(connection, village, log, acknowledged(connection, village, log), 1)
    return read(lines[0]).at if lines else None
