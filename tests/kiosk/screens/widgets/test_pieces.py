"""Pieces of screens."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from textual import events
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from kiosk import app as shell
from kiosk import keys
from kiosk.errors import Refused
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.screens.widgets.refusal_panel import RefusalPanel
from kiosk.screens.widgets.search_entry import SearchEntry
from kiosk.screens.widgets.status_line import StatusLine
from kiosk.settings import Settings
from kiosk.shell import DeskScreen
from kiosk.station import Signal
from tests.kiosk.screens.pictures import cut_off
from tests.screens import Desk, FixedKeeper, desk, make_station, standing_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.segment import Segment


class PieceScreen(DeskScreen, inherit_bindings=False):
    """A figure and an entry."""

    BINDINGS: ClassVar = keys.bindings("shell.back")

    def compose_body(self) -> "Iterable[Widget]":
        """Lay it out."""
        yield Figure("可兑换", "42.5", "分")
        yield NumberEntry("重量", "公斤", longest=3, decimals=2)


class ChoicesScreen(DeskScreen, inherit_bindings=False):
    """A title and a list."""

    CSS = "ChoicesScreen RefusalPanel { padding: 0 1; margin: 0; }"
    count = 1

    def compose_body(self) -> "Iterable[Widget]":
        """Lay it out."""
        yield Static("哪一项？", classes="title", markup=False)
        yield ChoiceList([f"第{number}项" for number in range(1, self.count + 1)])


class HiddenScreen(DeskScreen, inherit_bindings=False):
    """What takes digits is hidden: they are the screen's."""

    BINDINGS: ClassVar = [Binding(digit, f"note('{digit}')", show=False) for digit in "012"]
    typed = ""

    def compose_body(self) -> "Iterable[Widget]":
        """Lay it out."""
        yield ChoiceList([f"第{number}项" for number in range(1, 20)])
        yield NumberEntry()
        yield SearchEntry("找谁")

    def draw(self) -> None:
        """Hide all of it."""
        for widget in self.query(".takes-keys"):
            widget.display = False

    def action_note(self, digit: str) -> None:
        """Take a digit."""
        self.typed += digit


def first_row(at: Desk) -> "list[Segment]":
    """The top row with its colours."""
    return list(at.app.screen._compositor.render_strips()[0])


async def opened(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the screen of pieces."""
    monkeypatch.setitem(shell.SCREENS, "pieces", f"{__name__}:PieceScreen")
    await at.open("pieces")


async def test_a_figure_is_three_rows_high_with_its_unit_when_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Digits are large; label and unit stand beside them in ordinary characters."""
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()))) as at:
        await opened(at, monkeypatch)
        rows = at.lines()[2:5]
        assert "┏━┛" in "".join(rows)
        assert "可兑换" in rows[1]
        assert rows[2].endswith("分")
        at.app.screen.query_one(Figure).show("7", unit="件")
        await at.settle()
        assert at.lines()[4].endswith("件")
        assert "可兑换" in at.lines()[3]


@pytest.mark.parametrize(
    ("typed", "kept"), [("12.34", "12.34"), ("1234", "123"), ("1.239", "1.23"), ("1..2", "1.2"), (".5", ".5")]
)
async def test_what_would_be_too_long_is_not_taken_when_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, kept: str
) -> None:
    """The entry never holds a number its question cannot mean."""
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()))) as at:
        await opened(at, monkeypatch)
        await at.keys(*typed)
        assert at.app.screen.query_one(NumberEntry).typed == kept


@pytest.mark.parametrize("signal", list(Signal))
async def test_a_flash_has_a_colour_and_a_sign_of_its_own_when_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signal: Signal
) -> None:
    """Who hears nothing sees it, and who sees no colour sees the sign."""
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()))) as at:
        await opened(at, monkeypatch)
        at.app.signal(signal)
        await at.settle()
        assert at.app.screen.query_one(StatusLine).flashing is signal
        (mark,) = {segment.style.bgcolor.name for segment in first_row(at) if segment.style and segment.style.bgcolor}
        assert mark == at.app.theme_variables[signal]
        assert at.lines()[0].strip()[0] in "■●▲✕"
        assert at.devices.tones == [signal]
        await at.until(lambda: at.app.screen.query_one(StatusLine).flashing is None)


@pytest.mark.parametrize(("phone", "shown"), [("0857-0000000", "0857-0000000"), ("", "求助码 points_missing")])
async def test_a_refusal_names_reason_step_code_and_telephone_when_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phone: str, shown: str
) -> None:
    """Everything a person alone at the desk needs to go on."""
    station = make_station(tmp_path, keeper=FixedKeeper(standing_store()))
    station.settings = station.settings.changed(help_phone=phone)
    async with desk(station) as at:
        await opened(at, monkeypatch)
        assert isinstance(at.app.screen, DeskScreen)
        at.app.screen.refuse(Refused("points_missing", missing_points=350))
        await at.settle()
        assert "还差 3.5 分" in at.text()
        assert "下一步：" in at.text()
        assert "points_missing" in at.text()
        assert shown in at.text()


async def test_each_key_is_shown_with_what_it_does_now_when_digits_are_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """- takes a digit away while there is one, and goes back after that; the line never says both of one key."""
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()))) as at:
        await opened(at, monkeypatch)
        assert at.lines()[-1].split() == ["-", "返回"]
        await at.keys("7")
        assert at.lines()[-1].split() == ["-", "删一位", "+", "确认"]
        await at.keys("minus")
        assert at.lines()[-1].split() == ["-", "返回"]


async def test_digits_are_the_screens_when_what_takes_them_is_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of them has the focus: the one that gets it by itself at first and on return, or any other."""
    monkeypatch.setitem(shell.SCREENS, "hidden", f"{__name__}:HiddenScreen")
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()))) as at:
        await at.open("hidden")
        screen = at.app.screen
        assert isinstance(screen, HiddenScreen)
        await at.keys("1")
        screen.set_focus(None)
        await at.open("scanner_test")
        await at.keys("minus", "2")
        assert screen.typed == "12"
        for widget in screen.query(".takes-keys").results(Widget):
            screen.set_focus(widget)
            await at.keys("0", "1")
        assert screen.typed == "12" + 3 * "01"


@pytest.mark.parametrize(("count", "gap"), [(6, 2), (7, 1)])
async def test_choices_stand_apart_when_a_refusal_still_fits_below_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, gap: int
) -> None:
    """In large type few choices have a row between them; many stand close, so that reason and next step are seen."""
    settings = Settings(is_large=True, village_name="云岭村", help_phone="0857-0000000")
    monkeypatch.setitem(shell.SCREENS, "choices", f"{__name__}:ChoicesScreen")
    monkeypatch.setattr(ChoicesScreen, "count", count)
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()), settings=settings)) as at:
        await at.open("choices")
        at.app.screen.query_one(RefusalPanel).show(at.app.station.texts.refusal(Refused("stick_absent")))
        await at.settle()
        rows = [number for number, line in enumerate(at.lines()) if "第" in line]
        assert [later - earlier for earlier, later in pairwise(rows)] == [gap] * (count - 1)
        assert list(cut_off(at)) == []


@pytest.mark.parametrize("is_shown_again", [True, False])
async def test_an_entry_keeps_the_keys_only_when_it_is_on_show_again(tmp_path: Path, *, is_shown_again: bool) -> None:
    """Word that something was hidden comes after the next layout; by then it may be what somebody types into."""
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()))) as at:
        await at.app.push_screen(PieceScreen(at.app.station))
        await at.settle()
        entry = at.app.screen.query_one(NumberEntry)
        assert entry.has_focus
        entry.display = is_shown_again
        entry.post_message(events.Hide())
        await at.settle()
        assert entry.has_focus is is_shown_again
