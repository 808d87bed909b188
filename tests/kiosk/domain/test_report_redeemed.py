"""Points redeemed: by goods in their unit, and by month."""

import pytest

from db.facts.period import DayOpened
from db.facts.shop import ItemRegistered, ItemRenamed, PriceSet
from kiosk.domain import report
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import NewItem, register_item, set_monthly_limit
from kiosk.domain.people import merge_household
from kiosk.domain.period import open_day
from kiosk.domain.report import MonthFigure, Period
from kiosk.domain.report_redeemed import GoodsRedeemed, Redeemed, redeemed_points
from kiosk.domain.shop import redeem_basket
from tests.bodies import award, redemption
from tests.kiosk.domain.office import Office, office_in_memory
from tests.ledger import bring, new_store, write
from tests.recomputed import recompute

YEAR = Period("2026-01-01", "2026-12-31")


@pytest.fixture
def office() -> Office:
    """An office where Wang has 100 points; it is 22 November."""
    office = office_in_memory()
    office.award(office.wang, 10_000)
    return office


@pytest.fixture
def salt(office: Office) -> int:
    """Salt at 3 points."""
    return office.goods("食盐", "06990103300302", 300)


def redeem(office: Office, *lines: tuple[int, int]) -> None:
    """Wang redeems items and quantities."""
    basket = tuple(BasketLine(item, quantity) for item, quantity in lines)
    redeem_basket(office.store, Holder(office.wang, "card"), basket, now=office.now, by=office.secretary)


def test_goods_are_added_up_when_they_went_out_several_times(office: Office, salt: int) -> None:
    """Those that took most points first: goods are what the shop orders by."""
    soap = office.goods("香皂", "06990102200207", 250)
    redeem(office, (salt, 2), (soap, 1))
    redeem(office, (soap, 4))
    found = redeemed_points(office.store, YEAR)
    assert found.goods == (
        GoodsRedeemed(soap, "香皂", "袋", is_weighed=False, quantity=5, points=1_250),
        GoodsRedeemed(salt, "食盐", "袋", is_weighed=False, quantity=2, points=600),
    )
    assert (found.points, found.redemptions, found.months) == (1_850, 2, (MonthFigure("2026-11", 1_850, 2),))


def test_weighed_goods_are_grams_when_they_were_priced_by_the_kilogram(office: Office, salt: int) -> None:
    """Half a point of rounding a line stays where it was stored."""
    item = NewItem("土豆", "公斤", ("02100042000000",), 350)
    potatoes = register_item(office.store, item, now=office.now, by=office.secretary)
    redeem(office, (potatoes, 750), (salt, 1))
    redeem(office, (potatoes, 1_235))
    salt_line, potato_line = sorted(redeemed_points(office.store, YEAR).goods, key=lambda goods: goods.points)
    assert (potato_line.quantity, potato_line.is_weighed, potato_line.unit) == (1_985, True, "公斤")
    assert potato_line.points == 263 + 432
    assert (salt_line.quantity, salt_line.is_weighed) == (1, False)


def test_redemption_counts_on_its_business_day_when_months_are_shown(office: Office, salt: int) -> None:
    """The first day of a month is in it, the day before is not."""
    redeem(office, (salt, 1))
    open_day(office.store, "2026-12-01", now=office.now, by=office.operator)
    redeem(office, (salt, 3))
    assert redeemed_points(office.store, YEAR).months == (
        MonthFigure("2026-11", 300, 1),
        MonthFigure("2026-12", 900, 1),
    )
    assert redeemed_points(office.store, Period("2026-12-01", "2026-12-31")).points == 900
    assert redeemed_points(office.store, Period("2026-11-23", "2026-11-30")) == Redeemed(
        Period("2026-11-23", "2026-11-30"), (), ()
    )


def test_redemptions_of_a_merged_household_stay_when_it_joined_another(office: Office, salt: int) -> None:
    """What went out went out."""
    redeem(office, (salt, 2))
    before = redeemed_points(office.store, YEAR)
    merge_household(office.store, office.wang, office.li, now=office.now, by=office.operator)
    assert redeemed_points(office.store, YEAR) == before


def test_redemptions_of_another_log_count_when_they_have_come_down(office: Office, salt: int) -> None:
    """The log before a restore is the same shop; goods it did not name have no name yet."""
    redeem(office, (salt, 1))
    other = new_store(9)
    write(other, award(office.wang, 10_000), DayOpened(day="2026-11-20"))
    write(other, redemption(office.wang, salt, 2, 300), redemption(office.wang, 10**12, 1, 50, number=2))
    bring(other, office.store)
    found = redeemed_points(office.store, YEAR)
    assert [(goods.name, goods.quantity) for goods in found.goods] == [("食盐", 3), ("", 1)]
    assert found.redemptions == 3


def test_goods_bear_their_present_name_when_they_were_renamed(office: Office, salt: int) -> None:
    """One line, not one a name."""
    redeem(office, (salt, 1))
    write(office.store, ItemRenamed(item=salt, name="加碘食盐", unit="袋"))
    redeem(office, (salt, 1))
    assert [(goods.name, goods.quantity) for goods in redeemed_points(office.store, YEAR).goods] == [("加碘食盐", 2)]


def test_goods_of_the_county_have_a_name_when_the_village_only_limits_them(office: Office) -> None:
    """What the village says of them is a row of its own, without a name."""
    county = new_store(0, village=0)
    (item,) = write(county, ItemRegistered(name="大米(县)", unit="袋", codes=("06990103300302",)))
    write(county, PriceSet(item=item.id, from_day="2026-01-01", points=300))
    bring(county, office.store)
    set_monthly_limit(office.store, item.id, 5, now=office.now, by=office.secretary)
    redeem(office, (item.id, 2))
    assert [(goods.name, goods.quantity) for goods in redeemed_points(office.store, YEAR).goods] == [("大米(县)", 2)]


@pytest.mark.parametrize("piece", [1, 2, 10_000])
def test_sums_are_the_same_when_the_pieces_are_small(
    monkeypatch: pytest.MonkeyPatch, office: Office, salt: int, piece: int
) -> None:
    """Nothing is read twice or left out between two pieces."""
    for quantity in (1, 2, 3):
        redeem(office, (salt, quantity))
    monkeypatch.setattr(report, "PIECE", piece)
    told: list[int] = []
    found = redeemed_points(office.store, YEAR, told.append)
    assert (found.points, found.goods[0].quantity, found.redemptions) == (1_800, 6, 3)
    assert sum(told) == YEAR.days


def test_report_is_what_the_oracle_finds_when_it_reads_the_export(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Issued less redeemed is what the households hold."""
    from kiosk.domain.report_issued import issued_points

    office = office_in_memory()
    salt = office.goods("食盐", "06990103300302", 300)
    office.award(office.wang, 10_000)
    office.award(office.li, 250)
    redeem(office, (salt, 3))
    held = recompute(office.store, tmp_path_factory.mktemp("export")).balances
    assert issued_points(office.store, YEAR).points - redeemed_points(office.store, YEAR).points == sum(held.values())
