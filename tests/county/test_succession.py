"""Replacing a terminal and giving the seat, on both engines: two officers, one code, one new terminal, one seat."""

import pytest

from county.delivery import Delivery, end_delivery
from county.hub import Hub
from county.intake import Caller, NotHeardError, take_enrolment, take_hello, take_restore
from county.recovery import RecoveringError, begin_recovery
from county.registry import RegistryError, decide, find_terminal, make_code, revoke, said_of
from county.succession import (
    CODE_LIVES_MILLISECONDS,
    SEATS_APART,
    Officers,
    OrderError,
    Replacement,
    certify,
    give_seat,
    replace_terminal,
    seat_holder,
    take_question,
)
from db import projections
from db.facts.terminal import LogBegun, SeatTaken
from db.journal import heads
from db.line import COUNTY_LOG
from db.tables.statement import table_of
from db.tables.terminal import Seat
from db.wire.v1.message import Answer, Certificate, Enrolled, Enrolment, Hello, Restoring
from db.wire.v1.restore_code import in_groups, make_restore_code, read_restore_code
from db.wire.v1.signed import Key, heard
from tests.bodies import award
from tests.hub import take_frame
from tests.ledger import lines_of, new_store, write
from tests.village import VILLAGE, seeded

OLD, SECOND = 77, 78
KEY, NEW, OTHER = (Key(bytes([number]) * 32) for number in (7, 8, 9))
OFFICERS = Officers("孙主任", "钱科长")


def let_in(hub: Hub, log: int = OLD, key: Key = KEY, seat: int | None = 1) -> None:
    """A terminal that enrolled, was let in, and reported its beginning."""
    with hub.write() as connection:
        code = make_code(connection, VILLAGE, hub.now(), seeded(f"code {log}"))
    said = Enrolment(village=VILLAGE, log=log, code=code, key=key.public, sealing=key.sealing, program="kiosk 1")
    take_enrolment(hub, key.say("enrol", said))
    with hub.write() as connection:
        decide(connection, VILLAGE, log, "active", hub.now())
    store = new_store(log, VILLAGE)
    write(store, LogBegun(till=1, program="kiosk 1"), *([] if seat is None else [SeatTaken(seat=seat)]))
    with store.read() as connection:
        take_frame(hub, Caller(VILLAGE, log), lines_of(connection, VILLAGE, log))


def come(hub: Hub, code: str, key: Key = NEW, village: int = VILLAGE) -> Enrolled:
    """A new terminal comes with a code."""
    said = Restoring(village=village, code=code, key=key.public, sealing=key.sealing, program="kiosk 1")
    return heard(take_restore(hub, key.say("restore", said)), "enrolled", Enrolled, hub.key.public)


def refused(hub: Hub, code: str, key: Key = NEW, village: int = VILLAGE) -> str:
    """The word with which a code is refused."""
    with pytest.raises(NotHeardError) as caught:
        come(hub, code, key, village)
    return caught.value.code


def status(hub: Hub, key: Key, log: int) -> str:
    """What a terminal is told when it reports."""
    said = Hello(village=VILLAGE, log=log, nonce="0123456789abcdef", program="kiosk 1")
    return heard(take_hello(hub, key.say("hello", said)), "answer", Answer, hub.key.public).status


def holder(hub: Hub) -> int | None:
    """Who holds the seat by the county's lines, and the same by its tables."""
    with hub.write() as connection:
        projections.project(connection, VILLAGE)
        seat = table_of(Seat).c
        by_tables = connection.execute(
            table_of(Seat).select().with_only_columns(seat.holder).order_by(seat.seat.desc()).limit(1)
        ).scalar_one_or_none()
        assert by_tables == seat_holder(connection, VILLAGE)
    return by_tables


def replace(hub: Hub, log: int = OLD) -> Replacement:
    """Two officers order it."""
    return replace_terminal(hub, VILLAGE, log, OFFICERS, seeded(f"replace {log} {hub.now()}"))


def test_new_terminal_takes_the_seat_when_two_officers_replace_the_old_one(any_hub: Hub) -> None:
    """Its log and till are the county's, the old one may report what it wrote, and asking again changes nothing."""
    let_in(any_hub)
    order = replace(any_hub)
    assert (order.seat, holder(any_hub), order.code[:4]) == (1 + SEATS_APART, order.log, "0123")
    first = come(any_hub, order.code)
    assert (first.log, first.replaces, first.till, first.status) == (order.log, OLD, 11, "active")
    assert come(any_hub, order.code) == first
    assert (status(any_hub, NEW, order.log), status(any_hub, KEY, OLD)) == ("active", "active")
    with any_hub.read() as connection:
        old = find_terminal(connection, VILLAGE, OLD)
    assert old is not None
    assert old.state == "replaced"


def test_nobody_comes_in_when_the_code_is_not_theirs(any_hub: Hub) -> None:
    """Rubbish, another village's, used by another, too old, void by a later order, its terminal shut out since."""
    let_in(any_hub)
    first = replace(any_hub)
    assert refused(any_hub, "0" * 16) == "restore_wrong"
    assert refused(any_hub, first.code, village=VILLAGE + 1) == "restore_wrong"
    moment = any_hub.now()
    any_hub.now = lambda: moment + 5
    second = replace(any_hub)
    assert refused(any_hub, first.code) == "restore_old"
    any_hub.now = lambda: moment + 6 + CODE_LIVES_MILLISECONDS
    assert refused(any_hub, second.code) == "restore_old"
    any_hub.now = lambda: moment + 4 + CODE_LIVES_MILLISECONDS
    come(any_hub, second.code)
    assert refused(any_hub, second.code, OTHER) == "restore_used"
    with any_hub.write() as connection:
        revoke(connection, VILLAGE, second.log, any_hub.now())
    assert refused(any_hub, second.code) == "revoked"
    for rubbish in (b"", b"<html>", NEW.sign("restore", b"{}"), NEW.sign("enrol", b"{}")):
        with pytest.raises(NotHeardError, match="signature"):
            take_restore(any_hub, rubbish)


def test_order_is_refused_when_it_cannot_be_given(any_hub: Hub) -> None:
    """One officer alone, a terminal nobody knows, one shut out, one that holds the seat already, one replaced."""
    let_in(any_hub)
    for names in (Officers("孙主任", "孙主任 "), Officers("", "钱科长")):
        with pytest.raises(OrderError, match="officers"):
            replace_terminal(any_hub, VILLAGE, OLD, names)
        with pytest.raises(OrderError, match="officers"):
            give_seat(any_hub, VILLAGE, OLD, names)
    for code, log in (("unknown", 5), ("has_seat", OLD)):
        with pytest.raises(OrderError, match=code):
            give_seat(any_hub, VILLAGE, log, OFFICERS)
    replace(any_hub)
    with pytest.raises(OrderError, match="replaced"):
        give_seat(any_hub, VILLAGE, OLD, OFFICERS)
    with any_hub.write() as connection:
        revoke(connection, VILLAGE, OLD, any_hub.now())
    with pytest.raises(OrderError, match="shut_out"):
        replace(any_hub)


def test_seat_goes_to_the_second_terminal_when_it_is_given(any_hub: Hub) -> None:
    """And stays there when the first one is replaced later, which had lost it by then."""
    let_in(any_hub)
    let_in(any_hub, SECOND, OTHER, seat=None)
    assert give_seat(any_hub, VILLAGE, SECOND, OFFICERS, seeded("seat")) == 1 + SEATS_APART
    order = replace(any_hub)
    assert (order.seat, holder(any_hub), come(any_hub, order.code).till) == (None, SECOND, 21)


def test_first_successor_is_replaced_too_when_the_old_one_is_replaced_again(any_hub: Hub) -> None:
    """The first new machine died at once: whatever log is named, the newest one holds the seat alone."""
    let_in(any_hub)
    first = replace(any_hub)
    come(any_hub, first.code)
    moment = any_hub.now()
    any_hub.now = lambda: moment + 1
    second = replace(any_hub)
    assert (holder(any_hub), second.seat) == (second.log, 1 + 2 * SEATS_APART)
    with any_hub.read() as connection:
        known = find_terminal(connection, VILLAGE, first.log)
    assert known is not None
    assert known.state == "replaced"


def test_lines_are_brought_by_another_when_it_goes_on_for_their_writer(any_hub: Hub) -> None:
    """The successor, a log of the same key, one never heard of; never a sibling's, never the county's own."""
    let_in(any_hub)
    let_in(any_hub, SECOND, OTHER, seat=None)
    order = replace(any_hub)
    come(any_hub, order.code)
    caller = Caller(VILLAGE, order.log)
    assert bring(any_hub, caller, VILLAGE, OLD) is None
    assert bring(any_hub, caller, VILLAGE, 500) is None
    for village, log in ((VILLAGE, SECOND), (VILLAGE, COUNTY_LOG), (VILLAGE + 1, OLD), (VILLAGE + 1, 600)):
        with pytest.raises(NotHeardError, match="unknown"):
            bring(any_hub, caller, village, log)
    with pytest.raises(NotHeardError, match="unknown"):
        bring(any_hub, Caller(VILLAGE, OLD), VILLAGE, order.log)


def bring(hub: Hub, caller: Caller, village: int, log: int) -> str | None:
    """A request without a frame; why nothing was taken."""
    return end_delivery(Delivery(hub, caller, village, log), [], None)[1]


def test_log_is_nobodys_when_no_line_of_it_was_stored(any_hub: Hub) -> None:
    """Of an unknown log nothing came, or nothing that can be stored: it is adopted with the first line, not before."""
    let_in(any_hub)
    before = Caller(VILLAGE, OLD)
    store = new_store(500, VILLAGE)
    write(store, award(9, 5), award(9, 6))
    with store.read() as connection:
        lines = lines_of(connection, VILLAGE, 500)
    for frames, trouble in (([lines[:0]], None), ([lines[1:]], "gap"), ([lines[:1], lines], None)):
        with any_hub.read() as connection:
            assert find_terminal(connection, VILLAGE, 500) is None
        assert end_delivery(Delivery(any_hub, before, VILLAGE, 500), frames, None)[1] == trouble
    with any_hub.read() as connection:
        assert find_terminal(connection, VILLAGE, 500) is not None
        assert heads(connection, VILLAGE)[500].seq == 2


def test_nobody_writes_a_log_when_it_is_the_countys_or_kept_for_another(any_hub: Hub) -> None:
    """A known key that says hello for it, or asks for it with a code."""
    let_in(any_hub)
    order = replace(any_hub)
    for log in (COUNTY_LOG, order.log):
        with pytest.raises(NotHeardError, match="log_taken"):
            status(any_hub, KEY, log)
        with any_hub.write() as connection:
            code = make_code(connection, VILLAGE, any_hub.now(), seeded(f"late {log}"))
        said = Enrolment(village=VILLAGE, log=log, code=code, key=NEW.public, sealing=NEW.sealing, program="kiosk 1")
        with pytest.raises(NotHeardError, match="log_taken"):
            take_enrolment(any_hub, NEW.say("enrol", said))


def test_code_is_read_when_it_was_said_in_groups() -> None:
    """A digit that was misheard is noticed before anybody is asked."""
    code = make_restore_code(VILLAGE, seeded("code"))
    assert read_restore_code(in_groups(code)) == (VILLAGE, code)
    for wrong in ("", code[:-1], code + "0", f"{(int(code[0]) + 1) % 10}{code[1:]}", "０" * 16):
        assert read_restore_code(wrong) is None


def test_nothing_is_ordered_when_the_hub_waits_for_what_it_said(any_hub: Hub) -> None:
    """A restored hub would write another line where the villages hold one already."""
    let_in(any_hub)
    with any_hub.write() as connection:
        begin_recovery(connection, any_hub.now())
    with pytest.raises(RecoveringError):
        replace(any_hub)
    with any_hub.read() as connection:
        assert seat_holder(connection, VILLAGE) == OLD


def test_seat_follows_the_log_a_terminal_has_chosen_when_it_asks_by_stick(any_hub: Hub) -> None:
    """Once, however often the stick comes; no log of another, no code that is over."""
    let_in(any_hub)
    let_in(any_hub, SECOND, OTHER, seat=None)
    order = replace(any_hub)
    said = Enrolment(
        village=VILLAGE, log=500, code=order.code, key=NEW.public, sealing=NEW.sealing, program="kiosk 1"
    )  # fmt: skip
    for log in (SECOND, COUNTY_LOG):
        with pytest.raises(RegistryError, match="log_taken"):
            take_question(any_hub, said.model_copy(update={"log": log}))
    assert holder(any_hub) == order.log
    known = take_question(any_hub, said)
    assert (known.log, known.state, known.till, holder(any_hub)) == (500, "active", 21, 500)
    assert (take_question(any_hub, said).log, holder(any_hub)) == (500, 500)
    with any_hub.read() as connection:
        word = heard(certify(connection, any_hub, known).encode(), "certificate", Certificate, any_hub.key.public)
        seats = len(said_of(connection, VILLAGE, "seat_granted"))
    assert (word.log, word.till, word.replaces, seats) == (500, 21, OLD, 2)
    with pytest.raises(RegistryError, match="restore_used"):
        take_question(any_hub, said.model_copy(update={"key": OTHER.public}))
    with pytest.raises(RegistryError, match="restore_wrong"):
        take_question(any_hub, said.model_copy(update={"code": "0" * 16}))
