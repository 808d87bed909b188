"""What the meeting desk looks like in its main states, in both languages and sizes: pictures somebody looked at."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Static

from kiosk.domain.meeting_roster import Comer
from kiosk.domain.period import open_day
from kiosk.domain.sign_in import set_leave
from tests.kiosk.domain.hall import MINUTE
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.meeting.assembly import Assembly, Door
from tests.kiosk.screens.pictures import PictureBook
from tests.kiosk.screens.till.counter import SALT

LARGE = (120, 40)
LONG = "阿卜杜热合曼·买买提依明江·艾山"


@pytest.fixture
def hall(tmp_path: Path) -> Assembly:
    """A hall where somebody has a very long name."""
    return office_in(tmp_path / "hall", Assembly)


def look(book: PictureBook, door: Door, name: str) -> None:
    """Compare, and see that no row of one line is longer than its place."""
    book.look(door.at, name)
    for widget in door.at.app.screen.query(Static):
        if widget.id in ("meeting-title", "meeting-message", "meeting-next"):
            assert cell_len(str(widget.visual)) <= widget.content_size.width, widget.id


STEPS = (
    ("list", ""),
    ("called", "1"),
    ("open", "plus"),
    ("signed-in", "scan wang"),
    ("again", "scan wang"),
    ("begun", "plus"),
    ("late", "scan li"),
    ("observer", "scan guest"),
    ("goods", "scan goods"),
    ("take-back", "minus"),
    ("roll", "minus asterisk"),
    ("about", "2"),
    ("counting", "minus minus 4 6"),
    ("differs", "plus"),
    ("over", "plus"),
)
ON_A_SMALL_SCREEN = (
    ("print", "full_stop"),
    ("kind", "minus minus plus"),
    ("groups", "1 1"),
    ("when", "plus"),
    ("day", "2"),
    ("hour", "plus"),
    ("other", "minus minus 1 scan wang slash"),
    ("who", "1"),
)


@pytest.mark.parametrize("size", [(80, 24), LARGE], ids=["small", "large"])
async def test_desk_looks_as_it_was_looked_at_when_a_meeting_is_held(
    hall: Assembly, book: PictureBook, size: tuple[int, int]
) -> None:
    """From the list to the result, and on a small screen what is asked besides."""
    guest = hall.card(hall.person(hall.zhao, LONG)).number
    codes = {"wang": hall.cards[hall.wang_ming], "li": hall.cards[hall.li_xiuying], "guest": guest, "goods": SALT}
    hall.called()
    hall.called("villagers_meeting", "2026-11-25", "19:30")
    async with hall.at_door(language=book.language, size=size) as door:
        for name, does in (*STEPS, *(() if size == LARGE else ON_A_SMALL_SCREEN)):
            words = iter(does.split())
            for word in words:
                if word == "scan":
                    hall.clock.advance(9 * MINUTE)
                    await door.scan(codes[next(words)])
                else:
                    await door.press(word)
            await door.rest()
            look(book, door, name)


async def test_desk_looks_as_it_was_looked_at_when_something_is_unusual(hall: Assembly, book: PictureBook) -> None:
    """Nothing called, a meeting left open, a restart, a cancelled one."""
    async with hall.at_door(language=book.language) as door:
        look(book, door, "nothing-called")
    meeting = hall.opened("members_meeting")
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    comer = Comer(hall.li, hall.li_xiuying)
    set_leave(hall.store, meeting, comer, "farm", now=hall.now, by=hall.operator)
    hall.clock.reboot()
    async with hall.at_door(language=book.language) as door:
        look(book, door, "restarted")
    open_day(hall.store, "2026-11-23", now=hall.now, by=hall.operator)
    async with hall.at_door(language=book.language, day="2026-11-23") as door:
        look(book, door, "left-open")
        await door.press("slash", "2", "4")
        look(book, door, "cancelled")
