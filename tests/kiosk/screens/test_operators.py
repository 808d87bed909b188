"""A new volunteer in a few actions: card, role, badge; and somebody who serves no longer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.domain import pin
from kiosk.domain.card import issue_household_card
from kiosk.domain.operators import list_operators
from kiosk.domain.pin import has_pin, set_pin
from kiosk.screens.modals.badge import BadgeModal, SecondSignature
from kiosk.shell import DeskScreen
from kiosk.station import Operator
from tests.kiosk.screens.till.counter import LATER, Counter, PrintingDevices, Shop, shop_in
from tests.menu import digits_to
from tests.screens import desk
from tests.village import DAY

FEW = 4
"""So many actions appoint a new volunteer, from the menu on; the badge comes after them."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


@asynccontextmanager
async def at_list(shop: Shop, language: str = "zh_CN") -> AsyncIterator[Counter]:
    """Stand at home as the secretary."""
    station = shop.station(language)
    async with desk(station) as at:
        station.operator, station.day = Operator(shop.operator, "周会计"), DAY
        yield Counter(at)


async def test_a_new_volunteer_takes_a_card_and_a_digit_when_appointed(shop: Shop) -> None:
    """From the menu: two digits to come here, the card, the role; the number of the badge stands there."""
    async with at_list(shop) as hands:
        await hands.press(*digits_to("operators"))
        assert hands.shows("值班的人", "周会计  书记", "新人：刷他的积分卡")
        hands.actions = 0
        await hands.scan(shop.chen_card)
        assert hands.shows("陈芳做什么？")
        await hands.press("1")
        await hands.at.until(lambda: hands.shows("陈芳  值班员", "没有小票机：陈芳的工作证号"))
        assert len(digits_to("operators")) + hands.actions <= FEW
        assert hands.shows(list_operators(hands.store)[1].badge)
        await hands.scan(shop.chen_card)
        await hands.press("2")
        assert hands.at.refusal() == "operator_exists"


async def test_one_of_the_household_is_chosen_when_its_card_is_shown(shop: Shop) -> None:
    """Where households hold the cards, theirs is the card a new volunteer brings."""
    store = shop.open()
    card = issue_household_card(store, shop.wang, now=LATER, by=shop.operator)
    store.close()
    async with at_list(shop) as hands:
        await hands.at.open("operators")
        await hands.scan(card.number)
        assert hands.shows("是谁？按数字", "陈芳")


async def test_somebody_without_a_card_is_found_by_household_when_appointed(shop: Shop) -> None:
    """By number or name; nobody is asked which person where the household has one."""
    async with at_list(shop, "en") as hands:
        await hands.at.open("operators")
        await hands.press("full_stop", "l", "x", "plus")
        await hands.at.until(lambda: hands.shows("What does 李秀 do?"))
        await hands.press("3")
        await hands.at.until(lambda: hands.shows("李秀  supervisor"))


async def test_somebody_serves_no_longer_when_let_go(shop: Shop) -> None:
    """Asked once; oneself never."""
    async with at_list(shop) as hands:
        await hands.at.open("operators")
        await hands.scan(shop.chen_card)
        await hands.press("1")
        await hands.at.until(lambda: hands.shows("陈芳  值班员"))
        await hands.press("2", "2", "plus")
        await hands.at.until(lambda: hands.shows("陈芳不再值班") and not hands.shows("值班员"))
        await hands.press("1", "2", "plus")
        assert hands.at.refusal() == "operator_is_self"


async def test_a_pin_is_asked_for_when_its_owner_takes_the_desk_or_signs(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set by its owner, typed unseen; a wrong one leaves the desk with whoever had it."""
    monkeypatch.setattr(pin, "MEMORY_KIBIBYTES", 64)
    async with at_list(shop) as hands:
        await hands.at.open("operators")
        await hands.press("1", "3", *"2718", "plus", *"2817", "plus")
        assert hands.at.refusal() == "pins_differ"
        await hands.press("1", "3", *"2718")
        assert not hands.shows("2718")
        await hands.press("plus", *"2718", "plus")
        await hands.at.until(lambda: hands.shows("密码设好了"))
        badge = list_operators(hands.store)[0].badge
        await hands.press("minus")
        hands.at.app.station.operator = None
        await hands.at.open("opening")
        await hands.scan(badge)
        assert hands.shows("周会计：输密码，按 +")
        await hands.press(*"1111", "plus")
        assert hands.at.refusal() == "pin_wrong"
        assert hands.at.app.station.operator is None
        await hands.scan(badge)
        await hands.press(*"2718", "plus")
        await hands.at.until(lambda: hands.at.app.station.operator is not None)


async def test_a_signature_is_verified_when_the_signer_has_a_pin(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A badge that was found proves nothing."""
    monkeypatch.setattr(pin, "MEMORY_KIBIBYTES", 64)
    async with at_list(shop) as hands:
        stamp = hands.at.app.station.clock.now()
        set_pin(hands.store, "2718", now=stamp, by=shop.operator)
        badge = list_operators(hands.store)[0].badge
        answers: list[SecondSignature] = []
        screen = hands.at.app.screen
        assert isinstance(screen, DeskScreen)

        async def ask() -> None:
            given = await screen.ask(BadgeModal(screen.station, "signs"))
            answers.extend([] if given is None else [given])

        screen.work(ask())
        await hands.at.settle()
        await hands.scan(badge)
        await hands.press("9", "9", "9", "9", "plus")
        assert hands.at.refusal() == "pin_wrong"
        await hands.scan(badge)
        await hands.press(*"2718", "plus")
        await hands.at.until(lambda: bool(answers))
        assert answers == [SecondSignature(badge, is_verified=True)]


async def test_a_forgotten_pin_is_cleared_when_the_secretary_does_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One digit; the owner sets a new one."""
    monkeypatch.setattr(pin, "MEMORY_KIBIBYTES", 64)
    async with at_list(shop) as hands:
        await hands.at.open("operators")
        await hands.scan(shop.chen_card)
        await hands.press("1")
        await hands.at.until(lambda: hands.shows("陈芳  值班员"))
        chen = list_operators(hands.store)[1].operator_id
        set_pin(hands.store, "2718", now=hands.at.app.station.clock.now(), by=chen)
        await hands.press("2", "3")
        await hands.at.until(lambda: hands.shows("陈芳的密码已清掉"))
        assert not has_pin(hands.store, chen)


async def test_a_badge_comes_on_paper_when_there_is_a_printer(shop: Shop) -> None:
    """Name, role and the number as bars; and again from the list."""
    station = shop.station()
    with TcpPrinter() as paper:
        station.devices = PrintingDevices(SlipPrinter(paper.target))
        async with desk(station) as at:
            station.operator, station.day = Operator(shop.operator, "周会计"), DAY
            hands = Counter(at)
            await at.open("operators")
            await hands.scan(shop.chen_card)
            await hands.press("1")
            await at.until(lambda: hands.shows("陈芳的工作证打好了"))
            await hands.press("2", "1")
            await at.until(lambda: len(paper.receipts) == 2)
        for receipt in paper.receipts:
            assert [word for word in ("工作证", "陈芳", "值班员") if word not in receipt] == []


async def test_somebody_is_suspended_when_the_secretary_says_for_how_long(shop: Shop) -> None:
    """Reason and months by digits; the badge then says until when, and a digit ends it early."""
    async with at_list(shop) as hands:
        await hands.at.open("operators")
        await hands.scan(shop.chen_card)
        await hands.press("1")
        await hands.at.until(lambda: hands.shows("陈芳的工作证号"))
        badge = list_operators(hands.store)[1].badge
        await hands.press("2", "4")
        assert hands.shows("陈芳为什么歇职", "该来没来")
        await hands.press("1", "1")
        await hands.at.until(lambda: hands.shows("陈芳歇职到2026-12-21，到期自己恢复"))
        await hands.press("minus")
        await hands.scan(badge)
        assert hands.at.refusal() == "operator_suspended"
        assert hands.shows("歇职到2026-12-21，这张工作证现在不能用", "请村支书来办")
        await hands.press("minus")
        await hands.at.open("operators")
        await hands.press("2", "4")
        await hands.at.until(lambda: hands.shows("陈芳可以值班了"))
