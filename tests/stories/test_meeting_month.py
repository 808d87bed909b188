"""The meetings of a month, through the screens; after each the separate program recomputes who came and who earned."""

from pathlib import Path

import pytest

from kiosk.domain.attendance import show_attendance
from kiosk.domain.meeting import list_meetings
from kiosk.domain.period import open_day
from kiosk.domain.waiting import list_requests
from tests.kiosk.domain.hall import MINUTE
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.meeting.assembly import Assembly, Door
from tests.menu import digits_to
from tests.recomputed import recompute

HERE = digits_to("meeting")
HOUR = 60 * MINUTE


@pytest.fixture
def hall(tmp_path: Path) -> Assembly:
    """A hall of its own."""
    return office_in(tmp_path / "hall", Assembly)


def judge(hall: Assembly, folder: Path) -> dict[str, int]:
    """Let the separate program read everything; give the figures of the meeting called last, equal to the store's."""
    found = recompute(hall.store, folder)
    assert found.faults == []
    assert {household: hall.balance(household) for household in found.balances} == found.balances
    last = list_meetings(hall.store)[0].meeting_id
    row, tally = found.rows("meetings")[last], show_attendance(hall.store, last).tally
    figures = {name: row[name] for name in ("expected", "present", "late", "leave", "absent", "observers")}
    assert figures == {name: getattr(tally, name) for name in figures}
    return figures


async def next_day(door: Door, day: str) -> None:
    """The next business day is opened at the desk, and the menu is shown."""
    door.clock.advance(24 * HOUR)
    station = door.at.app.station
    await station.do(open_day, day)
    station.day = day
    door.at.app.go_home()
    await door.at.settle()


async def test_nobody_is_late_for_a_meeting_that_begins_twenty_minutes_late(hall: Assembly, tmp_path: Path) -> None:
    """Called for nine, begun at twenty past; who comes six minutes after that is late, and brings half."""
    async with hall.at_door(screen=None) as door:
        await door.press(*HERE, "plus", "2", "2", *"20261122", "plus", *"0900", "plus")
        door.clock.advance(40 * MINUTE)
        await door.press("plus")
        door.clock.advance(25 * MINUTE)
        await door.scan(hall.cards[hall.wang_fang])
        door.clock.advance(15 * MINUTE)
        await door.press("plus")
        assert door.shows("09:20开会")
        door.clock.advance(6 * MINUTE)
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.shows("迟到6分钟")
        await door.press("2", "plus")
        assert door.shows("加分2条", "共3分", "迟到1")
    figures = judge(hall, tmp_path)
    assert (figures["present"], figures["late"], figures["absent"]) == (2, 1, 1)
    assert (hall.balance(hall.wang), hall.balance(hall.li)) == (200, 100)


async def test_points_follow_days_later_when_nobody_ended_the_meeting(hall: Assembly, tmp_path: Path) -> None:
    """Three days on: the desk says so first, one key ends it, and the forgotten one is asked for on paper."""
    async with hall.at_door(screen=None) as door:
        await door.press(*HERE, "plus", "6", "1")
        await door.scan(hall.cards[hall.wang_ming])
        await door.press("plus", "slash", "4")
        assert door.shows("要做什么")
        for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
            await next_day(door, day)
        await door.press(*HERE)
        assert door.shows("11月22日的会没结束", "实到1")
        door.actions = 0
        await door.press("plus")
        assert door.actions == 1
        assert door.shows("加分1条", "缺席2")
        await door.press("slash", "1", *"lxy", "plus", "1", "1", "2", *"17", "plus")
        assert door.shows("补签已交书记签字")
        await door.press("plus", *digits_to("waiting_list"), "plus")
        await door.scan(hall.supervisor.badge)
        assert door.shows("已同意：补签")
        assert list_requests(door.store) == ()
    figures = judge(hall, tmp_path)
    assert (figures["present"], figures["absent"]) == (2, 1)
    assert (hall.balance(hall.wang), hall.balance(hall.li)) == (200, 200)


async def test_a_household_counts_once_when_a_group_meets_by_households(hall: Assembly, tmp_path: Path) -> None:
    """One group, the wife after the husband, a neighbour of another group, one taken back, one on leave."""
    hall.household(3, 14, "孙七")
    async with hall.at_door(screen=None) as door:
        await door.press(*HERE, "plus", "1", "1", "plus", "1")
        assert door.shows("群众会（按户）  3组", "应到3")
        await door.scan(hall.cards[hall.wang_ming], hall.cards[hall.wang_fang])
        assert door.shows("早就签过了", "实到1")
        await door.scan(hall.cards[hall.zhao_guo])
        assert door.shows("赵　国", "列席")
        await door.scan(hall.cards[hall.li_xiuying])
        await door.press("minus", "1")
        assert door.shows("已撤，没有签到", "实到1")
        await door.press("slash", "1", "3", "full_stop", "1", "4", "plus", "1")
        assert door.shows("已请假：农忙", "请假1")
        await door.press("plus", "2", "plus")
        assert door.shows("加分1条", "和签到一样")
    figures = judge(hall, tmp_path)
    assert figures == {"expected": 3, "present": 1, "late": 0, "leave": 1, "absent": 1, "observers": 1}
    assert (hall.balance(hall.wang), hall.balance(hall.li), hall.balance(hall.zhao)) == (200, 0, 0)


async def test_the_books_stay_right_when_one_meeting_follows_the_other(hall: Assembly, tmp_path: Path) -> None:
    """A month at one desk: broken off, cut by a restart, on two days; every figure is recomputed at the end."""
    async with hall.at_door(screen=None) as door:
        await door.press(*HERE, "plus", "6", "1")
        await door.scan(hall.cards[hall.wang_ming])
        await door.press("slash", "2", "2", "plus")
        await next_day(door, "2026-11-23")
        await door.press(*HERE, "plus", "2", "1")
        await door.scan(hall.cards[hall.wang_ming])
        await door.press("plus")
    hall.clock.reboot()
    async with hall.at_door(screen=None, day="2026-11-23") as door:
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.shows("李　秀　英", "停过电", "实到2")
        await door.press("plus")
        door.clock.advance(7 * MINUTE)
        await door.scan(hall.cards[hall.wang_fang])
        assert door.shows("迟到7分钟")
        await door.press("4", "plus")
        assert door.shows("比签到多1人")
        await door.press("plus")
        assert door.shows("加分2条", "共4分", "清点4人  比签到多1人")
        await door.press("plus")
    figures = judge(hall, tmp_path)
    assert (figures["present"], figures["late"]) == (3, 1)
    assert (hall.balance(hall.wang), hall.balance(hall.li)) == (200, 200)
    assert [meeting.state for meeting in list_meetings(hall.store)] == ["ended", "cancelled"]
