"""Menus show what whoever stands here may not do, and say who may."""

import importlib
from pathlib import Path

import pytest

from kiosk.app import SCREENS
from kiosk.screens import home
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.station import Operator
from tests.kiosk.domain.test_rights import operations
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.menu import digits_to

DOES = {
    "till": "shop.redeem_basket",
    "award": "points.award_points",
    "card_desk": "card.change_card",
    "suggestions": "suggestion.submit_suggestion",
    "day_close": "day_close.cash_up_day",
    "sheets": "importing.apply_import",
    "stock": "delivery.receive_delivery",
    "forms": "form_entry.enter_redemption_form",
    "fund.receive": "fund.receive_funds",
    "fund.take_back": "fund.reverse_funds",
    "find.redeem": "shop.redeem_basket",
    "find.award": "points.award_points",
    "find.cards": "card.change_card",
    "find.move_out": "moving.leave_household",
    "operators.find": "operators.appoint_operator",
    "terms.price": "price.set_price",
    "terms.limit": "limit.set_limit",
    "terms.more": "limit.withdraw_limit",
}
"""Which operation stands behind a job of the menu, or a key of a screen, that a role may lack."""


def test_menus_name_the_right_that_the_operation_checks_when_they_grey_it() -> None:
    """What is shown as not allowed is what would be refused."""
    shown = {job: right.name for job, right in home.NEEDS.items()}
    for name in SCREENS:
        module, _, screen = SCREENS[name].partition(":")
        needs = getattr(importlib.import_module(module), screen).needs
        shown |= {f"{name}.{verb}": right.name for verb, right in needs.items()}
    checked = operations()
    assert {thing: right for thing, right in shown.items() if right not in checked[DOES[thing]]} == {}
    assert set(shown) == set(DOES)


@pytest.mark.parametrize(("language", "words"), [("zh_CN", ("[书记]", "这件事要书记来做")), ("en", ("[secretary]",))])
async def test_a_job_is_grey_and_says_who_may_when_it_is_anothers(
    tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    """A volunteer sees it before pressing, and reads whom to ask; nothing opens."""
    office = StaffedOffice(tmp_path)
    async with office.at_desk("settings", language=language) as at:
        at.app.station.operator = Operator(office.helper.operator_id, "李小花", "attendant")
        await at.keys("minus", *digits_to("sheets"))
        assert [word for word in words if word not in at.text()] == []
        assert at.refusal() == "not_yours_to_do"
        await at.keys("minus", *digits_to("fund"))
        assert words[0] in at.lines()[-1]
        await at.keys("plus")
        assert at.refusal() == "not_yours_to_do"


async def test_deductions_and_other_operators_are_grey_when_a_volunteer_looks(tmp_path: Path) -> None:
    """Items that take points away, and what is to become of other people, are the secretary's."""
    office = StaffedOffice(tmp_path)
    async with office.at_desk("settings") as at:
        at.app.station.operator = Operator(office.helper.operator_id, "李小花", "attendant")
        await at.open("award")
        while "[书记]" not in at.text():
            await at.keys("0")
        digit = next(line.strip()[0] for line in at.lines() if "[书记]" in line)
        await at.keys(digit)
        assert at.refusal() == "not_yours_to_do"
        await at.open("operators")
        lines = [line for line in at.lines() if "周会计" in line or "李小花" in line][1:]
        assert ["[书记]" in line for line in lines] == ["周会计" in line for line in lines]
        await at.scan(office.wang_card)
        assert at.refusal() == "not_yours_to_do"


async def test_a_list_turns_back_when_minus_is_pressed_beyond_its_first_page(tmp_path: Path) -> None:
    """- leads to the page before, and from the first page back out."""
    office = StaffedOffice(tmp_path)
    async with office.at_desk("award") as at:
        choices = at.app.screen.query_one(ChoiceList)
        first = at.lines()
        await at.keys("0", "0")
        assert "上一页" in at.text()
        await at.keys("minus", "minus")
        assert at.lines() == first
        assert choices.is_attached
        await at.keys("minus")
        assert not choices.is_attached
