"""A session with a real hub over a real socket: everything arrives once, whatever happens to the line."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest

from county.health import list_machines
from county.hub import Hub, create_hub, open_engine
from county.registry import decide
from db import journal, projections
from db.engine import open_sqlite, transaction
from db.facts.people import CardBarred
from db.facts.points import Rule, SchemeLoaded
from db.journal import Writer
from db.line import Fact
from db.store import LogEndedError, create_store, own_log, store_file
from kiosk import demo
from kiosk.continuation import go_on_in_next_log
from kiosk.domain.terminal import continue_terminal, seat_log
from kiosk.errors import ExitCode, NotAllowed, Refused, TryAgain
from kiosk.health import count_unsent, figures_of
from kiosk.sync.client import Client
from kiosk.sync.enrolment import enrol_terminal
from kiosk.sync.memory import county_of, keep_county
from kiosk.sync.retry import Patience
from kiosk.sync.session import Session, report_to_county, run_session
from kiosk.sync.talk import ForkedError
from tests.hub import Served, let_in, served
from tests.ledger import NOW, new_store
from tests.line import Line, Way, cut_at
from tests.village import VILLAGE, Village, seeded


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty hub on SQLite."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    yield made
    made.close()


@pytest.fixture
def county(hub: Hub) -> Iterator[Served]:
    """The hub behind a port."""
    with served(hub) as running:
        yield running


@pytest.fixture
def village(tmp_path: Path, county: Served) -> Iterator[Village]:
    """A village of twenty households, let in and never heard of."""
    made = Village(tmp_path / "village")
    for house in range(1, 21):
        made.award(made.household(1, house, "王明"), 500)
    let_in(made.store, county.hub, county.address)
    yield made
    made.close()


def test_facts_stand_at_the_county_when_a_village_has_reported(county: Served, village: Village) -> None:
    """The same tables come out of the same lines on both sides, private names included."""
    assert report(village).sent == lines_here(village)
    assert_same(county, village)
    log = log_of(village)
    with county.hub.read() as connection:
        assert len(journal.private_texts(connection, VILLAGE, log, 0, 1_000)) == 21


def test_nothing_is_sent_when_nothing_is_new(county: Served, village: Village) -> None:
    """The hello alone; and afterwards just what is new."""
    report(village)
    again = report(village)
    assert (again.sent, again.received) == (0, 0)
    village.household(2, 1, "李秀")
    assert report(village).sent == 1


def test_unsent_is_counted_when_the_county_acknowledged_some(county: Served, village: Village) -> None:
    """What home shows as 待上报."""
    assert count_unsent(village.store).lines == lines_here(village)
    report(village)
    village.household(2, 1, "李秀")
    assert count_unsent(village.store).lines == 1


def test_hub_from_an_older_copy_gets_what_it_lacks_when_the_village_reports(county: Served, village: Village) -> None:
    """The terminal keeps everything, and goes by what the hub says it has."""
    report(village)
    with county.hub.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER line_delete_refused")
        connection.exec_driver_sql("DELETE FROM line WHERE seq > 10")
    assert report(village).sent == lines_here(village) - 10
    assert report(village).sent == 0


def test_county_lines_come_back_when_it_has_published(county: Served, village: Village) -> None:
    """A scheme for all and a row for this village."""
    publish(county.hub, 0)
    publish(county.hub, VILLAGE)
    assert report(village).received == 2
    with village.store.read() as connection:
        assert (journal.last_seq(connection, 0, 0), journal.last_seq(connection, VILLAGE, 0)) == (1, 1)
    assert report(village).received == 0


def test_lost_card_comes_with_the_first_answer_when_everything_else_is_cut(county: Served, village: Village) -> None:
    """A village with a long backlog on a bad line refuses a lost card all the same; its lines are as those pulled."""
    with county.hub.write() as connection:
        journal.append(connection, Writer(0, 0, NOW, None, None, seeded("county")), CardBarred(number="27" * 8))
    port = int(county.address.rpartition(":")[2])
    line = Line(port, cut_at("up", 3_000))
    with Client(line.address) as client, pytest.raises(TryAgain):
        run_session(village.store, client, village.now, ignore)
    line.close()
    with village.store.read() as connection:
        assert journal.last_seq(connection, 0, 0) == 1
        assert journal.last_seq(connection, VILLAGE, 0) == 0
    assert report(village).received == 0
    assert_same(county, village)


def test_county_hears_how_the_desk_is_when_a_village_reports(county: Served, village: Village) -> None:
    """Whole numbers, no names; and nothing of it is asked of a store that lies in no file."""
    with village.store.read() as connection:
        figures = figures_of(connection, village.store)
    assert figures["lines"] == figures["unsaved"] == figures["unsaved_outside"] == lines_here(village)
    assert (figures["faults"], figures["free_kib"] > 0) == (0, True)
    memory = new_store(5)
    with memory.read() as connection:
        assert figures_of(connection, memory) == {"lines": 0, "unsent": 0, "faults": 0, "slips_owed": 0}
    report_to_county(village.store, now=village.now, advance=ignore, figures=figures_of)
    with county.hub.read() as connection:
        [machine] = list_machines(connection)
    assert machine.health is not None
    assert (machine.health.unsent, machine.health.printer, machine.health.faults) == (0, "unset", 0)
    assert machine.known.program == f"kiosk {version('kiosk')}"


@pytest.mark.parametrize("direction", ["up", "down"])
def test_everything_arrives_once_when_the_line_is_cut_anywhere(
    county: Served, village: Village, direction: Way
) -> None:
    """A cut after every so many bytes, again and again, and one whole session at the end."""
    port = int(county.address.rpartition(":")[2])
    publish(county.hub, 0)
    for reach in range(0, 4_000, 320):
        line = Line(port, cut_at(direction, reach + 1))
        with Client(line.address) as client, suppress(TryAgain):
            run_session(village.store, client, village.now, ignore)
        line.close()
        village.award(village.household(3, reach + 1, "李秀"), 100)
    report(village)
    assert_same(county, village)


def test_run_goes_on_after_cuts_as_long_as_it_has_patience(county: Served, village: Village) -> None:
    """Every connection is cut after so many bytes; with each one more arrives, until all of it has."""
    for house in range(1, 100):
        village.household(7, house, "李秀")
    waits: list[float] = []
    with Line(int(county.address.rpartition(":")[2]), cut_at("up", 5_000)) as line:
        send_to(village, line.address)
        with pytest.raises(TryAgain, match="county_not_reached"):
            report(village)
        before = count_unsent(village.store).lines
        done = report_to_county(
            village.store, now=village.now, advance=ignore, patience=Patience(3_600, waits.append, lambda: sum(waits))
        )
    assert before > 0 < len(waits)
    assert count_unsent(village.store).lines == 0
    assert done.sent <= lines_here(village)
    assert_same(county, village)


def send_to(village: Village, address: str) -> None:
    """From now on the county is reached at another address."""
    with transaction(village.store.engine, is_write=True) as connection:
        known = county_of(connection, VILLAGE)
        assert known is not None
        keep_county(connection, VILLAGE, replace(known, address=address))


def test_terminal_is_told_why_when_the_county_does_not_listen(county: Served, village: Village, tmp_path: Path) -> None:
    """Never enrolled, not let in yet, shut out, reached by stick alone: each has its code; the till goes on."""
    stranger = Village(tmp_path / "stranger", "stranger")
    with pytest.raises(NotAllowed, match="not_enrolled"):
        report(stranger)
    for state, code in (("pending", "enrolment_pending"), ("revoked", "county_revoked")):
        with county.hub.write() as connection:
            decide(connection, VILLAGE, log_of(village), state, 1)  # type: ignore[arg-type]  # because mypy sees a plain word
        with pytest.raises(NotAllowed, match=code):
            report(village)
    send_to(village, "")
    with pytest.raises(NotAllowed, match="county_without_line"):
        report(village)
    stranger.close()


def test_demo_village_is_refused_when_somebody_enrols_it(county: Served, tmp_path: Path) -> None:
    """Its points are nobody's; nothing is asked of the county."""
    store = create_store(open_sqlite(tmp_path / "demo.db"), demo.VILLAGE, seeded("demo"))
    with Client(county.address) as client, pytest.raises(NotAllowed, match="demo_stays_here"):
        enrol_terminal(store, client, county.address, "0" * 10, "0" * 12, os.urandom)
    store.close()


def test_answer_is_not_believed_when_another_hub_gives_it(village: Village, tmp_path: Path) -> None:
    """A hub with another key, or a portal, changes nothing here."""
    (tmp_path / "other").mkdir()
    other = create_hub(open_engine(tmp_path / "other"), seeded("other"))
    with served(other) as impostor, Client(impostor.address) as client, pytest.raises(NotAllowed, match="not_enrolled"):
        run_session(village.store, client, village.now, ignore)
    other.close()


@pytest.mark.parametrize("word", [b"revoked", b"founded", b"restore_used"])
def test_shut_out_is_not_believed_when_nobody_signed_it(village: Village, word: bytes) -> None:
    """A page with the exact word is no word of the county: the report is tried again later, nobody is sent for."""
    page = httpx.MockTransport(lambda _request: httpx.Response(401, stream=httpx.ByteStream(word)))
    with Client("http://county", page) as client, pytest.raises(TryAgain, match="county_not_itself"):
        run_session(village.store, client, village.now, ignore)


def test_desk_goes_on_in_a_new_log_when_the_county_knows_more_than_an_older_copy(
    county: Served, village: Village
) -> None:
    """A store from last week: the next award begins a log by itself, the lost lines come back, nothing is doubled."""
    report(village)
    old = village.file.read_bytes()
    household = village.household(5, 1, "赵国")
    village.award(household, 700)
    report(village)
    older = put_back(village, old)
    assert report(older).is_ended
    without = replace(older.store, continuation=None)
    with pytest.raises(LogEndedError), without.write(now=older.now, by=older.operator):
        pytest.fail("the action began")
    older.award(household_of(older, 1), 300)
    assert not report(older).is_ended
    assert_same(county, older)
    assert balance_of(older, household) == 700


@pytest.mark.parametrize(("first", "second"), [(1, 1), (1, 3), (70, 5)])
def test_both_branches_count_when_a_copy_wrote_the_same_log(
    county: Served, village: Village, first: int, second: int
) -> None:
    """Whichever wrote more: what the second reported stands in its new log, and both sides hold the same tables."""
    report(village)
    copy, household = village.file.read_bytes(), household_of(village, 1)
    award_often(village, household, first, 100)
    report(village)
    cloned = put_back(village, copy)
    award_often(cloned, household, second, 7)
    with pytest.raises(ForkedError, match="log_forked") as caught:
        report(cloned)
    assert caught.value.exit_code is ExitCode.PROTOCOL
    with pytest.raises(Refused, match="log_recovered"):
        cloned.award(household, 100_000)
    report(cloned)
    assert_same(county, cloned)
    assert balance_of(cloned, household) == 500 + first * 100 + second * 7


def test_first_branch_hears_of_the_other_when_both_go_on(county: Served, village: Village, tmp_path: Path) -> None:
    """Two machines of one store, by turns at the county: the same tables on all three, and one of them has the seat."""
    report(village)
    other = Village.__new__(Village)
    other.folder, other.clock, other.operator = tmp_path / "other", village.clock, village.operator
    other.folder.mkdir()
    other.file = store_file(other.folder)
    other.file.write_bytes(village.file.read_bytes())
    reopened(other)
    village.award(household_of(village, 1), 100)
    other.award(household_of(other, 2), 200)
    report(village)
    with pytest.raises(ForkedError):
        report(other)
    with pytest.raises(Refused, match="log_recovered"):
        other.award(household_of(other, 2), 1)
    other.award(household_of(other, 2), 1)
    village.award(household_of(village, 1), 1)
    for each in (other, village, other):
        report(each)
    assert_same(county, village)
    assert_same(county, other)
    holders = set()
    for each in (village, other):
        with each.store.read() as connection:
            holders.add(seat_log(connection, VILLAGE))
    assert holders == {log_of(other)}
    other.close()


def test_restored_backup_of_before_is_no_second_branch_when_the_branch_was_written_again(
    county: Served, village: Village
) -> None:
    """A backup holds the branch that stands in the new log by now: it is taken out, and counts once all the same."""
    report(village)
    copy, household = village.file.read_bytes(), household_of(village, 1)
    village.award(household, 100)
    report(village)
    cloned = put_back(village, copy)
    cloned.award(household, 7)
    backup = village.file.read_bytes()
    with pytest.raises(ForkedError):
        report(cloned)
    with pytest.raises(Refused, match="log_recovered"):
        cloned.award(household, 1)
    report(cloned)
    again = put_back(cloned, backup)
    continue_terminal(again.store, now=again.now, by=again.operator)
    with pytest.raises(ForkedError):
        report(again)
    with pytest.raises(Refused, match="log_recovered"):
        again.award(household, 1)
    report(again)
    assert_same(county, again)
    assert balance_of(again, household) == 500 + 100 + 7


def put_back(village: Village, content: bytes) -> Village:
    """The village on what its file held once."""
    village.close()
    village.file.write_bytes(content)
    return reopened(village)


def award_often(village: Village, household: int, times: int, points: int) -> None:
    """Award the same points several times."""
    for _ in range(times):
        village.award(household, points)


def household_of(village: Village, house: int) -> int:
    """A household of group 1 by its house number."""
    with village.store.read() as connection:
        statement = "SELECT household_id FROM household WHERE group_number = 1 AND house_number = ?"
        return int(connection.exec_driver_sql(statement, (house,)).scalar_one())


def balance_of(village: Village, household: int) -> int:
    """Redeemable points of a household, hundredths."""
    with village.store.read() as connection:
        statement = "SELECT redeemable_points FROM balance WHERE household_id = ?"
        return int(connection.exec_driver_sql(statement, (household,)).scalar_one())


def reopened(village: Village) -> Village:
    """The village on whatever its file holds now."""
    from db.store import open_store

    village.store = open_store(open_sqlite(village.file), os.urandom, go_on_in_next_log)
    return village


def report(village: Village) -> Session:
    """One session at the county this village is enrolled at."""
    return report_to_county(village.store, now=village.now, advance=ignore)


def ignore(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def log_of(village: Village) -> int:
    """The log this village writes."""
    with village.store.read() as connection:
        return own_log(connection, VILLAGE)


def lines_here(village: Village) -> int:
    """How many lines the own log has."""
    log = log_of(village)
    with village.store.read() as connection:
        return journal.last_seq(connection, VILLAGE, log)


def publish(hub: Hub, village: int) -> Fact:
    """The county says something to a village, or to all."""
    body = SchemeLoaded(
        scheme="county", audience="member", label_zh="县", label_en="County", digest="0" * 64, from_day="2026-01-01",
        items=0, rules=(Rule(name="base_points", value=1),),
    )  # fmt: skip
    with hub.write() as connection:
        return journal.append(connection, Writer(village, 0, NOW, None, None, seeded("county")), body)


def assert_same(county: Served, village: Village) -> None:
    """Both sides hold the same lines and the same tables."""
    assert county.projector.settle(30)
    with county.hub.read() as there, village.store.read() as here:
        assert journal.heads(there, VILLAGE) == journal.heads(here, VILLAGE)
        assert projections.digest(there, VILLAGE) == projections.digest(here, VILLAGE)
