"""What the driver lets through."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from textual import events

from kiosk.app import KioskApp
from kiosk.terminal_driver import LONGEST_PASTE, PASTE_END, PASTE_START, PasteSplitter, TerminalDriver
from tests.screens import make_station

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message


def pieces(splitter: PasteSplitter, *chunks: str, now: float = 0.0) -> list[str]:
    """Feed chunks; pastes come out in brackets."""
    return [
        f"[{piece.text}]" if isinstance(piece, events.Paste) else piece
        for chunk in chunks
        for piece in splitter.feed(chunk, now)
    ]


def test_a_paste_is_one_piece_when_its_markers_arrive_split() -> None:
    """Every way to cut the bytes gives the same."""
    whole = f"ab{PASTE_START}690123\r{PASTE_END}cd"
    for cut in range(1, len(whole)):
        found = pieces(PasteSplitter(), whole[:cut], whole[cut:])
        joined = "".join(found)
        assert joined == "ab[690123\r]cd", cut
        assert "[690123\r]" in found


def test_text_comes_through_when_there_is_no_paste() -> None:
    """Ordinary keys are not held."""
    splitter = PasteSplitter()
    assert pieces(splitter, "6901\r", "\x1b[A", "中") == ["6901\r", "\x1b[A", "中"]
    assert not splitter.is_holding


def test_input_goes_on_when_a_paste_never_ends() -> None:
    """A printed code that holds the beginning of a paste cannot make the terminal deaf."""
    splitter = PasteSplitter()
    assert pieces(splitter, f"{PASTE_START}69012", now=10.0) == []
    assert list(splitter.tick(10.5)) == []
    assert list(splitter.tick(11.1)) == ["69012"]
    assert pieces(splitter, "34", now=11.2) == ["34"]


def test_input_goes_on_when_a_paste_is_endless() -> None:
    """Memory is bounded, and markers inside never reach the parser."""
    found = pieces(PasteSplitter(), PASTE_START + PASTE_START + "x" * (LONGEST_PASTE + 10))
    assert "".join(found) == "x" * (LONGEST_PASTE + 10)


@pytest.mark.parametrize(("held", "is_escape"), [("\x1b", True), ("\x1b[", False), ("\x1b[200", False), ("", False)])
def test_the_escape_key_is_told_from_rubbish_when_nothing_follows(held: str, *, is_escape: bool) -> None:
    """A lone escape is the key; the rest of a marker that never came is dropped."""
    splitter = PasteSplitter()
    assert pieces(splitter, held) == []
    assert splitter.release_escape() is is_escape
    assert not splitter.is_holding


def test_a_paste_loses_its_null_characters_when_delivered() -> None:
    """They are no text."""
    assert pieces(PasteSplitter(), f"{PASTE_START}6\x009{PASTE_END}") == ["[69]"]


async def test_a_scan_is_one_errand_when_its_characters_arrive_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seventeen errands of the app would hold a frame up longer than the frame takes; all are counted as sent."""
    app = KioskApp(make_station(tmp_path))
    posted: list[Message] = []
    monkeypatch.setattr(app, "post_message", posted.append)
    driver = TerminalDriver(cast("App[object]", app))
    driver._take("2601230000000017\r")
    assert posted == []
    driver._hand_over()
    driver._hand_over()
    (arrived,) = posted
    assert isinstance(arrived, TerminalDriver.Arrived)
    assert [piece.key for piece in arrived.pieces if isinstance(piece, events.Key)] == [*"2601230000000017", "enter"]
    assert driver.keys_sent == len(arrived.pieces)
