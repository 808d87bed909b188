"""A hub's backup, and what is made of it: the same lines in a new epoch, and nothing said before villages reported."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from county import doctor
from county.backup import KEPT, closing_engine, ends, list_backups, make_backup, verify_backup
from county.cli import app
from county.county_log import county_log
from county.hub import Hub, HubError, create_hub, hold_home, open_engine, open_hub
from county.intake import Caller, NotHeardError, take_frame, take_hello
from county.recovery import RecoveringError, begin_recovery, end_recovery, recovery_of, take_back
from county.registry import Known, keep_terminal, list_terminals, make_token, revoke
from county.restore import Moment, Restored, restore_backup
from county.stick import exchange_by_stick as answer_stick
from db import journal, projections
from db.backup import BackupError
from db.engine import open_sqlite
from db.journal import Sealed
from db.store import create_store
from db.wire.v1.frame import make_frame
from db.wire.v1.message import Certificate, Hello, Parcel, SignedHead
from db.wire.v1.signed import Key, fingerprint
from kiosk.errors import NotAllowed
from kiosk.sync.session import report_to_county
from kiosk.sync.stick import exchange_by_stick
from tests.bodies import award
from tests.county.test_app import ask
from tests.hub import let_in, served
from tests.ledger import lines_of, new_store, write
from tests.postgres import ONE_WORKER
from tests.sticks import let_in_by_hand
from tests.village import VILLAGE, Village, seeded

if TYPE_CHECKING:
    from tests.postgres import Server

TAKEN = "20261122T0903"
LOG = 77


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


def lines(village: int, count: int) -> list[Sealed]:
    """The first lines of a village's log, with personal texts beside some."""
    store = new_store(LOG, village)
    write(store, *(award(9, number) for number in range(1, count + 1)))
    with store.read() as connection:
        return lines_of(connection, village, LOG)


def publish(hub: Hub, village: int, points: int) -> None:
    """The county says something, with a personal text beside it."""
    with county_log(hub, village, seeded("county")) as log:
        log.say(award(9, points), {"note": "补发"})


def said_by_county(hub: Hub) -> dict[tuple[int, int], journal.Head]:
    """Where the county's own logs end."""
    with hub.read() as connection:
        return {place: head for place, head in ends(connection).items() if place[1] == 0}


def recovery(hub: Hub) -> tuple[str, int, int, int]:
    """Whether the hub waits; how many terminals reported, hold lines it lacks, and hold other ones."""
    with hub.read() as connection:
        state = recovery_of(connection)
    assert state is not None
    assert (state.restored_at, state.terminals) == (1_000, 1)
    return "waits" if state.is_waiting else "speaks", state.reported, state.holding, state.parted


def restored(file: Path, home: Path, database: str | None = None) -> Restored:
    """Make a hub of a backup."""
    return restore_backup(file, home, database, Moment(1_000, TAKEN, seeded("restore")))


def report(village: Village) -> None:
    """One session."""
    report_to_county(village.store, now=village.now, advance=lambda *_: None)


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


def test_county_lines_come_back_when_a_restored_hub_lacks_them(tmp_path: Path) -> None:
    """What it said since its backup is handed back by a village; only then it publishes, and the logs go on as one."""
    village = Village(tmp_path / "village")
    with closing(create_hub(open_engine(tmp_path), seeded("hub"))) as hub, served(hub) as county:
        let_in(village.store, hub, county.address)
        publish(hub, 0, 100)
        report(village)
        made = make_backup(hub, tmp_path / "old.backup", TAKEN)
        publish(hub, 0, 200)
        publish(hub, VILLAGE, 300)
        report(village)
        port, said = int(county.address.rpartition(":")[2]), said_by_county(hub)
    restored(made.file, tmp_path / "new")
    with closing(open_hub(open_engine(tmp_path / "new"))) as hub, served(hub, port):
        with pytest.raises(RecoveringError, match="county resume"):
            publish(hub, 0, 400)
        assert recovery(hub) == ("waits", 0, 0, 0)
        report(village)
        assert (recovery(hub), said_by_county(hub)) == (("waits", 1, 0, 0), said)
        with hub.write() as connection:
            assert journal.private_texts(connection, VILLAGE, 0, 0, 9)
            end_recovery(connection, 1)
        publish(hub, 0, 400)
        report(village)
        with village.store.read() as connection:
            assert journal.heads(connection, 0)[0] == said_by_county(hub)[0, 0]
    village.close()


def test_village_is_named_when_the_county_resumed_too_early(tmp_path: Path) -> None:
    """It holds a line at whose place the county said something else since; its own lines still come in."""
    village = Village(tmp_path / "village")
    with closing(create_hub(open_engine(tmp_path), seeded("hub"))) as hub, served(hub) as county:
        let_in(village.store, hub, county.address)
        made = make_backup(hub, tmp_path / "old.backup", TAKEN)
        publish(hub, 0, 100)
        report(village)
        port = int(county.address.rpartition(":")[2])
    restored(made.file, tmp_path / "new")
    with closing(open_hub(open_engine(tmp_path / "new"))) as hub, served(hub, port):
        with hub.write() as connection:
            end_recovery(connection, 1)
        publish(hub, 0, 200)
        report(village)
        assert recovery(hub) == ("speaks", 1, 0, 1)
        found = doctor.recovery(doctor.Patient(hub, tmp_path))
        assert (found.level, found.values["parted"]) == (doctor.Level.WARN, 1)
    village.close()


def test_county_lines_come_back_by_stick_when_a_restored_hub_lacks_them(tmp_path: Path) -> None:
    """The first stick learns that the county was restored, the second brings what it lacks; a third brings nothing."""
    village, stick = Village(tmp_path / "village"), tmp_path / "stick"
    stick.mkdir()

    def travel(hub: Hub) -> list[tuple[str, str]]:
        exchange_by_stick(village.store, stick, seeded("stick"), now=village.now)
        aside = answer_stick(hub, stick).aside
        exchange_by_stick(village.store, stick, seeded("home"), now=village.now)
        return [(name.partition("-")[0], why) for name, why in aside]

    with closing(create_hub(open_engine(tmp_path), seeded("hub"))) as hub:
        let_in_by_hand(village.store, hub)
        publish(hub, 0, 100)
        travel(hub)
        made = make_backup(hub, tmp_path / "old.backup", TAKEN)
        publish(hub, 0, 200)
        publish(hub, VILLAGE, 300)
        travel(hub)
        with hub.read() as connection:
            held = ends(connection)
    restored(made.file, tmp_path / "new")
    with closing(open_hub(open_engine(tmp_path / "new"))) as hub:
        assert travel(hub) == []
        assert recovery(hub) == ("waits", 1, 1, 0)
        assert travel(hub) == []
        assert recovery(hub) == ("waits", 1, 0, 0)
        with hub.read() as connection:
            assert ends(connection) == held
        exchange_by_stick(village.store, stick, seeded("stick"), now=village.now)
        assert [file for file in (stick / "kiosk").iterdir() if file.name.startswith(f"from-{VILLAGE:04}-0-")] == []
    village.close()


def test_terminal_is_known_again_when_it_was_let_in_after_the_backup(tmp_path: Path) -> None:
    """By the county's own old word for its key, and only until the county resumes."""
    village = Village(tmp_path / "village")
    with closing(create_hub(open_engine(tmp_path), seeded("hub"))) as hub, served(hub) as county:
        made = make_backup(hub, tmp_path / "old.backup", TAKEN)
        let_in(village.store, hub, county.address)
        report(village)
        port = int(county.address.rpartition(":")[2])
        with hub.read() as connection:
            [before], held = list_terminals(connection), ends(connection)
    for home, is_waiting in (("resumed", False), ("waiting", True)):
        restored(made.file, tmp_path / home)
        with closing(open_hub(open_engine(tmp_path / home))) as hub, served(hub, port):
            if is_waiting:
                report(village)
            else:
                with hub.write() as connection:
                    end_recovery(connection, 1)
                with pytest.raises(NotAllowed, match="not_enrolled"):
                    report(village)
            with hub.read() as connection:
                assert ends(connection) == (held if is_waiting else {})
                known = [(each.public_key, each.sealing_key, each.state) for each in list_terminals(connection)]
                assert known == ([(before.public_key, before.sealing_key, "active")] if is_waiting else [])
    village.close()


def test_nobody_is_known_again_when_the_county_s_word_is_not_for_them(any_hub: Hub) -> None:
    """Another county's word, another village's, another's key, one that was shut out: all are unknown."""
    key, other = Key(b"\x07" * 32), Key(b"\x08" * 32)
    with any_hub.write() as connection:
        begin_recovery(connection, 1)
    word = Certificate(village=VILLAGE, log=LOG, key=key.public)
    for by, said, signer in (
        (other, word, key),
        (any_hub.key, word.model_copy(update={"village": VILLAGE + 1}), key),
        (any_hub.key, word, other),
    ):
        with pytest.raises(NotHeardError):
            take_hello(any_hub, hello(signer, by.say(Certificate.KIND, said).decode()))
    certificate = any_hub.key.say(Certificate.KIND, word).decode()
    take_hello(any_hub, hello(key, certificate))
    with any_hub.write() as connection:
        revoke(connection, VILLAGE, LOG, 1)
    with pytest.raises(NotHeardError):
        take_hello(any_hub, hello(key, certificate, LOG + 1))


def hello(key: Key, certificate: str, log: int = LOG) -> bytes:
    """A terminal says hello with the county's word for its key."""
    said = Hello(
        village=VILLAGE, log=log, nonce="0" * 16, program="kiosk 1", certificate=certificate, sealing=key.sealing
    )
    return key.say(Hello.KIND, said)


@pytest.mark.parametrize("way", ["head", "parcel"])
def test_lines_are_taken_back_when_the_county_itself_signed_their_end(any_hub: Hub, way: str) -> None:
    """Another key, another place, more or fewer lines, changed ones: nothing is stored; a repeat is a success."""
    store = new_store(0, VILLAGE)
    write(store, *(award(9, number) for number in range(1, 4)))
    with store.read() as connection:
        held = lines_of(connection, VILLAGE, 0)
        reached = journal.heads(connection, VILLAGE, 0)[0].hash.hex()
    if way == "head":
        word: SignedHead | Parcel = SignedHead(village=VILLAGE, log=0, seq=3, hash=reached)
    else:
        word = Parcel(village=VILLAGE, log=0, after=1, seq=3, hash=reached)
    kind, forged = word.KIND, Sealed(held[1].line.replace(b'"clock":"f"', b'"clock":"s"'))
    for wrong, bad, reason in (
        (Key(b"\x08" * 32).say(kind, word), held, "head"),
        (any_hub.key.say(kind, word.model_copy(update={"village": 0})), held, "head"),
        (any_hub.key.say(kind, word.model_copy(update={"log": LOG})), held, "head"),
        (any_hub.key.say(kind, word.model_copy(update={"seq": 2})), held, "head"),
        (any_hub.key.say(kind, word), held[:2], "head"),
        (any_hub.key.say(kind, word), [held[0], forged, held[2]], "head"),
        (any_hub.key.say(kind, word), held[1:], "gap"),
        (any_hub.key.say(kind, word), lines(VILLAGE, 3), "line"),
        (b"", held, "head"),
    ):
        assert take_back(any_hub, VILLAGE, bad, wrong) == reason
    with any_hub.read() as connection:
        assert ends(connection) == {}
    for _ in range(2):
        assert take_back(any_hub, VILLAGE, held, any_hub.key.say(kind, word)) is None
    assert take_back(any_hub, VILLAGE, [held[0], forged], any_hub.key.say(kind, word)) == "fork"
    with any_hub.read() as connection:
        assert ends(connection)[VILLAGE, 0].seq == 3


def test_lines_are_not_taken_back_when_they_are_more_than_the_hub_has_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are held in memory until their end is checked; an end that is cut off is no end."""
    monkeypatch.setattr("county.app.LARGEST_HANDED_BACK", 2_000)
    with closing(create_hub(open_engine(tmp_path), seeded("hub"))) as hub:
        with hub.write() as connection:
            key = Key(b"\x07" * 32)
            keep_terminal(connection, Known(VILLAGE, LOG, key.public, key.sealing, "active", 1, "kiosk 1", 1, None))
            token = make_token(connection, VILLAGE, LOG, hub.now())
        frame = make_frame(lines(VILLAGE, 20))
        for path, body, reason in (
            (f"/v1/log/{VILLAGE}/0", frame, b'"limits"'),
            (f"/v1/log/{VILLAGE}/0", frame[:-1], b'"head"'),
            ("/v1/log/0/0", b"\xff" * 9, b'"frame"'),
        ):
            answer = ask(hub, "PUT", path, body, token)
            assert (answer.status_code, reason in answer.content) == (409, True), answer.content
        assert ask(hub, "PUT", f"/v1/log/{VILLAGE + 1}/0", frame, token).status_code == 401
        with hub.read() as connection:
            assert ends(connection) == {}


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
