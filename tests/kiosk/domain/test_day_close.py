"""Closing the day: a count before the book's number, both kept; nothing half closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import Store
from kiosk.domain.basket import BasketLine, Holder, KeptBasket, keep_basket, park_basket
from kiosk.domain.day_close import (
    CashedUp,
    cash_up_day,
    count_agrees,
    show_day_to_close,
    show_figures,
    slips_since_count,
)
from kiosk.domain.period import close_day, day_state, open_day
from kiosk.domain.shop import Redeemed
from kiosk.domain.slip import settle_slip, waive_slips
from kiosk.errors import Refused
from tests.ready import Ready, later, ready_desk
from tests.recomputed import recompute
from tests.village import DAY


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def store(desk: Ready) -> Iterator[Store]:
    """Its open store."""
    store = desk.open()
    yield store
    store.close()


def redeem(desk: Ready, store: Store, count: int, *, is_printed: bool = True) -> list[Redeemed]:
    """Redeem salt so many times; each slip comes out of the printer, or none does."""
    made = [desk.redeem(store) for _ in range(count)]
    for each in made if is_printed else []:
        settle_slip(store, each.redemption_id, now=later(), by=desk.known.operator)
    return made


def cash_up(desk: Ready, store: Store, counted: int | None) -> CashedUp:
    """Close the day."""
    return cash_up_day(store, counted, now=later(), by=desk.known.operator)


def test_the_figures_are_those_of_the_day_when_it_is_closed(desk: Ready, store: Store, tmp_path: Path) -> None:
    """Redemptions, points out and in, slips in the box; the oracle finds the same in the fact."""
    redeem(desk, store, 2)
    (unprinted,) = redeem(desk, store, 1, is_printed=False)
    desk.award(store)
    closed = cash_up(desk, store, 2)
    figures = closed.figures
    assert (closed.day, closed.difference) == (DAY, 0)
    assert (figures.redemptions, figures.redeemed_points) == (3, 900)
    assert (figures.awards, figures.issued_points) == (3, 420_000 + 300 + 100)
    assert (figures.slips_booked, figures.slips_missing) == (2, 1)
    found = recompute(store, tmp_path)
    assert found.faults == []
    (row,) = found.village["closes"]
    assert (row["redemptions"], row["slips_booked"], row["slips_counted"], row["difference"]) == (3, 2, 2, 0)
    assert unprinted.redemption_id


def test_a_difference_is_kept_when_the_box_holds_other_than_the_book(desk: Ready, store: Store, tmp_path: Path) -> None:
    """Nobody's count is overwritten; the day closes with it."""
    redeem(desk, store, 3)
    assert [count_agrees(store, counted) for counted in (2, 3, 4)] == [False, True, False]
    assert cash_up(desk, store, 2).difference == -1
    (row,) = recompute(store, tmp_path).village["closes"]
    assert (row["slips_booked"], row["slips_counted"], row["difference"]) == (3, 2, -1)


def test_what_happens_after_the_close_goes_into_the_next_one(desk: Ready, store: Store) -> None:
    """An evening's redemption, on the same business day opened again, is not counted twice and not lost."""
    redeem(desk, store, 2)
    cash_up(desk, store, 2)
    assert show_figures(store).redemptions == 0
    open_day(store, DAY, now=later(), by=desk.known.operator)
    redeem(desk, store, 1)
    closed = cash_up(desk, store, 1)
    assert (closed.figures.redemptions, closed.figures.slips_booked) == (1, 1)


def test_slips_wait_for_the_next_count_when_a_day_was_closed_without_one(
    desk: Ready, store: Store, tmp_path: Path
) -> None:
    """Yesterday was closed by opening today: its slips still lie in the box."""
    redeem(desk, store, 2)
    open_day(store, "2026-11-23", now=later(), by=desk.known.operator)
    redeem(desk, store, 1)
    closed = cash_up(desk, store, 3)
    assert (closed.figures.redemptions, closed.figures.slips_booked, closed.difference) == (1, 3, 0)
    found = recompute(store, tmp_path)
    assert found.faults == []
    assert [row["slips_counted"] for row in found.village["closes"]] == [None, 3]


def test_a_slip_is_missing_until_it_is_printed_when_nobody_waited_for_it(desk: Ready, store: Store) -> None:
    """Owed and waived slips are in nobody's box; one printed later from the day's list is."""
    made = redeem(desk, store, 2, is_printed=False)
    waive_slips(store, made[0].redemption_id, now=later(), by=desk.known.operator)
    assert show_figures(store).slips_missing == 2
    settle_slip(store, made[0].redemption_id, now=later(), by=desk.known.operator)
    assert (show_figures(store).slips_booked, show_figures(store).slips_missing) == (1, 1)
    listed = slips_since_count(store)
    assert [each.shown_number[-1] for each in listed] == ["2", "1"]
    assert [each.is_missing for each in listed] == [True, False]


def test_nobody_counts_when_no_slip_can_have_come_out(desk: Ready, store: Store) -> None:
    """A village without a slip printer closes without a count; one whose printer was taken away today counts."""
    assert show_day_to_close(store, has_printer=True).needs_count
    assert not show_day_to_close(store, has_printer=False).needs_count
    redeem(desk, store, 1, is_printed=False)
    assert not show_day_to_close(store, has_printer=False).needs_count
    redeem(desk, store, 1)
    assert show_day_to_close(store, has_printer=False).needs_count
    with pytest.raises(Refused, match="slips_not_counted"):
        cash_up(desk, store, None)


@pytest.mark.parametrize("where", ["open", "parked"])
def test_the_day_stays_open_when_a_basket_is_there(desk: Ready, store: Store, where: str) -> None:
    """Goods on the counter, or put aside, belong to somebody."""
    basket = KeptBasket(Holder(desk.known.wang, "card"), (BasketLine(desk.known.salt, 1),))
    keep = keep_basket if where == "open" else park_basket
    keep(store, basket, now=later(), by=desk.known.operator)
    with pytest.raises(Refused, match=f"basket_left_{where}"):
        show_day_to_close(store, has_printer=True)
    with pytest.raises(Refused, match=f"basket_left_{where}"):
        cash_up(desk, store, 0)
    with store.read() as connection:
        assert day_state(connection, store.village).open_day == DAY


def test_nothing_is_closed_when_no_day_is_open(desk: Ready, store: Store) -> None:
    """A day is closed once."""
    close_day(store, now=later(), by=desk.known.operator)
    for close in (lambda: cash_up(desk, store, 0), lambda: show_day_to_close(store, has_printer=True)):
        with pytest.raises(Refused, match="day_not_open"):
            close()
