"""The process is killed between any two statements of whatever is done with a meeting: it is whole or absent."""

from pathlib import Path

import pytest

from kiosk.domain.attendance import Tally, show_attendance
from kiosk.domain.people import balance_of
from tests.faults.evening import ACTIONS, evening_desk, meeting_in
from tests.faults.recording import in_memory, recovered
from tests.faults.test_kill import check, files_between_statements
from tests.village import VILLAGE


@pytest.mark.parametrize("action", ACTIONS)
def test_action_is_whole_or_absent_when_killed_between_any_two_statements(tmp_path: Path, action: str) -> None:
    """Every statement of every action; after a kill it can be done again, and ends as if nothing had happened."""
    desk = evening_desk(tmp_path / "desk", action)
    before = desk.file.read_bytes()
    left = files_between_statements(desk, desk.actions()[action])
    assert [recovered(tmp_path, files) == before for files in left] == [True] * len(left)
    assert len(left) > 5
    assert check(before) < check(desk.file.read_bytes())


def test_evening_ends_the_same_when_it_was_killed_in_every_action(tmp_path: Path) -> None:
    """Each action is begun, lost before its commit and done again: nothing is lost, nothing counts twice."""
    desk = evening_desk(tmp_path / "desk")
    for act in desk.actions().values():
        killed = recovered(tmp_path, files_between_statements(desk, act)[-1])
        assert killed is not None
        desk.file.write_bytes(killed)
        again = desk.open()
        act(again)
        again.close()
    store = in_memory(desk.file.read_bytes())
    assert show_attendance(store, meeting_in(store)).tally == Tally(expected=3, present=3, late=2, leave=0, observers=0)
    with store.read() as connection:
        balances = [balance_of(connection, VILLAGE, each) for each in (desk.hall.wang, desk.hall.li)]
    assert balances == [200, 100]
