"""A village without a line whose terminal is replaced, or that gets a second one: nothing but a stick travels."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from county.provision import provision
from county.registry import decide, make_code
from county.stick import exchange_by_stick as answer_stick
from county.villages import Named
from db.store import store_file
from kiosk.errors import TryAgain
from kiosk.succession import come_in_by_stick
from kiosk.sync.read_back import Invitation
from kiosk.sync.stick import FOLDER, exchange_by_stick
from tests.kiosk.sync.test_session import publish
from tests.ready import later
from tests.succession import Story, log_at, opened, story_in
from tests.village import VILLAGE


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A terminal that has redeemed twice, and reported."""
    with story_in(tmp_path) as made:
        yield made


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
    story.report(first)
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
