"""A terminal begins: what the county put on a stick for this village, or what its printed sheet says.

Whose word it is only the check digits tell, which a person compares with the sheet; nothing is believed before.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.errors import BadInput, NotAllowed, Refused

if TYPE_CHECKING:
    from db.progress import Advance
    from db.store import Store
    from db.wire.v1.set_up import SetUp

FOLDER: Final = "kiosk"
LINES_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Invitation:
    """What a village's terminal is set up from; from a sheet without its name, from a number alone without a code.

    ``check`` are the county's digits in groups of four; ``stick`` is where the county's file was found.
    """

    village: int
    name: str = ""
    phone: str = ""
    address: str = ""
    code: str = ""
    check: str = ""
    stick: Path | None = None
    set_up: "SetUp | None" = field(default=None, repr=False)


@dataclass(frozen=True)
class Found:
    """What the sticks hold: invitations, each village once; how many files were not whole; whether there is a stick.

    ``files`` are the files that were read, with the stick each is on.
    """

    invitations: tuple[Invitation, ...] = ()
    torn: int = 0
    has_stick: bool = False
    files: tuple[tuple[Path, Path], ...] = ()


def find_invitations(before: Found | None = None) -> Found:
    """Look at every stick that is plugged in; one that was pulled meanwhile has nothing.

    Where the same files are there as ``before``, nothing is read again: the names tell what is in them.
    """
    from kiosk import sticks

    plugged = sticks.find_sticks()
    files = tuple((stick, file) for stick in plugged for file in _files_of(stick / FOLDER))
    if before is not None and before.files == files and before.has_stick == bool(plugged):
        return before
    read = [_read(stick, file) for stick, file in files]
    found = {invitation.village: invitation for invitation in read if invitation is not None}
    torn = sum(invitation is None for invitation in read)
    return Found(tuple(found[village] for village in sorted(found)), torn, bool(plugged), files)


def take_invitation(store: "Store", invitation: Invitation, advance: "Advance" = lambda _count: None) -> None:
    """Believe the county of an invitation from a stick: its first lines, its keys, and the code to ask with.

    Doing it again changes nothing. The terminal's own key is made here and leaves the machine never. ``advance`` is
    told how many lines were taken in since it was told last.

    Raises:
        BadInput: it is another village's (`set_up_of_another`).
        NotAllowed: this terminal is known to another county already (`set_up_of_other_county`).
        OutdatedError: one side's program is too old for the other's (`protocol_terminal_old`, `protocol_county_old`).
    """
    from db.engine import transaction
    from db.journal import COMMON_VILLAGE
    from db.line import COUNTY_LOG
    from db.wire.v1.signed import Key
    from db.wire.versions import SPOKEN
    from kiosk.sync.agreement import require_spoken
    from kiosk.sync.memory import County, certificate, county_of, keep_code, keep_county

    if invitation.village != store.village:
        raise BadInput("set_up_of_another", village=invitation.village)
    if invitation.set_up is None:
        return
    said = invitation.set_up.said
    require_spoken(said.speaks, SPOKEN)
    with store.read() as connection:
        known = county_of(connection, store.village)
        is_known = certificate(connection, store.village) is not None
    if known is not None and known.hub_key not in ("", said.key):
        raise NotAllowed("set_up_of_other_county")
    lines = invitation.set_up.lines
    for at in range(0, len(lines), LINES_AT_ONCE):
        piece = lines[at : at + LINES_AT_ONCE]
        store.receive(COMMON_VILLAGE, COUNTY_LOG, piece)
        advance(len(piece))
    with transaction(store.engine, is_write=True) as connection:
        key = known.key if known is not None else Key(store.entropy(32))
        keep_county(connection, store.village, County(said.address, said.key, said.sealing, key))
        if not is_known:
            keep_code(connection, store.village, said.code)


def require_unused(store: "Store") -> None:
    """Let a store pass in which nothing was done but setting it up: no day was opened, and no household entered.

    Raises:
        Refused: somebody has worked with it (`store_is_used`).
    """
    from sqlalchemy import select

    from db.tables.people import Household
    from db.tables.period import DayAct
    from db.tables.statement import table_of

    with store.read() as connection:
        for table in (table_of(DayAct), table_of(Household)):
            if connection.execute(select(table.c.village).where(table.c.village == store.village).limit(1)).first():
                raise Refused("store_is_used")


def _files_of(folder: Path) -> list[Path]:
    from db.wire.v1.set_up import village_of_set_up

    try:
        return sorted(file for file in folder.iterdir() if village_of_set_up(file.name) is not None)
    except OSError:
        return []


def _read(stick: Path, file: Path) -> Invitation | None:
    from db.wire.v1.parcel import ParcelError, read_file
    from db.wire.v1.set_up import LARGEST_SET_UP, open_set_up
    from db.wire.versions import SPOKEN

    try:
        opened = open_set_up(file.name, read_file(file, LARGEST_SET_UP), SPOKEN)
    except ParcelError:
        return None
    said = opened.said
    return Invitation(said.village, said.name, said.phone, said.address, said.code, opened.fingerprint, stick, opened)
