"""One terminal in the place of another: with and without what the dead one held, found again, and a second one beside.

Two live programs each time: a hub behind a port, and terminals with stores of their own. After each story every
confirmed redemption counts once on all sides, and the oracle finds nothing.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from county.hub import Hub, create_hub, open_engine
from county.provision import provision
from county.registry import decide, make_code, revoke
from county.stick import exchange_by_stick as answer_stick
from county.succession import Officers, Replacement, give_seat, replace_terminal
from county.villages import Named
from db import journal, projections
from db.engine import open_sqlite
from db.store import Store, begin_own_log, own_log, store_file
from db.wire.v1.signed import fingerprint
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.people import balance_of
from kiosk.domain.period import open_day
from kiosk.domain.points import Award, Earning, post_award
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.slip_recovery import SlipOnPaper, enter_slip, missing_slips
from kiosk.errors import ExitCode, NotAllowed, Refused, TryAgain
from kiosk.succession import PART, Came, come_in, come_in_by_stick
from kiosk.sync.client import Client
from kiosk.sync.enrolment import enrol_terminal
from kiosk.sync.memory import county_of
from kiosk.sync.read_back import Invitation
from kiosk.sync.session import Session, report_to_county
from kiosk.sync.stick import FOLDER, exchange_by_stick
from tests.hub import ROOT, HubProcess, Served, let_in, served
from tests.kiosk.sync.test_session import publish
from tests.line import Line, cut_at
from tests.ready import Ready, later, ready_desk
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, Village, seeded

OFFICERS = Officers("孙主任", "钱科长")


@dataclass
class Story:
    """A village with one ready terminal that reports to a hub, and what was redeemed so far."""

    folder: Path
    county: Served
    desk: Ready
    redeemed: list[Redeemed] = field(default_factory=list)

    @property
    def hub(self) -> Hub:
        """The county's hub."""
        return self.county.hub

    @property
    def check(self) -> str:
        """The county's check digits."""
        return fingerprint(self.hub.key.public)

    def redeem(self, home: Path, pieces: int = 1) -> Redeemed:
        """王明 redeems salt at a terminal."""
        with opened(home) as store:
            basket = (BasketLine(self.desk.known.salt, pieces),)
            holder = Holder(self.desk.known.wang, "card")
            made = redeem_basket(store, holder, basket, now=later(), by=self.desk.known.operator)
        self.redeemed.append(made)
        return made

    def refused(self, home: Path) -> str:
        """The code with which a terminal refuses to redeem."""
        with pytest.raises(Refused) as caught:
            self.redeem(home)
        return caught.value.code

    def report(self, home: Path) -> Session:
        """A terminal reports."""
        with opened(home) as store:
            return report_to_county(store, now=later(), advance=quiet)

    def replace(self, home: Path) -> Replacement:
        """Two officers order that a new terminal comes in the place of one."""
        return replace_terminal(self.hub, VILLAGE, log_at(home), OFFICERS)

    def come(self, home: Path, order: Replacement, old: Path | None = None, address: str | None = None) -> Came:
        """A new machine comes with the code of an order."""
        invitation = Invitation(VILLAGE, address or self.county.address, self.check, order.code, replaces_dead=True)
        return come_in(home, invitation, old, now=later(), advance=quiet)

    def join(self, home: Path, code: str) -> Came:
        """A second machine comes beside the first."""
        invitation = Invitation(VILLAGE, self.county.address, self.check, code, replaces_dead=False)
        return come_in(home, invitation, now=later(), advance=quiet)

    def open_day(self, home: Path) -> None:
        """A day begins at a terminal."""
        with opened(home) as store:
            open_day(store, DAY, now=later(), by=self.desk.known.operator)

    def assert_right(self, *homes: Path) -> None:
        """Everywhere the same lines and tables, each slip's number once, its points taken once, no fault."""
        assert self.county.projector.settle(30)
        assert len({(each.till, each.number) for each in self.redeemed}) == len(self.redeemed)
        left = 420_000 - sum(each.points for each in self.redeemed)
        for home in homes:
            with opened(home) as store, store.read() as here, self.hub.read() as there:
                assert journal.heads(here, VILLAGE) == journal.heads(there, VILLAGE)
                assert projections.digest(here, VILLAGE) == projections.digest(there, VILLAGE)
                assert balance_of(here, VILLAGE, self.desk.known.wang) == left
            with opened(home) as store:
                assert recompute(store, self.folder).faults == []


class opened:  # noqa: N801  because it reads as a word of a sentence
    """A terminal's store for as long as a block lasts."""

    def __init__(self, home: Path) -> None:
        """Remember which."""
        self._home = home

    def __enter__(self) -> Store:
        """Open it."""
        from db.store import open_store

        self._store = open_store(open_sqlite(store_file(self._home)))
        return self._store

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        self._store.close()


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A terminal that has redeemed twice, and reported."""
    hub = create_hub(open_engine(tmp_path), seeded("hub"))
    desk = ready_desk(tmp_path / "first")
    with served(hub) as county:
        made = Story(tmp_path, county, desk)
        with opened(desk.home) as store:
            let_in(store, hub, county.address)
        made.redeem(desk.home)
        made.redeem(desk.home, 2)
        made.report(desk.home)
        yield made
    hub.close()


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def log_at(home: Path) -> int:
    """The log a terminal writes."""
    with opened(home) as store, store.read() as connection:
        return own_log(connection, VILLAGE)


def test_nothing_is_lost_when_the_dead_terminals_store_can_be_read(story: Story, tmp_path: Path) -> None:
    """Its end is saved first and reaches the county by the new terminal, which goes on with its own slip numbers."""
    first, new = story.desk.home, tmp_path / "new"
    story.redeem(first, 3)
    came = story.come(new, story.replace(first), old=first)
    assert (came.saved, came.is_complete, came.till, came.last_slip) == (1, True, 11, (1, 3))
    story.open_day(new)
    assert story.redeem(new).shown_number == "0123-11-000001"
    assert story.report(new).sent == 4
    story.assert_right(new)
    with opened(new) as store, store.read() as connection:
        names = connection.exec_driver_sql("SELECT count(*) FROM private_text WHERE text LIKE '%王明%'").scalar_one()
        county = county_of(connection, VILLAGE)
    with opened(first) as store, store.read() as connection:
        before = county_of(connection, VILLAGE)
    assert county is not None
    assert before is not None
    assert (names > 0, county.key.public != before.key.public) == (True, True)


def test_replaced_terminal_refuses_when_it_is_found_again(story: Story, tmp_path: Path) -> None:
    """What it had sold unheard arrives by itself and counts once; it reports, awards, and redeems no more."""
    first, new = story.desk.home, tmp_path / "new"
    came = story.come(new, story.replace(first))
    assert (came.saved, came.is_complete, came.last_slip) == (0, False, (1, 2))
    story.open_day(new)
    story.redeem(new)
    story.redeem(first, 3)
    story.report(new)
    assert story.report(first).sent == 1
    assert story.refused(first) == "terminal_replaced"
    with opened(first) as store, store.write(now=later(), by=story.desk.known.operator) as act:
        post_award(act, story.desk.known.li, Award("zhijin_household", Earning("suggestion_adopted"), 100))
    story.report(first)
    story.report(new)
    story.report(first)
    story.assert_right(first, new)


def test_lost_slips_count_once_when_they_are_entered_and_the_dead_terminal_is_found(
    story: Story, tmp_path: Path
) -> None:
    """The last known slip is named, what is on paper beyond it entered; the old lines change nothing about that."""
    first, new = story.desk.home, tmp_path / "new"
    lost = [story.redeem(first, pieces) for pieces in (3, 4)]
    came = story.come(new, story.replace(first))
    assert came.last_slip == (1, 2)
    story.open_day(new)
    with opened(new) as store:
        assert missing_slips(store, 1, 4) == (3, 4)
        for slip in lost:
            on_paper = SlipOnPaper(slip.till, slip.number, slip.holder.household_id, slip.points, slip.slip_code)
            enter_slip(store, on_paper, now=later(), by=story.desk.known.operator)
    story.redeem(new)
    story.report(new)
    story.assert_right(new)
    story.report(first)
    story.report(new)
    story.report(first)
    story.assert_right(first, new)


def test_second_terminal_signs_in_and_awards_when_it_joined(story: Story, tmp_path: Path) -> None:
    """It waits for the officer, brings no ledger of its own, and redeems only when the county says so."""
    second = tmp_path / "second"
    with story.hub.write() as connection:
        code = make_code(connection, VILLAGE, story.hub.now(), os.urandom)
    waiting = story.join(second, code)
    assert (waiting.log, store_file(second).exists()) == (None, False)
    with story.hub.write() as connection:
        log = connection.exec_driver_sql("SELECT log FROM terminal WHERE state = 'pending'").scalar_one()
        decide(connection, VILLAGE, log, "active", story.hub.now())
    came = story.join(second, code)
    assert (came.log, came.till) == (log, 11)
    with pytest.raises(Refused, match="store_exists"):
        story.join(second, code)
    story.open_day(second)
    assert story.refused(second) == "seat_elsewhere"
    with opened(second) as store, store.write(now=later(), by=story.desk.known.operator) as act:
        post_award(act, story.desk.known.li, Award("zhijin_household", Earning("suggestion_adopted"), 100))
    story.report(second)
    story.redeem(story.desk.home)
    story.report(story.desk.home)
    give_seat(story.hub, VILLAGE, log, OFFICERS)
    story.report(story.desk.home)
    story.report(second)
    assert story.refused(story.desk.home) == "seat_elsewhere"
    assert story.redeem(second).shown_number == "0123-11-000001"
    story.report(second)
    story.report(story.desk.home)
    story.assert_right(story.desk.home, second)


def test_same_code_goes_on_when_the_line_was_cut_anywhere(story: Story, tmp_path: Path) -> None:
    """No store stands under the store's name before it is whole; nobody else comes with the code meanwhile."""
    new, port = tmp_path / "new", int(story.county.address.rpartition(":")[2])
    order = story.replace(story.desk.home)
    for reach in range(1, 1_300, 200):
        with Line(port, cut_at("down", reach)) as line, pytest.raises(TryAgain):
            story.come(new, order, address=line.address)
        assert not store_file(new).exists()
    came = story.come(new, order)
    assert (came.log, (new / PART).exists()) == (order.log, False)
    with pytest.raises(NotAllowed, match="restore_code_used"):
        story.come(tmp_path / "stranger", order)
    story.open_day(new)
    story.redeem(new)
    story.report(new)
    story.assert_right(new)


def test_machine_is_its_own_successor_when_its_store_was_damaged(story: Story) -> None:
    """The same folder: what can be read of the old store is saved, the old file is kept under another name."""
    home = story.desk.home
    story.redeem(home)
    came = story.come(home, story.replace(home))
    assert (came.saved, came.is_complete, came.kept is not None) == (1, True, True)
    story.open_day(home)
    story.redeem(home)
    story.report(home)
    story.assert_right(home)


def test_nothing_is_laid_out_when_the_county_cannot_help(story: Story, tmp_path: Path) -> None:
    """A village nothing was heard of, another county, an old store that is not there: refused, and no store."""
    new = tmp_path / "new"
    silent = ready_desk(tmp_path / "silent")
    other = create_hub(open_engine(silent.home), seeded("other"))
    with served(other) as county:
        with opened(silent.home) as store:
            let_in(store, other, county.address)
        order = replace_terminal(other, VILLAGE, log_at(silent.home), OFFICERS)
        with pytest.raises(TryAgain, match="county_not_itself"):
            story.come(new, order, address=county.address)
        invitation = Invitation(
            VILLAGE, county.address, fingerprint(other.key.public), order.code, replaces_dead=True
        )  # fmt: skip
        with pytest.raises(Refused, match="village_not_at_county"):
            come_in(new, invitation, now=later(), advance=quiet)
    other.close()
    with pytest.raises(Refused, match="store_absent") as caught:
        story.come(new, story.replace(story.desk.home), old=tmp_path / "nowhere")
    assert caught.value.exit_code is not ExitCode.FAULT
    assert not store_file(new).exists()


def test_code_of_the_dead_is_refused_when_somebody_enrols_with_it(story: Story, tmp_path: Path) -> None:
    """A code for the place of a terminal opens nothing else."""
    order = story.replace(story.desk.home)
    stranger = ready_desk(tmp_path / "stranger")
    with opened(stranger.home) as store, store.write(now=later(), by=None) as act:
        begin_own_log(act.connection, VILLAGE, order.log)
    address, refused = story.county.address, pytest.raises(NotAllowed, match="enrolment_log_taken")
    with opened(stranger.home) as store, Client(address) as client, refused:
        enrol_terminal(store, client, address, order.code, story.check, os.urandom)
    with pytest.raises(NotAllowed, match="enrolment_code_wrong"):
        story.join(tmp_path / "other", order.code)


def test_village_is_not_begun_twice_when_a_second_machine_was_set_up_as_its_first(story: Story, tmp_path: Path) -> None:
    """Two books of one village would never be one again; shut out the first, and the second is the only one."""
    other = Village(tmp_path / "other", "other")
    with pytest.raises(NotAllowed, match="village_has_terminal"):
        let_in(other.store, story.hub, story.county.address)
    with story.hub.write() as connection:
        revoke(connection, VILLAGE, log_at(story.desk.home), story.hub.now())
    let_in(other.store, story.hub, story.county.address)
    other.close()


def test_village_without_a_line_goes_on_when_a_stick_brings_its_books_back(story: Story, tmp_path: Path) -> None:
    """Out with the question, home with everything; the seat goes to the log the new machine has chosen itself."""
    new, first = tmp_path / "new", story.desk.home
    provision(story.hub, tmp_path / "out", (Named(VILLAGE, "云岭村"),))
    stick, order = tmp_path / "out" / "0123", story.replace(first)
    wrong = Invitation(VILLAGE, "", "0" * 12, order.code, replaces_dead=True)
    with pytest.raises(TryAgain, match="county_not_itself"):
        come_in_by_stick(tmp_path / "doubting", wrong, stick, now=later())
    invitation = Invitation(VILLAGE, "", story.check, order.code, replaces_dead=True)
    assert come_in_by_stick(new, invitation, stick, now=later()).log is None
    assert not store_file(new).exists()
    done = answer_stick(story.hub, stick)
    assert (done.waiting, done.aside) == ([], [])
    story.redeem(first, 3)
    came = come_in_by_stick(new, invitation, stick, first, now=later())
    assert (came.till, came.saved, came.last_slip, came.log != order.log) == (11, 1, (1, 3), True)
    story.open_day(new)
    assert story.redeem(new).shown_number == "0123-11-000001"
    with opened(new) as store:
        exchange_by_stick(store, stick, os.urandom, now=later())
    answer_stick(story.hub, stick)
    with opened(first) as store:
        report_to_county(store, now=later(), advance=quiet)
    story.county.projector.notice(VILLAGE)
    assert story.refused(first) == "terminal_replaced"
    story.assert_right(new)


def test_second_terminal_comes_by_stick_when_there_is_no_line(story: Story, tmp_path: Path) -> None:
    """It is let in by its check digits between two journeys; what is missing on the stick is asked for again."""
    second = tmp_path / "second"
    provision(story.hub, tmp_path / "out", (Named(VILLAGE, "云岭村"),))
    stick = tmp_path / "out" / "0123"
    with story.hub.write() as connection:
        code = make_code(connection, VILLAGE, story.hub.now(), os.urandom)
    invitation = Invitation(VILLAGE, "", story.check, code, replaces_dead=False)
    waiting = come_in_by_stick(second, invitation, stick, now=later())
    [asked] = answer_stick(story.hub, stick).waiting
    assert asked.check == waiting.fingerprint
    with story.hub.write() as connection:
        decide(connection, VILLAGE, asked.log, "active", story.hub.now())
    publish(story.hub, VILLAGE)
    answer_stick(story.hub, stick)
    [own] = [file for file in (stick / FOLDER).iterdir() if file.name.startswith(f"to-0123-{log_at(story.desk.home)}-")]
    content = own.read_bytes()
    own.unlink()
    with pytest.raises(TryAgain, match="stick_incomplete"):
        come_in_by_stick(second, invitation, stick, now=later())
    own.write_bytes(content)
    came = come_in_by_stick(second, invitation, stick, now=later())
    assert (came.log, came.till) == (asked.log, 11)
    story.open_day(second)
    assert story.refused(second) == "seat_elsewhere"


def test_new_machine_sells_when_the_commands_are_typed(tmp_path: Path) -> None:
    """What two officers and a village type, between live programs: order, code, join, report."""
    desk, hub = ready_desk(tmp_path / "first"), HubProcess(tmp_path / "county")
    hub.run("init")
    hub.start()
    try:
        with closing(hub.open()) as opened_hub, opened(desk.home) as store:
            let_in(store, opened_hub, hub.address)
            report_to_county(store, now=later(), advance=quiet)
        order = ("terminal", "replace", "123", str(log_at(desk.home)), "--by", "孙主任", "--with", "钱科长")
        code, check = re.search(r"code ([\d ]+)  .*county ([\d ]+)  ", hub.run(*order)).groups()  # type: ignore[union-attr]  # because a missing code fails the test here
        asked = ("--hub", hub.address, "--check", check, "--restore")
        wrong = kiosk(tmp_path / "new", "join", *asked, f"9{code[1:]}", ends=ExitCode.NOT_ALLOWED)
        assert "restore_code_wrong" in wrong
        came = json.loads(kiosk(tmp_path / "new", "join", *asked, code, "--json"))
        assert (came["status"], came["till"], came["lines"] >= desk.known.lines) == ("active", 11, True)
        assert json.loads(kiosk(tmp_path / "new", "sync", "--json"))["sent"] == 1
    finally:
        hub.stop()


def kiosk(home: Path, *arguments: str, ends: int = 0) -> str:
    """Run a command of the terminal and return what it says."""
    environment = os.environ | {"KIOSK_HOME": str(home), "KIOSK_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == ends, done.stderr
    return done.stdout or done.stderr
