"""What each question looks like, in both languages, with short words and long ones: somebody looked at them all."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kiosk import app as shell
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import NewItem, register_item
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.shop import redeem_basket
from kiosk.screens.modals.badge import BadgeModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.paper_number import PaperNumberModal
from kiosk.screens.modals.quantity import QuantityModal
from kiosk.settings import Settings
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.modals.test_questions import BADGE, CARD, AskingScreen
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.kiosk.screens.pictures import PictureBook
from tests.screens import FixedKeeper, desk, make_station, standing_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.shell import Question
    from kiosk.station import Station

    Ask = Callable[[Station], Question[Any]]

LONG = "恢复数据会把现在的数据换成所选备份里的数据，备份以后兑换过的小票要照着纸单重新补录，恢复完要重新开门"
LONG_TITLE = "金穗非转基因大豆油5升装家庭实惠装 一共多少？输数字，按 +"
LONG_CHOICE = "阿卜杜热合曼·买买提依明江·艾山家  10组108号  1961年生"


QUESTIONS: "tuple[tuple[str, Ask, tuple[str, ...], str], ...]" = (
    ("badge", lambda station: BadgeModal(station, LONG), (*BADGE[:-1],), "plus"),
    ("confirm", lambda station: ConfirmModal(station, LONG, LONG), (), "scan"),
    ("choice", lambda station: ChoiceModal(station, "用哪一份备份？", [LONG_CHOICE] * 3), (), "scan"),
    ("choice_page", lambda station: ChoiceModal(station, "用哪一份备份？", [LONG_CHOICE] * 9), (), "scan"),
    ("choice_pages", lambda station: ChoiceModal(station, "用哪一份备份？", [LONG_CHOICE] * 12), (), "scan"),
    ("quantity", lambda station: QuantityModal(station, LONG_TITLE, "公斤"), ("0",), "plus"),
    ("paper", lambda station: PaperNumberModal(station, LONG_TITLE), (*"000123456789",), "scan"),
)
"""Name, question, the keys before the second picture, and what brings a refusal."""


async def test_questions_look_as_before_when_they_are_asked(
    book: PictureBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with the longest words: as it opens, with the most that can be typed, and with a refusal."""
    monkeypatch.setitem(shell.SCREENS, "asking", f"{AskingScreen.__module__}:AskingScreen")
    settings = Settings(language=book.language, village_name="云岭村", help_phone="0857-0000000")
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()), settings=settings)) as at:
        await at.open("asking")
        for name, question, typed, refused in QUESTIONS:
            monkeypatch.setattr(AskingScreen, "question", staticmethod(question), raising=False)
            await at.keys("plus")
            book.look(at, name)
            await at.keys(*typed)
            await (at.scan(BADGE if name != "badge" else CARD) if refused == "scan" else at.keys(refused))
            book.look(at, f"{name}_refused")
            await at.keys("escape")


async def test_household_questions_look_as_before_when_they_are_asked(book: PictureBook, tmp_path: Path) -> None:
    """Which household: the entry, nobody, two pages. Its statement: nothing, goods by piece and weight, a reversal."""
    office = office_in(tmp_path / "desk", StaffedOffice)
    for house in range(1, 12):
        office.household(6, house, "阿卜杜热合曼·买买提依明江·艾山")
    lay_out_entries(office)
    async with office.at_desk("award", language=book.language) as at:
        await at.keys("full_stop")
        book.look(at, "find_entry")
        await at.keys("9", "9", "plus")
        book.look(at, "find_refused")
        await at.keys("minus", "minus", "6", "plus")
        book.look(at, "find_found")
        await at.keys("minus", "minus")
        await at.scan(office.li_card)
        book.look(at, "statement_empty")
        await at.keys("minus")
        await at.scan(office.wang_card)
        book.look(at, "statement")
        await at.keys("1")
        book.look(at, "statement_entry")
        await at.keys("1")
        book.look(at, "statement_refused")
        await at.keys("2", "2")
        book.look(at, "statement_objected")
        await at.keys("3", "3")
        book.look(at, "statement_reverse")
        await at.keys("1")
        book.look(at, "statement_reversed")
        await at.keys("0")
        book.look(at, "statement_older")


def lay_out_entries(office: StaffedOffice) -> None:
    """Give Wang's more than a page of entries of every kind."""
    office.give(office.wang, item="mediation", paper="000123456789", evidence="witness", by=office.helper.operator_id)
    reverse_entry(office.store, office.award(office.wang, 4_250), now=office.now, by=office.secretary)
    for _ in range(8):
        office.award(office.wang, 500)
    salt, oil = (
        office.goods("食盐", "06990103300302", 300),
        office.goods("金穗非转基因大豆油5升装", "06990103300319", 900),
    )
    item = NewItem("土豆", "公斤", ("02100042000000",), 400)
    potatoes = register_item(office.store, item, now=office.now, by=office.secretary)
    for basket in ((salt, 2), (potatoes, 750)), ((salt, 1), (oil, 1), (potatoes, 1_250)):
        lines = tuple(BasketLine(goods, quantity) for goods, quantity in basket)
        redeem_basket(office.store, Holder(office.wang, "card"), lines, now=office.now, by=office.secretary)
