"""Making a redemption void: at once or with a second signature, whole and once."""

from pathlib import Path

import pytest

from db.facts.body import transfer
from db.facts.shop import BackOnShelf, RedemptionVoided
from db.invariants import find_faults
from db.store import own_log
from kiosk.codes import CodeType, mint
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.day_figures import figures_of
from kiosk.domain.goods import count_stock, set_monthly_limit, show_goods
from kiosk.domain.people import balance_of, merge_household
from kiosk.domain.period import close_day
from kiosk.domain.redemption import redemptions_of_day, show_redemption
from kiosk.domain.report import Period
from kiosk.domain.report_redeemed import redeemed_points
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.terminal import add_operator
from kiosk.domain.void import Voided, find_slip, show_void, void_redemption
from kiosk.domain.waiting import Signature, approve_request, decline_request, list_requests
from kiosk.errors import NotAllowed, Refused
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, Village, seeded

MINUTE = 60_000


class Counter:
    """A village whose household Wang has 42 points, salt at 3 points of which the shelf has ten, and two volunteers."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.wang = village.household(3, 12, "王明")
        village.award(self.wang, 4_200)
        self.salt = village.goods("食盐", "06990103300302", 300)
        count_stock(village.store, self.salt, 10, now=village.now, by=village.operator)
        add, by = add_operator, village.operator
        self.helper = add(village.store, "李红", "attendant", now=village.now, by=by).operator_id
        self.supervisor = add(village.store, "赵监督", "supervisor", now=village.now, by=by)

    def redeem(self, quantity: int = 2) -> Redeemed:
        """Hand salt out."""
        basket = (BasketLine(self.salt, quantity),)
        village = self.village
        return redeem_basket(village.store, Holder(self.wang, "card"), basket, now=village.now, by=self.helper)

    def void(self, redemption_id: int) -> Voided:
        """Make a redemption void."""
        return void_redemption(self.village.store, redemption_id, now=self.village.now, by=self.helper)

    def refusal(self, redemption_id: int) -> str:
        """Try to make a redemption void, which is refused, and give the code."""
        with pytest.raises(Refused) as refused:
            self.void(redemption_id)
        return refused.value.code

    @property
    def stands(self) -> tuple[int, int]:
        """Give Wang's hundredths of a point and the salt on the shelf."""
        with self.village.store.read() as connection:
            goods = show_goods(connection, VILLAGE, self.salt, DAY)
            return balance_of(connection, VILLAGE, self.wang), goods.stock

    def agrees(self, tmp_path: Path) -> bool:
        """Whether the separate program finds the same stock and points, and nothing broken."""
        found = recompute(self.village.store, tmp_path)
        points, salt = self.stands
        with self.village.store.read() as connection:
            faults = find_faults(connection, VILLAGE)
        return (found.stock[self.salt], found.balances[self.wang], found.faults, list(faults)) == (salt, points, [], [])


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    """The counter of this shop."""
    return Counter(tmp_path / "desk")


def test_points_and_goods_are_back_when_a_fresh_redemption_is_made_void(counter: Counter, tmp_path: Path) -> None:
    """Wrong goods, noticed at once: one signature is enough, and nothing of it counts any more."""
    made = counter.redeem()
    assert counter.stands == (3_600, 8)
    voided = counter.void(made.redemption_id)
    assert (voided.points, voided.waits, voided.household.redeemable_points) == (600, False, 4_200)
    assert counter.stands == (4_200, 10)
    store = counter.village.store
    assert show_redemption(store, made.redemption_id).is_void
    assert [each.is_void for each in redemptions_of_day(store)] == [True]
    report = redeemed_points(store, Period("2026-01-01", "2026-12-31"))
    assert (report.redemptions, report.points, report.goods) == (0, 0, ())
    with store.read() as connection:
        figures = figures_of(connection, VILLAGE, own_log(connection, VILLAGE))
    assert (figures.redemptions, figures.voids, figures.voided_points) == (1, 1, 600)
    assert counter.agrees(tmp_path)


def test_a_redemption_is_void_once_when_somebody_tries_again(counter: Counter) -> None:
    """The second time says that everything went back already."""
    made = counter.redeem()
    counter.void(made.redemption_id)
    assert counter.refusal(made.redemption_id) == "redemption_void_before"
    assert counter.stands == (4_200, 10)


def test_the_limit_of_a_month_has_room_again_when_a_redemption_is_void(counter: Counter) -> None:
    """What came back was not had."""
    village = counter.village
    set_monthly_limit(village.store, counter.salt, 2, now=village.now, by=village.operator)
    made = counter.redeem()
    with pytest.raises(Refused, match="monthly_limit_reached"):
        counter.redeem(1)
    counter.void(made.redemption_id)
    assert counter.redeem().points == 600


def test_a_void_waits_for_a_signature_when_minutes_have_passed(counter: Counter, tmp_path: Path) -> None:
    """The volunteer asks, nothing moves; whoever may sign does so later, with one action."""
    made = counter.redeem()
    counter.village.clock.advance(3 * MINUTE)
    assert show_void(counter.village.store, made.redemption_id, counter.village.now).waits
    assert counter.void(made.redemption_id).waits
    assert counter.stands == (3_600, 8)
    assert counter.refusal(made.redemption_id) == "void_waits_before"
    (request,) = list_requests(counter.village.store)
    assert (request.kind, request.household_name, request.points) == ("late_void", "王明", 600)
    assert request.paper_number == made.shown_number
    with pytest.raises(NotAllowed, match="right_missing"):
        approve_request(counter.village.store, request.request_id, now=counter.village.now, by=counter.helper)
    signature = Signature(counter.supervisor.badge, is_verified=False)
    done = approve_request(
        counter.village.store, request.request_id, signature, now=counter.village.now, by=counter.helper
    )
    assert (done.points, counter.stands) == (600, (4_200, 10))
    assert counter.refusal(made.redemption_id) == "redemption_void_before"
    assert counter.agrees(tmp_path)


def test_nothing_comes_back_when_a_void_is_declined(counter: Counter) -> None:
    """The redemption stands, and may be asked about again."""
    made = counter.redeem()
    counter.village.clock.advance(3 * MINUTE)
    counter.void(made.redemption_id)
    (request,) = list_requests(counter.village.store)
    village = counter.village
    decline_request(village.store, request.request_id, now=village.now, by=village.operator)
    assert counter.stands == (3_600, 8)
    assert counter.void(made.redemption_id).waits


def test_a_void_waits_when_it_is_large_or_the_machine_was_started_since(counter: Counter) -> None:
    """No wall clock decides: only the clock of this start of the machine says how old a redemption is."""
    counter.village.award(counter.wang, 20_000)
    large = counter.redeem(40)
    assert counter.void(large.redemption_id).waits
    small = counter.redeem(1)
    counter.village.clock.reboot()
    assert counter.void(small.redemption_id).waits


def test_the_shelf_has_the_goods_when_it_was_counted_between(counter: Counter, tmp_path: Path) -> None:
    """A count is a new beginning, and what comes back after it is added."""
    made, village = counter.redeem(), counter.village
    count_stock(village.store, counter.salt, 7, now=village.now, by=village.operator)
    counter.void(made.redemption_id)
    assert counter.stands == (4_200, 9)
    assert counter.agrees(tmp_path)


def test_goods_and_points_are_back_once_when_two_copies_of_a_desk_both_made_it_void(
    counter: Counter, tmp_path: Path
) -> None:
    """The void of lowest rank counts for points and shelf alike."""
    made, village = counter.redeem(), counter.village
    counter.void(made.redemption_id)
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(
            RedemptionVoided(
                seat=1, redemption=made.redemption_id, household=counter.wang, points=600,
                lines=(BackOnShelf(item=counter.salt, quantity=2),), legs=transfer("redeemed", counter.wang, 600),
            )
        )  # fmt: skip
    assert counter.stands == (4_200, 10)
    assert recompute(village.store, tmp_path).stock[counter.salt] == 10
    with village.store.read() as connection:
        assert [fault.code for fault in find_faults(connection, VILLAGE)] == ["written_twice"]


def test_the_points_reach_whom_the_household_joined_when_it_is_void_afterwards(counter: Counter) -> None:
    """An account that is closed gets nothing more."""
    made, village = counter.redeem(), counter.village
    chen = village.household(3, 13, "陈芳")
    merge_household(village.store, counter.wang, chen, now=village.now, by=village.operator)
    assert counter.void(made.redemption_id).household.household_id == chen
    with village.store.read() as connection:
        assert balance_of(connection, VILLAGE, chen) == 4_200


def test_a_slip_names_its_redemption_when_it_is_scanned(counter: Counter) -> None:
    """And nothing else does."""
    made, store = counter.redeem(), counter.village.store
    assert find_slip(store, made.slip_code) == made.redemption_id
    for code, number in (
        ("slip_unknown", mint(CodeType.SLIP, VILLAGE, seeded("slips"))),
        ("slip_of_other_village", mint(CodeType.SLIP, VILLAGE + 1, seeded("slips"))),
    ):
        with pytest.raises(Refused, match=code):
            find_slip(store, number)


def test_nothing_is_void_when_the_day_is_closed_or_the_operator_may_not(counter: Counter) -> None:
    """As for a redemption itself."""
    made, village = counter.redeem(), counter.village
    with pytest.raises(NotAllowed, match="right_missing"):
        void_redemption(village.store, made.redemption_id, now=village.now, by=counter.supervisor.operator_id)
    close_day(village.store, now=village.now, by=village.operator)
    assert counter.refusal(made.redemption_id) == "day_not_open"
