"""Files that are whole and on their disk when they are there."""

import os
import stat
from pathlib import Path

import pytest

from db.durable import write_durably


def names_in(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(file.name for file in folder.iterdir())


def test_new_file_takes_the_place_of_the_old_when_it_is_written(tmp_path: Path) -> None:
    """The later content, and nothing unfinished beside it."""
    file = tmp_path / "a.pdf"
    write_durably(file, b"yesterday")
    write_durably(file, "今天".encode())
    assert file.read_text("utf-8") == "今天"
    assert names_in(tmp_path) == ["a.pdf"]


def test_content_and_both_names_are_synced_in_order_when_a_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content is on the disk before the name points at it, and the name before the call returns."""
    file, steps = tmp_path / "a.pdf", []
    replace, fsync = Path.replace, os.fsync

    def renamed(self: Path, target: Path) -> Path:
        steps.append("renamed")
        return replace(self, target)

    def synced(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "content")
        fsync(handle)

    monkeypatch.setattr(Path, "replace", renamed)
    monkeypatch.setattr(os, "fsync", synced)
    write_durably(file, b"x")
    assert steps == ["content", "renamed", "folder"]


def test_old_file_stands_alone_when_the_disk_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick that is full keeps what it had, and its room is not taken by half a file."""
    file = tmp_path / "a.pdf"
    write_durably(file, b"yesterday")

    def full(_handle: int) -> None:
        raise OSError

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"^$"):
        write_durably(file, b"today")
    assert file.read_bytes() == b"yesterday"
    assert names_in(tmp_path) == ["a.pdf"]


def test_failure_is_told_when_the_folder_is_gone(tmp_path: Path) -> None:
    """A stick that was pulled out too early."""
    with pytest.raises(FileNotFoundError):
        write_durably(tmp_path / "gone" / "a.pdf", b"x")
