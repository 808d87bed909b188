"""A till and a second process on one file: neither loses anything, and the till waits no longer than it must."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

from db.backup import make_backup
from db.facts.terminal import LogBegun
from db.invariants import find_faults
from db.journal import Sealed, heads, private_texts, read_since
from db.line import mint_log
from db.projections import digest
from db.store import Store, begin_own_log, rebuild
from tests.faults.figures import Recorder
from tests.ready import Ready, later, ready_desk
from tests.village import VILLAGE

SALES = 30
FOREIGN = 150
AT_ONCE = 5
LONGEST_WAIT_SECONDS = 8.0


@contextmanager
def second_process(work: Callable[[], object]) -> Iterator[None]:
    """Do something in a process of its own beside the block; it must end well."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            work()
            os._exit(0)
        os._exit(1)
    try:
        yield
    finally:
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended == 0


def foreign_lines(folder: Path) -> tuple[int, list[Sealed]]:
    """The log of a second terminal of the village, busy elsewhere; it has no seat."""
    desk = ready_desk(folder)
    store = desk.open("sibling")
    with store.write(now=later(), by=None, begins_log=True) as act:
        log = mint_log(act.entropy)
        begin_own_log(act.connection, act.village, log)
        act.change_log(log)
        act.append(LogBegun(till=2, program="kiosk"))
    for _ in range(FOREIGN - 1):
        desk.award(store)
    with store.read() as connection:
        lines = read_since(connection, VILLAGE, log, 0, 1_000)
        texts = private_texts(connection, VILLAGE, log, 0, 1_000)
    store.close()
    return log, [Sealed(line, texts.get(seq)) for seq, line in enumerate(lines, start=1)]


def sell(desk: Ready, store: Store) -> list[float]:
    """Redeem thirty times and return how long each took, in seconds."""
    took = []
    for _ in range(SALES):
        began = monotonic()
        desk.redeem(store)
        took.append(monotonic() - began)
    return took


def check(store: Store) -> None:
    """Everything sold is there once, nothing is wrong, and the tables follow from the lines."""
    with store.read() as connection:
        numbers = connection.exec_driver_sql("SELECT number FROM redemption ORDER BY number").scalars().all()
        assert numbers == list(range(1, SALES + 1))
        assert find_faults(connection, VILLAGE) == []
        live = digest(connection, VILLAGE)
    rebuild(store)
    with store.read() as connection:
        assert digest(connection, VILLAGE) == live


def test_nothing_is_lost_when_foreign_lines_come_while_the_till_sells(
    tmp_path: Path, record_property: Recorder
) -> None:
    """Sync in a process of its own, in small transactions: every line and every sale is there in the end."""
    log, lines = foreign_lines(tmp_path / "elsewhere")
    desk = ready_desk(tmp_path / "desk")

    def receive() -> None:
        store = desk.open("sync")
        for start in range(0, FOREIGN, AT_ONCE):
            assert store.receive(VILLAGE, log, lines[start : start + AT_ONCE]) == AT_ONCE
        store.close()

    store = desk.open()
    with second_process(receive):
        took = sell(desk, store)
    with store.read() as connection:
        assert heads(connection, VILLAGE)[log].seq == FOREIGN
    check(store)
    store.close()
    longest = f"{max(took) * 1_000:.0f} ms"
    record_property(
        "figure", f"till beside sync: {SALES} sales, {FOREIGN} foreign lines, 0 lost, longest sale {longest}"
    )
    assert max(took) < LONGEST_WAIT_SECONDS


def test_nothing_is_lost_when_backups_are_made_while_the_till_sells(tmp_path: Path, record_property: Recorder) -> None:
    """A backup in a process of its own is whole, whatever is sold meanwhile."""
    desk = ready_desk(tmp_path / "desk")

    def back_up() -> None:
        held = [make_backup(desk.file, tmp_path / "backups", "20261122T0903").lines for _ in range(5)]
        assert held == sorted(held)

    store = desk.open()
    with second_process(back_up):
        took = sell(desk, store)
    check(store)
    store.close()
    record_property("figure", f"till beside backups: {SALES} sales, longest {max(took) * 1_000:.0f} ms")
    assert max(took) < LONGEST_WAIT_SECONDS
