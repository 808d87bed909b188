"""One byte of a store, a backup or an export is another: it is found, or every balance is right."""

import sqlite3
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from db.engine import open_sqlite
from db.export import check_export, export_journal
from db.store import StoreError, open_store, store_file
from kiosk.store_care import UNREADABLE, verify_store
from tests.faults.figures import Recorder
from tests.faults.recording import rows_of
from tests.oracle.verdict import recompute
from tests.ready import ready_desk

QUICK = 150
LONG = 10_000
ENDINGS = (".lines", ".private", ".heads")


@cache
def sound_store() -> tuple[bytes, dict[int, int]]:
    """The bytes of a store after some business, and its balances."""
    with TemporaryDirectory() as folder:
        desk = ready_desk(Path(folder))
        store = desk.open()
        desk.redeem(store, 2)
        desk.award(store)
        with store.read() as connection:
            rows = connection.exec_driver_sql("SELECT household_id, redeemable_points FROM balance").all()
        store.close()
        return desk.file.read_bytes(), {row.household_id: row.redeemable_points for row in rows}


@cache
def sound_export() -> dict[str, bytes]:
    """The three files of its export."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "store.db"
        file.write_bytes(sound_store()[0])
        store = open_store(open_sqlite(file))
        with store.read() as connection:
            export_journal(connection, Path(folder) / "out")
        store.close()
        return {ending: (Path(folder) / f"out{ending}").read_bytes() for ending in ENDINGS}


@cache
def written(content: bytes) -> list[int]:
    """The places of all bytes that are not zero."""
    return [place for place, byte in enumerate(content) if byte]


def flipped(content: bytes, chance: Random) -> bytes:
    """Change one byte where something is written: most of a store is room for more, which nobody reads."""
    place = chance.choice(written(content))
    return content[:place] + bytes([content[place] ^ chance.randint(1, 255)]) + content[place + 1 :]


def is_found(home: Path) -> bool:
    """Tell whether the start or the long check finds anything."""
    try:
        store = open_store(open_sqlite(store_file(home)))
    except (*UNREADABLE, StoreError):
        return True
    store.close()
    return bool(store.standing.faults or verify_store(home).faults)


def readable(file: Path) -> object:
    """Return every row of a store, or None where a page or an index is broken: most flips hit what nobody reads."""
    connection = sqlite3.connect(file)
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return rows_of(file.read_bytes()) if whole else None
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None
    finally:
        connection.close()


def balances(file: Path) -> dict[int, int]:
    """Return what a store says everybody has, before anything is computed again."""
    engine = open_sqlite(file)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT household_id, redeemable_points FROM balance").all()
    engine.dispose()
    return {row.household_id: row.redeemable_points for row in rows}


def flip_store(folder: Path, seed: int, flips: int) -> Counter[str]:
    """Flip bytes of a store or its backup and count what became of each."""
    chance, found = Random(seed), Counter[str]()
    content, right = sound_store()
    rows = rows_of(content)
    for _ in range(flips):
        store_file(folder).write_bytes(flipped(content, chance))
        if readable(store_file(folder)) == rows:
            found["harmless"] += 1
        elif is_found(folder):
            found["found"] += 1
        else:
            found["harmless" if balances(store_file(folder)) == right else "silently wrong"] += 1
    return found


def flip_export(folder: Path, seed: int, flips: int) -> Counter[str]:
    """Flip bytes of an export and count what became of each, by our own check and by the oracle."""
    chance, found = Random(seed), Counter[str]()
    right = recomputed(sound_export())
    for _ in range(flips):
        ending = chance.choice((".lines", ".lines", ".private", ".heads"))
        files = dict(sound_export())
        files[ending] = flipped(files[ending], chance)
        for each in ENDINGS:
            (folder / f"out{each}").write_bytes(files[each])
        ours = bool(check_export(folder / "out"))
        theirs = bool(recompute(files[".lines"], files[".private"], files[".heads"])["faults"])
        is_right = ending != ".lines" or recomputed(files) == right
        found["found" if ours and theirs else "harmless" if is_right else "silently wrong"] += 1
    return found


def recomputed(files: dict[str, bytes]) -> dict[int, int]:
    """Return everybody's balance as the oracle computes it, whatever faults it finds."""
    verdict = recompute(files[".lines"], files[".private"], files[".heads"])
    return {row["household"]: row["points"] for village in verdict["villages"] for row in village["balances"]}


def report(what: str, seed: int, found: Counter[str]) -> str:
    """Say the figures of a run."""
    return f"flipped byte in {what}: seed {seed}, {found.total()} flips, " + ", ".join(
        f"{found[name]} {name}" for name in ("found", "harmless", "silently wrong")
    )


def test_balances_are_never_silently_wrong_when_a_byte_of_a_store_flips(
    tmp_path: Path, record_property: Recorder
) -> None:
    """A store and its backup are the same bytes: the long check stands between a flip and a wrong balance."""
    found = flip_store(tmp_path, 1, QUICK)
    record_property("figure", report("a store", 1, found))
    assert found["silently wrong"] == 0
    assert found["found"] > QUICK / 2


def test_balances_are_never_silently_wrong_when_a_byte_of_an_export_flips(
    tmp_path: Path, record_property: Recorder
) -> None:
    """An export carries the hashes of its ends: our check and the oracle both find every flip."""
    found = flip_export(tmp_path, 1, QUICK)
    record_property("figure", report("an export", 1, found))
    assert found["silently wrong"] == 0
    assert found["found"] > QUICK * 0.9


@pytest.mark.torture
@pytest.mark.parametrize("seed", [2, 3])
def test_balances_are_never_silently_wrong_when_very_many_bytes_flip(
    tmp_path: Path, seed: int, record_property: Recorder
) -> None:
    """The same, ten thousand times a seed, half in stores and half in exports."""
    for what, flip in (("a store", flip_store), ("an export", flip_export)):
        found = flip(tmp_path, seed, LONG // 2)
        record_property("figure", report(what, seed, found))
        assert found["silently wrong"] == 0
