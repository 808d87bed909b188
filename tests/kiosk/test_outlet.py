"""Where an A4 page goes: the queues of the machine first, then the sticks."""

from pathlib import Path

import pytest

from kiosk import sticks
from kiosk.errors import NotWritable
from kiosk.outlet import Queue, Stick, find_outlets, write_sheet
from tests.print_system import plug_in_queue


def test_queues_come_before_sticks_when_both_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick that cannot be written to is no way out."""
    plug_in_queue(tmp_path / "lp", monkeypatch, "办公室", "A4")
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(sticks, "find_sticks", lambda: [stick, tmp_path / "gone"])
    assert find_outlets() == [Queue("A4"), Queue("办公室"), Stick(stick)]


def test_there_is_no_queue_when_there_is_no_print_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare machine is asked for nothing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sticks, "find_sticks", list)
    assert find_outlets() == []


def test_pages_reach_the_queue_byte_by_byte_when_it_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the name of the file, to the queue that was chosen."""
    folder = plug_in_queue(tmp_path / "lp", monkeypatch, "A4")
    assert Queue("A4").put("住户册.pdf", b"%PDF-1.7\x00\xff") == "住户册.pdf"
    assert (folder / "pages").read_bytes() == b"%PDF-1.7\x00\xff"
    assert (folder / "asked").read_text("utf-8").split() == ["A4", "住户册.pdf"]


def test_what_the_print_system_said_is_told_when_it_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the next step beside it, which is another way out."""
    plug_in_queue(tmp_path / "lp", monkeypatch, "A4", refusal="lp: The printer or class does not exist.")
    with pytest.raises(NotWritable, match="queue_refused") as refused:
        Queue("A4").put("x.pdf", b"x")
    assert refused.value.parameters["detail"] == "lp: The printer or class does not exist."


def test_the_file_from_before_stays_when_it_cannot_be_written(tmp_path: Path) -> None:
    """Written in one step, or not at all."""
    write_sheet(tmp_path / "a.pdf", b"yesterday")
    write_sheet(tmp_path / "a.pdf", b"today")
    assert (tmp_path / "a.pdf").read_bytes() == b"today"
    with pytest.raises(NotWritable, match="file_not_written"):
        write_sheet(tmp_path / "gone" / "a.pdf", b"x")
    assert [file.name for file in tmp_path.iterdir()] == ["a.pdf"]
