"""Taking logs in, on both engines: what is stored, what is not, and to whom nobody listens."""

import os

import pytest

from county.delivery import Delivery, end_delivery, take_frames
from county.hub import Hub, HubError, create_hub, open_hub
from county.intake import (
    Caller,
    NotHeardError,
    open_session,
    read_back,
    take_enrolment,
    take_hello,
)
from county.projector import Projector
from county.registry import (
    CODE_LIVES_MILLISECONDS,
    TOKEN_LIVES_MILLISECONDS,
    RegistryError,
    decide,
    make_code,
    revoke,
)
from db import projections
from db.journal import ForkError, GapError, Sealed, heads
from db.line import MalformedLineError
from db.wire.v1.frame import FrameReader
from db.wire.v1.message import Answer, Certificate, Enrolled, Enrolment, HeadSeen, Hello, SignedHead, Stored
from db.wire.v1.signed import Key, heard
from db.wire.v1.steps import Stretch
from tests.bodies import award
from tests.hub import take_frame
from tests.ledger import lines_of, new_store, write
from tests.village import VILLAGE

LOG = 77
KEY = Key(b"\x07" * 32)
CALLER = Caller(VILLAGE, LOG)
NONCE = "0123456789abcdef"


def code_of(hub: Hub) -> str:
    """A fresh one-time code of the village."""
    with hub.write() as connection:
        return make_code(connection, VILLAGE, hub.now(), os.urandom)


def enrol(hub: Hub, code: str, key: Key = KEY, log: int = LOG, village: int = VILLAGE) -> str:
    """Ask to be known; the status that was answered."""
    said = Enrolment(village=village, log=log, code=code, key=key.public, sealing=key.sealing, program="kiosk 1")
    return heard(take_enrolment(hub, key.say("enrol", said)), "enrolled", Enrolled, hub.key.public).status


def let_in(hub: Hub, state: str = "active") -> None:
    """Enrol and decide."""
    enrol(hub, code_of(hub))
    with hub.write() as connection:
        decide(connection, VILLAGE, LOG, state, hub.now())  # type: ignore[arg-type]  # because mypy sees a plain word


def hello(hub: Hub, key: Key = KEY, log: int = LOG) -> Answer:
    """Begin a session."""
    said = Hello(village=VILLAGE, log=log, nonce=NONCE, program="kiosk 1", wants_certificate=True)
    return heard(take_hello(hub, key.say("hello", said)), "answer", Answer, hub.key.public)


def lines(count: int) -> list[Sealed]:
    """The first lines of the terminal's log."""
    store = new_store(LOG, VILLAGE)
    write(store, *(award(9, number) for number in range(1, count + 1)))
    with store.read() as connection:
        return lines_of(connection, VILLAGE, LOG)


def test_terminal_is_heard_when_an_officer_let_it_in(any_hub: Hub) -> None:
    """Pending first, then active, with a certificate anybody can check."""
    code = code_of(any_hub)
    assert enrol(any_hub, code) == "pending"
    assert enrol(any_hub, code) == "pending"
    assert (hello(any_hub).status, hello(any_hub).token) == ("pending", "")
    with any_hub.write() as connection:
        decide(connection, VILLAGE, LOG, "active", any_hub.now())
    answer = hello(any_hub)
    assert (answer.status, answer.nonce, answer.epoch) == ("active", NONCE, any_hub.epoch)
    assert answer.certificate is not None
    word = heard(answer.certificate.encode(), "certificate", Certificate, any_hub.key.public)
    assert (word.village, word.log, word.key) == (VILLAGE, LOG, KEY.public)
    assert open_session(any_hub, answer.token) == CALLER


def test_nobody_is_known_when_the_code_is_not_theirs(any_hub: Hub) -> None:
    """Another village's, a used one, one too old, no code at all; and a log that another key holds."""
    code = code_of(any_hub)
    for village, wrong in ((VILLAGE + 1, code), (VILLAGE, "0000000000")):
        with pytest.raises(NotHeardError, match="code_wrong"):
            enrol(any_hub, wrong, village=village)
    enrol(any_hub, code)
    with pytest.raises(NotHeardError, match="code_wrong"):
        enrol(any_hub, code, Key(b"\x08" * 32), log=78)
    with pytest.raises(NotHeardError, match="log_taken"):
        enrol(any_hub, code_of(any_hub), Key(b"\x08" * 32))
    late, moment = code_of(any_hub), any_hub.now()
    any_hub.now = lambda: moment + CODE_LIVES_MILLISECONDS + 1
    with pytest.raises(NotHeardError, match="code_wrong"):
        enrol(any_hub, late, Key(b"\x08" * 32), log=78)


def test_nobody_is_heard_when_the_signature_or_the_state_is_wrong(any_hub: Hub) -> None:
    """Unknown, signed by somebody else, rubbish, shut out in the middle of a session."""
    with pytest.raises(NotHeardError, match="unknown"):
        hello(any_hub)
    let_in(any_hub)
    with pytest.raises(NotHeardError, match="signature"):
        hello(any_hub, Key(b"\x08" * 32))
    for rubbish in (b"", b"<html>", KEY.sign("hello", b"{}"), KEY.sign("enrol", b"{}")):
        with pytest.raises(NotHeardError, match="signature"):
            take_hello(any_hub, rubbish)
        with pytest.raises(NotHeardError, match="signature"):
            take_enrolment(any_hub, rubbish)
    token = hello(any_hub).token
    for wrong in ("", "x", token[:-1], token.replace("123", "124", 1), f"{VILLAGE}.{LOG}.x.y"):
        with pytest.raises(NotHeardError, match="unknown"):
            open_session(any_hub, wrong)
    with any_hub.write() as connection:
        decide(connection, VILLAGE, LOG, "revoked", any_hub.now())
    caller = open_session(any_hub, token)
    with pytest.raises(NotHeardError, match="revoked"):
        end_delivery(Delivery(any_hub, caller, VILLAGE, LOG), [lines(3)], None)
    with pytest.raises(NotHeardError, match="revoked"):
        read_back(any_hub, caller, Stretch(0, 0, 0), 8_192)
    with any_hub.read() as connection:
        assert heads(connection, VILLAGE) == {}
    assert hello(any_hub).status == "revoked"


def test_terminal_goes_on_in_a_new_log_when_its_key_is_known(any_hub: Hub) -> None:
    """After a restore; a key that was shut out opens nothing by another log either."""
    let_in(any_hub)
    assert hello(any_hub, log=LOG + 1).status == "active"
    with pytest.raises(NotHeardError, match="unknown"):
        hello(any_hub, Key(b"\x08" * 32), log=LOG + 2)
    with any_hub.write() as connection:
        assert revoke(connection, VILLAGE, LOG, any_hub.now()) == (LOG, LOG + 1)
        with pytest.raises(RegistryError, match="terminal_unknown"):
            revoke(connection, VILLAGE, LOG + 9, any_hub.now())
    with pytest.raises(NotHeardError, match="unknown"):
        hello(any_hub, log=LOG + 3)


def test_token_is_over_when_its_time_has_passed(any_hub: Hub) -> None:
    """A token that was overheard is of no use tomorrow."""
    let_in(any_hub)
    token, moment = hello(any_hub).token, any_hub.now()
    any_hub.now = lambda: moment + TOKEN_LIVES_MILLISECONDS + 1
    with pytest.raises(NotHeardError, match="unknown"):
        open_session(any_hub, token)


def test_lines_are_stored_once_when_frames_come_again_or_overlap(any_hub: Hub) -> None:
    """Repeats are successes; the answer says what is held, and the tables follow."""
    let_in(any_hub)
    held = lines(30)
    for start, end in ((0, 10), (0, 10), (5, 20), (20, 30)):
        take_frame(any_hub, CALLER, held[start:end])
    answer, _trouble = end_delivery(Delivery(any_hub, CALLER, VILLAGE, LOG), [], None)
    stored = heard(answer, "stored", Stored, any_hub.key.public)
    assert (stored.seq, stored.trouble) == (30, None)
    assert HeadSeen(v=VILLAGE, l=LOG, s=30, h=stored.hash) in hello(any_hub).held
    projector = Projector(any_hub)
    projector.start()
    assert projector.settle(30)
    projector.stop()
    local = new_store(5, VILLAGE)
    local.receive(VILLAGE, LOG, held)
    with any_hub.read() as there, local.read() as here:
        assert projections.digest(there, VILLAGE) == projections.digest(here, VILLAGE)


def test_nothing_is_stored_when_lines_leave_a_gap_or_part_ways(any_hub: Hub) -> None:
    """A gap, another line at a place, a line of another log."""
    let_in(any_hub)
    held = lines(10)
    with pytest.raises(GapError):
        take_frame(any_hub, CALLER, held[3:])
    take_frame(any_hub, CALLER, held[:5])
    forged = Sealed(held[2].line.replace(b'"clock":"f"', b'"clock":"s"'))
    with pytest.raises(ForkError):
        take_frame(any_hub, CALLER, [*held[:2], forged, *held[3:]])
    with pytest.raises(MalformedLineError):
        take_frame(any_hub, Caller(VILLAGE, LOG + 1), held)
    with any_hub.read() as connection:
        assert {log: head.seq for log, head in heads(connection, VILLAGE).items()} == {LOG: 5}


def test_head_is_kept_when_it_is_the_chain_that_is_held(any_hub: Hub) -> None:
    """What a terminal signed it cannot deny; a head of other lines, another log or another key is none."""
    let_in(any_hub)
    take_frame(any_hub, CALLER, lines(4))
    with any_hub.read() as connection:
        reached = heads(connection, VILLAGE, LOG)[LOG].hash.hex()
    head = SignedHead(village=VILLAGE, log=LOG, seq=4, hash=reached)
    said = [(KEY.say("head", head), None), (Key(b"\x08" * 32).say("head", head), "head")]
    wrong = ({"seq": 3}, {"seq": 9}, {"log": 5}, {"hash": "0" * 64})
    said += [(KEY.say("head", head.model_copy(update=each)), "head") for each in wrong]
    for word, trouble in said:
        assert end_delivery(Delivery(any_hub, CALLER, VILLAGE, LOG, word), [], None)[1] == trouble


def test_frames_before_it_stay_when_one_of_those_that_came_together_is_not_taken(any_hub: Hub) -> None:
    """Stored together they are one transaction; a bad one among them takes none before it along."""
    let_in(any_hub)
    held, delivery = lines(10), Delivery(any_hub, CALLER, VILLAGE, LOG)
    with pytest.raises(GapError):
        take_frames(delivery, [held[:2], held[2:4], held[5:]])
    answer, trouble = end_delivery(delivery, [held[4:6], held[6:8], held[9:]], None)
    assert (heard(answer, "stored", Stored, any_hub.key.public).seq, trouble) == (8, "gap")


def test_log_is_read_back_when_it_is_of_the_village_or_for_all(any_hub: Hub) -> None:
    """A sibling's lines come with the county's word; another village's never do."""
    let_in(any_hub)
    sibling = Caller(VILLAGE, 78)
    store = new_store(78, VILLAGE)
    write(store, award(9, 5), award(9, 6))
    with store.read() as connection:
        theirs = lines_of(connection, VILLAGE, 78)
    take_frame(any_hub, sibling, theirs)
    found = read_back(any_hub, CALLER, Stretch(VILLAGE, 78, 0), 8_192)
    assert FrameReader().feed(found.frame) == [theirs]
    assert heard(found.head, "head", SignedHead, any_hub.key.public).seq == 2
    assert read_back(any_hub, CALLER, Stretch(VILLAGE, 78, 2), 8_192).frame == b""
    assert read_back(any_hub, CALLER, Stretch(0, 0, 0), 8_192).frame == b""
    for place in (Stretch(VILLAGE, LOG, 0), Stretch(VILLAGE + 1, 78, 0), Stretch(0, 78, 0)):
        with pytest.raises(NotHeardError, match="unknown"):
            read_back(any_hub, CALLER, place, 8_192)


def test_hub_opens_as_it_was_when_it_starts_again(any_hub: Hub) -> None:
    """Key and epoch are kept; a second one is not laid out over it."""
    again = open_hub(any_hub.engine)
    assert (again.key.public, again.epoch) == (any_hub.key.public, any_hub.epoch)
    with pytest.raises(HubError, match="present"):
        create_hub(any_hub.engine)
