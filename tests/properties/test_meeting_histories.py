"""Anything happens to meetings at three desks in any order: everybody ends with what the separate program says."""

from pathlib import Path
from random import Random
from typing import Final

import pytest
from sqlalchemy import select

from db.export import export_journal
from db.invariants import find_faults
from db.projections import digest
from db.store import Store, rebuild
from db.tables.points import Balance
from db.tables.statement import table_of
from kiosk.domain.waiting import list_requests
from tests.kiosk.domain.hall import Hall
from tests.kiosk.domain.office import kept_in_memory
from tests.oracle.verdict import recompute
from tests.properties.halls import Halls
from tests.village import VILLAGE

HISTORIES: Final = 12
STEPS: Final = 120
OVERDRAWN: Final = "balance_below_zero"
"""Two desks that both hold the seat, as a copied one and its original do, may take back more than there is."""


def check(seed: int, folder: Path) -> Halls:
    """Let one history happen and hold every desk against the verdict on its export; a failure names the seed."""
    halls = Halls(kept_in_memory(Hall), Random(seed))
    halls.run(STEPS)
    halls.hear_everything()
    with halls.hall.store.read() as connection:
        export_journal(connection, folder / f"history-{seed}")
    texts = (folder / f"history-{seed}.private").read_bytes()
    verdict = recompute((folder / f"history-{seed}.lines").read_bytes(), texts)
    assert [fault for fault in verdict["faults"] if fault["code"] != OVERDRAWN] == [], f"seed {seed}"
    [village] = [each for each in verdict["villages"] if each["village"] == VILLAGE]
    expected = [(row["id"], row["state"], row["heads"], came_by(row["attendance"])) for row in village["meetings"]]
    waiting = {row["id"] for row in village["requests"] if row["state"] == "waiting"}
    for desk in halls.desks:
        assert {each.request_id for each in list_requests(desk.store)} == waiting, f"seed {seed}"
        assert told_by(halls, desk.store) == expected, f"seed {seed}"
        assert balances(desk.store) == {row["household"]: row["points"] for row in village["balances"]}, f"seed {seed}"
        with desk.store.read() as connection:
            assert [fault for fault in find_faults(connection, VILLAGE) if not fault.is_exception] == [], f"seed {seed}"
    digests = {digest_of(desk.store) for desk in halls.desks}
    rebuild(halls.hall.store)
    assert digests == {digest_of(halls.hall.store)}, f"seed {seed}"
    return halls


def told_by(halls: Halls, store: Store) -> list[tuple[object, ...]]:
    """State, heads and how each subject came, of every meeting a store knows."""
    told: list[tuple[object, ...]] = []
    for meeting, sheet in sorted(halls.sheets(store).items()):
        came = {line.subject_id: (line.came, line.sign_in_id) for line in sheet.lines}
        told.append((meeting, sheet.meeting.state, sheet.meeting.heads, came))
    return told


def came_by(attendance: list[dict[str, object]]) -> dict[object, tuple[object, object]]:
    """How each subject came, by the verdict."""
    return {row["subject"]: (row["came"], row["sign_in"]) for row in attendance}


def balances(store: Store) -> dict[int, int]:
    """Hundredths by household, as a store has them."""
    balance = table_of(Balance).c
    with store.read() as connection:
        rows = connection.execute(select(balance.household_id, balance.redeemable_points))
        return {household: points for household, points in rows}  # noqa: C416  because a row is no pair for the type checker


def digest_of(store: Store) -> str:
    """The digest of a store's tables."""
    with store.read() as connection:
        return digest(connection, VILLAGE)


def test_desks_agree_with_the_separate_program_when_anything_happened(tmp_path: Path) -> None:
    """Evenings with a restored desk, broken clocks and lines that come late; each act happened at least once."""
    done: dict[str, int] = {}
    for seed in range(HISTORIES):
        for act, count in check(seed, tmp_path).done.items():
            done[act] = done.get(act, 0) + count
    assert {act for act, count in done.items() if not count} == set()


@pytest.mark.torture
@pytest.mark.parametrize("first", range(1_000, 3_000, 100))
def test_desks_agree_with_the_separate_program_when_very_much_happened(tmp_path: Path, first: int) -> None:
    """Two thousand evenings more."""
    for seed in range(first, first + 100):
        check(seed, tmp_path)
