"""What stood before, every entry in order, what stands now: the sum is right on every line."""

from kiosk.domain.household_statement import state_account
from kiosk.domain.period import close_day, open_day
from kiosk.domain.report import Period
from kiosk.domain.reversal import reverse_entry
from tests.bodies import opening
from tests.kiosk.domain.office import LITTER, Office, office_in_memory
from tests.village import DAY

DAY_AFTER = "2026-11-23"


def two_days() -> Office:
    """Five points on the first day, taken back again; ten and a deduction on the second."""
    office = office_in_memory()
    first = office.award(office.wang, 500)
    reverse_entry(office.store, first, now=office.now, by=office.secretary)
    office.award(office.wang, 700)
    close_day(office.store, now=office.now, by=office.secretary)
    office.clock.advance(24 * 3_600_000)
    open_day(office.store, DAY_AFTER, now=office.now, by=office.secretary)
    office.award(office.wang, 1_000)
    office.take(office.wang, LITTER)
    return office


def test_balance_stands_after_each_entry_when_days_are_stated() -> None:
    """In the order in which they were written."""
    office = two_days()
    stated = state_account(office.store, office.wang, Period(DAY, DAY_AFTER))
    assert [line.entry.points for line in stated.lines] == [500, -500, 700, 1_000, -200]
    assert [line.redeemable_points for line in stated.lines] == [500, 0, 700, 1_700, 1_500]
    assert (stated.before_points, stated.earned_points, stated.spent_points) == (0, 2_200, 700)
    assert stated.after_points == office.balance(office.wang)


def test_what_was_before_is_carried_when_the_period_begins_later() -> None:
    """The second day alone; and a day on which nothing happened."""
    office = two_days()
    stated = state_account(office.store, office.wang, Period(DAY_AFTER, DAY_AFTER))
    assert (stated.before_points, len(stated.lines), stated.after_points) == (700, 2, 1_500)
    empty = state_account(office.store, office.wang, Period("2026-12-01", "2026-12-31"))
    assert (empty.lines, empty.before_points, empty.after_points) == ((), 1_500, 1_500)


def test_an_entry_that_does_not_count_moves_no_sum_when_it_was_written_twice() -> None:
    """It stands there all the same: somebody may have seen it on a slip."""
    office = office_in_memory()
    for _ in range(2):
        with office.store.write(now=office.now, by=office.secretary) as act:
            act.append(opening(office.wang, 300, "P-1"))
    stated = state_account(office.store, office.wang, Period(DAY, DAY))
    assert [line.entry.is_counted for line in stated.lines] == [True, False]
    assert stated.after_points == 300
