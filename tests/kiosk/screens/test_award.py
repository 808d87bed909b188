"""The award screen: item, cards, one confirmation; and the statement with its reversal."""

from pathlib import Path

import pytest

from kiosk.codes import CodeType, mint
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import NewItem, register_item
from kiosk.domain.shop import redeem_basket
from kiosk.station import Signal
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.screens import LARGE, SMALL

LANE, RECYCLING, NEXT_PAGE = "5", "7", "0"


@pytest.fixture
def office(tmp_path: Path) -> StaffedOffice:
    """Wang's with two cards, Li's with one, the volunteer being of Li's."""
    return office_in(tmp_path / "desk", StaffedOffice)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ("加什么分", "按时参会  2分", "交可回收物  每公斤 0.5分", "下一页", "返回")),
        ("en", ("Which item", "On time at a meeting  2", "Recyclables handed in  0.5 per kg", "Next page", "Back")),
    ],
)
async def test_items_of_the_scheme_are_offered_when_opened(
    office: StaffedOffice, language: str, words: tuple[str, ...], size: tuple[int, int]
) -> None:
    """Nine to a page, in both languages and on both sizes."""
    async with office.at_desk("award", language=language, size=size) as at:
        shown = at.text()
        assert [word for word in words if word not in shown] == []


async def test_pile_names_each_household_when_cards_are_scanned(office: StaffedOffice) -> None:
    """How many, what each gets, and what to do next."""
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        assert "请刷卡" in at.text()
        await at.scan(office.wang_card, office.li_card)
        assert "王明  3组12号  +5" in at.text()
        assert "李秀  3组13号  +5" in at.text()
        assert "户  共 10分" in at.text()
        assert at.devices.tones == [Signal.CARD, Signal.CARD]


async def test_points_are_booked_when_the_pile_is_confirmed(office: StaffedOffice) -> None:
    """The figure says how many points went to how many households."""
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        await at.scan(office.wang_card, office.li_card)
        await at.keys("plus")
        assert "分  2户" in at.text()
        assert "加什么分" in at.text()
    assert (office.balance(office.wang), office.balance(office.li)) == (500, 500)


async def test_household_counts_once_when_two_of_its_cards_are_scanned(office: StaffedOffice) -> None:
    """The second card has its own tone and a sentence."""
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        await at.scan(office.wang_card, office.wang_other_card)
        assert "王明家已刷过，一户算一次" in at.text()
        assert at.devices.tones[-1] is Signal.DOUBLE
        await at.keys("plus")
    assert office.balance(office.wang) == 500


async def test_last_household_is_taken_out_when_minus_is_pressed(office: StaffedOffice) -> None:
    """One by one, then back to the items, then out."""
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        await at.scan(office.wang_card, office.li_card)
        await at.keys("minus")
        assert "李秀" not in at.text().split("\n", 1)[1]
        await at.keys("minus", "minus")
        assert "加什么分" in at.text()
        await at.keys("minus")
        assert "要做什么" in at.text()
    assert office.balance(office.wang) == 0


async def test_plus_does_nothing_when_the_pile_is_empty(office: StaffedOffice) -> None:
    """A finger that is too quick books nothing."""
    async with office.at_desk("award") as at:
        await at.keys(LANE, "plus")
        assert "请刷卡" in at.text()
        assert at.refusal() is None


async def test_household_without_a_card_is_added_when_its_place_is_typed(office: StaffedOffice) -> None:
    """Four keys a line of a paper list; the empty entry leaves + to the confirmation."""
    async with office.at_desk("award") as at:
        await at.keys(LANE, "3", "1", "2", "plus")
        assert "王明  3组12号  +5" in at.text()
        await at.keys("3", "full_stop", "1", "3", "plus", "plus")
        assert "分  2户" in at.text()
    assert (office.balance(office.wang), office.balance(office.li)) == (500, 500)


async def test_household_is_chosen_when_the_place_may_mean_several(office: StaffedOffice) -> None:
    """1.11 and 11.1 are both 111; going back adds neither."""
    office.household(1, 11, "陈一")
    eleventh = office.household(11, 1, "陈二")
    async with office.at_desk("award") as at:
        await at.keys(LANE, "1", "1", "1", "plus")
        assert "哪一户" in at.text()
        await at.keys("minus")
        assert "请刷卡" in at.text()
        await at.keys("1", "1", "1", "plus", "2", "plus")
    assert office.balance(eleventh) == 500


async def test_household_is_refused_when_nobody_lives_there(office: StaffedOffice) -> None:
    """The entry keeps what was typed, to be put right."""
    async with office.at_desk("award") as at:
        await at.keys(LANE, "9", "9", "plus")
        assert at.refusal() == "place_empty"
        assert "99" in at.text()


async def test_statement_is_shown_when_a_household_is_found_without_a_card(office: StaffedOffice) -> None:
    """The point asks for the place, and the statement opens."""
    office.give(office.wang)
    async with office.at_desk("award") as at:
        await at.keys("full_stop", "3", "1", "2", "plus")
        assert "总分 105 = 基础分 100 + 可兑换 5" in at.text()
        await at.keys("minus", "full_stop", "minus")
        assert "加什么分" in at.text()


async def test_units_are_asked_when_an_item_is_counted(office: StaffedOffice) -> None:
    """Seven kilograms; * changes it, and everybody on the pile with it."""
    async with office.at_desk("award") as at:
        await at.keys(RECYCLING, "7", "plus")
        await at.scan(office.wang_card)
        assert "王明  3组12号  +3.5" in at.text()
        await at.keys("asterisk", "4", "plus")
        assert "王明  3组12号  +2" in at.text()
        await at.keys("plus")
    assert office.balance(office.wang) == 200


async def test_evidence_is_asked_when_an_item_needs_it(office: StaffedOffice) -> None:
    """The paper's number keeps its zeros, and stands in the statement."""
    async with office.at_desk("award") as at:
        await at.keys(NEXT_PAGE, "1")
        assert "凭什么" in at.text()
        await at.keys("1", "0", "1", "7", "plus")
        assert "调解纠纷  每户 5分  单017" in at.text()
        await at.scan(office.wang_card)
        await at.keys("plus")
    (entry,) = office.account(office.wang).entries
    assert (entry.paper_number, entry.person_name) == ("017", "王明")


async def test_evidence_may_be_added_when_an_item_does_not_need_it(office: StaffedOffice) -> None:
    """Somebody saw the photograph; the pile keeps its cards."""
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        await at.scan(office.wang_card)
        await at.keys("slash", "4")
        assert "有照片" in at.text()
        assert "王明  3组12号  +5" in at.text()
        await at.keys("plus")
    assert office.account(office.wang).entries[0].evidence_code == "photo"


async def test_nothing_is_chosen_when_a_question_is_gone_back_from(office: StaffedOffice) -> None:
    """Neither without evidence nor without a number."""
    async with office.at_desk("award") as at:
        await at.keys(NEXT_PAGE, "1", "minus")
        assert "加什么分" in at.text()
        await at.keys("1", "1", "minus")
        assert "加什么分" in at.text()
        await at.keys(NEXT_PAGE, NEXT_PAGE, RECYCLING, "minus")
        assert "加什么分" in at.text()


async def test_full_month_is_refused_when_the_card_is_scanned(office: StaffedOffice) -> None:
    """Before it: what the cap leaves is marked on the row."""
    office.give(office.wang, item="public_cleaning")
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        await at.scan(office.wang_card)
        assert "今天加过" in at.text()
        await at.keys("plus", LANE)
        await at.scan(office.wang_card)
        assert at.refusal() == "cap_reached"
        assert "王明家本月这一项已满 10 分" in at.text()
        assert at.devices.tones[-1] is Signal.REFUSAL


async def test_row_is_marked_when_the_cap_leaves_less(office: StaffedOffice) -> None:
    """Twelve kilograms after four: three points are left of five."""
    office.give(office.wang, item="recycling", quantity=4)
    async with office.at_desk("award") as at:
        await at.keys(RECYCLING, "1", "2", "plus")
        await at.scan(office.wang_card)
        assert "王明  3组12号  +3  本月到顶  今天加过" in at.text()


async def test_own_household_is_asked_about_when_the_volunteer_scans_it(office: StaffedOffice) -> None:
    """No: it stays out and the screen says why. Yes: it waits for somebody else."""
    async with office.at_desk("award", by=office.helper.operator_id) as at:
        await at.keys(LANE)
        await at.scan(office.li_card)
        assert "放进待办，等别人签字" in at.text()
        await at.keys("minus")
        assert at.refusal() == "award_to_own_household"
        await at.scan(office.li_card)
        await at.keys("plus")
        assert "自家，等签字" in at.text()
        await at.scan(office.wang_card)
        await at.keys("plus")
        assert "1户在待办里等签字" in at.text()
    assert (office.balance(office.wang), office.balance(office.li)) == (500, 0)


async def test_large_award_is_marked_as_waiting_when_scanned(office: StaffedOffice) -> None:
    """Fifty points are above the limit."""
    async with office.at_desk("award") as at:
        await at.keys(NEXT_PAGE, "8", "3")
        await at.scan(office.wang_card)
        assert "王明  3组12号  +50  等签字" in at.text()
        await at.keys("plus")
        assert "1户在待办里等签字" in at.text()
    assert office.balance(office.wang) == 0


async def test_deduction_takes_what_is_there_when_the_secretary_confirms(office: StaffedOffice) -> None:
    """Two pages on; the row says what is taken, and that there was no more."""
    office.award(office.wang, 200)
    async with office.at_desk("award") as at:
        await at.keys(NEXT_PAGE, NEXT_PAGE, "3", "2")
        await at.scan(office.wang_card)
        assert "王明  3组12号  -2  只有这些" in at.text()
        await at.keys("plus")
        assert "已扣" in at.text()
    assert office.balance(office.wang) == 0


async def test_deduction_is_refused_when_a_volunteer_scans_a_card(office: StaffedOffice) -> None:
    """The refusal names who may."""
    async with office.at_desk("award", by=office.helper.operator_id) as at:
        await at.keys(NEXT_PAGE, NEXT_PAGE, "1")
        await at.scan(office.wang_card)
        assert at.refusal() == "right_missing"
        assert "请村支书刷工作证来做" in at.text()


async def test_statement_is_shown_when_a_card_is_scanned_before_an_item(office: StaffedOffice) -> None:
    """What, when, who and on what paper; base points and redeemable apart."""
    office.give(office.wang, item="mediation", paper="0017")
    async with office.at_desk("award") as at:
        await at.scan(office.wang_card)
        assert "总分 105 = 基础分 100 + 可兑换 5" in at.text()
        assert "+5  调解纠纷  经办周会计  单0017" in at.text()
        await at.keys("minus")
        assert "加什么分" in at.text()


@pytest.mark.parametrize(
    ("language", "words"), [("zh_CN", "食盐 2袋、土豆 0.75公斤"), ("en", "食盐 2 袋, 土豆 0.75 kg")]
)
async def test_goods_stand_in_their_unit_when_a_redemption_is_shown(
    office: StaffedOffice, language: str, words: str
) -> None:
    """Bags as bags, what was weighed in kilograms."""
    salt = office.goods("食盐", "06990103300302", 300)
    item = NewItem("土豆", "公斤", ("02100042000000",), 400)
    potatoes = register_item(office.store, item, now=office.now, by=office.secretary)
    office.award(office.wang, 4_200)
    basket, holder = (BasketLine(salt, 2), BasketLine(potatoes, 750)), Holder(office.wang, "card")
    redeem_basket(office.store, holder, basket, now=office.now, by=office.secretary)
    async with office.at_desk("award", language=language) as at:
        await at.scan(office.wang_card)
        assert words in at.text()


async def test_entry_is_taken_back_when_its_digit_is_pressed_and_confirmed(office: StaffedOffice) -> None:
    """Its digit, what is to be done, and why; the statement then shows both entries."""
    office.give(office.wang)
    async with office.at_desk("award") as at:
        await at.scan(office.wang_card)
        await at.keys("1", "3")
        assert "冲正“建议被采纳”，扣回 5 分？" in at.text()
        await at.keys("1")
        assert "已冲正：-5分" in at.text()
        assert "建议被采纳  已冲正" in at.text()
        for entry in ("1", "2"):
            await at.keys(entry)
            assert "提异议" in at.text()
            assert "冲正（扣回或退回）" not in at.text()
            await at.keys("minus")
    assert office.balance(office.wang) == 0


async def test_items_stay_in_sight_when_a_card_is_refused_after_booking(office: StaffedOffice) -> None:
    """Figure, page of items, refusal: all on the smallest screen."""
    nobody = mint(CodeType.PERSON, 123, office.store.entropy)
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        await at.scan(office.wang_card)
        await at.keys("plus")
        await at.scan(nobody)
        shown = at.text()
        assert [word for word in ("分  1户", "下一页", "card_unknown") if word not in shown] == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_refusal_is_seen_when_a_page_of_entries_is_full(office: StaffedOffice, language: str) -> None:
    """On the smallest screen reason, next step and help code stand below the entries."""
    for paper in range(10):
        office.give(office.wang, item="mediation", paper=str(paper), evidence="witness")
    async with office.at_desk("award", language=language) as at:
        await at.scan(office.wang_card)
        await at.keys("full_stop", "1", "1")
        shown = at.text()
        assert "printer_missing" in shown
        assert at.app.station.texts("common.turn_page") in shown


async def test_statement_says_so_when_nothing_was_posted_yet(office: StaffedOffice) -> None:
    """A new household has its base points."""
    async with office.at_desk("award", language="en") as at:
        await at.scan(office.wang_card)
        assert "No entry yet, base 100" in at.text()


async def test_card_of_another_village_is_refused_when_scanned(office: StaffedOffice) -> None:
    """And so is one that nobody issued."""
    other = mint(CodeType.PERSON, 124, office.store.entropy)
    nobody = mint(CodeType.PERSON, 123, office.store.entropy)
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        await at.scan(other)
        assert at.refusal() == "card_of_other_village"
        await at.scan(nobody)
        assert at.refusal() == "card_unknown"


async def test_pile_stays_when_the_language_is_switched(office: StaffedOffice) -> None:
    """Everything on the screen is drawn again from its state."""
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        await at.scan(office.wang_card)
        at.app.station.set(language="en")
        at.app.redraw()
        await at.settle()
        assert "Public cleaning, two hours  5 points each" in at.text()
        assert "王明  3-12  +5" in at.text()


async def test_waiting_household_is_not_counted_as_awarded_when_a_pile_is_booked(office: StaffedOffice) -> None:
    """Five points went to one household; the volunteer's own waits and is said apart."""
    async with office.at_desk("award", by=office.helper.operator_id) as at:
        await at.keys(LANE)
        await at.scan(office.li_card)
        await at.keys("plus")
        await at.scan(office.wang_card)
        await at.keys("plus")
        assert "分  1户" in at.text()
        assert "1户在待办里等签字" in at.text()


async def test_minus_goes_back_to_the_items_when_the_pile_is_empty(office: StaffedOffice) -> None:
    """It takes a household out only while there is one, and the line of keys says which."""
    async with office.at_desk("award") as at:
        await at.keys(LANE)
        assert "返回" in at.lines()[-1]
        await at.scan(office.wang_card)
        assert "撤一户" in at.lines()[-1]
        assert "返回" not in at.lines()[-1]
        await at.keys("minus")
        assert "撤一户" not in at.lines()[-1]
        await at.keys("minus")
        assert "加什么分" in at.text()


async def test_units_stand_in_the_title_when_an_item_is_counted(office: StaffedOffice) -> None:
    """Twelve kilograms and what they come to, so that a slip of the finger is seen."""
    async with office.at_desk("award") as at:
        await at.keys(RECYCLING)
        assert "每户多少？输数字，按 +" in at.text()
        await at.keys("1", "2", "plus")
        assert "交可回收物 12公斤  每户 6分" in at.text()
