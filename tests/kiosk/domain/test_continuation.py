"""Going on by itself in a new log: after an older copy, and after both copies of a machine were used."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from db.engine import transaction
from db.facts.terminal import LogBegun
from db.fork import end_own_log, forks_of, note_fork
from db.invariants import find_faults
from db.journal import heads, read_since, verify
from db.line import entity_id, read
from db.names import name_of
from db.projections import digest
from db.store import Store, is_log_ended, own_log, rebuild
from db.tables.points import Balance
from db.tables.shop import Redemption, Stock
from db.tables.statement import table_of
from db.tables.terminal import LogBegun as BegunLog
from db.tables.workspace import SlipOwed
from kiosk.continuation import go_on_in_next_log
from kiosk.domain.continuation import WentOn, went_on
from kiosk.domain.meeting import meeting_here
from kiosk.domain.people import HouseholdPlace, register_household
from kiosk.domain.period import close_day, day_state, open_day
from kiosk.domain.points import Award, Earning, post_award
from kiosk.domain.terminal import add_operator, continue_terminal, seat_log
from kiosk.errors import Refused
from tests.faults.recording import in_memory, recovered
from tests.faults.test_kill import check, files_between_statements
from tests.kiosk.domain.hall import Hall
from tests.ready import Ready, later, ready_desk
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that sells."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def store(desk: Ready) -> Iterator[Store]:
    """Its store, which goes on by itself."""
    opened = going_on(desk)
    yield opened
    opened.close()


def going_on(desk: Ready) -> Store:
    """Open the store of a desk as the program does."""
    return replace(desk.open(), continuation=go_on_in_next_log)


def log_of(store: Store) -> int:
    """The log this store writes."""
    with store.read() as connection:
        return own_log(connection, VILLAGE)


def end(store: Store) -> int:
    """A report found that the county holds more of the own log; return its number."""
    log = log_of(store)
    with transaction(store.engine, is_write=True) as connection:
        end_own_log(connection, VILLAGE)
    return log


def fork(store: Store, common: int) -> int:
    """A report found another line at the county behind the seq `common`; return the own log."""
    log = log_of(store)
    with transaction(store.engine, is_write=True) as connection:
        note_fork(connection, VILLAGE, log, common)
    return log


def last(store: Store, log: int) -> int:
    """How far a log is held."""
    with store.read() as connection:
        head = heads(connection, VILLAGE).get(log)
    return 0 if head is None else head.seq


def kinds(store: Store, log: int, after: int = 0) -> list[str]:
    """What stands in a log."""
    with store.read() as connection:
        return [read(line).kind for line in read_since(connection, VILLAGE, log, after, 1_000)]


def balance(store: Store, household: int) -> int:
    """Redeemable points of a household, hundredths."""
    column = table_of(Balance).c
    with store.read() as connection:
        statement = select(column.redeemable_points).where(column.household_id == household)
        return int(connection.execute(statement).scalar_one())


def new_till(connection: Connection) -> int:
    """The till number of the log that was begun last: one of its own."""
    begun = table_of(BegunLog).c
    till: int = connection.execute(select(func.max(begun.till)).where(begun.village == VILLAGE)).scalar_one()
    assert till > 1
    return till


def assert_sound(store: Store) -> None:
    """Chains, invariants, and tables that follow from the lines."""
    with store.read() as connection:
        assert [fault for log in heads(connection, VILLAGE) for fault in verify(connection, VILLAGE, log)] == []
        assert find_faults(connection, VILLAGE) == []
        live = digest(connection, VILLAGE)
    rebuild(store)
    with store.read() as connection:
        assert digest(connection, VILLAGE) == live


def test_redemption_is_done_once_in_a_new_log_when_the_own_one_was_ended(desk: Ready, store: Store) -> None:
    """The one who stands there sees an ordinary sale: seat, day and slip go on, the old log is as it was."""
    old, lines = end(store), desk.known.lines
    assert desk.redeem(store).number == 1
    new = log_of(store)
    assert (new != old, last(store, old)) == (True, lines)
    assert kinds(store, new) == ["log_begun", "seat_taken", "day_opened", "redemption_made"]
    assert desk.redeem(store).number == 2
    assert log_of(store) == new
    assert balance(store, desk.known.wang) == 420_000 - 2 * 300
    with store.read() as connection:
        assert (day_state(connection, VILLAGE).open_day, seat_log(connection, VILLAGE)) == (DAY, new)
    assert_sound(store)


def test_desk_says_that_it_went_on_until_the_day_is_closed(desk: Ready, store: Store) -> None:
    """One sentence on home, with the new till number."""
    end(store)
    desk.redeem(store)
    with store.read() as connection:
        assert went_on(connection, VILLAGE) == WentOn("older", new_till(connection))
    close_day(store, now=later(), by=desk.known.operator)
    with store.read() as connection:
        assert went_on(connection, VILLAGE) is None


def test_nothing_is_said_when_a_person_restored(desk: Ready, store: Store) -> None:
    """Who restores knows it."""
    continue_terminal(store, now=later(), by=desk.known.operator)
    with store.read() as connection:
        assert went_on(connection, VILLAGE) is None


def test_seat_stays_where_it_is_when_another_terminal_of_the_village_went_on(desk: Ready, store: Store) -> None:
    """A second terminal that was restored from an older copy does not take the till's seat."""
    till = log_of(store)
    continue_terminal(store, now=later())
    seat = log_of(store)
    assert (seat_log_of(store), seat != till) == (seat, True)
    with transaction(store.engine, is_write=True) as connection:
        connection.exec_driver_sql("UPDATE seat SET holder = 77 WHERE log = ?", (seat,))
    end(store)
    desk.award(store)
    assert kinds(store, log_of(store)) == ["log_begun", "points_awarded"]
    assert seat_log_of(store) == 77


def seat_log_of(store: Store) -> int | None:
    """Who holds the seat."""
    with store.read() as connection:
        return seat_log(connection, VILLAGE)


@pytest.mark.parametrize("cause", ["older", "copied"])
def test_going_on_is_whole_or_absent_when_killed_between_any_two_statements(
    desk: Ready, tmp_path: Path, cause: str
) -> None:
    """Three states and no other: before, gone on, and the sale in the new log; each passes every check."""
    opened = desk.open()
    desk.redeem(opened)
    is_copied = cause == "copied"
    _ = fork(opened, desk.known.lines) if is_copied else end(opened)
    opened.close()
    before = desk.file.read_bytes()

    def sell(store: Store) -> None:
        with pytest.raises(Refused, match="log_recovered") if is_copied else nullcontext():
            desk.redeem(replace(store, continuation=go_on_in_next_log))

    left = {recovered(tmp_path, files) or b"" for files in files_between_statements(desk, sell)}
    states = left | {desk.file.read_bytes()}
    assert (before in left, len(states)) == (True, 2 if is_copied else 3)
    for state in states:
        check(state)
        with in_memory(state).read() as connection:
            sales = connection.execute(select(table_of(Redemption).c.log)).scalars().all()
        assert len(sales) == (2 if state not in left and not is_copied else 1)


def test_branch_is_written_again_when_the_log_was_written_twice(desk: Ready, store: Store) -> None:
    """Sale, award and new household of this branch stand in the new log, once, with their names and slips."""
    common = desk.known.lines
    household = register_household(store, HouseholdPlace(5, 1), "钱多", now=later(), by=desk.known.operator)
    with store.write(now=later(), by=desk.known.operator) as act:
        post_award(act, household, Award("zhijin_household", Earning("suggestion_adopted"), 900))
    sold = desk.redeem(store)
    old, digests = fork(store, common), digests_beside(store, common)
    with pytest.raises(Refused, match="log_recovered"):
        desk.redeem(store)
    new = log_of(store)
    assert (last(store, old), kinds(store, new)) == (
        common, ["log_begun", "seat_taken", "recovered", "recovered", "recovered", "day_opened"],
    )  # fmt: skip
    there = entity_id(new, 3)
    assert (balance(store, there), balance(store, desk.known.wang)) == (900, 420_000 - 300)
    with store.read() as connection:
        assert name_of(connection, VILLAGE, there) == "钱多"
        assert connection.execute(select(table_of(SlipOwed).c.log, table_of(SlipOwed).c.seq)).all() == [(new, 5)]
        assert connection.execute(select(table_of(Redemption).c.number)).scalars().all() == [sold.number]
        assert (forks_of(connection, VILLAGE), is_log_ended(connection, VILLAGE)) == ([], False)
        assert went_on(connection, VILLAGE) == WentOn("copied", new_till(connection))
    assert digests == digests_beside(store, 2)[: len(digests)]
    assert desk.redeem(store).number == sold.number + 1
    assert_sound(store)


def digests_beside(store: Store, after: int) -> list[str | None]:
    """Digests of the private texts beside the lines of the own log."""
    with store.read() as connection:
        lines = read_since(connection, VILLAGE, own_log(connection, VILLAGE), after, 1_000)
    return [read(line).private for line in lines]


def test_whole_log_is_written_again_when_nothing_of_it_is_common(desk: Ready, store: Store) -> None:
    """Two machines that began as one image before the first line: village, day and sale are all there afterwards."""
    desk.redeem(store)
    before = balance(store, desk.known.wang)
    old = fork(store, 0)
    with pytest.raises(Refused, match="log_recovered"):
        desk.redeem(store)
    new = log_of(store)
    distance = 2
    assert (last(store, old), kinds(store, new)[2]) == (0, "recovered")
    assert balance(store, entity_id(new, desk.known.wang % 2**33 + distance)) == before
    with store.read() as connection:
        assert day_state(connection, VILLAGE).open_day == DAY
    assert_sound(store)


def test_operator_of_the_branch_has_a_new_number_when_it_was_written_again(desk: Ready, store: Store) -> None:
    """Who was added after the fork is still there, under the id of what was written again."""
    made = add_operator(store, "孙会计", "secretary", now=later(), by=desk.known.operator)
    with store.write(now=later(), by=made.operator_id) as act:
        post_award(act, desk.known.li, Award("zhijin_household", Earning("suggestion_adopted"), 100))
    fork(store, desk.known.lines)
    with pytest.raises(Refused, match="log_recovered"), store.write(now=later(), by=made.operator_id):
        pytest.fail("the action began")
    new = log_of(store)
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT operator_id FROM posting WHERE log = ?", (new,)).scalars()
        assert set(rows) == {entity_id(new, 3)}
        lines = read_since(connection, VILLAGE, new, 0, 2)
    assert {read(line).op for line in lines} == {None}


def test_next_log_is_begun_once_when_two_programs_ask(desk: Ready, store: Store) -> None:
    """The second finds it begun."""
    end(store)
    other = going_on(desk)
    desk.redeem(store)
    desk.award(other)
    other.close()
    assert kinds(store, log_of(store)).count(LogBegun.KIND) == 1


def test_separate_program_finds_the_same_when_a_branch_was_written_again(
    desk: Ready, store: Store, tmp_path: Path
) -> None:
    """Every balance, and no fault: days, new people, a new operator, of the branch and of what stood before it."""
    household = register_household(store, HouseholdPlace(5, 1), "钱多", now=later(), by=desk.known.operator)
    made = add_operator(store, "孙会计", "secretary", now=later(), by=desk.known.operator)
    with store.write(now=later(), by=made.operator_id) as act:
        post_award(act, household, Award("zhijin_household", Earning("suggestion_adopted"), 900))
    desk.redeem(store)
    close_day(store, now=later(), by=desk.known.operator)
    open_day(store, "2026-11-23", now=later(), by=made.operator_id)
    desk.redeem(store, 2)
    fork(store, desk.known.lines)
    with pytest.raises(Refused, match="log_recovered"):
        desk.redeem(store)
    new = log_of(store)
    found = recompute(store, tmp_path)
    assert found.faults == []
    assert found.balances == {desk.known.wang: 420_000 - 900, desk.known.li: 300, entity_id(new, 3): 900}
    assert found.stock == stock_of(store)
    assert found.rows("households")[entity_id(new, 3)]["name"] == "钱多"
    assert {row["log"]: row["open_day"] for row in found.village["logs"]}[new] == "2026-11-23"


def stock_of(store: Store) -> dict[int, int]:
    """Book stock by item."""
    with store.read() as connection:
        rows = connection.execute(select(table_of(Stock).c.item_id, table_of(Stock).c.quantity)).all()
    return {row.item_id: row.quantity for row in rows}


def test_meeting_is_as_it_was_when_it_ended_in_a_branch(tmp_path: Path) -> None:
    """Opened before the fork, ended behind it: who came, the points, and what the end had seen fit together again."""
    hall = Hall(tmp_path / "hall")
    meeting = hall.opened()
    hall.scan(meeting, hall.wang_ming)
    common = last(hall.store, log_of(hall.store))
    hall.begin(meeting)
    hall.scan(meeting, hall.li_xiuying)
    over = hall.end(meeting)
    late = hall.opened("villagers_meeting")
    hall.scan(late, hall.zhao_guo)
    before = {name: balance(hall.store, name) for name in (hall.wang, hall.li)}
    hall.store = replace(hall.store, continuation=go_on_in_next_log)
    old = fork(hall.store, common)
    with pytest.raises(Refused, match="log_recovered"):
        hall.begin(late)
    found = recompute(hall.store, tmp_path)
    assert found.faults == []
    assert_sound(hall.store)
    assert {name: balance(hall.store, name) for name in before} == before
    held = {row["id"]: row for row in found.village["meetings"]}
    assert (held[meeting]["state"], over.awards > 0) == ("ended", True)
    assert entity_id(log_of(hall.store), late % 2**33 - common + 2) in held
    again = meeting_here(hall.store)
    assert again is not None
    hall.begin(again.meeting_id)
    hall.scan(again.meeting_id, hall.wang_fang)
    hall.end(again.meeting_id)
    assert (recompute(hall.store, tmp_path).faults, last(hall.store, old)) == ([], common)
    assert_sound(hall.store)
