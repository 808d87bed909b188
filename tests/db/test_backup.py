"""Backups: named by number, verified before they are called one, rotated, made beside a selling till."""

import sqlite3
import threading
from pathlib import Path
from time import monotonic

import pytest

from db import backup
from db.backup import (
    Backup,
    BackupError,
    copy_store,
    list_backups,
    make_backup,
    read_name,
    rotate,
    verify_copy,
)
from tests.ready import Ready, ready_desk
from tests.village import VILLAGE

TAKEN = "20261122T0903"


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


def test_backup_holds_every_line_when_it_is_made(desk: Ready, tmp_path: Path) -> None:
    """Its name says whose it is, which one, when it was taken, and how many lines it holds."""
    counted: list[int] = []
    made = make_backup(desk.file, tmp_path / "stick", TAKEN, counted.append)
    lines = desk.known.lines
    file = tmp_path / "stick" / f"kiosk-0123-000001-{TAKEN}-{lines}.backup"
    assert made == Backup(file, VILLAGE, 1, TAKEN, lines)
    assert read_name(file) == made
    assert list_backups(tmp_path / "stick") == [made]
    assert sum(counted) == verify_copy(file).lines == lines
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("name", ["store.db", "kiosk-123-1-20261122T0903-5.backup", "kiosk.backup", "x.part"])
def test_file_is_no_backup_when_its_name_is_another(name: str) -> None:
    """Nothing else in a folder is offered for restoring, or rotated away."""
    assert read_name(Path(name)) is None


def test_backups_are_counted_when_clocks_go_back(desk: Ready, tmp_path: Path) -> None:
    """The newest is the one made last, whatever the wall clock said."""
    for taken in ("20261122T0903", "19700101T0800", "20200101T0000"):
        make_backup(desk.file, tmp_path, taken)
    assert [(each.number, each.taken) for each in list_backups(tmp_path)] == [
        (3, "20200101T0000"),
        (2, "19700101T0800"),
        (1, "20261122T0903"),
    ]


def test_old_backups_go_when_there_are_more_than_are_kept(desk: Ready, tmp_path: Path) -> None:
    """Only this village's, and never the newest."""
    for _ in range(4):
        make_backup(desk.file, tmp_path, TAKEN)
    other = tmp_path / f"kiosk-0124-000001-{TAKEN}-5.backup"
    other.write_bytes(b"")
    assert [read.number for file in rotate(tmp_path, VILLAGE, keep=2) if (read := read_name(file))] == [2, 1]
    assert [(each.village, each.number) for each in list_backups(tmp_path)] == [(123, 4), (123, 3), (124, 1)]
    assert make_backup(desk.file, tmp_path, TAKEN).number == 5


def test_copy_is_no_backup_when_a_line_was_changed(desk: Ready, tmp_path: Path) -> None:
    """A store whose chain is broken gives no backup, and leaves nothing behind."""
    with sqlite3.connect(desk.file) as connection:
        connection.execute("DROP TRIGGER line_update_refused")
        connection.execute("UPDATE line SET line = CAST(replace(CAST(line AS TEXT), '1', '2') AS BLOB) WHERE seq = 9")
    connection.close()
    with pytest.raises(BackupError) as caught:
        make_backup(desk.file, tmp_path / "stick", TAKEN)
    assert any("the chain is broken" in fault for fault in caught.value.faults)
    assert list((tmp_path / "stick").iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no store at all", b"SQLite format 3\0" + bytes(5_000)])
def test_file_is_refused_when_it_is_no_store(tmp_path: Path, content: bytes) -> None:
    """Whatever the file is, the answer is the same kind of refusal."""
    file = tmp_path / "x.backup"
    file.write_bytes(content)
    with pytest.raises(BackupError):
        verify_copy(file)


def test_store_that_is_not_there_gives_no_copy_when_asked(tmp_path: Path) -> None:
    """Copying makes no empty store where there was none."""
    with pytest.raises(BackupError):
        copy_store(tmp_path / "absent.db", tmp_path / "copy")
    assert not (tmp_path / "absent.db").exists()


def test_copy_is_whole_when_a_till_sells_meanwhile(
    desk: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each copy holds a prefix of what was confirmed, and no sale waits for more than a step of it."""
    monkeypatch.setattr(backup, "PAGES_AT_ONCE", 1)
    store = desk.open()
    waits: list[float] = []
    copied = threading.Event()

    def sell() -> None:
        while not copied.is_set() or not waits:
            began = monotonic()
            desk.redeem(store)
            waits.append(monotonic() - began)

    till = threading.Thread(target=sell)
    till.start()
    held = []
    for number in range(5):
        target = tmp_path / f"copy-{number}"
        copy_store(desk.file, target)
        held.append(verify_copy(target).lines)
    copied.set()
    till.join()
    store.close()
    assert held == sorted(held)
    assert desk.known.lines <= held[0]
    assert held[-1] <= desk.known.lines + len(waits)
    assert max(waits) < 5


def test_copy_is_made_in_one_step_when_writers_interrupt_it_for_ever(
    desk: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy till cannot keep a backup from coming about."""
    monkeypatch.setattr(backup, "PAGES_AT_ONCE", 1)
    monkeypatch.setattr(backup, "MOST_RESTARTS", 0)
    writing = sqlite3.connect(desk.file, isolation_level=None)
    steps: list[int] = []

    class Interrupted(sqlite3.Connection):
        def backup(self, *arguments: object, progress: object = None, **options: object) -> None:
            steps.append(int(str(options["pages"])))

            def interrupt(status: int, remaining: int, total: int) -> None:
                assert callable(progress)
                progress(status, remaining, total)
                writing.execute("UPDATE setting SET value = value || '.'")

            super().backup(*arguments, progress=interrupt if progress else None, **options)  # type: ignore[arg-type]  # because the options pass through as they came

    real = backup._connect
    monkeypatch.setattr(
        backup,
        "_connect",
        lambda file, mode: (
            sqlite3.connect(f"{file.as_uri()}?mode={mode}", uri=True, factory=Interrupted)
            if mode == "rw"
            else real(file, mode)
        ),
    )
    copy_store(desk.file, tmp_path / "copy")
    writing.close()
    assert steps == [1, -1]
    assert verify_copy(tmp_path / "copy").lines == desk.known.lines
