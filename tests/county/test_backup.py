"""A hub's backup, and what is made of it: the same lines, on either engine, in a new epoch."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from county.backup import KEPT, closing_engine, ends, list_backups, make_backup, verify_backup
from county.cli import app
from county.hub import Hub, HubError, create_hub, hold_home, open_engine, open_hub
from county.intake import Caller
from county.registry import list_terminals
from county.restore import Moment, restore_backup
from db import projections
from db.backup import BackupError
from db.engine import open_sqlite
from db.store import create_store
from db.wire.v1.signed import fingerprint
from tests.hub import take_frame
from tests.postgres import ONE_WORKER
from tests.village import VILLAGE, seeded

if TYPE_CHECKING:
    from tests.postgres import Server

from tests.county.restoring import LOG, TAKEN, lines, restored


@contextmanager
def target(engine: str, request: pytest.FixtureRequest) -> Iterator[str | None]:
    """An empty place for a hub: none for a file, or the URL of a database."""
    if engine == "sqlite":
        yield None
        return
    server: Server = request.getfixturevalue("postgres_server")
    with server.database("template1") as empty:
        yield empty.url.render_as_string(hide_password=False)


def fill(hub: Hub, *villages: int) -> None:
    """Let some villages have lines."""
    for village in villages:
        take_frame(hub, Caller(village, LOG), lines(village, 5))


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=ONE_WORKER)])
def test_hub_is_as_it_was_when_it_is_restored_on_either_engine(
    any_hub: Hub, engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Lines, terminals and key are the same, tables are computed anew, and the epoch is another."""
    fill(any_hub, 123, 124)
    made = make_backup(any_hub, tmp_path / "copies", TAKEN)
    assert (made.lines, made.villages, made.file.stat().st_mode & 0o077) == (10, 2, 0)
    with target(engine, request) as database:
        done = restored(made.file, tmp_path / "new", database)
        again = open_hub(open_engine(tmp_path / "new", database))
        assert (done.lines, done.fingerprint) == (10, fingerprint(any_hub.key.public))
        assert (again.key.seed, again.epoch) == (any_hub.key.seed, done.epoch)
        assert again.epoch != any_hub.epoch
        with any_hub.write() as here, again.read() as there:
            assert ends(here) == ends(there)
            assert list_terminals(here) == list_terminals(there)
            for village in (123, 124):
                projections.project(here, village)
                assert projections.digest(here, village) == projections.digest(there, village)
        again.close()


def test_backup_is_sound_when_lines_come_in_meanwhile(any_hub: Hub, tmp_path: Path) -> None:
    """Each log in the copy is a beginning of the log."""
    coming = lines(VILLAGE, 120)

    def take() -> None:
        for at in range(0, 120, 4):
            take_frame(any_hub, Caller(VILLAGE, LOG), coming[at : at + 4])

    taking = threading.Thread(target=take)
    taking.start()
    made = [make_backup(any_hub, tmp_path / f"{number}.backup", TAKEN) for number in range(3)]
    taking.join()
    assert [verify_backup(each.file).lines for each in made] == [each.lines for each in made]
    assert made[0].lines <= made[1].lines <= made[2].lines <= 120


def test_oldest_backups_go_when_there_are_more_than_fourteen(tmp_path: Path) -> None:
    """The order is the number's: a clock may have been wrong. What is no backup stays."""
    older = [tmp_path / f"county-{number:06}-{2100 - number}0101T0000-5.backup" for number in range(1, KEPT + 3)]
    for file in (*older, tmp_path / "notes"):
        file.touch()
    with closing(create_hub(open_engine(tmp_path), seeded("hub"))) as hub:
        made = make_backup(hub, tmp_path, TAKEN)
    assert made.file.name == f"county-{KEPT + 3:06}-{TAKEN}-0.backup"
    assert list_backups(tmp_path) == [made.file, *older[:-KEPT:-1]]
    assert (tmp_path / "notes").exists()


def test_damage_is_noticed_when_a_byte_of_a_backup_has_changed(tmp_path: Path) -> None:
    """Anywhere in a line; and wherever else, what passes holds the same lines."""
    with closing(create_hub(open_engine(tmp_path), seeded("hub"))) as hub:
        fill(hub, VILLAGE)
        made = make_backup(hub, tmp_path / "whole.backup", TAKEN)
        with hub.read() as connection:
            expected = ends(connection)
    content, line, chosen = made.file.read_bytes(), lines(VILLAGE, 5)[2].line, random.Random(20)
    inside = [content.index(line) + chosen.randrange(len(line)) for _ in range(5)]
    for place in (*inside, *(chosen.randrange(len(content)) for _ in range(5))):
        changed = bytearray(content)
        changed[place] ^= 1 << chosen.randrange(8)
        (tmp_path / "changed.backup").write_bytes(changed)
        if place in inside:
            with pytest.raises(BackupError):
                verify_backup(tmp_path / "changed.backup")
            continue
        with suppress(BackupError):
            verify_backup(tmp_path / "changed.backup")
            with closing(open_hub(open_sqlite(tmp_path / "changed.backup"))) as copy, copy.read() as connection:
                assert ends(connection) == expected


def test_backup_is_refused_when_it_is_none(tmp_path: Path) -> None:
    """Nothing there, rubbish, a terminal's store; the hub that is there stays."""
    with closing(create_hub(open_engine(tmp_path), seeded("hub"))):
        pass
    before = (tmp_path / "county.db").read_bytes()
    (tmp_path / "rubbish").write_bytes(b"x" * 9_000)
    create_store(open_sqlite(tmp_path / "store.db"), VILLAGE, seeded("store")).close()
    for name in ("nothing", "rubbish", "store.db"):
        with pytest.raises(BackupError):
            restored(tmp_path / name, tmp_path)
    assert (tmp_path / "county.db").read_bytes() == before


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=ONE_WORKER)])
def test_restore_begins_again_when_it_was_cut(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Until it is whole there is no new hub; the same command makes it."""
    with closing(create_hub(open_engine(tmp_path), seeded("hub"))) as hub:
        fill(hub, 123, 124)
        made = make_backup(hub, tmp_path / "whole.backup", TAKEN)

    with target(engine, request) as database:
        for reach in (10, 15):
            with pytest.raises(InterruptedError):
                restore_backup(made.file, tmp_path / "new", database, Moment(1, TAKEN), cut_after(reach))
            with closing_engine(open_engine(tmp_path / "new", database)) as empty, pytest.raises(HubError):
                open_hub(empty)
        assert restored(made.file, tmp_path / "new", database).lines == 10
        if database is not None:
            with pytest.raises(HubError, match="present"):
                restored(made.file, tmp_path / "new", database)


def cut_after(reach: int) -> Callable[[int], None]:
    """Progress that cuts off what it is told of after so many lines."""
    told = 0

    def advance(count: int) -> None:
        nonlocal told
        told += count
        if told > reach:
            raise InterruptedError

    return advance


def test_hub_of_before_is_kept_when_another_takes_its_place(tmp_path: Path) -> None:
    """With what a killed process left beside it, which would else be played back over the new one."""
    with closing(create_hub(open_engine(tmp_path), seeded("hub"))) as hub:
        made = make_backup(hub, tmp_path / "whole.backup", TAKEN)
        fill(hub, 123)
    (tmp_path / "county.db-journal").write_bytes(b"left")
    with hold_home(tmp_path), pytest.raises(HubError, match="in_use"):
        restored(made.file, tmp_path)
    done = restored(made.file, tmp_path)
    assert done.kept is not None
    assert (tmp_path / f"{done.kept.name}-journal").read_bytes() == b"left"
    assert not (tmp_path / "county.db-journal").exists()
    with closing(open_hub(open_engine(tmp_path))) as hub, hub.read() as connection:
        assert ends(connection) == {}
    again = restored(made.file, tmp_path).kept
    assert again is not None
    assert again != done.kept
    assert done.kept.exists()


def test_hub_is_backed_up_and_restored_when_an_officer_types_the_commands(tmp_path: Path) -> None:
    """Each command says what to do next, and one sentence where it cannot go on."""
    home, copies = ["--home", str(tmp_path / "hub")], tmp_path / "copies"
    assert say("init", *home).exit_code == 0
    said = say("backup", str(copies), *home)
    [file] = list_backups(copies)
    assert (said.exit_code, said.output.startswith(str(file))) == (0, True)
    with hold_home(tmp_path / "hub"):
        assert "Stop it first" in say("restore", str(file), *home).output
    assert say("restore", str(tmp_path), *home).exit_code == 74
    assert "county resume" in say("restore", str(file), *home).output
    assert "0 of 0" in say("resume", *home).output
    assert "waits for nothing" in say("resume", *home).output


def say(*words: str) -> Result:
    """Type a command of the hub."""
    return CliRunner().invoke(app, words)
