"""The till on the screen: every scan and key has its answer, every refusal its code, and nothing is booked by Enter."""

from pathlib import Path

import pytest

from db.facts.people import CardIssued, HouseholdRegistered
from db.facts.shop import BestBeforeSet, CodeAdded
from kiosk.codes import CodeType, command_number, mint
from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.domain.basket import KeptBasket, is_basket_parked, kept_basket
from kiosk.domain.goods import provisional_items
from kiosk.domain.redemption import redemptions_of_day, show_redemption
from kiosk.screens.till import screen
from kiosk.screens.till.state import Phase
from kiosk.station import Signal
from tests.kiosk.screens.till.counter import (
    POTATOES_750,
    RICE,
    SALT,
    SOAP,
    UNKNOWN,
    Shop,
    item,
    points_of,
    shop_in,
    write,
)
from tests.screens import LARGE
from tests.village import VILLAGE, seeded


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


async def test_the_balance_is_explained_when_a_card_is_shown(shop: Shop) -> None:
    """可兑换 42, 总分142 = 基础100 + 42 and the entries; the entries come a moment after the figure."""
    async with shop.till() as counter:
        await counter.scan(shop.chen_card)
        assert counter.shows("王明家  3组12号  陈芳", "可兑换")
        await counter.at.until(lambda: counter.shows("总分142 = 基础100 + 42", "+42  建议被采纳"))
        assert counter.at.devices.tones == [Signal.CARD]
        await counter.at.until(lambda: "●" in counter.at.lines()[0][:3])


async def test_goods_and_card_make_a_redemption_when_confirmed(shop: Shop) -> None:
    """Said on the screen only after it is in the journal."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT, SOAP)
        await counter.press("plus")
        assert counter.shows("已兑换5.5分", "还剩", "请下一户刷卡")
    assert points_of(shop, shop.wang) == 4_200 - 550


async def test_enter_does_nothing_when_pressed_in_any_state(shop: Shop) -> None:
    """Scanners end with it, some twice: it never confirms, never adds, never leaves."""
    async with shop.till() as counter:
        for scans in ([], [shop.wang_card], [SALT], [SALT]):
            await counter.scan(*scans)
            await counter.rest()
            before = counter.screen.till_state
            await counter.press("enter", "enter", "ctrl+j", "tab")
            assert counter.screen.till_state == before
        assert counter.screen.till_state.phase is Phase.BASKET
    assert points_of(shop, shop.wang) == 4_200


async def test_a_keyboard_scanner_is_never_a_quantity_when_it_types_digits(shop: Shop) -> None:
    """Real keys at a scanner's pace: two cards, three packs, not one digit of them is taken for a number."""
    async with shop.till() as counter:
        await counter.at.type_fast(f"{shop.wang_card}\r{SALT}\r\n{SALT}\r{SOAP}\t")
        assert counter.screen.till_state.typed == ""
        assert list(counter.screen.till_state.quantities.values()) == [2, 1]
        await counter.at.type_slowly("3*")
        await counter.at.type_fast(f"{RICE}\r")
        assert counter.shows("大米 3袋 96分", "还差")


async def test_double_has_its_own_tone_and_colour_when_one_item_is_read_twice(shop: Shop) -> None:
    """Whoever has no loudspeaker sees it large."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card)
        await counter.scan(SALT, SALT, after=0.5)
        assert counter.at.devices.tones == [Signal.CARD, Signal.GOODS, Signal.DOUBLE]
        assert counter.shows("连读两次", "×", "食盐 共2袋 6分")
        await counter.at.until(lambda: "▲" in counter.at.lines()[0][:3])
        await counter.press("minus")
        assert counter.shows("食盐 改成1袋 3分")


async def test_another_card_is_refused_when_the_household_before_is_unconfirmed(shop: Shop) -> None:
    """The basket, its household and its points stay; the refusal names the household and three ways on."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT, shop.li_card)
        assert counter.at.refusal() == "basket_unconfirmed"
        assert counter.shows("王明家", "上一户还没确认：王明")
        assert counter.screen.till_state.holder is not None
        assert counter.screen.till_state.holder.household_id == shop.wang
    assert (points_of(shop, shop.wang), points_of(shop, shop.li)) == (4_200, 250)


async def test_the_card_confirms_when_any_card_of_the_household_is_shown_again(shop: Shop) -> None:
    """The wife's card after the husband's."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT, shop.chen_card)
        assert counter.shows("已兑换3分")
    assert points_of(shop, shop.wang) == 3_900


async def test_the_pack_is_looked_at_when_the_earliest_day_has_passed(shop: Shop) -> None:
    """+ sells this pack, - does not; a day in the pack's own code needs no question, and an expired one is refused."""
    write(shop, BestBeforeSet(item=item(shop, SALT), day="2026-11-20"))
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        assert counter.shows("食盐 最早一批 2026-11-20 到期", "没过期按 +")
        await counter.press("minus")
        assert counter.screen.till_state.quantities == {}
        await counter.scan(SALT)
        await counter.press("plus")
        assert counter.shows("食盐 1袋 3分")
        await counter.scan(f"01{SALT.zfill(14)}15270101")
        assert counter.shows("食盐 2袋 6分")
        await counter.scan(f"01{SALT.zfill(14)}15261101")
        assert counter.at.refusal() == "pack_expired"
        assert list(counter.screen.till_state.quantities.values()) == [2]


async def test_the_goods_are_asked_for_when_one_code_names_two(shop: Shop) -> None:
    """Names and prices under digits; going back adds nothing."""
    write(shop, CodeAdded(item=item(shop, RICE), code=SALT.zfill(14)))
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        assert counter.shows("这个码有几样物品", "食盐 3分", "大米 32分")
        await counter.press("minus")
        assert counter.screen.till_state.quantities == {}
        await counter.scan(SALT)
        await counter.press("2")
        assert counter.shows("大米 1袋 32分")


async def test_weighed_goods_cost_their_weight_when_the_label_is_scanned(shop: Shop) -> None:
    """0.75 kg at 3.5 points."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, POTATOES_750)
        assert counter.shows("土豆 0.75公斤 2.63分")
        await counter.press("plus")
    assert points_of(shop, shop.wang) == 4_200 - 263


async def test_the_last_goods_are_so_many_when_star_asks(shop: Shop) -> None:
    """Star, three, plus: the quantity after the scan; a scan into the question is refused there."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("asterisk")
        await counter.scan(SOAP)
        assert counter.at.refusal() == "scan_not_here"
        await counter.press("3", "plus")
        assert counter.shows("食盐 改成3袋 9分")
        await counter.press("asterisk", "minus")
        assert list(counter.screen.till_state.quantities.values()) == [3]


async def test_one_key_makes_provisional_goods_when_a_code_is_unknown(shop: Shop) -> None:
    """They have a number now and wait for the secretary; scanned again they say so."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, UNKNOWN)
        assert counter.shows("没登记过的条码 6990101100102", "/  临时物品")
        await counter.press("slash")
        assert counter.shows("已记：临时物品6990101100102")
        await counter.scan(UNKNOWN)
        assert counter.at.refusal() == "item_provisional"
        assert counter.screen.till_state.quantities == {}
    store = shop.open()
    assert [goods.name for goods in provisional_items(store)] == ["临时物品6990101100102"]
    store.close()


async def test_the_reason_is_asked_when_a_household_comes_without_its_card(shop: Shop) -> None:
    """By the household book; a lost card leads to the card desk, and going back opens nothing."""
    code = mint(CodeType.HOUSEHOLD_BOOK, VILLAGE, seeded("book"))
    write(shop, CardIssued(number=code, holder="book", household=shop.wang))
    async with shop.till() as counter:
        await counter.scan(code)
        assert counter.shows("王明家  3组12号 没带卡？", "1  忘带", "2  丢了", "3  代领")
        await counter.press("minus")
        assert counter.shows("请刷卡")
        await counter.scan(code)
        await counter.press("2")
        assert counter.shows("发卡、补卡", "可兑换")
        assert counter.screen.till_state.holder is not None
        assert counter.screen.till_state.holder.no_card_reason == "lost"
        await counter.scan(SALT, code)
        assert counter.shows("还剩")
        await counter.press("plus")
        assert counter.shows("已兑换3分")


async def test_the_household_is_chosen_when_two_live_at_one_number(shop: Shop) -> None:
    """Nobody is charged because a number was given out twice."""
    write(shop, HouseholdRegistered(group=3, house=12), "王二")
    async with shop.till() as counter:
        await counter.press("3", "plus", "1", "2", "plus")
        assert counter.shows("这里有几户", "王明家", "王二家")
        await counter.press("2", "1")
        assert counter.shows("王二家", "可兑换")


async def test_a_typed_card_number_is_marked_and_capped_when_entered(shop: Shop) -> None:
    """The card whose code is scratched: sixteen digits and +; 20 points a day at most."""
    async with shop.till() as counter:
        await counter.press(*shop.wang_card, "plus")
        assert counter.shows("王明家", "可兑换")
        assert counter.screen.till_state.holder is not None
        assert counter.screen.till_state.holder.entry == "typed"
        await counter.scan(RICE)
        await counter.press("plus")
        assert counter.at.refusal() == "typed_card_limit"
        assert counter.shows("手输卡号一天最多 20 分，今天还有 20 分")


async def test_a_torn_code_is_typed_when_the_scanner_cannot_read_it(shop: Shop) -> None:
    """Thirteen digits and +."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card)
        await counter.press(*SALT, "plus")
        assert counter.shows("食盐 1袋 3分")


async def test_a_basket_waits_while_another_household_is_served_when_parked(shop: Shop) -> None:
    """It survives a restart of the program, comes back unconfirmed, and there is only one."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT, SOAP)
        await counter.press("slash", "1")
        assert counter.shows("已挂单", "有一单挂着")
        await counter.scan(shop.li_card, SOAP)
        await counter.press("slash", "1")
        assert counter.at.refusal() == "basket_parked_before"
        await counter.press("plus")
        assert counter.shows("已兑换2.5分")
    async with shop.till() as counter:
        assert counter.shows("有一单挂着")
        await counter.press("slash", "1")
        assert counter.shows("取回的一单，还没确认", "王明家", "食盐", "香皂")
        await counter.press("plus")
        assert counter.shows("已兑换5.5分")
    store = shop.open()
    assert (is_basket_parked(store), kept_basket(store)) == (False, None)
    store.close()


def kept_in(shop: Shop) -> KeptBasket | None:
    """The basket that the store has written down."""
    store = shop.open()
    kept = kept_basket(store)
    store.close()
    return kept


async def test_the_basket_is_there_unconfirmed_when_the_program_ended_before(shop: Shop) -> None:
    """Whatever ended it: nothing was booked, nothing has to be scanned again."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT, SALT)
        await counter.press("minus")
        await counter.scan(SOAP)
        await counter.at.until(lambda: kept_in(shop) == counter.screen.till_state.kept)
    assert points_of(shop, shop.wang) == 4_200
    async with shop.till() as counter:
        assert counter.shows("上次没确认的一单", "王明家", "食盐  1袋")
        await counter.scan(shop.wang_card)
        assert counter.shows("已兑换")
    async with shop.till() as counter:
        assert counter.screen.till_state.phase is Phase.IDLE


async def test_a_scan_from_the_menu_is_not_lost_when_it_opens_the_till(shop: Shop) -> None:
    """The first scan of the morning opens the till and is handled there, after what a power cut left."""
    async with shop.till() as counter:
        await counter.press("minus")
        await counter.scan(shop.wang_card)
        assert counter.shows("王明家", "可兑换")
        await counter.scan(SALT)
        await counter.at.until(lambda: counter.screen.basket_keeper is not None)
        assert counter.shows("食盐 1袋 3分")


async def test_the_confirmed_figures_go_when_nobody_comes_next(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a household has does not stand there for the whole queue to read."""
    monkeypatch.setattr(screen, "DONE_SECONDS", 0.05)
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.at.until(lambda: counter.shows("积分兑换", "请刷卡") and not counter.shows("王明"))
        assert counter.screen.till_state.phase is Phase.IDLE


async def test_the_next_household_is_served_at_once_when_a_redemption_is_done(shop: Shop) -> None:
    """No key between two households, and the timer of the first does not end the second."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.scan(shop.li_card)
        assert counter.shows("李秀家", "可兑换")


async def test_items_to_count_are_listed_when_the_book_had_too_few(shop: Shop) -> None:
    """Nothing was ever received, so everything sold is over the book: sold, and on tomorrow's list."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.at.until(lambda: counter.screen.beside.to_count == 1)
        await counter.press("slash", "2")
        assert counter.shows("这些要点数", "食盐 -1袋")
        await counter.press("minus")
        assert counter.shows("已兑换3分")


async def test_a_redemption_is_void_when_minus_and_plus_are_pressed_right_after_it(shop: Shop) -> None:
    """The question names the number and the points; afterwards there is nothing to take back."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus", "minus")
        assert counter.shows("作废第1号，退3分？", "物品全部收回，按 +")
        await counter.press("plus")
        await counter.at.until(lambda: counter.shows("已作废，退3分"))
        assert counter.screen.till_state.phase is Phase.IDLE
        assert not counter.screen.offers("reprint")
        await counter.press("slash", "3")
        assert counter.at.refusal() == "no_redemption_today"
    assert points_of(shop, shop.wang) == 4_200


async def test_a_redemption_stands_when_its_void_is_gone_back_from(shop: Shop) -> None:
    """Minus once too often takes nothing back."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus", "minus", "minus")
        assert counter.screen.till_state.phase is Phase.IDLE
    assert points_of(shop, shop.wang) == 3_900


async def test_a_basket_is_finished_first_when_a_slip_is_scanned_into_it(shop: Shop) -> None:
    """Two households are never mixed up."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        slip = show_redemption(counter.store, redemptions_of_day(counter.store)[0].redemption_id).redeemed.slip_code
        await counter.scan(shop.li_card, SALT, slip)
        assert counter.at.refusal() == "basket_left_open"


async def test_command_cards_do_what_keys_do_when_scanned(shop: Shop) -> None:
    """Where keys are worn out: confirm and take back by card."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT, SOAP, command_number(21))
        assert counter.shows("已撤：香皂")
        await counter.scan(command_number(1))
        assert counter.shows("已兑换3分")


async def test_the_till_speaks_the_other_language_when_switched(shop: Shop) -> None:
    """State and figures survive; nothing Chinese is left but names."""
    async with shop.till(size=LARGE) as counter:
        await counter.scan(shop.wang_card, SALT)
        station = counter.at.app.station
        station.set(language="en", is_large=True)
        counter.at.app.redraw()
        await counter.at.until(lambda: counter.shows("+ or the card confirms", "Left", "食盐, 1 袋, 3 points"))


async def test_a_household_is_found_by_name_when_its_number_is_not_known(shop: Shop) -> None:
    """Under the last digit of the other things; then the reason, as without any card."""
    async with shop.till() as counter:
        await counter.press("slash", "3")
        assert counter.shows("按姓名找户")
        await counter.at.keys("l", "x", "plus")
        await counter.at.until(lambda: counter.shows("李秀家  3组13号 没带卡？"))
        await counter.press("1")
        assert counter.shows("李秀家", "可兑换")


async def test_the_slip_comes_out_when_the_till_is_left_before(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever goes home at once leaves a printer at work and nothing else: the till is not drawn any more."""
    with TcpPrinter() as paper:
        async with shop.till(printer=SlipPrinter(paper.target)) as counter:
            await counter.scan(shop.wang_card, SALT)
            await counter.press("plus")
            runner = counter.screen.slip_runner
            counter.at.app.go_home()
            await runner.settle()
            await counter.at.settle()
        assert "食盐" in paper.receipts[0]
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
