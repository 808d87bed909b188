"""What the slip of a void says, in both languages and widths."""

from dataclasses import replace

import pytest

from kiosk.domain.basket import Holder
from kiosk.domain.people import HouseholdPlace, HouseholdShown
from kiosk.domain.redemption import RedemptionShown
from kiosk.domain.shop import Redeemed, RedeemedLine
from kiosk.domain.void import Voided
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.elements import NARROW, WIDE
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.void_slip import void_content, void_slip
from kiosk.paper.width import columns_of, on_paper

WANG = HouseholdShown(8, "王小明", HouseholdPlace(3, 12), "open", 4_200)
SALT = RedeemedLine(5, "食盐", "袋", 2, 300, 1, 600, is_over_book=False)
MADE = Redeemed(7, 123, 1, 12, "2801230000000109", Holder(8, "card"), (SALT,), 600, 4_200, 3_600, "2026-11-22", 0)
VOIDED = Voided(RedemptionShown(MADE, WANG, is_copy=True), WANG, 600, waits=False, fact_id=9, day="2026-11-22", at=0)

CHINESE = """\
             云岭村
        积分超市 作废单

作废单号           0123-1-000012
日期                  2026-11-22
住户               3组12号 王*明
--------------------------------
物品已收回：
食盐 2袋
--------------------------------
退回积分                       6
现有可兑换                    42

签字：__________________________

"""


def printed(voided: Voided, language: str = "zh_CN", columns: int = NARROW) -> str:
    """The slip as text."""
    texts = Texts(language)
    content = void_content(voided, "云岭村", texts)
    return text_slip(void_slip(content, texts, columns), columns)


def test_the_slip_says_what_went_back_to_whom_when_it_is_printed() -> None:
    """The redemption's number, the goods, the points back and those there are now."""
    assert printed(VOIDED) == CHINESE


def test_the_slip_promises_and_gives_nothing_when_a_signature_is_missing() -> None:
    """Nobody reads points that have not come back."""
    slip = printed(replace(VOIDED, waits=True))
    assert "等书记签字后退回积分。" in slip
    assert "42" not in slip


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_fits_when_the_paper_is_narrow_or_wide(language: str, columns: int) -> None:
    """In both languages."""
    texts = Texts(language)
    for waits in (True, False):
        content = void_content(replace(VOIDED, waits=waits), "云岭村", texts)
        slip = void_slip(content, texts, columns)
        lines = [line for element in slip for line in lines_of(element, columns, on_paper)]
        assert max(columns_of(line, on_paper) for line in lines) == columns
        assert "paper." not in "".join(lines)
