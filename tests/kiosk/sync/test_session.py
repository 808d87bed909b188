"""A session with a real hub over a real socket: everything arrives once, whatever happens to the line."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from county.hub import Hub, create_hub, open_engine
from county.registry import decide
from db import journal, projections
from db.engine import open_sqlite
from db.facts.points import Rule, SchemeLoaded
from db.journal import Writer
from db.line import Fact
from db.store import LogEndedError, create_store, own_log
from kiosk import demo
from kiosk.domain.terminal import continue_terminal
from kiosk.errors import ExitCode, NotAllowed, TryAgain
from kiosk.health import count_unsent
from kiosk.sync.client import Client
from kiosk.sync.enrolment import enrol_terminal
from kiosk.sync.session import ForkedError, Session, report_to_county, run_session
from tests.hub import Served, let_in, served
from tests.ledger import NOW
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


def test_terminal_is_told_why_when_the_county_does_not_listen(county: Served, village: Village, tmp_path: Path) -> None:
    """Never enrolled, not let in yet, shut out: each has its code; the till goes on."""
    stranger = Village(tmp_path / "stranger", "stranger")
    with pytest.raises(NotAllowed, match="not_enrolled"):
        report(stranger)
    for state, code in (("pending", "enrolment_pending"), ("revoked", "county_revoked")):
        with county.hub.write() as connection:
            decide(connection, VILLAGE, log_of(village), state, 1)  # type: ignore[arg-type]  # because mypy sees a plain word
        with pytest.raises(NotAllowed, match=code):
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


def test_new_log_is_begun_when_the_county_knows_more_than_a_restored_store(county: Served, village: Village) -> None:
    """A store from last week: the lost lines come back, the key is still known, nothing is written twice."""
    report(village)
    old = village.file.read_bytes()
    household = village.household(5, 1, "赵国")
    village.award(household, 700)
    report(village)
    village.close()
    village.file.write_bytes(old)
    restored = reopened(village)
    done = report(restored)
    assert done.is_ended
    with pytest.raises(LogEndedError), restored.store.write(now=restored.now, by=restored.operator):
        pass
    continue_terminal(restored.store, now=restored.now, by=restored.operator)
    report(restored)
    assert_same(county, restored)
    restored.close()


def test_fork_is_told_when_a_copy_wrote_the_same_log(county: Served, village: Village) -> None:
    """Both lines are kept where they are, and the desk hears that it was copied."""
    report(village)
    copy = village.file.read_bytes()
    village.household(5, 1, "赵国")
    report(village)
    village.close()
    village.file.write_bytes(copy)
    cloned = reopened(village)
    cloned.household(5, 1, "钱多")
    with pytest.raises(ForkedError, match="log_forked") as caught:
        report(cloned)
    assert caught.value.exit_code is ExitCode.PROTOCOL
    cloned.close()


def reopened(village: Village) -> Village:
    """The village on whatever its file holds now."""
    from db.store import open_store

    village.store = open_store(open_sqlite(village.file), seeded("reopened"))
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
