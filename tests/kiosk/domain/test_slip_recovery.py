"""Slips of a terminal that is gone, entered from paper: each counts once, whatever of the old lines turns up later."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.invariants import find_faults
from db.store import own_log
from kiosk.codes import CodeType, mint
from kiosk.domain.people import balance_of
from kiosk.domain.period import open_day
from kiosk.domain.slip_recovery import SlipOnPaper, TillBefore, enter_slip, tills_before
from kiosk.errors import NotAllowed, Refused
from kiosk.restore import restore_backup
from kiosk.store_care import back_up
from tests.ledger import lines_of
from tests.ready import Ready, later, ready_desk
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, seeded

if TYPE_CHECKING:
    from kiosk.domain.shop import Redeemed


class Lost:
    """A desk restored from a backup, and what the dead one sold after that: three slips, of which one is known."""

    def __init__(self, folder: Path) -> None:
        """Sell, back up, sell twice, restore on another machine, open the day there."""
        self.dead = ready_desk(folder / "dead")
        store = self.dead.open()
        self.known = self.dead.redeem(store)
        store.close()
        backup = back_up(self.dead.home, now=later())
        store = self.dead.open("after the backup")
        self.lost: tuple[Redeemed, ...] = (self.dead.redeem(store, 2), self.dead.redeem(store, 3))
        store.close()
        restore_backup(folder / "new", backup.file, now=later(), entropy=seeded("new"))
        self.new = Ready(folder / "new", self.dead.known)
        self.store = self.new.open()
        open_day(self.store, DAY, now=later(), by=self.dead.known.operator)

    def enter(self, **changes: object) -> int:
        """Enter the second slip from paper, with changes; what the household has left."""
        lost = self.lost[0]
        says = {"till": 1, "number": lost.number, "household_id": self.dead.known.wang, "points": lost.points}
        slip = SlipOnPaper(**(says | {"code": lost.slip_code} | changes))  # type: ignore[arg-type]  # because changes are of any type
        return enter_slip(self.store, slip, now=later(), by=self.dead.known.operator).left_points

    def balance(self) -> int:
        """What the household has."""
        with self.store.read() as connection:
            return balance_of(connection, VILLAGE, self.dead.known.wang)

    def find_old_store(self) -> None:
        """The dead terminal's lines turn up."""
        log = self.known.redemption_id // 2**33
        store = self.dead.open()
        with store.read() as connection:
            lines = lines_of(connection, VILLAGE, log)
        store.close()
        self.store.receive(VILLAGE, log, lines)


@pytest.fixture
def lost(tmp_path: Path) -> Lost:
    """A restored desk that misses two slips."""
    return Lost(tmp_path)


def test_slip_counts_once_when_the_old_lines_turn_up_after_it(lost: Lost, tmp_path: Path) -> None:
    """The redemption itself counts then; the oracle agrees before and after."""
    assert lost.enter() == 420_000 - 300 - 600
    assert recompute(lost.store, tmp_path).faults == []
    lost.find_old_store()
    assert lost.balance() == 420_000 - 300 - 600 - 900
    found = recompute(lost.store, tmp_path)
    assert (found.faults, found.balances[lost.dead.known.wang]) == ([], lost.balance())
    with lost.store.read() as connection:
        assert find_faults(connection, VILLAGE) == []
    lost.store.close()


def test_the_last_slip_of_the_till_before_is_named_when_some_are_held(lost: Lost) -> None:
    """What is known here; what was sold after it is only on paper."""
    assert tills_before(lost.store) == (TillBefore(1, 1),)
    lost.store.close()


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("slip_held_before", {"number": 1}),
        ("slip_till_unknown", {"till": 0}),
        ("slip_till_unknown", {"till": 1_001}),
        ("slip_unknown", {"code": "6990103300302"}),
        ("slip_of_other_village", {"code": mint(CodeType.SLIP, VILLAGE + 1, seeded("other"))}),
        ("number_out_of_range", {"number": 0}),
        ("number_out_of_range", {"points": 0}),
        ("household_unknown", {"household_id": 5}),
        ("points_missing", {"points": 500_000}),
    ],
)
def test_slip_is_refused_when_it_cannot_be(lost: Lost, code: str, changes: dict[str, object]) -> None:
    """Known already, no such till, no slip's barcode, figures that cannot be, points that are not there."""
    with pytest.raises(Refused) as refused:
        lost.enter(**changes)
    assert refused.value.code == code
    lost.store.close()


def test_slip_counts_once_when_it_is_entered_twice(lost: Lost) -> None:
    """The second time is refused; a barcode nobody could read is no hindrance."""
    lost.enter(code=None)
    with pytest.raises(Refused, match="slip_held_before"):
        lost.enter()
    assert lost.balance() == 420_000 - 300 - 600
    lost.store.close()


def test_slip_is_entered_at_the_seat_alone_when_there_are_two_terminals(lost: Lost) -> None:
    """The old terminal, found again, has nobody before it and no seat either."""
    store = lost.dead.open()
    with lost.store.read() as connection:
        log = own_log(connection, VILLAGE)
        lines = lines_of(connection, VILLAGE, log)
    store.receive(VILLAGE, log, lines)
    slip = SlipOnPaper(1, 9, lost.dead.known.wang, 100)
    with pytest.raises(NotAllowed, match="terminal_replaced"):
        enter_slip(store, slip, now=later(), by=lost.dead.known.operator)
    store.close()
    lost.store.close()
