"""What the report of a day says on slip paper, in both languages and widths."""

from dataclasses import replace

import pytest

from kiosk.domain.day_figures import DayFigures
from kiosk.domain.day_report import DayReport, GoodsMoved, IssuedBy
from kiosk.domain.day_waits import DayWaits
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.day_report import day_report_content, day_report_slip
from kiosk.paper.elements import NARROW, WIDE
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.width import columns_of, on_paper

FIGURES = DayFigures(12, 4_250, 40, 8_100, 11, 1, 1, 300, forms=2, returns=2, returned_points=1_800)
REPORT = DayReport(
    7, "2026-11-22", 1_795_341_720_000, 1, ("周会计", "李红"), 10, FIGURES,
    tuple(f"0123-1-{number:06}" for number in range(101, 113)), ("0123-1-000103",),
    ("0123-1-000105",), ("0123-1-000110",),
    (IssuedBy("attendance_awarded", "按时参会", "Meeting on time", 39, 7_900),
     IssuedBy("points_awarded", None, None, 1, 200)),
    (GoodsMoved("食盐", "袋", 12, 3_600), GoodsMoved("土豆", "公斤", 750, 650)), (GoodsMoved("食盐", "袋", 1),),
    (GoodsMoved("香皂", "块", -2),), (GoodsMoved("挂面", "把", 1, 600),), (GoodsMoved("挂面", "把", 2, 1_200),),
)  # fmt: skip
NOTHING = DayWaits(0, 0, 0, 0, 0)
TWO_TO_SIGN = DayWaits(2, 0, 0, 0, 0)

CHINESE = """\
             云岭村
        积分超市 日结单

营业日                2026-11-22
柜台                      0123-1
结账            2026-11-22 18:02
值班                周会计、李红
--------------------------------
小票，清点                    10
小票，账上                    11
相差                       少1张
单号                     101-112
纸单补录                       2
没打出来1张：105
作废1张：103
重打1张：110
--------------------------------
兑换12单                  42.5分
作废1张，退回                3分
退货2样，退回               18分
加分40笔                    81分
按时参会            39        79
加分                 1         2
--------------------------------
出货：
食盐              12袋        36
土豆          0.75公斤       6.5
--------------------------------
退回上架：
食盐               1袋
--------------------------------
账上减少：
香皂               2块
--------------------------------
退货上架：
挂面               1把         6
--------------------------------
退货报废：
挂面               2把        12
--------------------------------
还要办：
- 待上报12条，不影响使用
- 待签字2件
- 小票没打出来1张

值班签字：______________________

书记签字：______________________

"""


def printed(
    report: DayReport = REPORT,
    waits: DayWaits = TWO_TO_SIGN,
    unsent: int | None = 12,
    language: str = "zh_CN",
    columns: int = NARROW,
) -> str:
    """The report as text."""
    texts = Texts(language)
    content = day_report_content(report, "云岭村", 123, waits, unsent, texts)
    return text_slip(day_report_slip(content, texts, columns), columns)


def test_the_report_says_everything_when_much_happened() -> None:
    """The whole narrow paper, its figures at the right edge."""
    assert printed() == CHINESE


def test_nothing_is_made_up_when_nothing_happened() -> None:
    """A day without slips, goods and awards, whose clock was never set."""
    empty = replace(
        REPORT, at=0, operators=(), slips_counted=None, figures=DayFigures(0, 0, 0, 0, 0, 0, 0, 0), slips=(),
        voided=(), unprinted=(), copied=(), issued=(), goods_out=(), goods_back=(), lowered=(), returned=(), wasted=(),
    )  # fmt: skip
    shown = printed(empty, NOTHING, None)
    assert [words for words in ("没有数小票", "没有要办的事", "兑换0单") if words not in shown] == []
    assert [words for words in ("相差", "单号", "出货", "1970", "待上报") if words in shown] == []


@pytest.mark.parametrize("counted", [10, 11, 13])
def test_the_difference_says_which_way_when_the_counts_differ(counted: int) -> None:
    """Too few, right, too many."""
    shown = printed(replace(REPORT, slips_counted=counted))
    assert {10: "少1张", 11: "对", 13: "多2张"}[counted] in shown


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_the_paper_when_it_is_printed(language: str, columns: int) -> None:
    """In both languages on both rolls."""
    texts = Texts(language)
    content = day_report_content(REPORT, "云岭村", 123, NOTHING, 3, texts)
    lines = [
        line for element in day_report_slip(content, texts, columns) for line in lines_of(element, columns, on_paper)
    ]
    assert [line for line in lines if columns_of(line, on_paper) > columns] == []
