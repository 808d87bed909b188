"""The journal: append own facts, store foreign lines, read, verify. Lines are copied, never written again."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import Connection, func, insert, select

from db import journal_statement as statements
from db.bulk import can_copy, copy_rows
from db.facts import write_body
from db.facts.body import Body
from db.line import (
    FIRST_PREVIOUS_HASH,
    LARGEST_INTEGER,
    SALT_LENGTH,
    Entropy,
    Fact,
    MalformedLineError,
    Private,
    Stamp,
    chain,
    check,
    check_private,
    check_text,
    parse,
    render,
)
from db.progress import Advance, unseen
from db.tables.journal import Line, PrivateText
from db.tables.statement import table_of, upsert


@dataclass(frozen=True, slots=True)
class Carried:
    """Personal text that goes on from another line with the salt it had: its digest, and the text unless erased."""

    digest: str | None
    private: Private | None


Saying: TypeAlias = tuple[Body, Mapping[str, str] | Carried | None]
"""A body to be written, and the personal text beside its line."""

COMMON_VILLAGE: Final = statements.COMMON_VILLAGE


class GapError(ValueError):
    """Lines that do not continue what is held; `has` is the last seq held."""

    def __init__(self, village: int, log: int, has: int) -> None:
        """Say what is held, so that the sender can start there."""
        super().__init__(f"village {village} log {log}: have up to {has}")
        self.village, self.log, self.has = village, log, has


class ForkError(ValueError):
    """Another line is already held at a place of a log: the log was written twice."""

    def __init__(self, village: int, log: int, seq: int) -> None:
        """Say where the two branches part."""
        super().__init__(f"village {village} log {log} seq {seq}: another line is held")
        self.village, self.log, self.seq = village, log, seq


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a log that is held."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A line as it travels: its exact bytes and, if it comes along, the private text."""

    line: bytes
    private: Private | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose log is written, and what every fact of one action carries."""

    village: int
    log: int
    stamp: Stamp
    operator: int | None
    day: str | None
    entropy: Entropy


def append(connection: Connection, writer: Writer, body: Body, private: Mapping[str, str] | None = None) -> Fact:
    """Write one fact, `private` beside its line, at the end of the writer's own log; the caller owns the transaction.

    Raises:
        MalformedLineError: the fact would break the format.
    """
    return append_many(connection, writer, [(body, private)])[0]


def append_many(connection: Connection, writer: Writer, sayings: Iterable[Saying]) -> list[Fact]:
    """Write facts at the end of the writer's own log: the same bytes as one `append` after the other, in less time.

    Raises:
        MalformedLineError: a fact would break the format; nothing is written.
    """
    before = _before(connection, writer)
    previous = before.previous
    rows: list[tuple[Fact, bytes, bytes]] = []
    texts: list[tuple[Fact, Private | None]] = []
    for step, (body, private) in enumerate(sayings, start=1):
        carried = _carried(writer, private)
        fact = _fact(writer, before, step, body, carried.digest)
        line = render(fact)
        check_private(fact, carried.private)
        previous = chain(previous, line)
        rows.append((fact, line, previous))
        texts.append((fact, carried.private))
    _insert(connection, rows)
    _insert_texts(connection, texts)
    return [fact for fact, _line, _hash in rows]


def last_seq(connection: Connection, village: int, log: int) -> int:
    """Return how far a log is held; 0 if nothing of it is."""
    line = table_of(Line).c
    statement = select(func.max(line.seq)).where(line.village == village, line.log == log)
    return connection.execute(statement).scalar_one() or 0


def store(connection: Connection, village: int, log: int, lines: Sequence[Sealed]) -> int:
    """Store lines of one log that continue or repeat what is held; repeats are successes.

    Args:
        connection: inside the caller's transaction.
        village: whose log it is.
        log: the log's number.
        lines: consecutive lines of that log, in order.

    Returns:
        How many lines were new.

    Raises:
        MalformedLineError: a line breaks the format or stands in the wrong log.
        GapError: the lines begin beyond what is held; nothing is stored.
        ForkError: another line is held at a place; nothing is stored.
    """
    if not lines:
        return 0
    facts = [_parse_for(village, log, sealed) for sealed in lines]
    _check_consecutive(facts)
    head = heads(connection, village, log).get(log, Head(0, FIRST_PREVIOUS_HASH))
    if facts[0].seq > head.seq + 1:
        raise GapError(village, log, head.seq)
    _check_repeats(connection, facts, lines, head)
    begin = max(0, head.seq + 1 - facts[0].seq)
    held, fresh = (list(zip(facts[part], lines[part], strict=True)) for part in (slice(begin), slice(begin, None)))
    _insert_texts(connection, [(fact, sealed.private) for fact, sealed in held])
    if can_copy(connection):
        _copy_fresh(connection, fresh, head.hash)
    else:
        _insert(connection, _chained(fresh, head.hash))
        _insert_texts(connection, [(fact, sealed.private) for fact, sealed in fresh])
    return len(fresh)


def heads(connection: Connection, village: int, log: int | None = None) -> dict[int, Head]:
    """Return the head of every log of a village that is held, or of one log."""
    statement = statements.all_heads() if log is None else statements.one_head()
    rows = connection.execute(statement, {"of_village": village, "of_log": log})
    return {number: Head(seq, octets(held)) for number, seq, held in rows}


def villages(connection: Connection) -> list[int]:
    """Return the villages that have lines here, the county's common 0 included."""
    return list(
        connection.execute(select(table_of(Line).c.village).distinct().order_by(table_of(Line).c.village)).scalars()
    )


def read_since(connection: Connection, village: int, log: int, seq: int, most: int) -> list[bytes]:
    """Return at most `most` lines of a log after `seq`, as their exact bytes."""
    line = table_of(Line).c
    statement = (
        select(line.line).where(line.village == village, line.log == log, line.seq > seq).order_by(line.seq).limit(most)
    )
    return [octets(held) for held in connection.execute(statement).scalars().all()]


def private_texts(connection: Connection, village: int, log: int, after: int, up_to: int) -> dict[int, Private]:
    """Return the private texts beside lines `after` + 1 to `up_to` of a log, by seq; erased ones are absent."""
    text = table_of(PrivateText).c
    statement = select(text.seq, text.salt, text.text).where(
        text.village == village, text.log == log, text.seq > after, text.seq <= up_to, text.text.is_not(None)
    )
    return {seq: Private(octets(salt), words) for seq, salt, words in connection.execute(statement)}


def verify(
    connection: Connection, village: int, log: int, since: int = 0, pieces: int = 1_000, advance: Advance = unseen
) -> Iterator[str]:
    """Walk a log's chain after `since` and yield a sentence for every break; each piece is read whole.

    Checks dense numbers, the chain of hashes, each line's own header and the digest of each private text. `advance` is
    told of the lines of each piece.
    """
    previous = _hash_at(connection, village, log, since)
    expected = since + 1
    while True:
        held = _piece(connection, village, log, expected - 1, pieces)
        if not held:
            return
        texts = private_texts(connection, village, log, expected - 1, held[-1][0])
        for seq, kept, line in held:
            yield from _line_faults(village, log, expected, seq, line, texts.get(seq))
            if chain(previous, line) != kept:
                yield f"village {village} log {log} seq {seq}: the chain is broken"
            previous, expected = kept, seq + 1
        advance(len(held))


@dataclass(frozen=True, slots=True)
class _Before:
    """What is held when a writer begins: the end of the own log, the highest turn, and what a decision has seen."""

    seq: int
    previous: bytes
    turn: int
    ref: tuple[int, int]


def _before(connection: Connection, writer: Writer) -> _Before:
    has, previous, turn, county_turn, common, own_county = connection.execute(
        statements.before_append(), {"of_village": writer.village, "of_log": writer.log}
    ).one()
    highest = max(turn or 0, county_turn or 0)
    return _Before(has or 0, previous or FIRST_PREVIOUS_HASH, highest, (common or 0, own_county or 0))


def _turn_after(highest: int, step: int) -> int:
    """Return the next turn; a foreign line that took the last one must not stop the desk."""
    return min(highest + step, LARGEST_INTEGER)


def _fact(writer: Writer, before: _Before, step: int, body: Body, digest: str | None) -> Fact:
    stamp = writer.stamp
    return Fact(
        village=writer.village, log=writer.log, seq=before.seq + step, turn=_turn_after(before.turn, step),
        kind=body.KIND, kv=body.VERSION, op=writer.operator, day=writer.day, at=stamp.at, clock=stamp.clock,
        boot=stamp.boot, mono=stamp.mono, ref=before.ref, body=write_body(body),
        private=digest,
    )  # fmt: skip


def _line_faults(
    village: int, log: int, expected: int, seq: int, line: bytes, private: Private | None
) -> Iterator[str]:
    where = f"village {village} log {log} seq {seq}"
    if seq != expected:
        yield f"{where}: {expected} is missing"
    try:
        fact = parse(line)
        check_private(fact, private)
    except MalformedLineError as error:
        yield f"{where}: {error}"
        return
    if (fact.village, fact.log, fact.seq) != (village, log, seq):
        yield f"{where}: the line belongs elsewhere"


def _piece(connection: Connection, village: int, log: int, seq: int, most: int) -> list[tuple[int, bytes, bytes]]:
    line = table_of(Line).c
    statement = (
        select(line.seq, line.hash, line.line)
        .where(line.village == village, line.log == log, line.seq > seq)
        .order_by(line.seq)
        .limit(most)
    )
    return [(number, octets(kept), octets(text)) for number, kept, text in connection.execute(statement)]


def _hash_at(connection: Connection, village: int, log: int, seq: int) -> bytes:
    if seq == 0:
        return FIRST_PREVIOUS_HASH
    line = table_of(Line).c
    statement = select(line.hash).where(line.village == village, line.log == log, line.seq == seq)
    return octets(connection.execute(statement).scalar_one())


def octets(value: object) -> bytes:
    """Return what a column of bytes gave; where damage has made something else of it, nothing, which fits no hash."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""


class _Placed(NamedTuple):
    """What the journal keeps of a fact beside its line: thousands of bodies are not held until all are checked."""

    village: int
    log: int
    seq: int
    turn: int
    kind: str


def _parse_for(village: int, log: int, sealed: Sealed) -> _Placed:
    _v, of_village, of_log, seq, turn, kind, *_rest, digest = check(sealed.line)
    if (of_village, of_log) != (village, log):
        raise MalformedLineError("wrong_log", f"{of_village}/{of_log}")
    if sealed.private is not None:
        check_text(digest, sealed.private)
    return _Placed(village, log, seq, turn, kind)


def _check_consecutive(facts: list[_Placed]) -> None:
    for before, after in pairwise(facts):
        if after.seq != before.seq + 1:
            raise MalformedLineError("not_consecutive", f"{before.seq}, {after.seq}")


def _check_repeats(connection: Connection, facts: list[_Placed], lines: Sequence[Sealed], head: Head) -> None:
    repeated = [(fact, sealed.line) for fact, sealed in zip(facts, lines, strict=True) if fact.seq <= head.seq]
    if not repeated:
        return
    first = repeated[0][0]
    held = read_since(connection, first.village, first.log, first.seq - 1, len(repeated))
    for (fact, line), kept in zip(repeated, held, strict=True):
        if line != kept:
            raise ForkError(fact.village, fact.log, fact.seq)


def _chained(fresh: Iterable[tuple[_Placed, Sealed]], previous: bytes) -> Iterator[tuple[_Placed, bytes, bytes]]:
    for fact, sealed in fresh:
        previous = chain(previous, sealed.line)
        yield fact, sealed.line, previous


def _copy_fresh(connection: Connection, fresh: Sequence[tuple[_Placed, Sealed]], previous: bytes) -> None:
    """Write lines that are not held, and their texts; values stand in the order of the tables' columns."""
    lines = ((*fact, reached, line) for fact, line, reached in _chained(fresh, previous))
    texts = [
        (fact.village, fact.log, fact.seq, sealed.private.salt, sealed.private.text)
        for fact, sealed in fresh
        if sealed.private is not None
    ]
    if fresh:
        copy_rows(connection, table_of(Line), lines)
    if texts:
        copy_rows(connection, table_of(PrivateText), texts)


def _insert(connection: Connection, rows: Iterable[tuple[Fact | _Placed, bytes, bytes]]) -> None:
    lines = [
        _place(fact) | {"turn": fact.turn, "kind": fact.kind, "hash": kept, "line": line} for fact, line, kept in rows
    ]
    if lines:
        connection.execute(insert(table_of(Line)), lines)


def _insert_texts(connection: Connection, texts: Iterable[tuple[Fact | _Placed, Private | None]]) -> None:
    """Put texts beside their lines; one that came before, or was erased since, stays as it is."""
    rows = [
        _place(fact) | {"salt": private.salt, "text": private.text} for fact, private in texts if private is not None
    ]
    if rows:
        statement = upsert(connection.dialect.name, table_of(PrivateText)).on_conflict_do_nothing()
        connection.execute(statement, rows)


def _place(fact: Fact | _Placed) -> dict[str, Any]:
    return {"village": fact.village, "log": fact.log, "seq": fact.seq}


def _carried(writer: Writer, private: Mapping[str, str] | Carried | None) -> Carried:
    if private is None or isinstance(private, Carried):
        return private or Carried(None, None)
    text = json.dumps(private, ensure_ascii=False, separators=(",", ":"))
    sealed = Private(writer.entropy(SALT_LENGTH), text)
    return Carried(sealed.digest, sealed)
