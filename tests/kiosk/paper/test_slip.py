"""What a redemption slip and a balance slip say, in both languages and widths."""

from dataclasses import replace

import pytest

from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.elements import NARROW, WIDE, Code128
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.slip import Presented, SlipLine, balance_slip, slip
from kiosk.paper.width import columns_of, on_paper
from tests.kiosk.paper.contents import SLIP_CODE, balance, redemption

CHINESE = """\
             青山村
       积分超市 兑换小票

单号               0123-1-001204
日期            2026-11-22 08:05
住户                3组012 王*明
--------------------------------
物品                数量    积分
食盐（加碘）         1袋       3
金穗非转基因大       2桶   120.5
豆油5升装家庭实
惠装
散装大米        2.75公斤      11
--------------------------------
本次兑换                   134.5
兑换前可兑换                 200
兑换后可兑换                65.5

签字：__________________________

      2801 2323 4567 8967
"""


def test_a_slip_says_number_what_before_and_after_when_goods_are_redeemed() -> None:
    """The whole narrow slip in Chinese, with its columns aligned."""
    assert text_slip(slip(redemption(), Texts("zh_CN"), NARROW), NARROW) == CHINESE


def test_amounts_stand_on_one_line_when_they_are_long() -> None:
    """A weight to the gram and a long unit take the room they need, and the goods give way."""
    lines = (SlipLine("散装大米", 12_345, "公斤", 1_100, is_weighed=True), SlipLine("卫生纸", 2, "提", 600))
    shown = text_slip(slip(replace(redemption(), lines=lines), Texts("zh_CN"), NARROW), NARROW)
    assert "散装大米      12.345公斤      11\n卫生纸               2提       6\n" in shown
    odd = (SlipLine("铅笔", 2, "盒（每盒十二支装）", 600),)
    shown = text_slip(slip(replace(redemption(), lines=odd), Texts("zh_CN"), NARROW), NARROW)
    assert max(columns_of(line, on_paper) for line in shown.splitlines()) <= NARROW


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_too_wide_when_any_slip_is_printed(language: str, columns: int) -> None:
    """Both slips fit both papers in both languages, and every key has its words."""
    texts = Texts(language)
    marked = redemption(presented=Presented.NO_CARD, is_copy=True)
    for elements in (slip(marked, texts, columns), balance_slip(balance(), texts, columns)):
        lines = [line for element in elements for line in lines_of(element, columns, on_paper)]
        assert max(columns_of(line, on_paper) for line in lines) == columns
        assert "paper." not in "".join(lines)


@pytest.mark.parametrize(
    ("presented", "mark", "absent"),
    [
        (Presented.NO_CARD, "【无卡】", "【手输】"),
        (Presented.TYPED, "【手输】", "【无卡】"),
        (Presented.CARD, "", "刷卡情况"),
    ],
)
def test_a_slip_carries_a_mark_when_no_card_was_scanned(presented: Presented, mark: str, absent: str) -> None:
    """Without a card, or with a typed number, the paper says so for whoever counts the slips."""
    shown = text_slip(slip(redemption(presented=presented), Texts("zh_CN"), NARROW), NARROW)
    assert mark in shown
    assert absent not in shown


def test_a_slip_is_marked_only_when_it_is_a_copy() -> None:
    """The mark of a copy stands on copies and nowhere else."""
    texts = Texts("zh_CN")
    assert "【重打】" in text_slip(slip(redemption(is_copy=True), texts, NARROW), NARROW)
    assert "【重打】" not in text_slip(slip(redemption(), texts, NARROW), NARROW)


@pytest.mark.parametrize(("language", "mark"), [("zh_CN", "【已作废】"), ("en", "* VOID *")])
def test_a_slip_says_that_it_is_void_when_it_is_printed_after_the_void(language: str, mark: str) -> None:
    """Nobody takes goods or points back twice by a slip printed again."""
    texts = Texts(language)
    assert mark in text_slip(slip(replace(redemption(), is_void=True), texts, NARROW), NARROW)
    assert mark not in text_slip(slip(redemption(), texts, NARROW), NARROW)


def test_the_time_is_left_out_when_the_clock_was_never_set() -> None:
    """The business day is a person's word; a time from 1970 would be nobody's."""
    shown = text_slip(slip(redemption(at=None), Texts("zh_CN"), NARROW), NARROW)
    assert "日期                  2026-11-22\n" in shown


def test_a_name_is_masked_when_a_slip_is_printed() -> None:
    """Whoever finds it on the road reads a house and two characters."""
    assert "3组012 欧**国" in text_slip(slip(redemption(head="欧阳建国"), Texts("zh_CN"), NARROW), NARROW)


def test_the_slip_carries_its_own_code_when_printed() -> None:
    """A slip can be scanned to find its redemption."""
    assert Code128(SLIP_CODE) in slip(redemption(), Texts("en"), NARROW)


def test_a_balance_slip_tells_redeemable_from_base_when_printed() -> None:
    """What can be redeemed, the base that cannot, their sum, and five of seven entries with signs."""
    shown = text_slip(balance_slip(balance(7), Texts("zh_CN"), NARROW), NARROW)
    assert "可兑换                      42.5\n" in shown
    assert "基础分（不能兑换）           100\n" in shown
    assert "总分                       142.5\n" in shown
    assert "11-20 第0笔 院坝会签到      +2.5\n" in shown
    assert "11-19 第1笔 院坝会签到        -3\n" in shown
    assert "第4笔" in shown
    assert "第5笔" not in shown


def test_a_balance_slip_shows_the_year_when_the_paper_is_wide() -> None:
    """On 48 columns there is room for the whole day."""
    assert "2026-11-20 第0笔" in text_slip(balance_slip(balance(1), Texts("zh_CN"), WIDE), WIDE)


def test_a_balance_slip_says_so_when_there_are_no_entries() -> None:
    """An empty account is a sentence and not an empty list."""
    assert "还没有积分记录" in text_slip(balance_slip(balance(0), Texts("zh_CN"), NARROW), NARROW)
