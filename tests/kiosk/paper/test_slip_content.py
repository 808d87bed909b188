"""From what the shop knows to what a slip says."""

from dataclasses import replace

import pytest

from db.line import Stamp
from kiosk.domain.basket import Holder
from kiosk.domain.people import HouseholdPlace, HouseholdShown
from kiosk.domain.redemption import RedemptionShown
from kiosk.domain.shop import Redeemed, RedeemedLine
from kiosk.domain.statement import Account
from kiosk.paper.slip import Presented
from kiosk.paper.slip_content import balance_content, redemption_content

AT = 1_795_305_900_000
HOUSEHOLD = HouseholdShown(8, "王小明", HouseholdPlace(3, 12), "open", 3_900)
SALT = RedeemedLine(1, "食盐", "袋", 2, 300, 1, 600, is_over_book=False)
POTATOES = RedeemedLine(2, "土豆", "公斤", 750, 350, 1_000, 263, is_over_book=False)
REDEEMED = Redeemed(
    77, 123, 1, 1_204, "2801232345678967", Holder(8, "card"), (SALT, POTATOES), 863, 4_763, 3_900, "2026-11-22", AT
)


def test_everything_booked_is_on_the_slip_when_it_is_made() -> None:
    """Number, goods in pieces and by weight, before and after, whose it is."""
    content = redemption_content(RedemptionShown(REDEEMED, HOUSEHOLD, is_copy=False), "云岭村", "3组12号")
    assert (content.number, content.village, content.day, content.at) == ("0123-1-001204", "云岭村", "2026-11-22", AT)
    assert [(line.goods, line.quantity, line.unit, line.is_weighed) for line in content.lines] == [
        ("食盐", 2, "袋", False),
        ("土豆", 750, "公斤", True),
    ]
    assert (content.total_points, content.before_points, content.after_points) == (863, 4_763, 3_900)
    assert (content.household.number, content.household.head) == ("3组12号", "王小明")
    assert (content.presented, content.is_copy, content.code) == (Presented.CARD, False, "2801232345678967")


@pytest.mark.parametrize(
    ("entry", "presented"),
    [("card", Presented.CARD), ("book", Presented.NO_CARD), ("found", Presented.NO_CARD), ("typed", Presented.TYPED)],
)
def test_how_the_household_came_is_on_the_slip_when_it_had_no_card(entry: str, presented: Presented) -> None:
    """Whoever reads slips sees which were made without a card."""
    holder = Holder(8, entry)  # type: ignore[arg-type]  # because the table of cases holds text
    shown = RedemptionShown(replace(REDEEMED, holder=holder), HOUSEHOLD, is_copy=True, is_void=True)
    content = redemption_content(shown, "云岭村", "3组12号")
    assert (content.presented, content.is_copy, content.is_void) == (presented, True, True)


def test_no_time_is_printed_when_the_clock_was_never_set() -> None:
    """A slip of 1970 is believed by nobody; the day is what a person stated."""
    shown = RedemptionShown(replace(REDEEMED, at=90_000), HOUSEHOLD, is_copy=False)
    assert redemption_content(shown, "云岭村", "3组12号").at is None


def test_a_balance_says_base_and_redeemable_apart_when_printed() -> None:
    """The sum is made on paper, from the same figures as on the screen."""
    account = Account(HOUSEHOLD, 10_000, 3_900, 13_900, None, ())
    content = balance_content(account, "云岭村", "3组12号", "2026-11-22", Stamp(AT, "s", 1, 0), lambda _entry: "")
    assert (content.redeemable_points, content.base_points, content.entries) == (3_900, 10_000, ())
    assert (content.household.number, content.day, content.at) == ("3组12号", "2026-11-22", AT)
