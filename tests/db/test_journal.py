"""The journal: own facts at the end of a log, foreign lines by the rules of repeat, gap and fork, texts beside them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, update

from db.engine import transaction
from db.facts.body import Body
from db.facts.people import HouseholdRegistered
from db.facts.period import DayOpened
from db.journal import (
    ForkError,
    GapError,
    Head,
    Sealed,
    Writer,
    append,
    heads,
    private_texts,
    read_since,
    store,
    verify,
    villages,
)
from db.line import FIRST_PREVIOUS_HASH, LARGEST_INTEGER, Fact, MalformedLineError, Private, chain, parse, render
from db.tables.journal import PrivateText
from db.tables.statement import table_of
from tests.ledger import NOW, VILLAGE, lines_of

LOG = 11
SALT = bytes(range(16))


def fact(seq: int, log: int = LOG, village: int = VILLAGE, **fields: object) -> Fact:
    """A fact of some kind at a place."""
    made = Fact(
        village=village, log=log, seq=seq, turn=seq, kind="noted", kv=1, op=None, day=None, at=0, clock="u", boot=0,
        mono=0, ref=(0, 0), body={"seq": seq}, private=None,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]  # because the fields differ in type


def sealed(seq: int, log: int = LOG, village: int = VILLAGE, **fields: object) -> Sealed:
    """A line of some kind at a place, without a private text."""
    return Sealed(render(fact(seq, log, village, **fields)))


def with_text(seq: int, text: str) -> Sealed:
    """A line with a private text."""
    private = Private(SALT, text)
    return Sealed(render(fact(seq, private=private.digest)), private)


LINES = [sealed(seq) for seq in range(1, 9)]


@pytest.fixture
def connection(hub: Engine) -> Iterator[Connection]:
    """A transaction in an empty store, on each of the two engines."""
    with transaction(hub, is_write=True) as opened:
        yield opened


def written(
    connection: Connection,
    body: Body,
    private: Mapping[str, str] | None = None,
    *,
    entropy: Callable[[int], bytes] = lambda _count: SALT,
    log: int = LOG,
) -> Fact:
    """Append a fact as this device would."""
    return append(connection, Writer(VILLAGE, log, NOW, 7, "2026-11-22", entropy), body, private)


def held(connection: Connection, log: int = LOG) -> list[bytes]:
    """Every line of a log that is held."""
    return read_since(connection, VILLAGE, log, 0, 100)


HOUSEHOLD = HouseholdRegistered(group=3, house=12)


def test_first_fact_stands_at_seq_and_turn_one_when_nothing_is_held(connection: Connection) -> None:
    """An empty store writes a first line that chains to 32 zero bytes."""
    made = written(connection, DayOpened(day="2026-11-22"))
    assert (made.village, made.log, made.seq, made.turn, made.ref) == (VILLAGE, LOG, 1, 1, (0, 0))
    assert (made.kind, made.kv, made.op, made.day, made.private) == ("day_opened", 1, 7, "2026-11-22", None)
    assert (made.at, made.clock, made.boot, made.mono) == (NOW.at, NOW.clock, NOW.boot, NOW.mono)
    assert heads(connection, VILLAGE) == {LOG: Head(1, chain(FIRST_PREVIOUS_HASH, render(made)))}
    assert held(connection) == [render(made)]


def test_next_fact_chains_to_the_last_when_some_are_held(connection: Connection) -> None:
    """Numbers are dense, and the hash covers the line before."""
    first, second = written(connection, HOUSEHOLD), written(connection, HOUSEHOLD)
    assert (second.seq, second.turn) == (2, 2)
    assert heads(connection, VILLAGE)[LOG].hash == chain(chain(bytes(32), render(first)), render(second))


def test_turn_is_above_everything_held_when_other_logs_know_more(connection: Connection) -> None:
    """What had seen another fact ranks after it, whichever log or the county wrote it; other villages do not count."""
    store(connection, VILLAGE, 5, [sealed(1, 5, turn=40)])
    assert written(connection, HOUSEHOLD).turn == 41
    store(connection, 0, 0, [sealed(1, 0, 0, turn=70), sealed(2, 0, 0, turn=60)])
    assert written(connection, HOUSEHOLD).turn == 71
    store(connection, 124, 5, [sealed(1, 5, 124, turn=1_000)])
    assert written(connection, HOUSEHOLD).turn == 72


def test_desk_goes_on_when_a_foreign_line_took_the_last_turn(connection: Connection) -> None:
    """One broken sister terminal cannot stop a till: both lines then share the last turn, and the log decides."""
    store(connection, VILLAGE, 5, [sealed(1, 5, turn=LARGEST_INTEGER)])
    assert written(connection, HOUSEHOLD).turn == LARGEST_INTEGER


def test_ref_says_what_was_known_of_the_county_when_a_fact_is_written(connection: Connection) -> None:
    """Both numbers count lines held at the moment of writing: the common log and the county's log of this village."""
    store(connection, 0, 0, [sealed(seq, 0, 0) for seq in (1, 2, 3)])
    store(connection, VILLAGE, 0, [sealed(1, 0)])
    assert written(connection, HOUSEHOLD).ref == (3, 1)


def test_private_text_stands_beside_its_line_when_a_fact_has_one(connection: Connection) -> None:
    """The line holds the digest alone."""
    made = written(connection, HOUSEHOLD, {"name": "王𠮷"})
    text = Private(SALT, '{"name":"王𠮷"}')
    assert made.private == text.digest
    assert private_texts(connection, VILLAGE, LOG, 0, 1) == {1: text}
    assert "王".encode() not in held(connection)[0]


@pytest.mark.parametrize("name", ["\ud842", "x" * 70_000], ids=["surrogate", "long"])
def test_fact_is_not_written_when_its_private_text_breaks_the_format(connection: Connection, name: str) -> None:
    """A text that could never be stored elsewhere is not stored here."""
    with pytest.raises(MalformedLineError):
        written(connection, HOUSEHOLD, {"name": name})
    assert held(connection) == []


def test_lines_are_stored_as_they_came_when_they_continue_a_log(connection: Connection) -> None:
    """The exact bytes, all at once or in pieces; the answer is how many were new."""
    assert store(connection, VILLAGE, LOG, LINES[:3]) == 3
    assert store(connection, VILLAGE, LOG, LINES[3:]) == 5
    assert held(connection) == [each.line for each in LINES]
    assert store(connection, VILLAGE, LOG, []) == 0


@pytest.mark.parametrize(("start", "end", "new"), [(0, 5, 0), (1, 4, 0), (0, 8, 3), (3, 6, 1), (4, 8, 3), (5, 8, 3)])
def test_lines_are_a_success_when_they_repeat_or_overlap(
    connection: Connection, start: int, end: int, new: int
) -> None:
    """The same place twice is one line, and what is new beyond it is kept."""
    store(connection, VILLAGE, LOG, LINES[:5])
    assert store(connection, VILLAGE, LOG, LINES[start:end]) == new
    assert held(connection) == [each.line for each in LINES[: max(end, 5)]]
    assert list(verify(connection, VILLAGE, LOG)) == []


@pytest.mark.parametrize(("has", "start"), [(0, 1), (3, 4), (3, 7)])
def test_nothing_is_stored_when_lines_leave_a_gap(connection: Connection, has: int, start: int) -> None:
    """The refusal says up to where the log is held, so that the sender can begin there."""
    store(connection, VILLAGE, LOG, LINES[:has])
    with pytest.raises(GapError) as caught:
        store(connection, VILLAGE, LOG, LINES[start:])
    assert (caught.value.village, caught.value.log, caught.value.has) == (VILLAGE, LOG, has)
    assert len(held(connection)) == has


def test_nothing_is_stored_when_another_line_is_held_at_a_place(connection: Connection) -> None:
    """A log written twice is noticed at the first place where it differs, also if what follows is new."""
    store(connection, VILLAGE, LOG, LINES[:5])
    branch = [*LINES[2:4], sealed(5, body={"other": 1}), *LINES[5:]]
    with pytest.raises(ForkError) as caught:
        store(connection, VILLAGE, LOG, branch)
    assert (caught.value.village, caught.value.log, caught.value.seq) == (VILLAGE, LOG, 5)
    assert held(connection) == [each.line for each in LINES[:5]]


def test_line_is_another_one_when_only_its_spelling_differs(connection: Connection) -> None:
    """Bytes are compared, not meaning: the chain covers bytes."""
    store(connection, VILLAGE, LOG, LINES[:1])
    spaced = Sealed(LINES[0].line.replace(b'"v":1', b'"v": 1'))
    assert parse(spaced.line) == parse(LINES[0].line)
    with pytest.raises(ForkError):
        store(connection, VILLAGE, LOG, [spaced])


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("wrong_log", [sealed(1, 12)]),
        ("wrong_log", [sealed(1, LOG, 124)]),
        ("not_consecutive", [LINES[0], LINES[2]]),
        ("not_consecutive", [LINES[0], LINES[0]]),
        ("not_json", [LINES[0], Sealed(b"{")]),
        ("private_digest", [LINES[0], replace(LINES[1], private=Private(SALT, "{}"))]),
        ("private_digest", [replace(with_text(1, '{"name":"王"}'), private=Private(SALT, '{"name":"李"}'))]),
    ],
)
def test_nothing_is_stored_when_one_line_is_malformed(connection: Connection, code: str, lines: list[Sealed]) -> None:
    """All or nothing, and the code says why."""
    with pytest.raises(MalformedLineError) as caught:
        store(connection, VILLAGE, LOG, lines)
    assert caught.value.code == code
    assert heads(connection, VILLAGE) == {}


def test_private_text_is_kept_when_it_arrives_after_its_line(connection: Connection) -> None:
    """A repeat that brings the text along adds it."""
    whole = [with_text(1, '{"name":"王"}'), with_text(2, '{"name":"李"}')]
    assert store(connection, VILLAGE, LOG, [replace(each, private=None) for each in whole]) == 2
    assert private_texts(connection, VILLAGE, LOG, 0, 2) == {}
    assert store(connection, VILLAGE, LOG, whole[1:]) == 0
    assert private_texts(connection, VILLAGE, LOG, 0, 2) == {2: whole[1].private}
    assert lines_of(connection, VILLAGE, LOG) == [replace(whole[0], private=None), whole[1]]


def test_private_text_stays_when_its_line_is_repeated_without_it(connection: Connection) -> None:
    """A sender that has lost the text takes nothing away."""
    line = with_text(1, '{"name":"王"}')
    store(connection, VILLAGE, LOG, [line])
    store(connection, VILLAGE, LOG, [replace(line, private=None)])
    assert private_texts(connection, VILLAGE, LOG, 0, 1) == {1: line.private}


def test_private_text_stays_erased_when_its_line_is_repeated_with_it(connection: Connection) -> None:
    """Erased here, it does not come back from a sibling that still has it; the chain still holds."""
    line = with_text(1, '{"name":"王"}')
    store(connection, VILLAGE, LOG, [line])
    connection.execute(update(table_of(PrivateText)).values(text=None, salt=None))
    assert store(connection, VILLAGE, LOG, [line]) == 0
    assert private_texts(connection, VILLAGE, LOG, 0, 1) == {}
    assert list(verify(connection, VILLAGE, LOG)) == []


def test_lines_come_in_pieces_when_read_since_a_seq(connection: Connection) -> None:
    """A reader takes as many as it can carry and goes on after the last."""
    store(connection, VILLAGE, LOG, LINES)
    assert read_since(connection, VILLAGE, LOG, 0, 3) == [each.line for each in LINES[:3]]
    assert read_since(connection, VILLAGE, LOG, 6, 3) == [each.line for each in LINES[6:]]
    assert read_since(connection, VILLAGE, LOG, 8, 3) == []


def test_heads_are_those_of_each_log_when_several_are_held(connection: Connection) -> None:
    """By village and log; a village without lines has none."""
    store(connection, VILLAGE, LOG, LINES)
    store(connection, VILLAGE, 0, [sealed(1, 0)])
    store(connection, 0, 0, [sealed(1, 0, 0), sealed(2, 0, 0)])
    assert {log: head.seq for log, head in heads(connection, VILLAGE).items()} == {LOG: 8, 0: 1}
    assert {log: head.seq for log, head in heads(connection, VILLAGE, LOG).items()} == {LOG: 8}
    assert heads(connection, VILLAGE, 12) == heads(connection, 124) == {}
    assert villages(connection) == [0, VILLAGE]


def test_chain_is_sound_when_verified_from_any_line(connection: Connection) -> None:
    """The whole log, its tail, and in pieces of any size."""
    store(connection, VILLAGE, LOG, [*LINES[:7], with_text(8, '{"name":"王"}')])
    for since in range(9):
        assert list(verify(connection, VILLAGE, LOG, since)) == []
    assert list(verify(connection, VILLAGE, LOG, pieces=3)) == []
    assert list(verify(connection, VILLAGE, 12)) == []


FLAWS = {
    "UPDATE line SET line = X WHERE seq = 4": "seq 4: the chain is broken",
    "UPDATE line SET hash = X WHERE seq = 4": "seq 5: the chain is broken",
    "DELETE FROM line WHERE seq = 4": "seq 5: 4 is missing",
    "UPDATE line SET seq = 9 WHERE seq = 8": "seq 9: the line belongs elsewhere",
    "UPDATE private_text SET text = '{}' WHERE seq = 8": "seq 8: private_digest",
    "UPDATE private_text SET seq = 3 WHERE seq = 8": "seq 3: private_digest",
}


@pytest.mark.parametrize("flaw", FLAWS)
@pytest.mark.parametrize("pieces", [2, 1_000])
def test_flaw_is_named_when_a_stored_log_is_verified(connection: Connection, flaw: str, pieces: int) -> None:
    """Whatever was changed behind the program's back is said with its place."""
    store(connection, VILLAGE, LOG, [*LINES[:7], with_text(8, '{"name":"王"}')])
    tamper(connection, flaw)
    assert any(said.endswith(FLAWS[flaw]) for said in verify(connection, VILLAGE, LOG, pieces=pieces))


def tamper(connection: Connection, flaw: str) -> None:
    """Change the store as somebody with the file in hand could; X stands for other bytes of the same kind."""
    for (trigger,) in connection.exec_driver_sql(TRIGGERS[connection.dialect.name]).all():
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
    other = chain(bytes(32), b"other") if "hash = X" in flaw else sealed(4, body={"other": 1}).line
    literal = {"sqlite": f"X'{other.hex()}'", "postgresql": f"'\\x{other.hex()}'::bytea"}[connection.dialect.name]
    connection.exec_driver_sql(flaw.replace("= X ", f"= {literal} "))


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE false",
}
