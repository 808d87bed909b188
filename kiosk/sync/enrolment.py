"""Enrolment: a terminal shows the hub its key with its village's one-time code; an officer lets it in."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from db.engine import transaction
from db.store import Store, own_log
from db.wire.v1.message import Enrolled, Enrolment
from db.wire.v1.signed import Key, SignatureError, fingerprint, heard
from kiosk import demo
from kiosk.errors import NotAllowed, Refused, TryAgain
from kiosk.sync.client import Client, RefusedByCounty
from kiosk.sync.memory import County, county_of, keep_county


@dataclass(frozen=True)
class Asked:
    """An enrolment that was asked for: what the officer compares on the telephone, and whether they have done so."""

    fingerprint: str
    hub_fingerprint: str
    status: Literal["pending", "active"]


def enrol_terminal(
    store: Store, client: Client, address: str, code: str, hub_fingerprint: str, entropy: Callable[[int], bytes]
) -> Asked:
    """Ask the hub to know this terminal; asking again with the same code is no second enrolment.

    `hub_fingerprint` is printed on the village's sheet: twelve digits, by which the hub is known to be the right one.

    Raises:
        TryAgain: the hub is not to be reached (`county_not_reached`), or something else answers in its place
            (`county_not_itself`).
        NotAllowed: it is the demo village (`demo_stays_here`), the code is wrong or used (`enrolment_code_wrong`), or
            another device has this log (`enrolment_log_taken`).
    """
    if store.village == demo.VILLAGE:
        raise NotAllowed("demo_stays_here")
    with transaction(store.engine, is_write=True) as connection:
        known = county_of(connection, store.village)
        key = known.key if known is not None else Key(entropy(32))
        log = own_log(connection, store.village)
        keep_county(connection, store.village, known or County(address, "", "", key))
    said = Enrolment(
        village=store.village, log=log, code=code, key=key.public, sealing=key.sealing,
        program=f"kiosk {version('kiosk')}",
    )  # fmt: skip
    try:
        answer = client.post("/v1/enrol", key.say(Enrolment.KIND, said))
        enrolled = heard(answer, Enrolled.KIND, Enrolled)
    except RefusedByCounty as refused:
        raise _refusal(refused) from refused
    except SignatureError as error:
        raise TryAgain("county_not_itself") from error
    if _digits(fingerprint(enrolled.key)) != _digits(hub_fingerprint):
        raise TryAgain("county_not_itself")
    with transaction(store.engine, is_write=True) as connection:
        keep_county(connection, store.village, County(address, enrolled.key, enrolled.sealing, key))
    return Asked(fingerprint(key.public), fingerprint(enrolled.key), enrolled.status)


def _refusal(refused: RefusedByCounty) -> Refused:
    codes = {"code_wrong": "enrolment_code_wrong", "log_taken": "enrolment_log_taken", "revoked": "county_revoked"}
    code = codes.get(refused.code)
    return TryAgain("county_not_itself") if code is None else NotAllowed(code)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
