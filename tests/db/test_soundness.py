"""What is asserted at every start, and what a store that fails still does."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from db import engine as engines
from db import journal, soundness
from db.engine import transaction
from db.export import export_journal
from db.fault import Fault
from db.store import StoreError, own_log
from kiosk.domain.period import close_day
from tests.ready import Ready, later, ready_desk


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


def spoil(desk: Ready, statement: str) -> None:
    """Do to the file what no program of ours does."""
    connection = sqlite3.connect(desk.file)
    connection.executescript(statement)
    connection.close()


BREAKS = {
    "trigger_missing": "DROP TRIGGER line_delete_refused",
    "chain_broken": "DROP TRIGGER line_update_refused;"
    " UPDATE line SET line = CAST(replace(CAST(line AS TEXT), '3', '4') AS BLOB)"
    " WHERE seq = (SELECT max(seq) FROM line);"
    " CREATE TRIGGER line_update_refused BEFORE UPDATE ON line"
    " BEGIN SELECT RAISE(ABORT, 'journal_is_append_only'); END",
}


def test_store_is_sound_when_nothing_was_done_to_it(desk: Ready) -> None:
    """A healthy store sells."""
    store = desk.open()
    assert store.standing.faults == ()
    desk.redeem(store)
    store.close()


@pytest.mark.parametrize("code", BREAKS)
def test_desk_writes_nothing_when_an_assertion_fails(desk: Ready, tmp_path: Path, code: str) -> None:
    """The till is closed, and the journal can still be read and exported."""
    spoil(desk, BREAKS[code])
    store = desk.open()
    assert [fault.code for fault in store.standing.faults] == [code]
    with pytest.raises(StoreError) as caught:
        desk.redeem(store)
    assert caught.value.code == "not_sound"
    with store.read_in_pieces() as connection:
        assert export_journal(connection, tmp_path / "out").lines == desk.known.lines
    store.close()


def test_line_that_is_missing_is_found_when_the_tail_is_looked_at(desk: Ready) -> None:
    """A hole in the numbers is a break."""
    spoil(desk, "DROP TRIGGER line_delete_refused; DELETE FROM line WHERE seq = 7")
    assert {fault.code for fault in desk.open().standing.faults} == {"trigger_missing", "chain_broken"}


def test_only_the_tail_is_looked_at_when_the_log_is_long(desk: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """A break far back is left to the long check; one within the tail is found."""
    spoil(desk, "DROP TRIGGER line_update_refused; UPDATE line SET line = x'7b7d' WHERE seq = 4")
    monkeypatch.setattr(soundness, "TAIL", desk.known.lines - 4)
    assert [fault.code for fault in desk.open().standing.faults] == ["trigger_missing"]
    monkeypatch.setattr(soundness, "TAIL", desk.known.lines - 3)
    assert "chain_broken" in [fault.code for fault in desk.open().standing.faults]


LAX = """
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, ',' || char(10) || ' STRICT', '') WHERE name = 'line';
PRAGMA writable_schema = RESET;
"""
STRICT = """
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, 'WITHOUT ROWID', 'WITHOUT ROWID, STRICT') WHERE name = 'line';
PRAGMA writable_schema = RESET;
"""
"""Let the columns of the journal take anything, as a flipped byte does, and no more."""


@pytest.mark.parametrize("change", ["line = 'text'", "hash = 'text'", "hash = NULL", "line = NULL", "line = 7"])
def test_line_is_found_broken_when_its_bytes_are_none(tmp_path: Path, change: str) -> None:
    """One flipped byte can make text or nothing of a column of bytes; the store opens, and nobody writes in it."""
    desk = ready_desk(tmp_path / "desk")
    update = "UPDATE line SET change WHERE seq = 30;".replace("change", change)
    spoil(desk, f"DROP TRIGGER line_update_refused;\n{LAX}\n{update}\n{STRICT}")
    store = desk.open()
    assert "chain_broken" in {fault.code for fault in store.standing.faults}
    with store.read() as connection:
        log = own_log(connection, store.village)
        assert any("seq 30" in fault for fault in journal.verify(connection, store.village, log))
    store.close()


def test_wrong_mode_is_found_when_the_engine_uses_another(desk: Ready) -> None:
    """What counts is what the engine says it uses."""
    store = desk.open()
    with store.read() as connection:
        assert engines.wrong_pragmas(connection) == {}
    with engines.in_pieces(store.engine) as connection:
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
    with transaction(store.engine, is_write=False) as connection:
        assert soundness.assert_sound(connection, store.village) == (Fault("wrong_mode", "synchronous=0"),)
    store.close()


def test_desk_writes_nothing_when_the_disk_is_nearly_full(desk: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sales stop at the reserve; the day can still be closed, and what comes in is still stored."""
    store = desk.open()
    monkeypatch.setattr(engines, "free_bytes", lambda _folder: engines.RESERVE_BYTES - 1)
    with pytest.raises(StoreError) as caught:
        desk.redeem(store)
    assert caught.value.code == "disk_reserve"
    assert close_day(store, now=later(), by=desk.known.operator) == "2026-11-22"
    assert store.receive(0, 0, []) == 0
    store.close()


def failing(code: int) -> OperationalError:
    """An error as SQLite reports it."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return OperationalError("COMMIT", None, error)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_CORRUPT])
def test_store_is_opened_anew_when_its_disk_failed(desk: Ready, code: int) -> None:
    """After a failed fsync nothing is believed: the file is read again before the next fact."""
    store = desk.open()
    with pytest.raises(OperationalError), store.write(now=later(), by=None):
        raise failing(code)
    assert store.standing.is_suspect
    spoil(desk, BREAKS["trigger_missing"])
    with pytest.raises(StoreError) as caught:
        desk.redeem(store)
    assert (caught.value.code, store.standing.is_suspect) == ("not_sound", False)
    store.close()


def test_store_goes_on_when_the_file_is_whole_after_a_failure(desk: Ready) -> None:
    """One bad moment of a disk is no end of the day."""
    store = desk.open()
    with pytest.raises(OperationalError), store.write(now=later(), by=None):
        raise failing(sqlite3.SQLITE_IOERR_FSYNC)
    desk.redeem(store)
    assert store.standing == soundness.Standing()
    store.close()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT_CHECK])
def test_disk_is_trusted_when_something_else_went_wrong(desk: Ready, code: int) -> None:
    """A busy or full disk and a guard that said no are no failures beneath SQLite."""
    store = desk.open()
    with pytest.raises(OperationalError), store.write(now=later(), by=None):
        raise failing(code)
    assert not store.standing.is_suspect
    store.close()
