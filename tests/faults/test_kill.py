"""The process is killed between any two statements of an action: the action is there whole, or not at all."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from db.engine import open_sqlite
from db.invariants import find_faults
from db.journal import heads, verify
from db.projections import digest
from db.store import Store, open_store, rebuild, store_file
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.card import issue_person_card
from kiosk.domain.people import HouseholdPlace, merge_household, register_household
from kiosk.domain.period import open_day
from kiosk.domain.points import Earning, Recipient, award_points
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.shop import redeem_basket
from kiosk.domain.terminal import continue_terminal
from tests.village import VILLAGE, Village, seeded

KILLED = 9
CONFIRMED = 0


def kill_before_statement(store: Store, number: int) -> None:
    """Let the process die at once before its statement `number`; BEGIN and COMMIT count as statements."""
    left = number

    def count(*_arguments: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(KILLED)

    event.listen(store.engine, "before_cursor_execute", count)
    event.listen(store.engine, "commit", count)


def run_killed(home: Path, act: Callable[[Store], object], number: int) -> int:
    """Run an action in a process of its own that dies before statement `number`; return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            store = open_store(open_sqlite(store_file(home)), seeded(f"killed {number}"))
            kill_before_statement(store, number)
            act(store)
            os._exit(CONFIRMED)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def state_of(home: Path) -> tuple[int, str]:
    """Return lines held and the digest of the tables, after checking chain, invariants and a rebuild."""
    store = open_store(open_sqlite(store_file(home)))
    with store.read() as connection:
        logs = heads(connection, VILLAGE)
        assert [fault for log in logs for fault in verify(connection, VILLAGE, log)] == []
        assert find_faults(connection, VILLAGE) == []
        lines, live = sum(head.seq for head in logs.values()), digest(connection, VILLAGE)
    rebuild(store)
    with store.read() as connection:
        assert digest(connection, VILLAGE) == live
    store.close()
    return lines, live


ACTIONS = ("redeem", "award", "reverse", "register", "issue", "merge", "open_day", "continue")


def prepare(village: Village) -> dict[str, Callable[[Store], object]]:
    """Lay out a village and return its actions by name."""
    wang, li = village.household(3, 12, "王明"), village.household(3, 13, "李秀")
    person = village.person(wang, "王明")
    salt = village.goods("食盐", "06990103300302", 300)
    award = village.award(wang, 4_200)
    village.award(li, 300)
    now, by = village.now, village.operator
    village.close()
    return {
        "redeem": lambda store: redeem_basket(store, Holder(wang, "card"), (BasketLine(salt, 2),), now=now, by=by),
        "award": lambda store: award_points(store, (Recipient(wang),), Earning("suggestion_adopted"), now=now, by=by),
        "reverse": lambda store: reverse_entry(store, award, now=now, by=by),
        "register": lambda store: register_household(store, HouseholdPlace(4, 1), "赵新", now=now, by=by),
        "issue": lambda store: issue_person_card(store, person, now=now, by=by),
        "merge": lambda store: merge_household(store, li, wang, now=now, by=by),
        "open_day": lambda store: open_day(store, "2026-11-23", now=now, by=by),
        "continue": lambda store: continue_terminal(store, now=now),
    }


@pytest.mark.parametrize("action", ACTIONS)
def test_action_is_whole_or_absent_when_killed_between_any_two_statements(tmp_path: Path, action: str) -> None:
    """Every statement of every action: what was confirmed is there, what was not is there whole or not at all."""
    home = tmp_path / "desk"
    act = prepare(Village(home))[action]
    before, whole = state_of(home), None
    outcomes = []
    for number in range(1, 200):
        copy = tmp_path / f"cut-{number}"
        shutil.copytree(home, copy)
        ended = run_killed(copy, act, number)
        after = state_of(copy)
        shutil.rmtree(copy)
        outcomes.append(ended)
        if ended == CONFIRMED:
            whole = after
            break
        assert ended == KILLED
        assert after == before
    assert whole is not None
    assert whole != before
    assert len(outcomes) > 5
