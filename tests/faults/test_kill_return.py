"""The process is killed between any two statements of what is taken back: a return, a void, the reversal of an award.

Points come back once and goods go where they were said to go, or nothing happened; the same can be done again then.
"""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from sqlalchemy import event

from db.line import entity_id
from db.store import Store, store_file
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.explanation import Explained
from kiosk.domain.goods import count_stock, show_goods
from kiosk.domain.people import balance_of
from kiosk.domain.returning import Brought, Returned, return_goods
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.shop import redeem_basket
from kiosk.domain.slip import slips_owed
from kiosk.domain.slip_owed import OnSlip, show_owed
from kiosk.domain.void import Voided, void_redemption
from kiosk.domain.waiting import Signature, approve_request
from kiosk.errors import Refused
from tests.faults.recording import recovered
from tests.faults.test_kill import check, files_between_statements
from tests.ready import LI_POINTS, WANG_POINTS, Ready, later, ready_desk
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE

Action = Callable[[Store], object]
ON_SHELF: Final = 100
AGAIN: Final[Mapping[str, str]] = {
    "return": "returned_whole",
    "void": "redemption_void_before",
    "ask": "return_waits_before",
    "sign": "request_answered_before",
    "reverse": "entry_reversed_before",
}
"""What is done, in order, and how the same is refused once it has happened."""


@dataclass(frozen=True)
class Desk(Ready):
    """A desk that handed out three baskets: salt and soap, one bag of salt, and more salt than comes back at once."""

    mixed: int
    small: int
    large: int

    def actions(self) -> Mapping[str, Action]:
        """Return what is taken back, in order: to shelf and waste, whole, after a signature, and an award."""
        by, signer = self.known.operator, Signature(self.known.second_badge)
        brought = (Brought(0, 2), Brought(1, 1, "waste", "damaged"))
        return {
            "return": lambda store: return_goods(store, self.mixed, brought, now=later(), by=by),
            "void": lambda store: void_redemption(store, self.small, now=later(), by=by),
            "ask": lambda store: return_goods(store, self.large, (Brought(0, 35),), now=later(), by=by),
            "sign": lambda store: approve_request(store, request_in(store), signer, now=later(), by=by),
            "reverse": lambda store: reverse_entry(store, self.known.last_award, now=later(), by=by),
        }


def request_in(store: Store) -> int:
    """The only request there is, answered or not."""
    with store.read() as connection:
        return entity_id(*connection.exec_driver_sql("SELECT log, seq FROM request").one())


def desk_before(home: Path, action: str) -> Desk:
    """Put a copy of the desk into a folder as it is right before an action."""
    desk, states = _laid_out()
    home.mkdir(parents=True, exist_ok=True)
    store_file(home).write_bytes(states[action])
    return Desk(home, desk.known, desk.mixed, desk.small, desk.large)


@cache
def _laid_out() -> tuple[Desk, dict[str, bytes]]:
    """Do everything once and keep the store as it was before each action."""
    with TemporaryDirectory() as folder:
        ready, states = ready_desk(Path(folder)), {}
        store, known = ready.open(), ready.known
        for item in (known.salt, known.soap):
            count_stock(store, item, ON_SHELF, now=later(), by=known.operator)
        made = [
            redeem_basket(store, Holder(known.wang, "card"), basket, now=later(), by=known.operator).redemption_id
            for basket in (
                (BasketLine(known.salt, 2), BasketLine(known.soap, 1)),
                (BasketLine(known.salt, 1),),
                (BasketLine(known.salt, 35),),
            )
        ]
        desk = Desk(ready.home, known, *made)
        for name, act in desk.actions().items():
            states[name] = desk.file.read_bytes()
            act(store)
        store.close()
    return desk, states


@pytest.mark.parametrize("action", AGAIN)
def test_what_is_taken_back_is_whole_or_absent_when_killed_between_any_two_statements(
    tmp_path: Path, action: str
) -> None:
    """Every statement; what was done is refused by its own code when somebody does it again, and changes nothing."""
    desk = desk_before(tmp_path / "desk", action)
    before, act = desk.file.read_bytes(), desk.actions()[action]
    left = files_between_statements(desk, act)
    assert [recovered(tmp_path, files) == before for files in left] == [True] * len(left)
    assert len(left) > 5
    after = desk.file.read_bytes()
    assert check(after) > desk.known.lines
    store = desk.open("again")
    with pytest.raises(Refused) as refused:
        act(store)
    store.close()
    assert (refused.value.code, desk.file.read_bytes()) == (AGAIN[action], after)


def owed_at(desk: Desk) -> list[type[OnSlip]]:
    """What the slips are about that a desk finds owed when it starts."""
    store = desk.open("started")
    found = [type(show_owed(store, fact_id)) for fact_id in slips_owed(store)]
    store.close()
    return found


def kill_at_commit(desk: Desk, act: Action, *, is_before: bool) -> None:
    """Let a process of its own do an action and die by SIGKILL right before its commit, or right after it."""
    child = os.fork()
    if child == 0:
        try:
            store = desk.open(f"killed {is_before}")
            if is_before:
                event.listen(store.engine, "commit", lambda _connection: os.kill(os.getpid(), signal.SIGKILL))
            act(store)
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_points_and_goods_are_back_once_when_every_action_was_killed_and_done_again(tmp_path: Path) -> None:
    """Real kills right before each commit and right after it, before any paper: shelf, waste, accounts, slips owed."""
    desk = desk_before(tmp_path / "desk", "return")
    before = len(owed_at(desk))
    for act in desk.actions().values():
        kill_at_commit(desk, act, is_before=True)
        kill_at_commit(desk, act, is_before=False)
    check(desk.file.read_bytes())
    assert owed_at(desk)[before:] == [Returned, Voided, Returned, Explained]
    store, known = desk.open("looked at"), desk.known
    with store.read() as connection:
        stock = [show_goods(connection, VILLAGE, item, DAY).stock for item in (known.salt, known.soap)]
        balances = [balance_of(connection, VILLAGE, each) for each in (known.wang, known.li)]
    found = recompute(store, tmp_path)
    store.close()
    assert (stock, balances) == ([ON_SHELF, ON_SHELF - 1], [WANG_POINTS, LI_POINTS - LI_POINTS])
    assert found.faults == []
    assert [found.stock[item] for item in (known.salt, known.soap)] == stock
    assert [found.balances[each] for each in (known.wang, known.li)] == balances
