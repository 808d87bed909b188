"""Enrolment: a terminal shows the hub its key with its village's one-time code; an officer lets it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final, Literal

from pydantic import BaseModel

from db.engine import transaction
from db.store import Store, own_log
from db.wire.v1.message import Enrolled, Enrolment
from db.wire.v1.signed import Key, SignatureError, fingerprint, heard
from kiosk import demo
from kiosk.errors import NotAllowed, Refused, TryAgain
from kiosk.sync.client import Client, RefusedByCounty
from kiosk.sync.founding import took_seat
from kiosk.sync.memory import County, county_of, keep_county

_REFUSALS: Final[Mapping[str, str]] = {
    "code_wrong": "enrolment_code_wrong",
    "log_taken": "enrolment_log_taken",
    "founded": "village_has_terminal",
    "revoked": "county_revoked",
    "restore_wrong": "restore_code_wrong",
    "restore_old": "restore_code_old",
    "restore_used": "restore_code_used",
}


@dataclass(frozen=True)
class Asked:
    """An enrolment that was asked for: what the officer compares on the telephone, and whether they have done so.

    `till` is the number the county kept for this terminal's slips; the village's name and the telephone for help are
    empty where the county does not say.
    """

    fingerprint: str
    hub_fingerprint: str
    status: Literal["pending", "active"]
    till: int
    village_name: str = ""
    help_phone: str = ""


@dataclass(frozen=True)
class Call:
    """A call by which a terminal becomes known: its path, the kind of its message, and what it says with a key."""

    path: str
    kind: str
    said: Callable[[Key], BaseModel]


def enrol_terminal(
    store: Store, client: Client, address: str, code: str, hub_fingerprint: str, entropy: Callable[[int], bytes]
) -> Asked:
    """Ask the hub to know this terminal; asking again with the same code is no second enrolment.

    `hub_fingerprint` is printed on the village's sheet: twelve digits, by which the hub is known to be the right one.

    Raises:
        TryAgain: the hub is not to be reached (`county_not_reached`), or something else answers in its place
            (`county_not_itself`).
        NotAllowed: it is the demo village (`demo_stays_here`), the code is wrong or used (`enrolment_code_wrong`), or
            another device has this log (`enrolment_log_taken`), or the village has a terminal and this one was set up
            as if it had none (`village_has_terminal`).
    """
    with store.read() as connection:
        log = own_log(connection, store.village)
        founds = took_seat(connection, store.village, log)

    def ask(key: Key) -> Enrolment:
        return Enrolment(
            village=store.village, log=log, code=code, key=key.public, sealing=key.sealing, program=program(),
            founds=founds,
        )  # fmt: skip

    call = Call("/v1/enrol", Enrolment.KIND, ask)
    enrolled = ask_county(store, client, address, call, hub_fingerprint, entropy)
    with store.read() as connection:
        county = county_of(connection, store.village)
    digits = fingerprint(county.key.public if county else "")
    return Asked(digits, fingerprint(enrolled.key), enrolled.status, enrolled.till, enrolled.name, enrolled.phone)


def ask_county(
    store: Store, client: Client, address: str, call: Call, hub_fingerprint: str, entropy: Callable[[int], bytes]
) -> Enrolled:
    """Ask the hub to know the key of this store, which is kept before it is shown; keep the hub's keys when it answers.

    Raises as `enrol_terminal`; NotAllowed also where a code for a replacement is none (`restore_code_wrong`), too old
    (`restore_code_old`), or was used by another machine (`restore_code_used`).
    """
    if store.village == demo.VILLAGE:
        raise NotAllowed("demo_stays_here")
    with transaction(store.engine, is_write=True) as connection:
        known = county_of(connection, store.village)
        key = known.key if known is not None else Key(entropy(32))
        keep_county(connection, store.village, known or County(address, "", "", key))
    client.expect(hub_fingerprint)
    try:
        answer = client.post(call.path, key.say(call.kind, call.said(key)))
        enrolled = heard(answer, Enrolled.KIND, Enrolled)
    except RefusedByCounty as refused:
        raise _refusal(refused) from refused
    except SignatureError as error:
        raise TryAgain("county_not_itself") from error
    if digits_of(fingerprint(enrolled.key)) != digits_of(hub_fingerprint):
        raise TryAgain("county_not_itself")
    with transaction(store.engine, is_write=True) as connection:
        keep_county(connection, store.village, County(address, enrolled.key, enrolled.sealing, key))
    return enrolled


def program() -> str:
    """Return what this program calls itself at the county."""
    return f"kiosk {version('kiosk')}"


def _refusal(refused: RefusedByCounty) -> Refused:
    code = _REFUSALS.get(refused.code)
    return TryAgain("county_not_itself") if code is None else NotAllowed(code)


def digits_of(text: str) -> str:
    """Return the digits of a text, however they were grouped."""
    return "".join(filter(str.isdigit, text))
