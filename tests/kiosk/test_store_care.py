"""Laying out, backing up, restoring, checking and writing out a store, as commands and screens do it."""

import errno
import sqlite3
import subprocess
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from db import engine as engines
from db.backup import BackupError, list_backups
from db.export import check_export
from db.fault import Fault
from db.store import LogEndedError, StoreError, open_store, store_file
from kiosk import store_care
from kiosk.errors import BadInput, NotWritable, Refused, StoreFailed, TryAgain
from kiosk.hold import share
from kiosk.store_care import (
    BACKUPS,
    back_up,
    back_up_if_due,
    create_file,
    explain_failure,
    export_store,
    find_backups,
    last_outside,
    lay_out_store,
    lines_held,
    look_apart,
    verify_store,
)
from tests.ready import Ready, later, ready_desk
from tests.village import seeded


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


def spoil(file: Path, *statements: str) -> None:
    """Do to a file what no program of ours does."""
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_store_can_be_used_when_it_is_laid_out(tmp_path: Path) -> None:
    """A village has a log, a seat, a secretary with a badge, and a scheme; nothing half-made lies about."""
    begun = lay_out_store(tmp_path / "desk", 123, "周会计", seeded("new"))
    store = open_store(engines.open_sqlite(store_file(tmp_path / "desk")))
    assert store.standing.faults == ()
    assert lines_held(store) > 3
    store.close()
    assert (begun.badge[:6], begun.operator_id // 2**33) == ("300123", begun.log)
    assert not list((tmp_path / "desk").glob("*.part*"))


def test_store_stays_when_it_is_laid_out_again(desk: Ready) -> None:
    """A village is never made over another."""
    before = desk.file.read_bytes()
    with pytest.raises(Refused) as refused:
        lay_out_store(desk.home, 124, "赵新")
    assert refused.value.code == "store_exists"
    assert desk.file.read_bytes() == before


@pytest.mark.parametrize("name", ["", "  "])
def test_nothing_is_made_when_the_operator_has_no_name(tmp_path: Path, name: str) -> None:
    """The first fact names somebody."""
    with pytest.raises(Refused) as refused:
        lay_out_store(tmp_path / "desk", 123, name)
    assert refused.value.code == "name_missing"
    assert not (tmp_path / "desk").exists()


def test_no_store_is_there_when_making_it_was_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file gets its name last: a cut leaves no store that is half one, and the next try succeeds."""

    def fail(_file: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(store_care, "verify_copy", fail)
    with pytest.raises(NotWritable):
        create_file(tmp_path, 123)
    assert not store_file(tmp_path).exists()
    monkeypatch.undo()
    create_file(tmp_path, 123)
    assert store_file(tmp_path).exists()


def test_nobody_makes_a_store_when_another_program_is_at_work_there(tmp_path: Path) -> None:
    """One program at a time lays a village out."""
    held = share(tmp_path)
    with pytest.raises(TryAgain) as refused:
        create_file(tmp_path, 123)
    assert refused.value.code == "store_in_use"
    held.let_go()
    create_file(tmp_path, 123)


def test_backup_lies_in_the_data_folder_when_nobody_names_another(desk: Ready) -> None:
    """Verified, named and counted; a copy on the same disk is no copy outside."""
    made = back_up(desk.home, now=later())
    assert made.file.parent == desk.home / BACKUPS
    assert (made.lines, made.taken) == (desk.known.lines, "20261122T0900")
    assert find_backups(desk.home) == [made]
    assert last_outside(desk.home) is None


def test_copy_outside_is_remembered_when_the_stick_is_gone(desk: Ready, tmp_path: Path) -> None:
    """The doctor can say how old it is."""
    made = back_up(desk.home, tmp_path / "stick", now=later())
    made.file.unlink()
    assert last_outside(desk.home) == made
    (desk.home / store_care.OUTSIDE).write_bytes(b"\xff\x00")
    assert last_outside(desk.home) is None


def test_backups_on_sticks_are_offered_when_they_are_plugged_in(
    desk: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the stick's own folder and in that for backups, after those of the data folder."""
    stick = tmp_path / "stick"
    made = [back_up(desk.home, folder, now=later()) for folder in (None, stick, stick / BACKUPS)]
    monkeypatch.setattr(store_care, "find_sticks", lambda: [stick])
    assert find_backups(desk.home) == made


def test_backup_is_refused_when_the_folder_cannot_be_written(desk: Ready, tmp_path: Path) -> None:
    """A file in the way, as a pulled stick leaves one."""
    (tmp_path / "stick").write_text("")
    with pytest.raises(NotWritable) as refused:
        back_up(desk.home, tmp_path / "stick", now=later())
    assert refused.value.code == "file_not_written"


def test_backup_is_refused_when_the_store_is_damaged(desk: Ready) -> None:
    """A damaged copy is no backup, and does not push a sound one out."""
    spoil(desk.file, "DROP TRIGGER line_update_refused", "UPDATE line SET line = x'7b7d' WHERE seq = 3")
    with pytest.raises(StoreFailed) as refused:
        back_up(desk.home, now=later())
    assert refused.value.code == "copy_not_sound"
    assert list_backups(desk.home / BACKUPS) == []


def test_quiet_look_keeps_a_backup_only_when_something_happened(desk: Ready) -> None:
    """Due is a matter of lines: whatever the clock says, nothing new means no new backup."""
    first = back_up_if_due(desk.home, now=later())
    assert first.backup is not None
    assert first.faults == ()
    assert back_up_if_due(desk.home, now=later()).backup is None
    store = desk.open()
    desk.redeem(store)
    store.close()
    second = back_up_if_due(desk.home, now=later())
    assert second.backup is not None
    assert (second.backup.number, second.backup.lines) == (2, first.backup.lines + 1)
    assert sorted(file.name for file in (desk.home / BACKUPS).iterdir()) == [
        first.backup.file.name,
        second.backup.file.name,
    ]


def test_quiet_look_is_had_in_a_process_of_its_own_when_the_desk_asks(desk: Ready) -> None:
    """What it found comes back: the backup, the damage, or why it could not be had."""
    looked = look_apart(desk.home)
    assert (looked.faults, looked.backup) == ((), list_backups(desk.home / BACKUPS)[0])
    spoil(desk.file, "DROP TRIGGER line_update_refused", "UPDATE line SET line = x'7b7d' WHERE seq = 3")
    assert {fault.code for fault in look_apart(desk.home).faults} == {"copy_not_sound"}


@pytest.mark.parametrize(
    ("said", "code"),
    [("", "look_failed"), ("磁盘满了\n停止兑换 [disk_reserve]\n", "disk_reserve"), ("[x] y", "look_failed")],
)
def test_look_has_failed_when_its_process_gives_no_findings(
    desk: Ready, monkeypatch: pytest.MonkeyPatch, said: str, code: str
) -> None:
    """A process that was killed, or refused, is no sound store."""
    ended = subprocess.CompletedProcess([], 73, stdout="", stderr=said)
    monkeypatch.setattr("kiosk.store_care.subprocess.run", lambda *_words, **_options: ended)
    with pytest.raises(StoreFailed) as refused:
        look_apart(desk.home)
    assert refused.value.code == code


def test_old_backups_go_when_the_quiet_look_keeps_a_new_one(desk: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder does not grow for ever."""
    monkeypatch.setattr("db.backup.rotate.__defaults__", (2,))
    store = desk.open()
    for _ in range(4):
        desk.redeem(store)
        back_up_if_due(desk.home, now=later())
    store.close()
    assert [each.number for each in list_backups(desk.home / BACKUPS)] == [4, 3]


def test_quiet_look_finds_damage_when_a_page_is_broken(desk: Ready) -> None:
    """What it finds closes the till; the damaged copy is no backup."""
    spoil(desk.file, "DROP TRIGGER line_update_refused", "UPDATE line SET line = x'7b7d' WHERE seq = 3")
    looked = back_up_if_due(desk.home, now=later())
    assert {fault.code for fault in looked.faults} == {"copy_not_sound"}
    assert looked.backup is None
    assert list((desk.home / BACKUPS).iterdir()) == []


def test_no_copy_is_made_when_the_disk_is_nearly_full(desk: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look never takes the last of the disk."""
    monkeypatch.setattr(engines, "free_bytes", lambda _folder: engines.RESERVE_BYTES)
    for look in (lambda: back_up_if_due(desk.home, now=later()), lambda: verify_store(desk.home)):
        with pytest.raises(NotWritable) as refused:
            look()
        assert refused.value.code == "disk_reserve"


def test_whole_store_is_read_when_it_is_verified(desk: Ready) -> None:
    """Every line is checked and folded again, and the copy is gone afterwards."""
    counted: list[int] = []
    found = verify_store(desk.home, advance=counted.append)
    assert (found.lines, found.faults, found.exceptions) == (desk.known.lines, (), ())
    assert sum(counted) == 2 * desk.known.lines
    assert not list(desk.home.glob("*.part"))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (("UPDATE balance SET redeemable_points = redeemable_points + 1",), "balance_differs"),
        (("UPDATE household SET name_id = 99",), "tables_differ_from_journal"),
        (("DROP TRIGGER line_delete_refused",), "trigger_missing"),
        (("UPDATE alembic_version SET version_num = '9'",), "schema"),
        (("DROP TRIGGER line_delete_refused", "DELETE FROM line WHERE seq = 5"), "5 is missing"),
        (("UPDATE scheme SET label_zh = CAST(x'fffe' AS TEXT)",), "table_not_readable"),
    ],
)
def test_damage_is_found_when_a_store_is_verified(desk: Ready, statements: tuple[str, ...], expected: str) -> None:
    """In the lines, in the tables, and between the two."""
    spoil(desk.file, *statements)
    assert any(expected in fault for fault in verify_store(desk.home).faults)


def test_what_a_person_settles_is_no_damage_when_a_store_is_verified(desk: Ready) -> None:
    """An overdrawn account is an exception and does not close the till."""
    from tests.bodies import WeatherNoted

    store = desk.open()
    with store.write(now=later(), by=None) as act:
        act.append(WeatherNoted())
    store.close()
    found = verify_store(desk.home)
    assert found.faults == ()
    assert [fault.code for fault in found.exceptions] == ["fact_not_understood"]


def test_file_is_found_broken_when_it_is_no_store(desk: Ready) -> None:
    """Whatever lies under the store's name, the check answers."""
    desk.file.write_bytes(b"rubbish" * 1_000)
    assert verify_store(desk.home).faults != ()
    assert verify_store(desk.home).lines == 0


def test_export_is_whole_when_it_is_written_beside_the_till(desk: Ready, tmp_path: Path) -> None:
    """The three files fit each other."""
    store = desk.open()
    assert export_store(store, tmp_path / "out").lines == desk.known.lines
    assert check_export(tmp_path / "out") == []
    with pytest.raises(NotWritable) as refused:
        export_store(store, tmp_path / "absent" / "out")
    assert refused.value.code == "file_not_written"
    store.close()


SQLITE = sqlite3.OperationalError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreError("absent"), "store_absent"),
        (StoreError("schema", "0009"), "store_schema"),
        (StoreError("not_sound", "x"), "store_not_sound"),
        (StoreError("disk_reserve"), "disk_reserve"),
        (StoreError("other_village", "124"), "store_other_village"),
        (StoreError("present"), "store_present"),
        (LogEndedError(), "log_ended"),
        (BackupError(["x"]), "backup_not_sound"),
        (OperationalError("BEGIN", None, SQLITE("database is locked")), "store_busy"),
        (OperationalError("COMMIT", None, SQLITE("database or disk is full")), "disk_full"),
        (OperationalError("COMMIT", None, SQLITE("disk I/O error")), "store_failed"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "store_failed"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (OSError(errno.EIO, "Input/output error"), "store_failed"),
    ],
)
def test_failure_has_a_refusal_when_the_store_or_its_disk_fails(error: Exception, code: str) -> None:
    """Each with its own code, so that somebody on the telephone knows what it is."""
    refused = explain_failure(error)
    assert refused is not None
    assert refused.code == code


def test_failure_is_no_refusal_when_it_is_a_mistake_of_the_program() -> None:
    """A bug is not dressed up as a full disk."""
    assert explain_failure(KeyError("x")) is None


def test_fault_found_later_closes_the_store_when_it_is_noted(desk: Ready) -> None:
    """Once, however often it is found."""
    store = desk.open()
    fault = Fault("copy_not_sound", "page 7")
    store.standing.note((fault,))
    store.standing.note((fault,))
    assert store.standing.faults == (fault,)
    with pytest.raises(StoreError) as caught:
        desk.redeem(store)
    assert caught.value.code == "not_sound"
    store.close()


def test_refusals_are_of_the_right_kind_when_a_command_ends() -> None:
    """The kind decides with which number a command ends."""
    kinds = {"backup_not_sound": BadInput, "disk_reserve": StoreFailed, "store_busy": TryAgain}
    errors = (BackupError(["x"]), StoreError("disk_reserve"), OperationalError("", None, SQLITE("database is locked")))
    found = {refused.code: type(refused) for refused in map(explain_failure, errors) if refused is not None}
    assert found == kinds
