"""The statement of a household: what, when, who, on what paper, and how few statements it takes to read it."""

import pytest
from sqlalchemy import event

from db.facts.shop import ItemRegistered, PriceSet
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import NewItem, register_item, set_monthly_limit
from kiosk.domain.people import merge_household
from kiosk.domain.points import Earning, Recipient, award_points
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.shop import redeem_basket
from kiosk.domain.statement import show_account
from kiosk.errors import Refused
from tests.kiosk.domain.office import Office, office_in_memory
from tests.ledger import bring, new_store, write
from tests.village import DAY


@pytest.fixture
def office() -> Office:
    """An office with secretary, volunteer and supervisor."""
    return office_in_memory()


def test_total_is_base_and_redeemable_when_an_account_is_shown(office: Office) -> None:
    """Everybody asks about the hundred: it is there, and it is not to be spent."""
    office.give(office.wang)
    account = office.account(office.wang)
    assert (account.base_points, account.redeemable_points, account.total_points) == (10_000, 500, 10_500)
    assert account.honour_line_points == 15_000
    assert (account.household.name, account.household.place.group, account.household.place.house) == ("王明", 3, 12)


def test_entry_says_what_when_who_and_on_what_paper_when_shown(office: Office) -> None:
    """What a dispute is settled by."""
    person = office.person(office.wang, "王小𠮷")
    by = office.helper.operator_id
    earning = Earning("mediation", paper="0017", evidence="witness")
    award_points(office.store, (Recipient(office.wang, person),), earning, now=office.now, by=by)
    (entry,) = office.account(office.wang).entries
    assert (entry.label("zh_CN"), entry.label("en"), entry.points) == ("调解纠纷", "Dispute mediated", 500)
    assert (entry.day, entry.at) == (DAY, office.clock.now().at)
    assert (entry.person_name, entry.operator_name) == ("王小𠮷", "李小花")
    assert (entry.paper_number, entry.evidence_code) == ("0017", "witness")
    assert (entry.is_counted, entry.is_reversed, entry.can_be_reversed) == (True, False, True)


def test_redemption_names_its_goods_and_slip_when_shown(office: Office) -> None:
    """A household asks what it had for its points, and finds the number on its slip."""
    salt, soap = office.goods("食盐", "06990103300302", 300), office.goods("香皂", "06990102200207", 100)
    office.award(office.wang, 1_000)
    basket = (BasketLine(salt, 2), BasketLine(soap, 1))
    redeem_basket(office.store, Holder(office.wang, "card"), basket, now=office.now, by=office.secretary)
    entry = office.account(office.wang).entries[0]
    assert (entry.kind, entry.points, entry.paper_number) == ("redemption_made", -700, "0123-1-000001")
    assert [(goods.name, goods.quantity, goods.unit) for goods in entry.goods] == [("食盐", 2, "袋"), ("香皂", 1, "袋")]
    assert not entry.can_be_reversed


def test_goods_stand_in_their_unit_when_some_are_weighed(office: Office) -> None:
    """Bags are bags and grams are told apart from them, whatever the goods were called by then."""
    item = NewItem("土豆", "公斤", ("02100042000000",), 350)
    potatoes = register_item(office.store, item, now=office.now, by=office.secretary)
    office.award(office.wang, 1_000)
    basket, holder = (BasketLine(potatoes, 750),), Holder(office.wang, "card")
    redeem_basket(office.store, holder, basket, now=office.now, by=office.secretary)
    (goods,) = office.account(office.wang).entries[0].goods
    assert (goods.name, goods.quantity, goods.unit, goods.is_weighed) == ("土豆", 750, "公斤", True)


def test_goods_of_the_county_stand_there_once_when_the_village_limits_them(office: Office) -> None:
    """What the village says of them is a row of its own, and no second bag."""
    county = new_store(0, village=0)
    (item,) = write(county, ItemRegistered(name="食盐(县)", unit="袋", codes=("06990103300302",)))
    write(county, PriceSet(item=item.id, from_day="2026-01-01", points=300))
    bring(county, office.store)
    set_monthly_limit(office.store, item.id, 5, now=office.now, by=office.secretary)
    office.award(office.wang, 1_000)
    basket, holder = (BasketLine(item.id, 2),), Holder(office.wang, "card")
    redeem_basket(office.store, holder, basket, now=office.now, by=office.secretary)
    assert [(goods.name, goods.quantity) for goods in office.account(office.wang).entries[0].goods] == [("食盐(县)", 2)]


def test_newest_entries_come_first_when_there_are_many(office: Office) -> None:
    """Five by default, as many as are asked for, none twice and none left out."""
    written = [office.award(office.wang, 100 + number) for number in range(8)]
    assert [entry.entry_id for entry in office.account(office.wang).entries] == written[:2:-1]
    assert [entry.entry_id for entry in show_account(office.store, office.wang, 9).entries] == written[::-1]


def test_account_is_empty_when_nothing_was_ever_posted(office: Office) -> None:
    """A new household has its base points and no entry."""
    account = office.account(office.wang)
    assert (account.entries, account.redeemable_points, account.total_points) == ((), 0, 10_000)


def test_points_that_came_by_a_merger_are_shown_when_a_household_joined(office: Office) -> None:
    """Both statements name the move."""
    office.give(office.wang)
    merge_household(office.store, office.wang, office.li, now=office.now, by=office.secretary)
    assert [(entry.kind, entry.points) for entry in office.account(office.li).entries] == [("household_merged", 500)]
    assert office.account(office.wang).entries[0].points == -500


def test_account_is_refused_when_the_household_is_unknown(office: Office) -> None:
    """An id of another village leads nowhere."""
    with pytest.raises(Refused) as refused:
        show_account(office.store, 99)
    assert refused.value.code == "household_unknown"


def test_reading_takes_no_more_statements_when_there_are_more_entries(office: Office) -> None:
    """The till shows this on every scan of a card."""
    salt = office.goods("食盐", "06990103300302", 100)
    for _ in range(4):
        reverse_entry(office.store, office.award(office.wang, 400), now=office.now, by=office.secretary)
        office.award(office.wang, 400)
        holder = Holder(office.wang, "card")
        redeem_basket(office.store, holder, (BasketLine(salt, 1),), now=office.now, by=office.secretary)
    seen: list[str] = []

    def note(*call: object) -> None:
        seen.append(str(call[2]))

    event.listen(office.store.engine, "before_cursor_execute", note)
    office.account(office.wang, shown=3)
    few = len(seen)
    office.account(office.wang, shown=12)
    event.remove(office.store.engine, "before_cursor_execute", note)
    assert len(seen) == 2 * few
    assert few <= 12
