"""What a new machine asks of the county: to be known, in a dead one's place or beside others, and the village's logs.

The logs come as in any session: county's first, then those of every terminal of the village, each piece vouched for by
the county. What was cut is gone on with, for the store being filled knows how far it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from db.engine import transaction
from db.journal import heads
from db.line import COUNTY_LOG, Stamp
from db.store import Store, begin_own_log
from db.wire.v1.message import Restoring
from db.wire.v1.signed import Key, fingerprint
from kiosk.errors import Refused
from kiosk.sync.client import Client
from kiosk.sync.enrolment import Call, ask_county, enrol_terminal, program
from kiosk.sync.memory import county_of
from kiosk.sync.session import Advance, run_session


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
