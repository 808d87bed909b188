"""A hub after its restore: villages bring back what it said since its backup, and only then it speaks again."""

from contextlib import closing
from pathlib import Path

import pytest

from county import doctor
from county.backup import ends, make_backup
from county.finding import Level, Patient
from county.hub import Hub, create_hub, open_engine, open_hub
from county.intake import NotHeardError, take_hello
from county.recovery import RecoveringError, begin_recovery, end_recovery, recovery_of, take_back
from county.registry import Known, keep_terminal, list_terminals, make_token, revoke
from county.stick import exchange_by_stick as answer_stick
from db import journal
from db.journal import Sealed
from db.wire.v1.frame import make_frame
from db.wire.v1.message import Certificate, Hello, Parcel, SignedHead
from db.wire.v1.signed import Key
from kiosk.errors import NotAllowed
from kiosk.sync.stick import exchange_by_stick
from tests.bodies import award
from tests.county.restoring import LOG, TAKEN, lines, publish, report, restored
from tests.county.test_app import ask
from tests.hub import let_in, served
from tests.ledger import lines_of, new_store, write
from tests.sticks import let_in_by_hand
from tests.village import VILLAGE, Village, seeded


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
        found = doctor.recovery(Patient(hub, tmp_path))
        assert (found.level, found.values["parted"]) == (Level.WARN, 1)
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
            token = make_token(hub.token_key, VILLAGE, LOG, hub.now())
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
