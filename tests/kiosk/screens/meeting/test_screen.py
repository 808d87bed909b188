"""The meeting desk from the list to the end: what stands on the screen after each key and each scan."""

from pathlib import Path

import pytest

from kiosk.domain.attendance import show_attendance
from kiosk.domain.card import issue_household_card
from kiosk.domain.meeting import list_meetings
from kiosk.screens.meeting.state import Phase
from kiosk.station import Signal
from tests.kiosk.domain.hall import MINUTE
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.meeting.assembly import Assembly, Door


@pytest.fixture
def hall(tmp_path: Path) -> Assembly:
    """A hall with three members."""
    return office_in(tmp_path / "hall", Assembly)


def came(door: Door) -> dict[str, str]:
    """How each name of the first meeting stands, in the store."""
    sheet = show_attendance(door.store, list_meetings(door.store)[0].meeting_id)
    return {line.name: line.came for line in sheet.lines}


async def test_meeting_goes_from_the_list_to_its_end_when_it_was_called(hall: Assembly) -> None:
    """List, open, scan, begin, count, end: each step says how it stands and what comes next."""
    hall.called()
    async with hall.at_door() as door:
        assert door.shows("今天 09:00  支部党员大会", "按数字选会")
        await door.press("1")
        assert door.shows("支部党员大会（按人）", "到时间按 + 开始签到")
        await door.press("plus")
        assert door.shows("请　刷　卡", "应到3  实到0", "人齐了按 + 现在开会")
        await door.scan(hall.cards[hall.wang_ming], hall.cards[hall.li_xiuying])
        assert door.shows("李　秀　英", "已签到 08:00", "应到3  实到2", "08:00  王明")
        await door.press("plus")
        assert door.shows("现在开会", "08:00开会；散会：输清点人数，按 +")
        await door.press("2")
        assert door.shows("清点2人：按 + 结束会议", "签到2")
        await door.press("plus")
        assert door.shows("加分2条", "会议已结束，共4分", "缺席1", "清点2人  和签到一样")
        await door.press("plus")
        assert door.shows("要做什么")
    assert (hall.balance(hall.wang), hall.balance(hall.li)) == (200, 200)


async def test_meeting_begins_unplanned_when_it_is_called_now(hall: Assembly) -> None:
    """A new one, the kind, the whole village, now: people may scan."""
    async with hall.at_door() as door:
        assert door.shows("还没有会议", "按 + 开新会")
        await door.press("plus", "1")
        assert door.shows("哪几个组？", "3组", "4组", "一个都不选就是全村")
        await door.press("plus", "1")
        assert door.shows("群众会（按户）  全村", "应到3  实到0", "请刷卡")


async def test_meeting_waits_on_the_list_when_it_is_called_for_another_day(hall: Assembly) -> None:
    """Groups in and out by their digits, a day by eight digits, an hour by four."""
    async with hall.at_door() as door:
        await door.press("plus", "1", "1", "2", "1")
        assert door.shows("4组  √", "选好4组了")
        await door.press("plus", "2")
        await door.press(*"20261125", "plus")
        assert door.shows("群众会  4组  11月25日")
        await door.press(*"1930", "plus")
        assert door.shows("群众会（按户）  4组", "11月25日 19:30", "已定好")
        await door.press("minus")
        assert door.shows("11月25日 19:30  群众会  4组")
        [meeting] = list_meetings(door.store)
        assert (meeting.groups, meeting.planned_day, meeting.planned_hour) == ((4,), "2026-11-25", "19:30")


async def test_today_without_an_hour_is_meant_when_nothing_is_typed(hall: Assembly) -> None:
    """+ and + again."""
    async with hall.at_door() as door:
        await door.press("plus", "2", "2", "plus", "plus")
        assert door.shows("今天的会，还没开始签到") or door.shows("已定好")
        [meeting] = list_meetings(door.store)
        assert (meeting.state, meeting.planned_day, meeting.planned_hour) == ("called", "2026-11-22", None)


async def test_day_and_hour_are_asked_again_when_they_cannot_be(hall: Assembly) -> None:
    """Nothing that was answered before is lost."""
    cases = (("20261131", "date_unreadable"), ("1125", "date_unreadable"), ("20261121", "meeting_day_passed"))
    async with hall.at_door() as door:
        await door.press("plus", "2", "2")
        for typed, code in cases:
            await door.press(*typed, "plus")
            assert (door.at.refusal(), list_meetings(door.store)) == (code, ())
        await door.press(*"20261125", "plus")
        for typed in ("2400", "0960", "9"):
            await door.press(*typed, "plus")
            assert door.at.refusal() == "meeting_hour_wrong"
        await door.press(*"900", "plus")
        [meeting] = list_meetings(door.store)
        assert (meeting.planned_day, meeting.planned_hour) == ("2026-11-25", "09:00")


async def test_each_question_is_gone_back_from_when_minus_is_pressed(hall: Assembly) -> None:
    """From the hour to the day, when, the groups, the kind, the list; nothing is called."""
    async with hall.at_door() as door:
        await door.press("plus", "1", "plus", "2", "plus")
        for question in ("几点？", "哪一天？", "现在开始签到", "哪几个组？", "开什么会？", "还没有会议"):
            assert door.shows(question)
            await door.press("minus")
        assert door.shows("要做什么")
        assert list_meetings(door.store) == ()


async def test_list_shows_what_is_next_first_when_there_are_many(hall: Assembly) -> None:
    """Today, later, never held, over; nine to a page, and 0 turns it."""
    over = hall.opened("theme_day")
    hall.begin(over)
    hall.end(over)
    for day in range(24, 31):
        hall.called("party_lecture", f"2026-11-{day}")
    hall.called("committee_meeting", hour="20:00")
    hall.called("group_meeting", hour="08:00")
    async with hall.at_door() as door:
        shown = [line.split()[1:] for line in door.at.lines() if line.strip()[:1].isdigit()]
        assert [words[0] for words in shown[:3]] == ["今天", "今天", "11月24日"]
        assert (shown[0][2], shown[1][2]) == ("党小组会", "支委会")
        assert door.shows("按 0 下一页（1 / 2）")
        assert "（2 / 2）" not in door.at.text()
        await door.press("0")
        assert door.shows("已结束：今天  主题党日  实到0", "（2 / 2）")
        await door.press("1")
        assert door.shows("加分0条", "缺席3")


async def test_late_one_is_told_when_the_meeting_has_begun(hall: Assembly) -> None:
    """Up to five minutes nobody is late; it says how many."""
    hall.opened()
    async with hall.at_door() as door:
        await door.press("plus")
        hall.clock.advance(4 * MINUTE)
        await door.scan(hall.cards[hall.wang_ming])
        assert door.shows("王　明", "已签到 08:04")
        hall.clock.advance(4 * MINUTE)
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.shows("李　秀　英", "迟到8分钟", "实到2  迟到1")
        await door.rest()
        assert door.at.devices.tones[-2:] == [Signal.CARD, Signal.CARD]


async def test_nobody_is_late_when_the_meeting_itself_begins_late(hall: Assembly) -> None:
    """Planned for nine, begun at twenty past: whoever comes before is on time."""
    hall.called()
    async with hall.at_door() as door:
        await door.press("1", "plus")
        hall.clock.advance(80 * MINUTE)
        await door.scan(hall.cards[hall.wang_ming])
        await door.press("plus")
        assert door.shows("09:20开会")
        await door.scan(hall.cards[hall.li_xiuying])
        await door.press("2", "plus")
        assert door.shows("应到3  实到2  缺席1", "共4分")


async def test_who_came_is_asked_when_a_household_card_is_scanned(hall: Assembly) -> None:
    """In a meeting that counts persons; going back signs nobody in."""
    number = issue_household_card(hall.store, hall.wang, now=hall.now, by=hall.operator).number
    hall.opened()
    async with hall.at_door() as door:
        await door.scan(number)
        assert door.shows("是谁？按数字", "1  王明  1961年生", "2  王芳  1966年生")
        await door.press("minus")
        assert door.shows("应到3  实到0")
        await door.scan(number)
        await door.press("2")
        assert door.shows("王　芳", "应到3  实到1")
        assert came(door) == {"王明": "absent", "王芳": "present", "李秀英": "absent"}


async def test_household_is_counted_when_anybody_of_it_scans(hall: Assembly) -> None:
    """In a meeting of households the person is named, and the wife after the husband counts nothing."""
    hall.opened("villagers_meeting")
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming])
        assert door.shows("王　明", "应到3  实到1")
        await door.scan(hall.cards[hall.wang_fang])
        assert door.shows("王　芳", "早就签过了：08:00 已签到", "应到3  实到1")


async def test_last_sign_in_is_taken_back_when_minus_is_pressed(hall: Assembly) -> None:
    """One key and its reason; who goes back from the reason takes nothing back."""
    hall.opened()
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming], hall.cards[hall.li_xiuying])
        await door.press("minus")
        assert door.shows("撤掉李秀英的签到？", "刷错了卡", "人没来")
        await door.press("minus")
        assert came(door)["李秀英"] == "present"
        await door.press("minus", "2")
        assert door.shows("李　秀　英", "已撤，没有签到", "应到3  实到1")
        assert came(door) == {"王明": "present", "王芳": "absent", "李秀英": "absent"}
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.shows("已签到", "应到3  实到2")


async def test_key_says_what_it_does_when_the_roll_shows_all_or_only_those_missing(hall: Assembly) -> None:
    """* leaves out who came, and brings them back; with nobody missing the sentence says so."""
    hall.opened()
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming], hall.cards[hall.wang_fang])
        await door.press("asterisk")
        assert door.shows("王明", "李秀英", "*  只看没到的")
        await door.press("asterisk")
        assert door.shows("李秀英", "*  看全部")
        assert not door.shows("王明")
        await door.press("asterisk")
        assert door.shows("王明", "李秀英", "*  只看没到的")
        await door.scan(hall.cards[hall.li_xiuying])
        await door.press("asterisk", "asterisk")
        assert door.shows("没有缺的人；按 - 返回", "-  返回", "*  看全部")


async def test_somebody_signs_in_without_a_card_when_found(hall: Assembly) -> None:
    """By place, of a household with several the person; or by the name at once."""
    hall.opened()
    async with hall.at_door() as door:
        await door.press("full_stop", "3", "full_stop", "1", "2", "plus")
        assert door.shows("是谁？按数字")
        await door.press("1")
        assert door.shows("王　明", "应到3  实到1")
        await door.press("full_stop", *"lxy", "plus")
        assert door.shows("李　秀　英", "应到3  实到2")
        await door.press("full_stop", "4", "1", "plus")
        assert door.shows("赵　国", "列席", "应到3  实到2  列席1")
        await door.press("full_stop", "3", "full_stop", "plus")
        assert door.shows("1  王明家  3组12号", "2  李秀家  3组13号")
        await door.press("minus", "minus")
        assert door.screen.desk_state.phase is Phase.SIGNING


async def test_heads_are_told_apart_when_they_are_not_those_who_signed_in(hall: Assembly) -> None:
    """The difference stands there before the end, may be counted again, and stays in the result."""
    hall.opened()
    async with hall.at_door() as door:
        await door.press("plus")
        await door.scan(hall.cards[hall.wang_ming])
        await door.press("1", "2")
        await door.press("minus")
        assert door.shows("清点1人")
        await door.press("2", "plus")
        assert door.shows("清点12人", "比签到多11人", "按 + 就这样结束；按 - 重新数")
        assert "-  重数" in door.at.lines()[-1]
        await door.press("minus", "2")
        await door.scan(hall.cards[hall.wang_fang])
        assert door.shows("王　芳", "清点2人：按 + 结束会议")
        await door.scan(hall.cards[hall.li_xiuying])
        await door.press("plus")
        assert door.shows("清点2人", "比签到少1人")
        await door.press("plus")
        assert door.shows("会议已结束", "清点2人  比签到少1人")


async def test_arrival_is_shown_when_the_count_had_differed(hall: Assembly) -> None:
    """The forgotten one scans: the name stands there, and the count is compared anew."""
    hall.opened()
    async with hall.at_door() as door:
        await door.press("plus", "1", "plus")
        assert door.shows("比签到多1人")
        await door.scan(hall.cards[hall.wang_ming])
        assert door.shows("王　明", "清点1人：按 + 结束会议")
        await door.press("plus")
        assert door.shows("加分1条", "和签到一样")


async def test_meeting_ends_without_a_count_when_nobody_counts(hall: Assembly) -> None:
    """+ alone asks for the count; the other way stands under /."""
    hall.opened()
    async with hall.at_door() as door:
        await door.press("plus", "plus")
        assert door.at.refusal() == "heads_missing"
        await door.press("slash")
        assert door.shows("有人请假", "不清点，结束会议", "取消这个会", "先做别的")
        await door.press("2")
        assert door.shows("会议已结束", "缺席3")
        assert not door.shows("清点")


async def test_badge_is_asked_for_when_the_volunteer_ends_a_meeting(hall: Assembly) -> None:
    """Points are posted under a secretary's name; without one the meeting stays open."""
    second = hall.add("孙书记", "secretary")
    hall.opened()
    async with hall.at_door(by=hall.helper.operator_id) as door:
        await door.scan(hall.cards[hall.wang_ming])
        await door.press("plus", "1", "plus")
        assert door.shows("结束会议要加分：请书记刷工作证")
        await door.press("minus")
        assert door.screen.desk_state.phase is Phase.SIGNING
        await door.press("plus")
        await door.scan(hall.supervisor.badge)
        assert door.at.refusal() == "right_missing"
        await door.press("plus")
        await door.scan(second.badge)
        assert door.shows("加分1条", "和签到一样")


async def test_meeting_is_cancelled_when_it_does_not_take_place(hall: Assembly) -> None:
    """With a reason; nobody earns by it, before it is open and while it is."""
    hall.called()
    hall.opened("theme_day")
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming])
        await door.press("slash", "2", "2")
        assert door.shows("会议已取消", "人太少", "不加分")
        await door.press("minus")
        assert door.shows("今天 09:00  支部党员大会", "已取消：今天  主题党日")
        await door.press("1", "slash", "2", "minus")
        assert door.shows("到时间按 + 开始签到")
        await door.press("slash", "2", "3")
        assert door.shows("会议已取消", "天气")
        await door.press("plus")
        assert door.shows("要做什么")
    assert hall.balance(hall.wang) == 0


async def test_leave_is_noted_before_a_meeting_when_it_was_called(hall: Assembly) -> None:
    """Somebody rings up the day before; who comes after all is present."""
    hall.called()
    async with hall.at_door() as door:
        await door.press("1", "slash", "1", *"lxy", "plus", "3")
        assert door.shows("李秀英  已请假：生病")
        await door.press("plus")
        assert door.shows("应到3  实到0  请假1")
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.shows("应到3  实到1")
        assert not door.shows("请假1")


async def test_desk_does_something_else_when_the_meeting_goes_on(hall: Assembly) -> None:
    """Away by /, back from the menu, and a card scanned at the menu signs in."""
    hall.opened()
    async with hall.at_door(screen=None) as door:
        await door.scan(hall.cards[hall.wang_ming])
        assert door.shows("王　明", "应到3  实到1")
        await door.press("slash", "3")
        assert door.shows("要做什么")
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.shows("李　秀　英", "应到3  实到2", "08:00  王明")


async def test_state_stays_when_the_language_changes(hall: Assembly) -> None:
    """Whoever came stands there in the other language too."""
    hall.opened()
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming])
        door.at.app.station.set(language="en")
        door.at.app.redraw()
        await door.at.until(lambda: door.shows("signed in 08:00"))
        await door.at.settle()
        assert door.shows("王　明", "Scan cards")
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.shows("李　秀　英", "expected 3  present 2")
