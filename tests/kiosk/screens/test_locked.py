"""A desk that nobody serves: rights are away, cards go on, a badge opens it."""

from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.domain.meeting import MeetingPlan, open_unplanned
from kiosk.domain.operators import list_operators
from kiosk.domain.pin import MOST_WRONG, set_pin
from kiosk.domain.terminal import add_operator
from kiosk.errors import Refused
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.station import Operator
from tests.kiosk.screens.till.counter import SALT, Counter, PrintingDevices, Shop, shop_in
from tests.screens import Desk, desk
from tests.village import DAY

THREE_MINUTES = 180_000


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


def rest(at: Desk, milliseconds: int) -> None:
    """Let time pass at an untouched desk."""
    clock = at.app.station.clock
    assert isinstance(clock, ManualClock)
    at.app.look_at_rest()
    clock.advance(milliseconds)
    at.app.look_at_rest()


def badge_of(hands: Counter) -> str:
    """Give the badge of whoever stands here."""
    return list_operators(hands.store)[0].badge


async def test_a_desk_locks_itself_when_nobody_touches_it(shop: Shop) -> None:
    """After three minutes, not before; a card shows its points, nothing else goes, the badge brings all back."""
    async with shop.till() as hands:
        at, station, badge = hands.at, hands.at.app.station, badge_of(hands)
        await hands.scan(SALT)
        rest(at, THREE_MINUTES - 1)
        assert station.operator is not None
        rest(at, THREE_MINUTES)
        await at.until(lambda: hands.shows("已锁", "村民可刷卡看积分"))
        await hands.scan(shop.wang_card)
        assert hands.shows("王明", "可兑换")
        with pytest.raises(Refused) as refused:
            await station.do(set_pin, "1379")
        assert refused.value.code == "desk_locked"
        await hands.scan(badge)
        assert station.operator == Operator(shop.operator, "周会计", "secretary")
        assert hands.shows("食盐")


async def test_the_rest_begins_anew_when_somebody_takes_the_desk(shop: Shop) -> None:
    """Making a store takes minutes without a key; whoever serves then is not locked out at once."""
    async with shop.till() as hands:
        station = hands.at.app.station
        serving, station.operator = station.operator, None
        rest(hands.at, THREE_MINUTES)
        station.operator = serving
        hands.at.app.look_at_rest()
        assert station.operator == serving


async def test_a_question_keeps_the_desk_open_when_it_waits_for_its_answer(shop: Shop) -> None:
    """What somebody was in the middle of is not torn away."""
    async with shop.till() as hands:
        at = hands.at
        at.app.screen.run_worker(at.app.push_screen_wait(ConfirmModal(at.app.station, "?")))
        await at.until(lambda: at.app.screen.is_modal)
        rest(at, THREE_MINUTES)
        assert at.app.station.operator is not None


async def test_a_locked_desk_signs_in_when_a_meeting_is_open(shop: Shop) -> None:
    """The queue at the door does not wait for whoever holds the badge; English says the same."""
    store = shop.open()
    station = shop.station("en")
    plan = MeetingPlan("villagers_meeting")
    open_unplanned(store, plan, now=station.clock.now(), by=shop.operator)
    store.close()
    async with desk(station) as at:
        station.operator, station.day = Operator(shop.operator, "周会计"), DAY
        hands = Counter(at)
        await hands.press("slash")
        assert hands.shows("Locked", "Signing in goes on")
        await hands.scan(shop.wang_card)
        assert hands.shows("王明 signed in", "Present")
        await hands.scan(shop.wang_card)
        assert hands.shows("王明 has signed in")


async def test_the_pin_is_asked_when_a_badge_opens_the_desk(shop: Shop) -> None:
    """A wrong one opens nothing; ten lock that operator out, and somebody else still opens the desk."""
    async with shop.till() as hands:
        at, station, badge = hands.at, hands.at.app.station, badge_of(hands)
        second = await station.do(add_operator, "张帮忙", "attendant")
        await station.do(set_pin, "1379")
        at.app.lock()
        await at.settle()
        await hands.press("asterisk")
        assert hands.shows("谁来值班", "周会计")
        await hands.press("1", "1", "3", "7", "8", "plus")
        assert at.refusal() == "pin_wrong"
        assert isinstance(station.clock, ManualClock)
        for _ in range(MOST_WRONG - 1):
            station.clock.advance(3_600_000)
            await hands.scan(badge)
            await hands.press("1", "plus")
        station.clock.advance(3_600_000)
        await hands.scan(badge)
        await hands.press("1", "3", "7", "9", "plus")
        assert at.refusal() == "pin_locked"
        await hands.press(*second.badge, "plus")
        assert station.operator == Operator(second.operator_id, "张帮忙", "attendant")


async def test_a_slip_says_what_is_handed_over_when_another_badge_opens_the_desk(shop: Shop) -> None:
    """Both names and what is open; the same badge again hands nothing over."""
    station = shop.station()
    with TcpPrinter() as paper:
        station.devices = PrintingDevices(SlipPrinter(paper.target))
        async with desk(station) as at:
            station.operator, station.day = Operator(shop.operator, "周会计"), DAY
            hands = Counter(at)
            second = await station.do(add_operator, "张帮忙", "attendant")
            await hands.press("slash")
            await hands.scan(badge_of(hands))
            await hands.press("slash")
            await hands.scan(second.badge)
            await at.until(lambda: len(paper.receipts) == 1)
            await at.until(lambda: "接班人签字" in paper.receipts[0])
            words = ("交接单", "周会计", "张帮忙", DAY, "待办")
            assert [word for word in words if word not in paper.receipts[0]] == []
