"""Goods that come back against their slip: capped, once, at the price of the slip, to the shelf or to waste."""

from pathlib import Path

import pytest

from db.facts.body import transfer
from db.facts.returning import GoodsReturned
from db.facts.shop import PriceSet
from db.invariants import find_faults
from db.tables.returning import GoodsReturn
from db.tables.statement import table_of
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import NewItem, count_stock, register_item, show_goods
from kiosk.domain.moving import leave_household
from kiosk.domain.people import balance_of, merge_household
from kiosk.domain.period import close_day, open_day
from kiosk.domain.redemption import show_redemption
from kiosk.domain.report import Period
from kiosk.domain.report_redeemed import redeemed_points
from kiosk.domain.returning import Brought, Returned, return_goods, show_return
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.void import void_redemption
from kiosk.domain.waiting import Signature, approve_request, decline_request, list_requests
from kiosk.errors import NotAllowed, Refused
from kiosk.locale import LANGUAGES, Texts
from tests.kiosk.domain.office import Office, kept_in_memory
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE

DAY_MILLISECONDS = 86_400_000


class Shop(Office):
    """Wang has 42 points; the shelf has salt at 3 points and potatoes at 1.25 a kilogram."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        super().__init__(folder)
        self.award(self.wang, 4_200)
        self.salt = self.goods("食盐", "06990103300302", 300)
        potatoes = NewItem("土豆", "公斤", ("2100042000001",), 125)
        self.potatoes = register_item(self.store, potatoes, now=self.now, by=self.operator)
        for item, stock in ((self.salt, 10), (self.potatoes, 9_000)):
            count_stock(self.store, item, stock, now=self.now, by=self.operator)


class Counter:
    """The counter of the shop, with a volunteer behind it."""

    def __init__(self, village: Shop) -> None:
        """Serve in `village`."""
        self.village = village
        self.wang, self.salt, self.potatoes = village.wang, village.salt, village.potatoes
        self.helper, self.supervisor = village.helper.operator_id, village.supervisor

    def redeem(self, salt: int = 3, grams: int = 1_100) -> Redeemed:
        """Hand out salt and potatoes."""
        basket = (BasketLine(self.salt, salt), BasketLine(self.potatoes, grams))
        village = self.village
        return redeem_basket(village.store, Holder(self.wang, "card"), basket, now=village.now, by=self.helper)

    def bring(self, made: Redeemed, *brought: Brought) -> Returned:
        """Bring goods back."""
        return return_goods(
            self.village.store, made.redemption_id, brought, now=self.village.now, by=self.helper
        )  # fmt: skip

    def refusal(self, made: Redeemed, *brought: Brought) -> Refused:
        """Bring goods back, which is refused in words of both languages and changes nothing."""
        before = self.stands
        with pytest.raises(Refused) as refused:
            self.bring(made, *brought)
        for language in LANGUAGES:
            shown = Texts(language).refusal(refused.value)
            assert Texts(language).has(f"refusal.{refused.value.code}.reason")
            assert "{" not in shown.reason + shown.next
        assert self.stands == before
        return refused.value

    @property
    def stands(self) -> tuple[int, int, int]:
        """Give Wang's hundredths of a point, the salt and the grams of potatoes on the shelf."""
        with self.village.store.read() as connection:
            salt, potatoes = (
                show_goods(connection, VILLAGE, item, DAY).stock for item in (self.salt, self.potatoes)
            )  # fmt: skip
            return balance_of(connection, VILLAGE, self.wang), salt, potatoes

    def agrees(self, tmp_path: Path) -> bool:
        """Whether the separate program finds the same stock and points, and nothing broken."""
        found = recompute(self.village.store, tmp_path)
        points, salt, potatoes = self.stands
        with self.village.store.read() as connection:
            faults = find_faults(connection, VILLAGE)
        theirs = found.balances[self.wang], found.stock[self.salt], found.stock[self.potatoes]
        return (theirs, found.faults, faults) == ((points, salt, potatoes), [], [])


@pytest.fixture
def counter() -> Counter:
    """The counter of this shop."""
    return Counter(kept_in_memory(Shop))


def test_points_and_goods_are_back_when_some_of_a_line_is_returned(counter: Counter, tmp_path: Path) -> None:
    """Two bags of three to the shelf, the third later; all at the price of the slip, whatever it costs today."""
    made = counter.redeem()
    assert (made.points, counter.stands) == (1_038, (3_162, 7, 7_900))
    village = counter.village
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(PriceSet(item=counter.salt, from_day=DAY, points=900))
    returned = counter.bring(made, Brought(0, 2))
    assert (returned.points, returned.waits, returned.household.redeemable_points) == (600, False, 3_762)
    assert counter.stands == (3_762, 9, 7_900)
    assert [line.left for line in show_return(village.store, made.redemption_id).lines] == [1, 1_100]
    assert counter.bring(made, Brought(0, 1)).points == 300
    assert counter.agrees(tmp_path)


def test_what_came_back_is_in_no_report_when_points_redeemed_are_added_up(counter: Counter) -> None:
    """It is taken off the month in which it was redeemed, from goods and points alike."""
    made, village = counter.redeem(), counter.village
    open_day(village.store, "2026-12-01", now=village.now, by=village.operator)
    void_redemption(village.store, counter.redeem().redemption_id, now=village.now, by=counter.helper)
    counter.redeem(1, 100)
    open_day(village.store, "2026-11-29", counter.supervisor.badge, now=village.now, by=village.operator)
    counter.bring(made, Brought(0, 2), Brought(1, 1_100))
    report = redeemed_points(village.store, Period("2026-11-01", "2026-12-31"))
    assert [(month.month, month.points) for month in report.months] == [("2026-11", 300), ("2026-12", 313)]
    assert {(each.name, each.quantity, each.points) for each in report.goods} == {("食盐", 2, 600), ("土豆", 100, 13)}


def test_pieces_of_a_weight_add_up_to_its_points_when_they_are_returned_one_by_one(
    counter: Counter, tmp_path: Path
) -> None:
    """1.1 kg cost 1.38 points; three parts that were rounded by themselves would give 1.39."""
    made = counter.redeem()
    parts = [counter.bring(made, Brought(1, grams)).points for grams in (367, 367, 366)]
    assert sum(parts) == 138
    assert counter.stands == (3_300, 7, 9_000)
    assert counter.agrees(tmp_path)


def test_the_shelf_stays_as_it_is_when_goods_go_to_waste(counter: Counter, tmp_path: Path) -> None:
    """Points come back; the goods do not, and the reason is written down."""
    made = counter.redeem()
    assert counter.refusal(made, Brought(0, 1, "waste")).code == "waste_reason_missing"
    counter.bring(made, Brought(0, 1, "waste", "expired"), Brought(1, 100))
    assert counter.stands == (3_475, 7, 8_000)
    returned = table_of(GoodsReturn).c
    with counter.village.store.read() as connection:
        rows = connection.execute(returned.line.table.select().order_by(returned.seq)).all()
    assert [(row.is_waste, row.reason_code) for row in rows] == [(1, "expired"), (0, None)]
    assert counter.agrees(tmp_path)


def test_nothing_comes_back_when_it_is_not_on_the_slip_any_more(counter: Counter) -> None:
    """A quantity of nothing, below nothing, beyond what was sold, a line that is not there, a line twice, no line."""
    made = counter.redeem()
    counter.bring(made, Brought(0, 2))
    for brought, code in (
        ((Brought(0, 0),), "number_out_of_range"),
        ((Brought(0, -1),), "number_out_of_range"),
        ((Brought(0, 10**12),), "number_out_of_range"),
        ((Brought(0, 2),), "return_too_many"),
        ((Brought(1, 1_101),), "return_too_many_by_weight"),
        ((Brought(2, 1),), "return_line_unknown"),
        ((Brought(0, 1), Brought(0, 1)), "return_line_unknown"),
        ((), "return_empty"),
    ):
        assert counter.refusal(made, *brought).code == code
    counter.bring(made, Brought(0, 1), Brought(1, 1_100))
    assert counter.refusal(made, Brought(0, 1)).code == "returned_whole"


def test_nothing_comes_back_twice_when_a_slip_is_void(counter: Counter) -> None:
    """Nothing after a void, and no void of what came back in part."""
    made, village = counter.redeem(), counter.village
    other = counter.redeem(1, 100)
    void_redemption(village.store, made.redemption_id, now=village.now, by=counter.helper)
    assert counter.refusal(made, Brought(0, 1)).code == "redemption_void_before"
    counter.bring(other, Brought(0, 1))
    with pytest.raises(Refused, match="returned_in_part"):
        void_redemption(village.store, other.redemption_id, now=village.now, by=counter.helper)
    with pytest.raises(Refused, match="redemption_unknown"):
        show_return(village.store, 77)


def test_a_return_waits_for_a_signature_when_the_term_is_over(counter: Counter, tmp_path: Path) -> None:
    """Seven days by what people state; on the eighth the goods are put aside and the secretary signs."""
    made, village = counter.redeem(), counter.village
    for day, waits in (("2026-11-29", False), ("2026-11-30", True)):
        village.clock.advance(DAY_MILLISECONDS if waits else 7 * DAY_MILLISECONDS)
        open_day(village.store, day, now=village.now, by=village.operator)
        if not waits:
            assert not counter.bring(made, Brought(0, 1)).waits
    asked = counter.bring(made, Brought(0, 1), Brought(1, 100, "waste", "damaged"))
    assert (asked.waits, asked.points, counter.stands) == (True, 313, (3_462, 8, 7_900))
    assert counter.refusal(made, Brought(0, 1)).code == "return_waits_before"
    with pytest.raises(Refused, match="return_waits_before"):
        void_redemption(village.store, made.redemption_id, now=village.now, by=counter.helper)
    (request,) = list_requests(village.store)
    assert (request.kind, request.household_name, request.points) == ("late_return", "王明", 313)
    assert request.paper_number == made.shown_number
    signature = Signature(counter.supervisor.badge, is_verified=False)
    done = approve_request(village.store, request.request_id, signature, now=village.now, by=counter.helper)
    assert (done.points, counter.stands) == (313, (3_775, 9, 7_900))
    assert counter.agrees(tmp_path)


def test_a_return_waits_for_a_signature_when_pieces_of_a_slip_pass_the_limit_together(counter: Counter) -> None:
    """A hundred points of one slip come back at once, in one piece or in many; another slip begins anew."""
    counter.village.award(counter.wang, 20_000)
    made, other = counter.redeem(35), counter.redeem(35)
    assert not counter.bring(made, Brought(0, 33)).waits
    assert counter.bring(made, Brought(0, 1)).waits
    assert not counter.bring(other, Brought(0, 33)).waits


def test_nothing_comes_back_when_a_late_return_is_declined(counter: Counter) -> None:
    """It may be asked for again."""
    counter.village.award(counter.wang, 20_000)
    made, village = counter.redeem(40), counter.village
    assert counter.bring(made, Brought(0, 40)).waits
    (request,) = list_requests(village.store)
    decline_request(village.store, request.request_id, now=village.now, by=village.operator)
    assert not counter.bring(made, Brought(0, 1)).waits


def test_each_bag_comes_back_once_when_two_copies_of_a_desk_took_it(counter: Counter, tmp_path: Path) -> None:
    """A copy took two bags where this desk took one and one: of the same bags the return of lowest rank counts."""
    made, village = counter.redeem(), counter.village
    counter.bring(made, Brought(0, 1))
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(
            GoodsReturned(
                seat=1, redemption=made.redemption_id, line=0, item=counter.salt, quantity=2, before=0, to="stock",
                household=counter.wang, points=600, legs=transfer("redeemed", counter.wang, 600),
            )
        )  # fmt: skip
    assert counter.stands == (3_462, 8, 7_900)
    counter.bring(made, Brought(0, 2))
    assert counter.stands == (4_062, 10, 7_900)
    found = recompute(village.store, tmp_path)
    assert (found.stock[counter.salt], found.balances[counter.wang]) == (10, 4_062)
    with village.store.read() as connection:
        assert [fault.code for fault in find_faults(connection, VILLAGE)] == ["written_twice"]


def test_the_points_reach_whom_the_household_joined_when_goods_come_back(counter: Counter) -> None:
    """An account that is closed gets nothing more."""
    made, village = counter.redeem(), counter.village
    chen = village.household(3, 14, "陈芳")
    merge_household(village.store, counter.wang, chen, now=village.now, by=village.operator)
    assert counter.bring(made, Brought(0, 1)).household.household_id == chen


def test_nothing_comes_back_when_the_household_moved_away(counter: Counter) -> None:
    """Its account was closed and taken along."""
    made, village = counter.redeem(), counter.village
    signature = Signature(counter.supervisor.badge)
    leave_household(village.store, counter.wang, 124, signature, now=village.now, by=village.operator)
    assert counter.refusal(made, Brought(0, 1)).code == "household_left"


def test_only_what_is_left_comes_back_when_a_copy_of_the_desk_took_some_before_the_signature(
    counter: Counter, tmp_path: Path
) -> None:
    """What was asked for is looked at again when somebody signs."""
    counter.village.award(counter.wang, 20_000)
    made, village = counter.redeem(40), counter.village
    assert counter.bring(made, Brought(0, 40), Brought(1, 100)).waits
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(
            GoodsReturned(
                seat=1, redemption=made.redemption_id, line=0, item=counter.salt, quantity=30, before=0, to="stock",
                household=counter.wang, points=9_000, legs=transfer("redeemed", counter.wang, 9_000),
            )
        )  # fmt: skip
    (request,) = list_requests(village.store)
    signature = Signature(counter.supervisor.badge)
    done = approve_request(village.store, request.request_id, signature, now=village.now, by=counter.helper)
    assert done.points == 3_000 + 13
    assert counter.agrees(tmp_path)


def test_nothing_comes_back_when_the_day_is_closed_or_the_operator_may_not(counter: Counter) -> None:
    """As for a redemption itself."""
    made, village = counter.redeem(), counter.village
    with pytest.raises(NotAllowed, match="right_missing"):
        return_goods(
            village.store, made.redemption_id, (Brought(0, 1),), now=village.now, by=counter.supervisor.operator_id
        )
    close_day(village.store, now=village.now, by=village.operator)
    assert counter.refusal(made, Brought(0, 1)).code == "day_not_open"
    assert not show_redemption(village.store, made.redemption_id).is_void
