"""What a terminal remembers of the county, kept with its store: address, keys, epoch, what is acknowledged.

These are workspace values: backed up with the store, never sent. Times are wall milliseconds of this desk.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from db.store import set_setting, setting

if TYPE_CHECKING:
    from db.wire.v1.signed import Key

_HUB: Final = "county.address"
_HUB_KEY: Final = "county.key"
_HUB_SEALING: Final = "county.sealing"
_SEED: Final = "county.own_key"
_EPOCH: Final = "county.epoch"
_CERTIFICATE: Final = "county.certificate"
_CODE: Final = "county.code"
_WORD: Final = "county.word.{village}.{which}"
_HOLDS: Final = "county.holds.{village}"
_PARTED: Final = "county.parted"
_ACKNOWLEDGED: Final = "acknowledged.{log}"
_ACKNOWLEDGED_AT: Final = "acknowledged_at"


@dataclass(frozen=True)
class County:
    """The county as this terminal knows it: its address, its keys, and the terminal's own key."""

    address: str
    hub_key: str
    hub_sealing: str
    key: "Key"


def is_enrolled(connection: Connection, village: int) -> bool:
    """Say whether this terminal has asked to be known at a county."""
    return bool(setting(connection, village, _HUB_KEY))


def has_line(connection: Connection, village: int) -> bool:
    """Say whether the county this terminal is enrolled at gave an address, so that a network can be used."""
    return is_enrolled(connection, village) and bool(setting(connection, village, _HUB))


def county_of(connection: Connection, village: int) -> County | None:
    """Return the county this terminal is enrolled at, or None."""
    from db.wire.v1.signed import Key  # what signs takes a while to load, and the desk asks only whether there is any

    address, hub_key, sealing, seed = (
        setting(connection, village, name) for name in (_HUB, _HUB_KEY, _HUB_SEALING, _SEED)
    )
    if address is None or hub_key is None or seed is None:
        return None
    return County(address, hub_key, sealing or "", Key(bytes.fromhex(seed)))


def keep_county(connection: Connection, village: int, county: County) -> None:
    """Remember the county."""
    set_setting(connection, village, _HUB, county.address)
    set_setting(connection, village, _HUB_KEY, county.hub_key)
    set_setting(connection, village, _HUB_SEALING, county.hub_sealing)
    set_setting(connection, village, _SEED, county.key.seed.hex())


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


def parted(connection: Connection, village: int) -> frozenset[int]:
    """Return the logs of which the county has shown to hold another branch, and where they part is not known yet."""
    return frozenset(map(int, (setting(connection, village, _PARTED) or "").split()))


def note_parted(connection: Connection, village: int, logs: tuple[int, ...]) -> None:
    """Remember logs of which the county holds another branch."""
    if logs:
        known = parted(connection, village) | frozenset(logs)
        set_setting(connection, village, _PARTED, " ".join(map(str, sorted(known))))


def forget_parted(connection: Connection, village: int, log: int) -> None:
    """Forget a log of which it is known where the branches part."""
    known = parted(connection, village)
    if log in known:
        set_setting(connection, village, _PARTED, " ".join(map(str, sorted(known - {log}))))


def acknowledged(connection: Connection, village: int, log: int) -> int:
    """Return up to which line the county has a log, 0 if it never said."""
    return int(setting(connection, village, _ACKNOWLEDGED.format(log=log)) or 0)


def acknowledged_at(connection: Connection, village: int) -> int | None:
    """Return when the county last acknowledged anything, or None if it never did."""
    value = setting(connection, village, _ACKNOWLEDGED_AT)
    return None if value is None else int(value)


def note_acknowledged(connection: Connection, village: int, log: int, seq: int, at: int) -> None:
    """Keep, inside the sender's transaction, up to which line the county has a log, and when it said so.

    A county that was set up again from an older copy has less than before, and gets it again.
    """
    set_setting(connection, village, _ACKNOWLEDGED.format(log=log), str(seq))
    set_setting(connection, village, _ACKNOWLEDGED_AT, str(at))


def keep_county_word(connection: Connection, village: int, of_village: int, word: bytes) -> None:
    """Keep the county's signed word for the end of one of its logs, before the lines it is about are stored.

    The one before is kept beside it: a power cut may come before the lines.
    """
    newest, before = (_WORD.format(village=of_village, which=which) for which in ("newest", "before"))
    held = setting(connection, village, newest)
    if held is not None and held != word.decode():
        set_setting(connection, village, before, held)
    set_setting(connection, village, newest, word.decode())


def county_words(connection: Connection, village: int, of_village: int) -> tuple[bytes, ...]:
    """Return the county's signed words for the end of one of its logs, newest first; the first may be too new."""
    held = (setting(connection, village, _WORD.format(village=of_village, which=w)) for w in ("newest", "before"))
    return tuple(word.encode() for word in held if word is not None)


def code(connection: Connection, village: int) -> str | None:
    """Return the one-time code with which this terminal still asks to be known, or None."""
    return setting(connection, village, _CODE) or None


def keep_code(connection: Connection, village: int, said: str) -> None:
    """Remember the one-time code until the county has answered."""
    set_setting(connection, village, _CODE, said)


def forget_code(connection: Connection, village: int) -> None:
    """Forget the one-time code: it was used."""
    set_setting(connection, village, _CODE, "")


def keep_county_holds(connection: Connection, village: int, of_village: int, seq: int) -> None:
    """Remember how far the county holds a log of its own."""
    set_setting(connection, village, _HOLDS.format(village=of_village), str(seq))


def county_holds(connection: Connection, village: int, of_village: int) -> int | None:
    """Return how far the county said it holds a log of its own, or None where it never said."""
    value = setting(connection, village, _HOLDS.format(village=of_village))
    return None if value is None else int(value)
