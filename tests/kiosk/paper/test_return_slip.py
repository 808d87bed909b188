"""What the slip of goods that came back says, in both languages and widths."""

from dataclasses import replace

import pytest

from kiosk.domain.basket import Holder
from kiosk.domain.people import HouseholdPlace, HouseholdShown
from kiosk.domain.redemption import RedemptionShown
from kiosk.domain.returning import Brought, Returned, ReturnedLine
from kiosk.domain.shop import Redeemed, RedeemedLine
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.elements import NARROW, WIDE
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.return_slip import return_content, return_slip
from kiosk.paper.width import columns_of, on_paper

WANG = HouseholdShown(8, "王小明", HouseholdPlace(3, 12), "open", 4_075)
SALT = RedeemedLine(5, "食盐", "袋", 3, 300, 1, 900, is_over_book=False)
POTATOES = RedeemedLine(6, "土豆", "公斤", 1_100, 125, 1_000, 138, is_over_book=False)
MADE = Redeemed(
    7, 123, 1, 12, "2801230000000109", Holder(8, "card"), (SALT, POTATOES), 1_038, 4_200, 3_162, "2026-11-22", 0
)
LINES = (
    ReturnedLine(SALT, Brought(0, 2), 600),
    ReturnedLine(POTATOES, Brought(1, 600, "waste", "expired"), 75),
)
RETURNED = Returned(
    RedemptionShown(MADE, WANG, is_copy=True), WANG, LINES, waits=False, fact_id=9, day="2026-11-22", at=0
)

CHINESE = """\
             云岭村
        积分超市 退货单

原单号             0123-1-000012
日期                  2026-11-22
住户               3组12号 王*明
--------------------------------
食盐 2袋                       6
　放回货架
土豆 0.6公斤                0.75
　报损：过期
--------------------------------
退回积分                    6.75
现有可兑换                 40.75

签字：__________________________

      2801 2300 0000 0109
"""


def printed(returned: Returned, language: str = "zh_CN", columns: int = NARROW) -> str:
    """The slip as text."""
    texts = Texts(language)
    content = return_content(returned, "云岭村", texts)
    return text_slip(return_slip(content, texts, columns), columns)


def test_the_slip_names_the_first_one_and_says_what_came_back_when_it_is_printed() -> None:
    """Goods with their points and where they go, the points back and those there are now."""
    assert printed(RETURNED) == CHINESE


def test_the_slip_promises_and_gives_nothing_when_a_signature_is_missing() -> None:
    """Nobody reads points that have not come back."""
    slip = printed(replace(RETURNED, waits=True))
    assert "等书记签字后退回" in slip
    assert "40.75" not in slip


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_fits_when_the_paper_is_narrow_or_wide(language: str, columns: int) -> None:
    """In both languages."""
    texts = Texts(language)
    for waits in (True, False):
        content = return_content(replace(RETURNED, waits=waits), "云岭村", texts)
        slip = return_slip(content, texts, columns)
        lines = [line for element in slip for line in lines_of(element, columns, on_paper)]
        assert max(columns_of(line, on_paper) for line in lines) == columns
        assert "paper." not in "".join(lines)
