"""A backup takes the place of a store: nothing that can still be read is lost, and no log is written twice."""

import sqlite3
from pathlib import Path

import pytest

from db.backup import Backup
from db.invariants import find_faults
from db.journal import heads
from db.store import Store, own_log
from kiosk import restore as restoring
from kiosk.domain.people import balance_of
from kiosk.domain.period import day_state, open_day
from kiosk.errors import BadInput, NotAllowed, NotWritable, Refused, TryAgain
from kiosk.hold import share
from kiosk.restore import Restored, Signer, restore_backup
from kiosk.store_care import back_up
from tests.ready import Ready, later, ready_desk
from tests.recomputed import recompute
from tests.village import VILLAGE, Village, seeded


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def backup(desk: Ready) -> Backup:
    """A backup of it."""
    return back_up(desk.home, now=later())


def restored(home: Path, backup: Path, signer: Signer | None = None, seed: str = "restored") -> Restored:
    """Restore with the same randomness at every run."""
    return restore_backup(home, backup, signer, now=later(), entropy=seeded(seed))


def balance(store: Store, household: int) -> int:
    """What a household has."""
    with store.read() as connection:
        return balance_of(connection, VILLAGE, household)


def test_desk_goes_on_in_a_new_log_when_a_dead_terminal_is_replaced(
    desk: Ready, backup: Backup, tmp_path: Path
) -> None:
    """A new machine: a till number and seat of its own, no day open, the old log never written again."""
    home = tmp_path / "new"
    done = restored(home, backup.file)
    assert (done.till > 1, done.lines, done.saved, done.kept) == (True, desk.known.lines, 0, None)
    assert not done.is_complete
    new = Ready(home, desk.known)
    store = new.open()
    with store.read() as connection:
        assert own_log(connection, VILLAGE) == done.log
        assert len(heads(connection, VILLAGE)) == 2
        assert day_state(connection, VILLAGE).open_day is None
    with pytest.raises(Refused) as refused:
        new.redeem(store)
    assert refused.value.code == "day_not_open"
    open_day(store, "2026-11-22", now=later(), by=desk.known.operator)
    redeemed = new.redeem(store)
    assert (redeemed.till, redeemed.number) == (done.till, 1)
    assert recompute(store, tmp_path).faults == []
    store.close()


def test_newer_lines_are_saved_when_the_old_store_can_still_be_read(desk: Ready, backup: Backup) -> None:
    """What was confirmed after the backup is taken over from the store that is there, texts included."""
    store = desk.open()
    desk.redeem(store, 5)
    desk.award(store)
    store.close()
    done = restored(desk.home, backup.file)
    assert (done.saved, done.is_complete) == (2, True)
    assert done.kept is not None
    assert done.kept.exists()
    again = desk.open()
    assert balance(again, desk.known.wang) == 420_000 - 1_500
    with again.read() as connection:
        assert find_faults(connection, VILLAGE) == []
        notes = connection.exec_driver_sql("SELECT count(*) FROM private_text WHERE text LIKE '%路灯%'").scalar_one()
    assert notes == 1
    again.close()


def test_lines_before_a_break_are_not_guessed_when_the_old_chain_is_broken(desk: Ready, backup: Backup) -> None:
    """A log that does not hold together gives nothing beyond the backup, and the outcome says so."""
    store = desk.open()
    desk.redeem(store)
    desk.redeem(store)
    store.close()
    connection = sqlite3.connect(desk.file)
    connection.execute("DROP TRIGGER line_update_refused")
    connection.execute("UPDATE line SET line = x'7b7d' WHERE seq = (SELECT max(seq) FROM line)")
    connection.commit()
    connection.close()
    done = restored(desk.home, backup.file)
    assert (done.saved, done.is_complete) == (0, False)
    again = desk.open()
    assert again.standing.faults == ()
    assert balance(again, desk.known.wang) == 420_000
    again.close()


@pytest.mark.parametrize("content", [b"", b"rubbish" * 5_000])
def test_backup_is_restored_when_the_old_store_is_rubbish(desk: Ready, backup: Backup, content: bytes) -> None:
    """The broken file is kept for whoever can read it."""
    desk.file.write_bytes(content)
    done = restored(desk.home, backup.file)
    assert (done.saved, done.is_complete) == (0, False)
    assert done.kept is not None
    assert done.kept.read_bytes() == content
    desk.open().close()


def test_journal_of_the_old_store_is_kept_apart_when_a_crash_left_one(desk: Ready) -> None:
    """What a crash left half-written, and SQLite could not mend, must never be played into the restored store."""
    left = desk.home / "store.db-journal"
    left.write_bytes(b"half-written")
    kept = restoring.set_aside(desk.file, later())
    assert kept.read_bytes() == desk.file.read_bytes()
    assert kept.with_name(f"{kept.name}-journal").read_bytes() == b"half-written"
    assert not left.exists()


def test_tables_follow_from_the_lines_when_those_of_the_backup_are_wrong(desk: Ready, backup: Backup) -> None:
    """A restore computes everything again: a wrong balance in a backup does not survive it."""
    connection = sqlite3.connect(backup.file)
    connection.execute("UPDATE balance SET redeemable_points = 1")
    connection.commit()
    connection.close()
    restored(desk.home, backup.file)
    store = desk.open()
    assert balance(store, desk.known.wang) == 420_000
    store.close()


def test_second_person_signs_when_a_backup_is_restored_at_the_desk(desk: Ready, backup: Backup) -> None:
    """The badge of somebody who may sign, and not of whoever stands there; the new log's first facts name them."""
    known = desk.known
    for badge, code in ((known.badge, "signer_is_maker"), ("3001230000000000", "badge_unknown")):
        with pytest.raises(NotAllowed) as refused:
            restored(desk.home, backup.file, Signer(badge, other_than=known.operator))
        assert refused.value.code == code
    done = restored(desk.home, backup.file, Signer(known.second_badge, other_than=known.operator))
    store = desk.open()
    with store.read() as connection:
        line = connection.exec_driver_sql("SELECT line FROM line WHERE log = ? AND seq = 1", (done.log,)).scalar_one()
    store.close()
    assert f'"op":{known.supervisor},"day":null'.encode() in bytes(line)


def test_store_stays_when_the_backup_is_another_villages(desk: Ready, tmp_path: Path) -> None:
    """Two sticks in one drawer."""
    other = Village(tmp_path / "other")
    other.close()
    connection = sqlite3.connect(other.file)
    connection.execute("UPDATE own_log SET village = 124")
    connection.execute("UPDATE setting SET village = 124")
    connection.commit()
    connection.close()
    before = desk.file.read_bytes()
    with pytest.raises(BadInput) as refused:
        restored(desk.home, back_up(other.folder, tmp_path / "stick", now=later()).file)
    assert refused.value.code == "backup_other_village"
    assert desk.file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"rubbish", None])
def test_store_stays_when_the_file_is_no_backup(desk: Ready, tmp_path: Path, content: bytes | None) -> None:
    """Nothing is touched before the copy is whole."""
    file = tmp_path / "x.backup"
    if content is not None:
        file.write_bytes(content)
    before = desk.file.read_bytes()
    with pytest.raises(BadInput) as refused:
        restored(desk.home, file)
    assert refused.value.code == "backup_not_sound"
    assert desk.file.read_bytes() == before
    assert not (desk.home / "restore.part").exists()


def test_store_stays_when_somebody_works_in_it(desk: Ready, backup: Backup) -> None:
    """A running program would go on writing the file that was set aside."""
    held = share(desk.home)
    with pytest.raises(TryAgain) as refused:
        restored(desk.home, backup.file)
    assert refused.value.code == "store_in_use"
    held.let_go()
    restored(desk.home, backup.file)


@pytest.mark.parametrize("step", ["continue_terminal", "make_durable", "set_aside", "sync_folder"])
def test_there_is_one_whole_store_when_a_restore_is_cut(
    desk: Ready, backup: Backup, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Before each step the store is the old one or the new one, and never one that would write the old log again."""
    store, old_log = desk.open(), desk.known.operator // 2**33
    desk.redeem(store)
    store.close()

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(5, "cut")

    monkeypatch.setattr(restoring, step, fail)
    with pytest.raises((NotWritable, BadInput)):
        restored(desk.home, backup.file)
    monkeypatch.undo()
    again = desk.open()
    with again.read() as connection:
        is_new = len(heads(connection, VILLAGE)) == 2
        assert (own_log(connection, VILLAGE) == old_log) == (not is_new)
    assert is_new == (step == "sync_folder")
    assert balance(again, desk.known.wang) == 420_000 - 300
    again.close()


def test_store_is_copied_aside_when_the_disk_knows_no_links(
    desk: Ready, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A data folder on a stick's file system works as well."""

    def refuse(*_arguments: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("kiosk.restore.os.link", refuse)
    before = desk.file.read_bytes()
    done = restored(desk.home, backup.file)
    assert done.kept is not None
    assert done.kept.read_bytes() == before


def test_second_restore_saves_what_the_first_one_wrote_when_both_follow_one_backup(desk: Ready, backup: Backup) -> None:
    """Two restores of one backup: three logs, nothing counted twice, nothing lost."""
    first = restored(desk.home, backup.file, seed="first")
    store = desk.open()
    open_day(store, "2026-11-22", now=later(), by=desk.known.operator)
    desk.redeem(store)
    store.close()
    done = restored(desk.home, backup.file, seed="second")
    assert (done.till > first.till, done.saved, done.is_complete) == (True, 4, True)
    again = desk.open()
    assert balance(again, desk.known.wang) == 420_000 - 300
    with again.read() as connection:
        assert find_faults(connection, VILLAGE) == []
    again.close()
