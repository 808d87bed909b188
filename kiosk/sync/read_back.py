"""What a new machine asks of the county: to be known, in a dead one's place or beside others, and the village's logs.

The logs come as in any session: county's first, then those of every terminal of the village, each piece vouched for by
the county. What was cut is gone on with, for the store being filled knows how far it is.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from db.engine import transaction
from db.journal import COMMON_VILLAGE, heads, last_seq
from db.line import COUNTY_LOG, Stamp
from db.store import Store, begin_own_log
from db.wire.v1.message import Certificate, Restoring
from db.wire.v1.parcel import ParcelError, open_parcel, read_file, read_name
from db.wire.v1.set_up import LARGEST_SET_UP, Provision, open_set_up, village_of_set_up
from db.wire.v1.signed import Key, fingerprint, heard
from db.wire.versions import SPOKEN
from kiosk.errors import BadInput, Refused, TryAgain
from kiosk.sync.agreement import require_spoken
from kiosk.sync.client import Client
from kiosk.sync.enrolment import Call, ask_county, digits_of, enrol_terminal, program
from kiosk.sync.memory import County, certificate, county_of, keep_code, keep_county
from kiosk.sync.session import run_session
from kiosk.sync.stick import FOLDER, exchange_by_stick, telling_of_stick
from kiosk.sync.talk import Advance


@dataclass(frozen=True)
class Invitation:
    """What the county gave a village: its address and check digits, and a one-time code.

    `replaces_dead` says that the code is for the place of a dead terminal, given by two officers; else it is the code
    by which any terminal enrols.
    """

    village: int
    address: str
    hub_fingerprint: str
    code: str
    replaces_dead: bool


@dataclass(frozen=True)
class Admission:
    """What the county answered: the log to write is the store's own now; `replaces` is the dead terminal's.

    `fingerprint` are the check digits to read out while it is pending.
    """

    status: Literal["pending", "active"]
    till: int
    replaces: int | None
    fingerprint: str


def ask_admission(store: Store, client: Client, invitation: Invitation, entropy: Callable[[int], bytes]) -> Admission:
    """Ask the county to know this machine; asking again with the same store is no harm. Raises as `ask_county`."""
    if invitation.replaces_dead:
        return _ask_to_replace(store, client, invitation, entropy)
    place = (invitation.address, invitation.code, invitation.hub_fingerprint)
    asked = enrol_terminal(store, client, *place, entropy)
    return Admission(asked.status, asked.till, None, asked.fingerprint)


def fill_from_county(store: Store, client: Client, *, now: Stamp, advance: Advance) -> int:
    """Take in every log of the village and the county's, and return how many lines came now.

    Raises as `run_session`; Refused where the county holds nothing that a terminal of this village said
    (`village_not_at_county`).
    """
    session = run_session(store, client, now, advance)
    with store.read() as connection:
        if not set(heads(connection, store.village)) - {COUNTY_LOG}:
            raise Refused("village_not_at_county")
    return session.received


def _ask_to_replace(store: Store, client: Client, invitation: Invitation, entropy: Callable[[int], bytes]) -> Admission:
    def ask(key: Key) -> Restoring:
        return Restoring(
            village=store.village, code=invitation.code, key=key.public, sealing=key.sealing, program=program()
        )

    call = Call("/v1/restore", Restoring.KIND, ask)
    said = ask_county(store, client, invitation.address, call, invitation.hub_fingerprint, entropy)
    with transaction(store.engine, is_write=True) as connection:
        begin_own_log(connection, store.village, said.log)
        county = county_of(connection, store.village)
    digits = "" if county is None else fingerprint(county.key.public)
    return Admission(said.status, said.till, said.replaces, digits)


def ask_by_stick(
    store: Store, stick: Path, invitation: Invitation, entropy: Callable[[int], bytes], *, now: Stamp
) -> tuple[Admission, int]:
    """Put the question on a stick, or take the county's answer with all logs from it; and how many lines came now.

    Raises:
        BadInput: the stick holds no set-up file of the village (`stick_without_answer`).
        OutdatedError: as `exchange_by_stick`.
        TryAgain: that file is another county's (`county_not_itself`), or the answer is not whole (`stick_incomplete`).
        NotWritable: as `exchange_by_stick`.
    """
    with telling_of_stick():
        county = _county_on(store, stick, invitation)
    with transaction(store.engine, is_write=True) as connection:
        known = county_of(connection, store.village)
        key = Key(entropy(32)) if known is None else known.key
        keep_county(connection, store.village, County(county.address, county.key, county.sealing, key))
        if certificate(connection, store.village) is None:
            keep_code(connection, store.village, invitation.code)
    done = exchange_by_stick(store, stick, entropy, now=now)
    with store.read() as connection:
        said = certificate(connection, store.village)
    if said is None:
        return Admission("pending", 0, None, fingerprint(key.public)), 0
    if not _is_whole(store, stick, county.key, key):
        raise TryAgain("stick_incomplete")
    word = heard(said.encode(), Certificate.KIND, Certificate, county.key)
    return Admission("active", word.till, word.replaces, fingerprint(key.public)), done.received


def _county_on(store: Store, stick: Path, invitation: Invitation) -> Provision:
    """Read the county's set-up file, and take in its first lines for everybody."""
    folder = stick / FOLDER
    files = sorted(folder.iterdir()) if folder.exists() else []
    for file in files:
        if village_of_set_up(file.name) == invitation.village:
            with suppress(ParcelError):
                found = open_set_up(file.name, read_file(file, LARGEST_SET_UP), SPOKEN)
                if digits_of(found.fingerprint) != digits_of(invitation.hub_fingerprint):
                    raise TryAgain("county_not_itself")
                require_spoken(found.said.speaks, SPOKEN)
                if found.lines:
                    store.receive(COMMON_VILLAGE, COUNTY_LOG, found.lines)
                return found.said
    raise BadInput("stick_without_answer")


def _is_whole(store: Store, stick: Path, county: str, key: Key) -> bool:
    """Say whether all is here that the county says, in any file of its answer, that it holds."""
    for file in (stick / FOLDER).iterdir():
        label = read_name(file.name)
        if label is not None and (label.way, label.village) == ("to", store.village):
            with suppress(ParcelError), store.read() as connection:
                said = open_parcel(key, label, read_file(file), lambda _said: county, SPOKEN).said
                return all(last_seq(connection, row.v, row.l) >= row.s for row in said.held)
    return False
