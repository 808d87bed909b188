"""What goes with goods to the door, in both languages and widths."""

from dataclasses import replace

import pytest

from kiosk.domain.basket import Holder
from kiosk.domain.people import HouseholdPlace, HouseholdShown
from kiosk.domain.redemption import RedemptionShown
from kiosk.domain.shop import Redeemed, RedeemedLine
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.delivery_slip import delivery_slip
from kiosk.paper.elements import NARROW, WIDE
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.slip import slip
from kiosk.paper.slip_content import redemption_content
from kiosk.paper.width import columns_of, on_paper

WANG = HouseholdShown(8, "王小明", HouseholdPlace(3, 12), "open", 4_200)
RICE = RedeemedLine(5, "大米 5公斤", "袋", 2, 300, 1, 600, is_over_book=False)
POTATOES = RedeemedLine(6, "土豆", "公斤", 1_500, 100, 1_000, 150, is_over_book=False)
HOLDER = Holder(8, "card", is_to_deliver=True)
MADE = Redeemed(7, 123, 1, 12, "2801230000000109", HOLDER, (RICE, POTATOES), 750, 4_200, 3_450, "2026-11-22", 0)
SHOWN = RedemptionShown(MADE, WANG, is_copy=False, is_on_the_way=True)

CHINESE = """\
             云岭村
             送货单

单号               0123-1-000012
日期                  2026-11-22
         3组12号 王*明
--------------------------------
大米 5公斤                   2袋
土豆                     1.5公斤
--------------------------------
收货人签字：



--------------------------------
签好带回，扫下面的码

"""


def printed(language: str = "zh_CN", columns: int = NARROW) -> str:
    """The slip as text."""
    texts = Texts(language)
    return text_slip(delivery_slip(redemption_content(SHOWN, "云岭村", "3组12号"), texts), columns)


def test_place_goods_and_a_box_to_sign_are_on_the_slip_when_goods_are_brought_home() -> None:
    """The name masked as on every slip; the code of the redemption's own slip at the end."""
    assert printed().startswith(CHINESE)
    assert "2801 2300 0000 0109" in printed()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [NARROW, WIDE])
def test_every_line_fits_the_paper_when_it_is_printed(language: str, columns: int) -> None:
    """Whatever the language, on both widths."""
    content = redemption_content(SHOWN, "云岭村", "3组12号")
    elements = delivery_slip(content, Texts(language))
    lines = [line for element in elements for line in lines_of(element, columns, on_paper)]
    assert max(columns_of(line, on_paper) for line in lines) == columns
    assert "paper." not in "".join(lines)


def test_the_slip_names_who_collected_when_somebody_did() -> None:
    """Masked like the household."""
    texts = Texts("zh_CN")
    content = redemption_content(replace(SHOWN, proxy_name="陈小芳"), "云岭村", "3组12号")
    assert "代领人                     陈*芳" in text_slip(slip(content, texts, NARROW), NARROW)
