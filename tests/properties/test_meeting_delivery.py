"""Lines of meetings come in any order, live or rebuilt, on both engines: equal tables, and what a person would say."""

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Final

import pytest

from db.engine import transaction
from db.facts import read_body
from db.facts.meeting import LeaveSet
from db.invariants import find_faults
from db.line import entity_id, parse
from db.tables.meeting import Leave, MeetingAct, SignIn, SignInUndo
from db.tables.points import Balance, Posting
from db.tables.waiting import Request
from kiosk.domain.attendance import SheetLine, lines_of
from kiosk.domain.meeting import MeetingShown, show_meeting
from tests.ledger import VILLAGE, new_store
from tests.postgres import ONE_WORKER
from tests.properties.delivery import (
    Digests,
    Target,
    deliver_at_random,
    deliver_in_order,
    sqlite_target,
    values,
)
from tests.properties.evening_scene import evening_scene
from tests.properties.scene import Lines

ORDERS: Final = 40
ORDERS_ON_POSTGRESQL: Final = 10
PREFIXES: Final = 6
FIGURES: Final = ("expected", "present", "late", "on_leave", "absent", "observers", "awards", "points")


@cache
def delivered_set(number: int) -> Lines:
    """Set 0 is everything; in the others each log ends somewhere."""
    random, lines = Random(number), evening_scene().lines
    return {place: held[: random.randint(0, len(held))] if number else held for place, held in lines.items()}


@cache
def expected(number: int) -> Digests:
    """The tables of a set when every log is delivered whole, one after the other, on SQLite."""
    target = sqlite_target()
    deliver_in_order(target, delivered_set(number))
    return target.digests()


def check(target: Target, seed: int) -> None:
    """Deliver one set in one order; a failure names the seed."""
    number = 0 if seed % 2 else seed // 2 % PREFIXES
    deliver_at_random(target, delivered_set(number), Random(seed))
    assert target.digests() == expected(number), f"seed {seed}"


@pytest.mark.parametrize("first", range(0, ORDERS, 20))
def test_tables_are_equal_when_meetings_come_in_any_order(sqlite: Target, first: int) -> None:
    """On SQLite."""
    for seed in range(first, first + 20):
        check(sqlite, seed)


@ONE_WORKER
def test_tables_are_equal_when_meetings_come_in_any_order_on_postgresql(postgresql: Target) -> None:
    """On PostgreSQL, other orders, and equal to SQLite."""
    for seed in range(ORDERS, ORDERS + ORDERS_ON_POSTGRESQL):
        check(postgresql, seed)


@pytest.mark.parametrize("seed", range(3))
def test_tables_of_a_terminal_are_equal_when_it_receives_meetings_in_any_order(seed: int) -> None:
    """A till takes foreign lines with guards and all."""
    store, random = new_store(77), Random(seed)
    queues = {place: list(lines) for place, lines in evening_scene().lines.items()}
    while open_logs := sorted(place for place, left in queues.items() if left):
        place = random.choice(open_logs)
        piece = random.randint(1, 9)
        store.receive(*place, queues[place][:piece])
        del queues[place][:piece]
    assert Target(store.engine).digests() == expected(0)


def test_sets_differ_when_lines_of_a_meeting_are_missing() -> None:
    """The comparison compares something, and each of the three logs matters."""
    assert len({expected(number) for number in range(PREFIXES)}) == PREFIXES
    target = sqlite_target()
    for place in evening_scene().lines:
        deliver_in_order(target, evening_scene().lines | {place: []})
        assert target.digests() != expected(0)


@pytest.fixture
def whole(target: Target) -> Target:
    """The whole evening, delivered in some order, on each of the two engines."""
    if target.digests() != expected(0):
        deliver_at_random(target, evening_scene().lines, Random(2_026))
    return target


def id_of(name: str) -> int:
    """The id of something the scene names."""
    return evening_scene().ids[name]


def sheet(target: Target, meeting: str) -> tuple[MeetingShown, Mapping[int, SheetLine]]:
    """A meeting and its lines by subject, as the domain reads them, on either engine."""
    with transaction(target.engine, is_write=False) as connection:
        shown = show_meeting(connection, VILLAGE, id_of(meeting))
        return shown, {line.subject_id: line for line in lines_of(connection, VILLAGE, shown)}


def test_a_sign_in_undone_at_two_desks_is_one_absence(whole: Target) -> None:
    """Both say so, and the subject is absent once."""
    undos = values(whole, SignInUndo, "log", sign_in_id=id_of("undone"))
    assert len(undos) == len(set(undos)) == 2
    assert sheet(whole, "meeting")[1][id_of("wang_ming")].came == "absent"


def test_a_sign_in_at_two_desks_is_one_presence(whole: Target) -> None:
    """The end had seen one of them; the other waits for somebody to look at it."""
    line = sheet(whole, "meeting")[1][id_of("li_xiuying")]
    assert (line.came, line.sign_in_id) == ("present", id_of("here"))
    assert len(values(whole, SignIn, "seq", subject_id=id_of("li_xiuying"))) == 2


def test_sign_ins_wait_when_the_end_had_not_seen_them(whole: Target) -> None:
    """The dead desk's last one, and two of the second desk; who is in none of the figures is not present."""
    waiting = values(whole, Request, "log", "seq", kind="sign_in_after_end")
    assert {entity_id(int(str(log)), int(str(seq))) for log, seq in waiting} == {
        id_of("tail"), id_of("there"), id_of("late"),
    }  # fmt: skip
    assert id_of("zhao_guo") not in sheet(whole, "meeting")[1]


def test_the_end_is_that_of_the_log_that_continued_the_opening_one(whole: Target) -> None:
    """Opened by the desk that died, ended by its copy, with the figures that it saw."""
    acts = sheet(whole, "meeting")[0].acts
    logs = evening_scene().logs
    assert (acts["opened"].log, acts["ended"].log) == (logs["A"], logs["C"])
    rows = values(whole, MeetingAct, *FIGURES, meeting_id=id_of("meeting"), act="ended")
    assert rows == [(3, 1, 0, 1, 1, 0, 1, 200)]


def test_leave_is_what_ranks_highest_when_two_desks_set_it(whole: Target) -> None:
    """Worked out from the lines alone; whoever was entered later is there all the same."""
    said = []
    for sealed in (line for lines in evening_scene().lines.values() for line in lines):
        fact = parse(sealed.line)
        body = read_body(fact)
        if isinstance(body, LeaveSet):
            said.append((fact.turn, fact.log, body.reason))
    assert len(said) == 2
    held = values(whole, Leave, "reason_code", subject_id=id_of("wang_fang"))
    assert held == [(max(said)[2],)]


def test_a_correction_signed_at_two_desks_brings_points_once(whole: Target) -> None:
    """One point, because she was late; both awards stand, one counts."""
    line = sheet(whole, "meeting")[1][id_of("wang_fang")]
    assert (line.came, line.is_corrected) == ("late", True)
    rows = values(whole, Posting, "points", "is_counted", kind="attendance_awarded", household_id=id_of("wang"))
    assert sorted(rows) == [(100, 0), (100, 1)]


def test_a_meeting_was_held_when_it_was_cancelled_elsewhere(whole: Target) -> None:
    """An end outweighs a cancelling, whichever ranks lower."""
    shown, lines = sheet(whole, "held")
    assert (shown.state, set(shown.acts)) == ("ended", {"opened", "begun", "ended", "cancelled"})
    assert lines[id_of("zhao")].came == "present"


def test_balances_are_what_a_person_works_out(whole: Target) -> None:
    """Two points on time, one for the correction, two for the villagers' meeting."""
    rows = values(whole, Balance, "household_id", "redeemable_points")
    assert sorted(rows) == sorted([(id_of("li"), 200), (id_of("wang"), 100), (id_of("zhao"), 200)])


def test_invariants_name_exactly_what_went_wrong_when_all_is_received() -> None:
    """One award was written twice, and nothing is damaged."""
    store = new_store(77)
    for place, lines in evening_scene().lines.items():
        store.receive(*place, lines)
    with store.read() as connection:
        assert [fault.code for fault in find_faults(connection, VILLAGE)] == ["written_twice"]
