"""A terminal from what the county holds: in the place of a dead one, or beside the village's others.

The store is filled under another name and gets its own when it is whole, so there is never half a store. It holds the
key the county knows this machine by from before the county is asked: after a cut the same command goes on.
"""

import hashlib
import os
import shutil
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from db import engine
from db.backup import BackupError, make_durable, verify_copy
from db.durable import sync_folder
from db.engine import transaction
from db.journal import heads
from db.line import Entropy, Stamp
from db.lineage import lineage
from db.store import Store, StoreError, create_store, open_store, own_log, set_setting, setting, store_file
from db.tables.shop import Redemption
from db.tables.statement import table_of
from kiosk.domain.terminal import begin_by_county_order
from kiosk.errors import BadInput, NotWritable, Refused, StoreFailed
from kiosk.hold import alone
from kiosk.restore import Saved, save_lines, set_aside
from kiosk.sync.client import Client
from kiosk.sync.read_back import Admission, Invitation, ask_admission, ask_by_stick, fill_from_county

if TYPE_CHECKING:
    from kiosk.sync.talk import Advance

PART: Final = "from-county.part"
_OLD: Final = "old-store.part"
_INVITED: Final = "county.invited"


@dataclass(frozen=True)
class Came:
    """A terminal that is there now, or waits to be let in: then `log` is null and `fingerprint` is to be read out.

    `lines` came from the county, `saved` beyond them from the old store; `is_complete` says that all of that could be
    read. `last_slip` is the last slip the dead terminal printed as far as is known here: till and number. `kept` is the
    store that lay here, under its new name.
    """

    village: int
    fingerprint: str
    log: int | None = None
    till: int = 0
    lines: int = 0
    saved: int = 0
    is_complete: bool = False
    last_slip: tuple[int, int] | None = None
    kept: Path | None = None


def come_in(
    home: Path, invitation: Invitation, old: Path | None = None, *, now: Stamp, advance: "Advance",
    entropy: Entropy = os.urandom,
) -> Came:  # fmt: skip
    """Lay a store out from what the county holds, and begin its log; again after a cut, or after the officer's yes.

    `old` is what is left of the dead terminal, a store or the folder of one: what it holds beyond the county is saved
    first. So is what lies in `home` itself, where a terminal is replaced on the same machine.

    Raises:
        Refused: there is a store already (`store_exists`), or the county holds nothing of the village yet
            (`village_not_at_county`); NotAllowed as `ask_county`.
        TryAgain: the county was not reached or the line was cut (`county_not_reached` and others of a session), or
            another program works in the data folder (`store_in_use`).
        BadInput: the old store is another village's (`backup_other_village`), or is not there (`store_absent`).
        NotWritable: the data folder cannot be written (`home_not_writable`).
        StoreFailed: what was laid out does not hold together (`copy_not_sound`): the disk is not to be trusted.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with alone(home):
            if store_file(home).exists() and not invitation.replaces_dead:
                raise Refused("store_exists", home=str(home))
            with closing(_open_part(home, invitation, entropy)) as store, Client(invitation.address) as client:
                admission = ask_admission(store, client, invitation, entropy)
                if admission.status == "pending":
                    return Came(store.village, admission.fingerprint)
                lines = fill_from_county(store, client, now=now, advance=advance)
                came = _begin(home, store, admission, old, now)
            return replace(_put_in_place(home, came, now), lines=lines)
    except OSError as error:
        raise NotWritable("home_not_writable", home=str(home), detail=str(error)) from error


def come_in_by_stick(
    home: Path, invitation: Invitation, stick: Path, old: Path | None = None, *, now: Stamp,
    entropy: Entropy = os.urandom,
) -> Came:  # fmt: skip
    """Do what `come_in` does without a line: the first call puts the question on the stick, a later one does the rest.

    The stick holds the county's set-up file of the village; its check digits tell that it is the county's.

    Raises:
        BadInput: no such file is on the stick (`stick_without_answer`); NotWritable: the stick (see
            `exchange_by_stick`). TryAgain: the file is another county's (`county_not_itself`), or part of what the
            county wrote is missing (`stick_incomplete`). Otherwise as `come_in`.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with alone(home):
            if store_file(home).exists() and not invitation.replaces_dead:
                raise Refused("store_exists", home=str(home))
            with closing(_open_part(home, invitation, entropy)) as store:
                admission, lines = ask_by_stick(store, stick, invitation, entropy, now=now)
                if admission.status == "pending":
                    return Came(store.village, admission.fingerprint)
                came = _begin(home, store, admission, old, now)
            return replace(_put_in_place(home, came, now), lines=lines)
    except OSError as error:
        raise NotWritable("home_not_writable", home=str(home), detail=str(error)) from error


def _open_part(home: Path, invitation: Invitation, entropy: Entropy) -> Store:
    """Open the store that was begun with this invitation, or begin one."""
    part = home / PART
    invited = hashlib.sha256(f"{invitation.village} {invitation.code}".encode()).hexdigest()
    if part.exists():
        found = _opened(part, entropy)
        if found is not None:
            with found.read() as connection:
                is_same = setting(connection, found.village, _INVITED) == invited
            if is_same:
                return found
            found.close()
        part.unlink()
        part.with_name(f"{part.name}-journal").unlink(missing_ok=True)
    store = create_store(engine.open_sqlite(part), invitation.village, entropy)
    with transaction(store.engine, is_write=True) as connection:
        set_setting(connection, store.village, _INVITED, invited)
    return store


def _opened(part: Path, entropy: Entropy) -> Store | None:
    """Open what a cut left; None where it was cut before it was a store, or is damaged."""
    try:
        store = open_store(engine.open_sqlite(part), entropy)
    except (StoreError, DatabaseError):
        return None
    if store.standing.faults:
        store.close()
        return None
    return store


def _begin(home: Path, store: Store, admission: Admission, old: Path | None, now: Stamp) -> Came:
    saved = _save_what_is_left(home, store, old)
    with store.read() as connection:
        log = own_log(connection, store.village)
        has_begun = log in heads(connection, store.village)
    if not has_begun:
        begin_by_county_order(store, admission.till, admission.replaces, now=now)
    return Came(
        store.village, admission.fingerprint, log, admission.till, 0, saved.lines, saved.is_complete,
        _last_slip(store, log),
    )  # fmt: skip


def _save_what_is_left(home: Path, store: Store, old: Path | None) -> Saved:
    """Take over what an old store holds beyond the county: one that was named, or the one that lies here."""
    if old is None:
        here = store_file(home)
        return save_lines(here, store) if here.exists() else Saved(0, is_complete=False)
    file = store_file(old) if old.is_dir() else old
    if not file.is_file():
        raise BadInput("store_absent", home=str(old))
    copy = home / _OLD
    copied = {file: copy, file.with_name(f"{file.name}-journal"): copy.with_name(f"{copy.name}-journal")}
    try:
        for source, target in copied.items():
            if source.exists():
                shutil.copyfile(source, target)
        return save_lines(copy, store)
    finally:
        for target in copied.values():
            target.unlink(missing_ok=True)


def _last_slip(store: Store, log: int) -> tuple[int, int] | None:
    redemption = table_of(Redemption).c
    with store.read() as connection:
        before = lineage(connection, store.village, log)[1:]
        statement = (
            select(redemption.till, redemption.number)
            .where(redemption.village == store.village, redemption.log.in_(before))
            .order_by(redemption.till.desc(), redemption.number.desc())
            .limit(1)
        )
        row = connection.execute(statement).one_or_none()
    return None if row is None else (row.till, row.number)


def _put_in_place(home: Path, came: Came, now: Stamp) -> Came:
    part, file = home / PART, store_file(home)
    make_durable(part)
    try:
        verify_copy(part)
    except BackupError as error:
        raise StoreFailed("copy_not_sound", detail=str(error)) from error
    kept = set_aside(file, now) if file.exists() else None
    part.replace(file)
    sync_folder(home)
    return replace(came, kept=kept)
