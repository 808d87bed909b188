"""What a terminal remembers of the county, kept with its store: address, keys, epoch, what is acknowledged, and when.

These are workspace values: backed up with the store, never sent. Times are wall milliseconds.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from db.store import set_setting, setting
from db.wire.v1.signed import Key

_HUB: Final = "county.address"
_HUB_KEY: Final = "county.key"
_SEED: Final = "county.own_key"
_EPOCH: Final = "county.epoch"
_CERTIFICATE: Final = "county.certificate"
_ACKNOWLEDGED: Final = "county.acknowledged"
_DONE_AT: Final = "county.done_at"
_TRIED_AT: Final = "county.tried_at"


@dataclass(frozen=True)
class County:
    """The county as this terminal knows it: its address, its public key, and the terminal's own key."""

    address: str
    hub_key: str
    key: Key


@dataclass(frozen=True)
class Reported:
    """How far this terminal has reported: the seq of its log the county has acknowledged, and when it last could.

    `log` names the log; a new log begins at 0. None: never.
    """

    log: int = 0
    seq: int = 0
    done_at: int | None = None
    tried_at: int | None = None


def county_of(connection: Connection, village: int) -> County | None:
    """Return the county this terminal is enrolled at, or None."""
    address, hub_key, seed = (setting(connection, village, name) for name in (_HUB, _HUB_KEY, _SEED))
    if address is None or hub_key is None or seed is None:
        return None
    return County(address, hub_key, Key(bytes.fromhex(seed)))


def keep_county(connection: Connection, village: int, county: County) -> None:
    """Remember the county."""
    set_setting(connection, village, _HUB, county.address)
    set_setting(connection, village, _HUB_KEY, county.hub_key)
    set_setting(connection, village, _SEED, county.key.seed.hex())


def reported(connection: Connection, village: int) -> Reported:
    """Return how far this terminal has reported."""
    log, _, seq = (setting(connection, village, _ACKNOWLEDGED) or "0:0").partition(":")
    return Reported(int(log), int(seq), _time(connection, village, _DONE_AT), _time(connection, village, _TRIED_AT))


def keep_acknowledged(connection: Connection, village: int, log: int, seq: int) -> None:
    """Remember how far the county holds the own log."""
    set_setting(connection, village, _ACKNOWLEDGED, f"{log}:{seq}")


def keep_tried(connection: Connection, village: int, at: int) -> None:
    """Remember that a session began."""
    set_setting(connection, village, _TRIED_AT, str(at))


def keep_done(connection: Connection, village: int, at: int) -> None:
    """Remember that a session came to its end."""
    set_setting(connection, village, _DONE_AT, str(at))


def epoch(connection: Connection, village: int) -> str | None:
    """Return the hub's epoch as it was seen last."""
    return setting(connection, village, _EPOCH)


def keep_epoch(connection: Connection, village: int, seen: str) -> None:
    """Remember the hub's epoch."""
    set_setting(connection, village, _EPOCH, seen)


def certificate(connection: Connection, village: int) -> str | None:
    """Return the county's word for this terminal's key, as it came."""
    return setting(connection, village, _CERTIFICATE)


def keep_certificate(connection: Connection, village: int, said: str) -> None:
    """Remember the county's word for this terminal's key."""
    set_setting(connection, village, _CERTIFICATE, said)


def unsent(connection: Connection, village: int, log: int, last: int) -> int:
    """Return how many lines of the own log, which ends at seq `last`, the county has not acknowledged."""
    known = reported(connection, village)
    return last - (known.seq if known.log == log else 0)


def _time(connection: Connection, village: int, name: str) -> int | None:
    value = setting(connection, village, name)
    return None if value is None else int(value)
