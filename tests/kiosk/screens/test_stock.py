"""Goods in, counts, write-offs: with scanner and number pad, in few actions, in both languages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.domain.delivery import open_deliveries
from kiosk.domain.goods import Goods, find_items, show_goods
from kiosk.domain.waiting import list_requests
from kiosk.screens.stock import StockScreen
from kiosk.station import Operator
from tests.kiosk.screens.till.counter import MISREAD, POTATOES, RICE, SALT, UNKNOWN, Counter, Shop, shop_in
from tests.menu import digits_to
from tests.screens import desk
from tests.village import DAY, VILLAGE

FORTY = ("4", "0", "plus")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


@asynccontextmanager
async def at_shelf(shop: Shop, language: str = "zh_CN") -> AsyncIterator[Counter]:
    """Stand at the shelf with an open day."""
    station = shop.station(language)
    async with desk(station) as at:
        station.operator, station.day = Operator(shop.operator, "周会计"), DAY
        await at.open("stock")
        yield Counter(at)


def goods(hands: Counter, code: str) -> Goods:
    """Goods of the store under the screen."""
    with hands.store.read() as connection:
        (found,) = find_items(connection, VILLAGE, code.zfill(14))
        return show_goods(connection, VILLAGE, found, DAY)


async def test_a_delivery_takes_four_actions_a_kind_and_three_in_all_when_received(shop: Shop) -> None:
    """Task 8, from the menu and back to where the next is scanned: two to come here, one when all is there."""
    station = shop.station()
    async with desk(station) as at:
        station.operator, station.day = Operator(shop.operator, "周会计"), DAY
        hands = Counter(at)
        await hands.press(*digits_to("stock"))
        assert hands.shows("进货", "请扫到货的物品")
        await hands.scan(SALT)
        assert hands.shows("食盐 到货几袋？", "输数，按 +")
        await hands.press(*FORTY)
        assert hands.shows("+40袋  食盐", "进价：以后补", "再扫下一样；全了按 + 入库")
        await hands.scan(RICE)
        await hands.press("1", "2", "plus", "plus")
        await at.until(lambda: hands.shows("已入库2种", "食盐 现有40袋", "大米 现有12袋"))
        assert hands.actions == 2 * 4 + 3
        assert len(open_deliveries(hands.store)) == 1


async def test_day_cost_and_source_are_kept_when_they_are_said(shop: Shop) -> None:
    """With keys of the pad; a day that is none or has passed is asked for again."""
    async with at_shelf(shop) as hands:
        await hands.scan(SALT)
        await hands.press(*FORTY, "asterisk", *"20271301", "plus")
        assert hands.at.refusal() == "date_unreadable"
        await hands.press(*"20270630", "plus")
        assert hands.shows("+40袋  食盐  2027-06-30到期")
        await hands.press("asterisk", *"20260101", "plus")
        assert hands.at.refusal() == "best_before_passed"
        await hands.press("full_stop", *"256", "full_stop", "5", "plus")
        assert hands.shows("进价：256.50元")
        await hands.press("slash", "2")
        assert hands.shows("来源：捐赠")
        await hands.press("plus")
        await hands.at.until(lambda: hands.shows("已入库1种"))
        assert goods(hands, SALT).best_before == "2027-06-30"
        assert open_deliveries(hands.store) == ()
        await hands.press("slash", "4")
        assert hands.at.refusal() == "no_cost_missing"


async def test_a_cost_that_followed_is_noted_when_it_is_known(shop: Shop) -> None:
    """From the list of purchases without one."""
    async with at_shelf(shop) as hands:
        await hands.scan(SALT)
        await hands.press(*FORTY, "plus")
        await hands.at.until(lambda: hands.shows("已入库1种"))
        await hands.press("slash", "4", "1", *"80", "plus")
        await hands.at.until(lambda: hands.shows("进价80.00元：已记"))
        assert open_deliveries(hands.store) == ()


async def test_minus_takes_back_one_thing_when_pressed_and_then_leaves(shop: Shop) -> None:
    """A digit, the question, the last line, the screen; nothing was written."""
    async with at_shelf(shop) as hands:
        await hands.scan(SALT)
        await hands.press(*FORTY)
        await hands.scan(RICE)
        await hands.press("1", "minus", "minus")
        assert hands.shows("再扫下一样")
        await hands.press("minus")
        assert hands.shows("请扫到货的物品")
        await hands.press("minus")
        assert hands.shows("要做什么")
        assert goods(hands, SALT).stock == 0


async def test_a_scan_never_becomes_a_number_when_digits_were_typed(shop: Shop) -> None:
    """The number that was begun is finished or taken back first."""
    async with at_shelf(shop) as hands:
        await hands.scan(SALT)
        await hands.press("4")
        await hands.scan(RICE)
        assert hands.at.refusal() == "quantity_waits"
        assert hands.shows("食盐 到货几袋？")
        await hands.press("plus")
        await hands.scan(RICE)
        assert hands.shows("大米 到货几袋？")
        await hands.press("1", "full_stop", "5", "plus")
        assert hands.at.refusal() == "number_not_whole"
        await hands.press("0", "plus")
        assert hands.at.refusal() == "number_out_of_range"


async def test_goods_by_weight_come_in_kilograms_when_received(shop: Shop) -> None:
    """Booked in grams."""
    async with at_shelf(shop) as hands:
        await hands.scan(POTATOES)
        await hands.press("2", "full_stop", "5", "plus", "plus")
        await hands.at.until(lambda: hands.shows("土豆 现有2.5公斤"))
        assert goods(hands, POTATOES).stock == 2_500


async def test_an_unknown_code_becomes_provisional_goods_when_slash_is_pressed(shop: Shop) -> None:
    """The goods are here now; name and price come from the secretary."""
    async with at_shelf(shop) as hands:
        await hands.scan(MISREAD)
        assert hands.at.refusal() == "scan_not_here"
        await hands.scan(UNKNOWN)
        assert hands.at.refusal() == "goods_unknown"
        await hands.press("slash")
        await hands.at.until(lambda: hands.shows("到货几件？"))
        await hands.press("5", "plus", "plus")
        await hands.at.until(lambda: hands.shows("已入库1种", "现有5件"))
        assert goods(hands, UNKNOWN).is_provisional


async def test_a_count_says_what_follows_when_the_number_is_typed(shop: Shop) -> None:
    """More is right at once, the same is right, less waits; the book's number is not shown before."""
    async with at_shelf(shop) as hands:
        await hands.press("slash", "2")
        await hands.scan(SALT)
        assert hands.shows("点货", "食盐 架上几袋？")
        await hands.press("9", "plus")
        await hands.at.until(lambda: hands.shows("食盐 点到9袋，账上0袋：已改"))
        await hands.scan(SALT)
        await hands.press("9", "plus")
        await hands.at.until(lambda: hands.shows("食盐 点到9袋：对"))
        await hands.scan(SALT)
        await hands.press("7", "plus")
        await hands.at.until(lambda: hands.shows("食盐 点到7袋，账上9袋：等书记签字"))
        await hands.press("slash", "3")
        await hands.scan(SALT)
        await hands.press("2", "plus", "1")
        await hands.at.until(lambda: hands.shows("食盐 报损2袋：等书记签字"))
        assert [each.reason_code for each in list_requests(hands.store)] == ["counted", "expired"]
        await hands.press("minus")
        await hands.at.open("waiting_list")
        assert hands.shows("库存减少  食盐  2袋", "账上要减少  点货少了")


async def test_what_is_to_be_watched_is_listed_when_asked_for(shop: Shop) -> None:
    """And the screen says so by itself, the next time."""
    async with at_shelf(shop) as hands:
        await hands.press("slash", "5")
        assert hands.at.refusal() == "nothing_to_watch"
        await hands.scan(SALT)
        await hands.press(*FORTY, "asterisk", *DAY.replace("-", ""), "plus", "plus")
        await hands.at.until(lambda: hands.shows("已入库1种"))
        await hands.press("minus")
        await hands.at.open("stock")
        assert hands.shows("快到期1种·快没货0种：按 / 看")
        await hands.press("slash", "5")
        assert hands.shows(f"食盐 40袋  {DAY}到期")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_nothing_is_cut_off_when_a_delivery_is_on_show(shop: Shop, language: str) -> None:
    """In both languages on the smallest screen."""
    async with at_shelf(shop, language) as hands:
        await hands.scan(SALT)
        await hands.press(*FORTY, "asterisk", *"20270630", "plus", "full_stop", *"8000", "plus")
        say = hands.at.app.station.texts
        assert hands.shows(
            say("stock.title.receive"), say("stock.cost_of", cost="8000.00"), say("stock.next.receive_more")
        )
        assert isinstance(hands.at.app.screen, StockScreen)
        assert [
            hands.at.app.station.texts(f"keys.stock.{key}.label") in hands.at.lines()[-1]
            for key in ("finish", "until", "cost", "source")
        ] == [True] * 4


async def test_a_box_is_received_as_its_pieces_when_its_code_is_known(shop: Shop) -> None:
    """An unknown code becomes a further one of salt, twenty behind it; two boxes are forty bags."""
    box = "16990103300309"
    async with at_shelf(shop) as hands:
        await hands.scan(box)
        assert hands.shows("是已有的货按 *")
        await hands.press("asterisk")
        assert hands.shows("扫这样货原来的码")
        await hands.scan(SALT)
        await hands.press("2", "0", "plus")
        await hands.at.until(lambda: hands.shows("食盐 又一个码，一个是20袋"))
        await hands.scan(box)
        assert hands.shows("食盐 到货几袋？ 一个是20袋")
        await hands.press("2", "plus")
        assert hands.shows("+40袋  食盐")


async def test_wishes_come_into_the_order_when_they_are_noted(shop: Shop) -> None:
    """By a scan, known or not, and by a sort; the order is written to a file with one digit."""
    async with at_shelf(shop) as hands:
        await hands.press("slash", *"9")
        assert hands.shows("大家想要的货", "请扫想要的货", "/  种类")
        assert not hands.shows("按 / 看")
        await hands.scan(SALT)
        await hands.scan(UNKNOWN)
        assert hands.shows("已记：食盐", "已记：6990101100102")
        await hands.press("slash", "7")
        await hands.at.until(lambda: hands.shows("已记：种子肥料"))
        await hands.press("minus")
        await hands.at.open("stock")
        await hands.press("slash", "8")
        assert hands.shows("要进的货", "种子肥料  1人想要", "6990101100102  1人想要")
        await hands.press("1")
        await hands.at.until(lambda: hands.shows("没有U盘，写在本机"))
        assert list((hands.at.app.station.home / "reports").glob("进货单*.xlsx"))


async def test_goods_without_a_barcode_get_a_code_when_they_come(shop: Shop) -> None:
    """Provisional, numbered by the shop, asked how many at once; without a slip printer its code is said."""
    async with at_shelf(shop) as hands:
        await hands.press("slash", "0", "1")
        await hands.at.until(lambda: hands.shows("临时物品1 到货几件？", "没有小票机，码是2501230000016"))
        await hands.press("6", "plus", "plus")
        await hands.at.until(lambda: hands.shows("已入库1种", "临时物品1 现有6件"))
        await hands.press("slash", "0", "2")
        assert hands.shows("打印什么？", "扫一样打一张", "上墙的价目表")
        await hands.press("1")
        await hands.scan(SALT)
        assert hands.shows("打价签", "食盐 没有小票机，码是6990103300302")
