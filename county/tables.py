"""What the hub knows beside the store: itself, enrolment codes and terminals, and how they are.

Migrated by a chain of its own (`county.migrations`), backed up, never rebuilt.
"""

from typing import Any, ClassVar

from sqlalchemy import MetaData

from db.tables.columns import WORDS, Declared, key, whole, words


class RegistryTable(Declared):
    """A table of the hub's own."""

    home: ClassVar[MetaData] = MetaData()


class HubValue(RegistryTable):
    """A value of the hub itself, by name: its key, its epoch, the secret of its tokens."""

    __tablename__: ClassVar[Any] = "hub_value"
    village: int = key()
    name: str = key(WORDS)
    value: str | None = words()


class VillageName(RegistryTable):
    """What a village is called, as the list of provisions said last."""

    __tablename__: ClassVar[Any] = "village_name"
    village: int = key()
    name: str | None = words()


class EnrolmentCode(RegistryTable):
    """A one-time code of a village, kept as its digest; `used_at` is null until a terminal came with it."""

    __tablename__: ClassVar[Any] = "enrolment_code"
    village: int = key()
    digest: str = key(WORDS)
    made_at: int | None = whole()
    expires_at: int | None = whole()
    used_at: int | None = whole()


class Terminal(RegistryTable):
    """Who writes a log: its public key, whether an officer has let it in, and what it said last.

    `till` is the number the county kept for its slips, `founds` whether it was set up as its village's first.
    """

    __tablename__: ClassVar[Any] = "terminal"
    village: int = key()
    log: int = key()
    public_key: str | None = words()
    sealing_key: str | None = words()
    state: str | None = words()
    program: str | None = words()
    till: int | None = whole()
    enrolled_at: int | None = whole()
    decided_at: int | None = whole()
    heard_at: int | None = whole()
    head_seq: int | None = whole()
    head_signed: str | None = words()
    founds: int | None = whole()


class SeatOrder(RegistryTable):
    """What two officers ordered: that a log holds the seat, and, where it replaces another, its one-time code.

    The code is kept as its digest; `seat` is null where the terminal that is replaced held none. `taken_by` is the key
    of the terminal that came with the code.
    """

    __tablename__: ClassVar[Any] = "seat_order"
    village: int = key()
    log: int = key()
    made_at: int = key()
    seat: int | None = whole()
    till: int | None = whole()
    replaces: int | None = whole()
    digest: str | None = words()
    ordered_by: str | None = words()
    confirmed_by: str | None = words()
    expires_at: int | None = whole()
    taken_by: str | None = words()
    taken_at: int | None = whole()


class Reported(RegistryTable):
    """What a terminal held of the county's lines when it reported first after a restore, counted beyond the hub's."""

    __tablename__: ClassVar[Any] = "reported"
    village: int = key()
    log: int = key()
    epoch: str | None = words()
    lacking: int | None = whole()
    is_parted: int | None = whole()


class TerminalHealth(RegistryTable):
    """How a terminal was when it reported last, by what it said itself (see `db.wire.v1.figures`).

    `told_at` is the hub's time, `held` how far it had its log by then. `clock` is the place of the clock's
    quality, `ahead` by how many milliseconds it went before the hub's; null where it came by stick.
    """

    __tablename__: ClassVar[Any] = "terminal_health"
    village: int = key()
    log: int = key()
    told_at: int | None = whole()
    held: int | None = whole()
    lines: int | None = whole()
    unsent: int | None = whole()
    unsaved: int | None = whole()
    unsaved_outside: int | None = whole()
    faults: int | None = whole()
    free_kib: int | None = whole()
    slips_owed: int | None = whole()
    printer: int | None = whole()
    clock: int | None = whole()
    ahead: int | None = whole()
