"""The meeting desk from the list to the end: what stands on the screen after each key and each scan."""

from pathlib import Path

import pytest

from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.meeting.assembly import Assembly


@pytest.fixture
def hall(tmp_path: Path) -> Assembly:
    """A hall with three members."""
    return office_in(tmp_path / "hall", Assembly)


async def test_meeting_goes_from_the_list_to_its_end_when_it_was_called(hall: Assembly) -> None:
    """List, open, scan, begin, count, end: each step says how it stands and what comes next."""
    hall.called()
    async with hall.at_door() as door:
        assert door.shows("今天 09:00  支部党员大会", "按数字选会")
        await door.press("1")
        assert door.shows("支部党员大会  按人", "到时间按 + 开始签到")
        await door.press("plus")
        assert door.shows("请　刷　卡", "应到3  实到0", "人齐了按 + 现在开会")
        await door.scan(hall.cards[hall.wang_ming], hall.cards[hall.li_xiuying])
        assert door.shows("李　秀　英", "已签到 08:00", "应到3  实到2", "08:00  王明")
        await door.press("plus")
        assert door.shows("现在开会", "08:00开会；散会：输清点人数，按 +")
        await door.press("2")
        assert door.shows("清点2人：按 + 结束会议")
        await door.press("plus")
        assert door.shows("加分2条", "会议已结束，共4分", "缺席1", "清点2人，和签到一样")
    assert (hall.balance(hall.wang), hall.balance(hall.li)) == (200, 200)
