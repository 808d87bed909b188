"""The statement on slip paper and on A4: whose, from when to when, every entry, and what is left."""

from dataclasses import replace

import pytest

from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.household_statement import HouseholdStatement, state_account
from kiosk.domain.report import Period
from kiosk.domain.shop import redeem_basket
from kiosk.domain.statement import GoodsHandedOut
from kiosk.domain.void import void_redemption
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.elements import NARROW, WIDE
from kiosk.paper.household_statement import household_statement_sheet, household_statement_slip
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.width import columns_of, on_paper
from tests.kiosk.domain.office import LITTER, office_in_memory
from tests.kiosk.paper.sheet import text_of
from tests.village import DAY

SLIP = """\
             云岭村
           积分对账单

户                 王明  3组12号
日期     2026-11-22 — 2026-11-22
上期结余                       0
得分                           5
用分                           2
期末可兑换                     3
--------------------------------
建议被采纳                    +5
11-22 经办周会计               5
乱扔垃圾                      -2
11-22 单A7 经办周会计          3
--------------------------------
期末可兑换                     3
有不对的，带这张单子来提异议

"""


def stated(*, is_empty: bool = False) -> HouseholdStatement:
    """Five points for a suggestion, two less for litter, on a paper."""
    office = office_in_memory()
    if not is_empty:
        office.give(office.wang)
        office.take(office.wang, LITTER, paper="A7")
    return state_account(office.store, office.wang, Period(DAY, DAY))


def test_slip_says_every_entry_and_what_was_left_when_a_statement_is_asked_for() -> None:
    """The whole narrow slip, with its columns aligned."""
    assert text_slip(household_statement_slip(stated(), "云岭村", Texts()), NARROW) == SLIP


def test_a_redemption_that_is_void_says_so_when_a_statement_is_printed() -> None:
    """As on the screen: the household holds the paper against its slips."""
    office = office_in_memory()
    salt = office.goods("食盐", "06990103300302", 300)
    office.award(office.wang, 900)
    holder, basket = Holder(office.wang, "card"), (BasketLine(salt, 3),)
    made = redeem_basket(office.store, holder, basket, now=office.now, by=office.secretary)
    void_redemption(office.store, made.redemption_id, now=office.now, by=office.secretary)
    statement = state_account(office.store, office.wang, Period(DAY, DAY))
    shown = text_slip(household_statement_slip(statement, "云岭村", Texts()), NARROW)
    assert [line for line in shown.splitlines() if "已作废" in line] == ["食盐 3袋  已作废              -9"]


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "（陈芳代领）"), ("en", "(陈芳 collected)")])
def test_the_household_reads_who_collected_when_it_was_somebody_else(language: str, words: str) -> None:
    """In full, on slip paper and on A4: it is the household that asks."""
    stated_once = stated()
    goods = (GoodsHandedOut("食盐", 3, "袋"),)
    collected = replace(
        stated_once.lines[0].entry,
        kind="redemption_made",
        points=-900,
        label_zh=None,
        label_en=None,
        goods=goods,
        proxy_name="陈芳",
    )
    statement = replace(stated_once, lines=(replace(stated_once.lines[0], entry=collected),))
    texts = Texts(language)
    assert words in text_slip(household_statement_slip(statement, "云岭村", texts), WIDE)
    assert words in text_of(household_statement_sheet(statement, "云岭村", texts)).replace("\r\n", " ")


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_too_wide_when_a_statement_is_printed(language: str, columns: int) -> None:
    """Both languages on both papers, with entries and without."""
    for is_empty in (True, False):
        made = household_statement_slip(stated(is_empty=is_empty), "云岭村", Texts(language))
        lines = [line for element in made for line in lines_of(element, columns, on_paper)]
        assert max(columns_of(line, on_paper) for line in lines) <= columns
        assert "statement." not in "".join(lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_text_on_a4_when_the_sheet_is_set(language: str) -> None:
    """Whose it is, the sums, and each line."""
    text = text_of(household_statement_sheet(stated(), "云岭村", Texts(language)))
    words = {"zh_CN": ("积分对账单", "建议被采纳", "第1页，共1页"), "en": ("Statement of points", "Page 1 of 1")}
    assert [word for word in (*words[language], "王明", "A7", "周会计", DAY) if word not in text] == []
