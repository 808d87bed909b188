"""Slips of what was taken back, read again after the program ended: they say what they would have said at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import Store
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.day_close import cash_up_day
from kiosk.domain.explanation import Explained
from kiosk.domain.redemption import RedemptionShown
from kiosk.domain.returning import Brought, Returned, return_goods
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.shop import redeem_basket
from kiosk.domain.slip import settle_slip, slips_owed, waive_slips
from kiosk.domain.slip_owed import OnSlip, show_owed
from kiosk.domain.void import Voided, void_redemption
from kiosk.errors import Refused
from tests.ready import WANG_POINTS, Ready, later, ready_desk
from tests.village import DAY

BROUGHT = (Brought(0, 2), Brought(1, 1, "waste", "damaged"))


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


def redeem(desk: Ready, store: Store, salt: int = 3) -> int:
    """Hand out salt and two pieces of soap; the slip came out."""
    basket = (BasketLine(desk.known.salt, salt), BasketLine(desk.known.soap, 2))
    made = redeem_basket(store, Holder(desk.known.wang, "card"), basket, now=later(), by=desk.known.operator)
    settle(desk, store, made.redemption_id)
    return made.redemption_id


def settle(desk: Ready, store: Store, fact_id: int) -> None:
    """Say that a slip came out of the printer."""
    settle_slip(store, fact_id, now=later(), by=desk.known.operator)


def give_back(desk: Ready, store: Store, redemption_id: int, *brought: Brought) -> Returned:
    """Bring goods back."""
    return return_goods(store, redemption_id, brought, now=later(), by=desk.known.operator)


def void(desk: Ready, store: Store, redemption_id: int) -> Voided:
    """Make a redemption void."""
    return void_redemption(store, redemption_id, now=later(), by=desk.known.operator)


def said(about: OnSlip) -> tuple[object, ...]:
    """What the slip of a void or a return says beside the redemption itself."""
    assert isinstance(about, Voided | Returned)
    lines = about.lines if isinstance(about, Returned) else ()
    return about.household, lines, about.points, about.waits, about.fact_id, about.day, about.at


def test_the_slip_of_a_void_says_the_same_when_it_is_read_after_later_sales(desk: Ready, store: Store) -> None:
    """Points back and what there was then, not what there is after the next redemption."""
    voided = void(desk, store, redeem(desk, store))
    redeem(desk, store)
    assert slips_owed(store) == (voided.fact_id,)
    assert said(show_owed(store, voided.fact_id)) == said(voided)
    assert (voided.household.redeemable_points, voided.day) == (WANG_POINTS, DAY)


def test_the_slip_of_a_return_has_its_own_lines_when_two_returns_of_one_slip_are_owed(
    desk: Ready, store: Store
) -> None:
    """Shelf and waste stand on one slip; what came back later of the same redemption on another."""
    made = redeem(desk, store)
    both, one = give_back(desk, store, made, *BROUGHT), give_back(desk, store, made, Brought(0, 1))
    assert [len(each.lines) for each in (both, one)] == [2, 1]
    assert slips_owed(store) == (both.fact_id, one.fact_id)
    for returned in (both, one):
        assert said(show_owed(store, returned.fact_id)) == said(returned)


def test_the_slip_of_what_waits_promises_the_same_when_it_is_read_again(desk: Ready, store: Store) -> None:
    """More than may come back at once, asked for as a return and as a void: nothing has moved."""
    returned = give_back(desk, store, redeem(desk, store, 40), Brought(0, 40), Brought(1, 1, "waste", "expired"))
    voided = void(desk, store, redeem(desk, store, 40))
    assert (returned.waits, voided.waits) == (True, True)
    for waiting in (returned, voided):
        again = show_owed(store, waiting.fact_id)
        assert isinstance(again, Voided | Returned)
        assert said(again)[1:] == said(waiting)[1:]
        assert again.household.household_id == desk.known.wang


def test_the_slip_of_a_reversal_names_what_it_takes_back_when_it_is_read_again(desk: Ready, store: Store) -> None:
    """The award, its points, and what there was right after it."""
    posted = reverse_entry(store, desk.known.last_award, now=later(), by=desk.known.operator)
    desk.award(store)
    about = show_owed(store, posted.entry_id)
    assert isinstance(about, Explained)
    assert about.before is not None
    assert (about.before.entry_id, about.entry.points) == (desk.known.last_award, posted.points)
    assert about.household.redeemable_points == posted.after_points
    assert slips_owed(store) == (posted.entry_id,)


def test_a_slip_is_owed_once_when_it_came_out_or_nobody_waits_for_it(desk: Ready, store: Store) -> None:
    """What was taken back has no copies to be noted, and is no slip of the box that is counted at the close."""
    made = redeem(desk, store)
    waived = give_back(desk, store, made, Brought(0, 1))
    returned, voided = give_back(desk, store, made, Brought(0, 2)), void(desk, store, redeem(desk, store))
    settle(desk, store, returned.fact_id)
    waive_slips(store, waived.fact_id, now=later(), by=desk.known.operator)
    assert slips_owed(store) == (voided.fact_id,)
    lines = store.standing.written
    settle(desk, store, voided.fact_id)
    settle(desk, store, voided.fact_id)
    assert (slips_owed(store), store.standing.written) == ((), lines)
    figures = cash_up_day(store, 2, now=later(), by=desk.known.operator).figures
    assert (figures.slips_booked, figures.slips_missing) == (2, 0)


def test_a_redemption_is_read_as_its_own_slip_when_it_is_owed(desk: Ready, store: Store) -> None:
    """And a fact nobody wrote has none."""
    made = desk.redeem(store)
    about = show_owed(store, made.redemption_id)
    assert isinstance(about, RedemptionShown)
    assert (about.redeemed, about.is_copy) == (made, False)
    with pytest.raises(Refused, match="entry_unknown"):
        show_owed(store, made.redemption_id + 1_000)
