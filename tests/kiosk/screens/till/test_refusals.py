"""What may not be at the till: every refusal with its code, its tone and a next step, and the till goes on."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from db.facts.people import CardStateChanged
from db.facts.shop import BoxCodeAdded, MonthlyLimitSet
from kiosk.codes import CodeType, mint
from kiosk.domain.card import find_card
from kiosk.domain.period import close_day
from kiosk.screens.till.state import Phase, TillState
from kiosk.station import Signal
from tests.kiosk.screens.till.counter import LATER, MISREAD, RICE, SALT, SOAP, UNKNOWN, Shop, item, shop_in, write
from tests.village import VILLAGE, seeded


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


@dataclass(frozen=True)
class Case:
    """Scans and keys that end in a refusal."""

    code: str
    scans: tuple[str, ...]
    keys: tuple[str, ...] = ()


CASES = (
    Case("card_missing", (SALT,), ("plus",)),
    Case("goods_unknown", (UNKNOWN,)),
    Case("code_misread", (MISREAD,)),
    Case("code_unknown", ("HTTP://EXAMPLE",)),
    Case("number_not_understood", (), ("1", "2", "3", "4", "5", "plus")),
    Case("typed_number_wrong", (), (*MISREAD, "plus")),
    Case("household_not_at_place", (), ("9", "plus", "9", "plus")),
    Case("house_missing", (), ("9", "plus", "plus")),
    Case("number_out_of_range", (), ("0", "asterisk")),
    Case("quantity_waits", (SALT,), ("3", "asterisk", "plus")),
    Case("printer_missing", ("wang",), ("full_stop",)),
    Case("points_missing", ("wang", RICE, RICE), ("plus",)),
    Case("points_missing", ("li", SALT), ("plus",)),
    Case("no_redemption_today", (), ("slash", "1")),
    Case("card_unknown", ("unissued",)),
    Case("card_of_other_village", ("foreign",)),
    Case("slip_unknown", ("slip",)),
    Case("slip_of_other_village", ("foreign_slip",)),
    Case("scan_not_here", ("badge",)),
)


@pytest.mark.parametrize(("language", "cases"), [("zh_CN", CASES[::2]), ("en", CASES[1::2])], ids=["zh_CN", "en"])
async def test_a_refusal_has_code_tone_and_next_step_when_something_may_not_be(
    shop: Shop, language: str, cases: tuple[Case, ...]
) -> None:
    """Every code the till raises, brought about by scanner and number pad, by turns in both; the till stays usable."""
    drawn = seeded("cases")
    special = {
        "wang": shop.wang_card,
        "chen": shop.chen_card,
        "li": shop.li_card,
        "unissued": mint(CodeType.PERSON, VILLAGE, drawn),
        "foreign": mint(CodeType.PERSON, VILLAGE + 1, drawn),
        "slip": mint(CodeType.SLIP, VILLAGE, drawn),
        "foreign_slip": mint(CodeType.SLIP, VILLAGE + 1, drawn),
        "badge": mint(CodeType.OPERATOR, VILLAGE, drawn),
    }
    async with shop.till(language=language) as counter:
        step = counter.at.app.station.texts("common.refusal.next", step="").strip()
        for case in cases:
            counter.screen.change(TillState())
            await counter.scan(*(special.get(text, text) for text in case.scans))
            await counter.press(*case.keys)
            assert (case, counter.at.refusal()) == (case, case.code)
            assert counter.at.devices.tones[-1] is Signal.REFUSAL
            assert counter.shows(step)
            assert "{" not in counter.at.text()
        counter.screen.change(TillState())
        await counter.scan(shop.wang_card, SOAP)
        await counter.press("plus")
        assert counter.screen.till_state.phase is Phase.DONE


async def test_a_dead_card_is_refused_when_shown_at_the_till(shop: Shop) -> None:
    """Lost at one desk is lost at all."""
    store = shop.open()
    with store.read() as connection:
        card = find_card(connection, VILLAGE, shop.wang_card)
    store.close()
    write(shop, CardStateChanged(card=card.card_id, state="lost"))
    async with shop.till() as counter:
        await counter.scan(shop.wang_card)
        assert counter.at.refusal() == "card_not_live.lost"
        assert counter.screen.till_state.holder is None


async def test_goods_are_refused_when_no_day_is_open(shop: Shop) -> None:
    """Balances are shown, goods wait for the day."""
    store = shop.open()
    close_day(store, now=LATER, by=shop.operator)
    store.close()
    async with shop.till() as counter:
        await counter.scan(shop.wang_card)
        assert counter.shows("可兑换")
        await counter.scan(SALT)
        assert counter.at.refusal() == "day_not_open"


async def test_what_is_left_of_the_month_is_said_when_the_limit_is_reached(shop: Shop) -> None:
    """At the scan, not at the end; the basket keeps what is allowed."""
    write(shop, MonthlyLimitSet(item=item(shop, SALT), quantity=1))
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT, SALT)
        assert counter.at.refusal() == "monthly_limit_reached"
        assert counter.shows("食盐 每户每月 1，还能换 1", "12月1日起重新算")
        assert list(counter.screen.till_state.quantities.values()) == [1]


async def test_a_box_is_not_handed_out_as_a_piece_when_its_code_is_scanned(shop: Shop) -> None:
    """Twenty bags for the points of one would be a mistake nobody sees."""
    write(shop, BoxCodeAdded(item=item(shop, SALT), code="16990103300309", quantity=20))
    async with shop.till() as hands:
        await hands.scan("16990103300309")
        assert hands.at.refusal() == "box_at_till"
        await hands.scan(SALT)
        assert hands.shows("食盐")
