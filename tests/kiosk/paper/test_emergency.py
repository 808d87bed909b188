"""Paper for an hour without power: what stands on the list and the forms, on slips and on A4."""

import pytest

from kiosk.domain.balance_list import BalanceLine, BalanceList, GroupBalances
from kiosk.domain.form import FormNumber, FormsIssued
from kiosk.domain.goods import Goods
from kiosk.errors import Refused
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.elements import NARROW, WIDE
from kiosk.paper.emergency import EmergencyContent, balance_list_slip, emergency_sheet, forms_slip
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.width import columns_of, on_paper
from tests.kiosk.paper.sheet import text_of

BALANCES = BalanceList(
    (GroupBalances(1, (BalanceLine(7, "赵*", 400),)),
     GroupBalances(3, (BalanceLine(2, "李*", 50), BalanceLine(12, "王*明", 4_250), BalanceLine(112, "𠮷*三", 99_950)))),
    145,
)  # fmt: skip
GOODS = (
    Goods(1, "食盐", "袋", False, 300, 4, None, None),  # noqa: FBT003  because Goods has so many fields
    Goods(2, "大米5公斤", "袋", False, 3_200, 4, None, None),  # noqa: FBT003  because Goods has so many fields
)
REDEMPTIONS = FormsIssued("redemption", tuple(FormNumber(1, number) for number in range(1, 13)), GOODS)
SIGN_INS = FormsIssued("sign_in", tuple(FormNumber(1, number) for number in range(13, 33)), ())
CONTENT = EmergencyContent("云岭村", "2026-11-22", BALANCES, (REDEMPTIONS, SIGN_INS))

LIST = """\
             云岭村
        停电备用 余额表

打印日期              2026-11-22
有分的户                       4
合计可兑换                1046.5
没列出的145户：0分
--------------------------------
1组
7号   赵*                      4
--------------------------------
3组
2号   李*                    0.5
12号  王*明                 42.5
112号 𠮷*三                999.5
--------------------------------
"""


def test_the_list_stands_by_group_when_it_is_printed_on_a_slip() -> None:
    """The whole narrow paper; on wide paper two households share a line."""
    texts = Texts("zh_CN")
    assert text_slip(balance_list_slip(CONTENT, texts, NARROW), NARROW) == LIST
    wide = text_slip(balance_list_slip(CONTENT, texts, WIDE), WIDE)
    assert [line for line in wide.splitlines() if "李*" in line and "王*明" in line]


@pytest.mark.parametrize("issued", [REDEMPTIONS, SIGN_INS], ids=["redemption", "sign_in"])
def test_every_form_has_its_number_when_forms_are_printed(issued: FormsIssued) -> None:
    """And room for what is entered; goods stand with their numbers where they are wanted."""
    shown = text_slip(forms_slip(issued, "云岭村", Texts("zh_CN"), NARROW), NARROW)
    assert [number.shown for number in issued.numbers if shown.count(number.shown) != 1] == []
    assert shown.count("签字") == len(issued.numbers)
    assert ("  2 大米5公斤            32分/袋" in shown) == bool(issued.goods)


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_the_paper_when_it_is_printed(language: str, columns: int) -> None:
    """In both languages on both rolls, and a number to be written beside is never broken."""
    texts = Texts(language)
    papers = [balance_list_slip(CONTENT, texts, columns)]
    papers += [forms_slip(issued, "云岭村", texts, columns) for issued in (REDEMPTIONS, SIGN_INS)]
    lines = [line for paper in papers for element in paper for line in lines_of(element, columns, on_paper)]
    assert [line for line in lines if columns_of(line, on_paper) > columns] == []
    assert "[ ]" in "".join(lines) or "( )" in "".join(lines)


def test_sign_ins_say_of_which_meeting_when_forms_are_printed() -> None:
    """Above the forms on slip and A4, with the day; who came writes the name they are told to write."""
    texts, blank = Texts("zh_CN"), "会议 ____"
    slip = text_slip(forms_slip(SIGN_INS, "云岭村", texts, NARROW), NARROW)
    assert (slip.count(blank), slip.count("日期 ____"), slip.count("姓名签字")) == (1, 1, len(SIGN_INS.numbers))
    assert text_of(emergency_sheet(CONTENT, texts)).count(blank) == 1


def test_one_file_has_list_and_forms_when_it_is_for_an_office_printer() -> None:
    """Every number once, every household once, the goods; masked names only."""
    found = text_of(emergency_sheet(CONTENT, Texts("zh_CN")))
    numbers = [number.shown for issued in (REDEMPTIONS, SIGN_INS) for number in issued.numbers]
    assert [number for number in numbers if found.count(number) != 1] == []
    assert [
        words for words in ("4户，可兑换1046.5分", "王*明", "𠮷*三", "大米5公斤", "迟到") if words not in found
    ] == []


def test_the_file_names_the_household_when_a_character_has_no_shape() -> None:
    """An empty box would be somebody else's name."""
    group = GroupBalances(3, (BalanceLine(12, "王\U0010ffff明", 100),))
    with pytest.raises(Refused, match="glyph_missing") as refused:
        emergency_sheet(EmergencyContent("云岭村", "2026-11-22", BalanceList((group,), 0)), Texts("zh_CN"))
    assert "12" in str(refused.value.parameters["where"])
