"""One terminal in the place of another: with and without what the dead one held, found again, and a second one beside.

Two live programs each time: a hub behind a port, and terminals with stores of their own. After each story every
confirmed redemption counts once on all sides, and the oracle finds nothing.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from county.cli import app as county
from county.hub import create_hub, open_engine
from county.registry import decide, make_code, revoke
from county.succession import give_seat, replace_terminal
from db.store import begin_own_log, store_file
from db.wire.v1.signed import fingerprint
from kiosk.cli import app as kiosk
from kiosk.domain.points import Award, Earning, post_award
from kiosk.domain.slip_recovery import SlipOnPaper, enter_slip
from kiosk.errors import ExitCode, NotAllowed, Refused, TryAgain
from kiosk.succession import PART, come_in
from kiosk.sync.client import Client
from kiosk.sync.enrolment import enrol_terminal
from kiosk.sync.memory import county_of
from kiosk.sync.read_back import Invitation
from tests.hub import let_in, served
from tests.line import Line, cut_at
from tests.ready import later, ready_desk
from tests.succession import OFFICERS, Story, log_at, opened, quiet, story_in
from tests.village import VILLAGE, Village, seeded


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A terminal that has redeemed twice, and reported."""
    with story_in(tmp_path) as made:
        yield made


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


def test_new_machine_sells_when_the_commands_are_typed(story: Story, tmp_path: Path) -> None:
    """What two officers and a village type: order, code, join, report."""
    words = ["terminal", "replace", "123", str(log_at(story.desk.home)), "--by", "孙主任", "--with", "钱科长"]
    ordered = typed(county, words, tmp_path)
    code, check = re.search(r"code ([\d ]+)  .*county ([\d ]+)  ", ordered).groups()  # type: ignore[union-attr]  # because a missing code fails the test here
    joining = ["join", "--hub", story.county.address, "--check", check, "--json", "--restore"]
    with pytest.raises(NotAllowed, match="restore_code_wrong"):
        typed(kiosk, [*joining, f"9{code[1:]}"], tmp_path)
    came = json.loads(typed(kiosk, [*joining, code], tmp_path))
    assert (came["status"], came["till"], came["last_slip"]) == ("active", 11, "0123-1-000002")
    assert json.loads(typed(kiosk, ["sync", "--json"], tmp_path))["sent"] == 1


def typed(program: typer.Typer, words: list[str], folder: Path) -> str:
    """What a command says; its refusal is raised."""
    homes = {"COUNTY_HOME": str(folder), "KIOSK_HOME": str(folder / "new")}
    done = CliRunner().invoke(program, words, env=homes)
    if done.exception is not None:
        raise done.exception
    return done.stdout
