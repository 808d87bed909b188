"""Write the journal out and read it in: the exact bytes, the texts beside them, and where each log ends.

NAME.lines holds the lines, NAME.private the texts, NAME.heads one `{"village","log","seq","hash"}` a log: the hash
covers every byte of the log up to there, so a changed byte in an export can be found.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

from sqlalchemy import Connection

from db import journal
from db.durable import sync_folder
from db.journal import Head, Sealed
from db.line import FIRST_PREVIOUS_HASH, MalformedLineError, Private, chain, check_private, parse
from db.progress import Advance, unseen

LINES_AT_ONCE: Final = 1_000
LINES: Final = ".lines"
PRIVATE: Final = ".private"
HEADS: Final = ".heads"

_Ends: TypeAlias = Sequence[tuple[int, int, Head]]


@dataclass(frozen=True)
class Exported:
    """What an export wrote."""

    lines: int
    texts: int


def export_journal(connection: Connection, name: Path, advance: Advance = unseen) -> Exported:
    """Write every line held to `name`.lines, every text to `name`.private, the ends of the logs to `name`.heads.

    Each file is replaced in one step, the heads last. Lines that are written meanwhile are left out, so a connection
    that reads in pieces will do. `advance` is told of the lines of each piece.

    Raises:
        OSError: a file cannot be written; what was there before stays.
    """
    ends = _ends(connection)
    lines = _write(_named(name, LINES), _lines(connection, ends, advance))
    texts = _write(_named(name, PRIVATE), _texts(connection, ends))
    _write(_named(name, HEADS), (_head(*end) for end in ends))
    sync_folder(name.absolute().parent)
    return Exported(lines, texts)


def read_export(lines: Path, private: Path | None = None) -> Iterator[tuple[int, int, list[Sealed]]]:
    """Yield (village, log, consecutive lines with their texts) of an export, in pieces that `store` takes.

    Raises:
        MalformedLineError: a line or a text cannot be read.
    """
    texts = {} if private is None else _read_private(private)
    piece: list[Sealed] = []
    place: tuple[int, int] | None = None
    with lines.open("rb") as file:
        for raw in file:
            line = raw.removesuffix(b"\n")
            fact = parse(line)
            if piece and (place != (fact.village, fact.log) or len(piece) >= LINES_AT_ONCE):
                assert place is not None  # noqa: S101  because a piece always has its place
                yield *place, piece
                piece = []
            place = (fact.village, fact.log)
            piece.append(Sealed(line, texts.get((fact.village, fact.log, fact.seq))))
    if piece and place is not None:
        yield *place, piece


def check_export(name: Path, advance: Advance = unseen) -> list[str]:
    """Return every fault of an export: lines or texts that cannot be read or do not fit, logs that end elsewhere.

    Raises:
        OSError: a file of the export cannot be read.
    """
    reached: dict[tuple[int, int], Head] = {}
    faults: list[str] = []
    fitting = 0
    try:
        for village, log, piece in read_export(_named(name, LINES), _named(name, PRIVATE)):
            head = reached.get((village, log), Head(0, FIRST_PREVIOUS_HASH))
            reached[village, log], found = _follow(head, piece)
            faults += found
            fitting += sum(1 for sealed in piece if sealed.private is not None)
            advance(len(piece))
        heads = _read_heads(_named(name, HEADS))
        texts = len(_read_private(_named(name, PRIVATE)))
    except MalformedLineError as error:
        return [*faults, str(error)]
    if texts != fitting:
        faults.append(f"{texts - fitting} texts belong to no line")
    faults += [
        f"village {place[0]} log {place[1]}: a line differs from what was exported"
        for place in sorted(heads.keys() | reached.keys())
        if heads.get(place) != reached.get(place)
    ]
    return faults


def _follow(head: Head, piece: list[Sealed]) -> tuple[Head, list[str]]:
    faults = []
    for sealed in piece:
        fact = parse(sealed.line)
        if fact.seq != head.seq + 1:
            faults.append(f"village {fact.village} log {fact.log} seq {fact.seq}: {head.seq + 1} is missing")
        try:
            check_private(fact, sealed.private)
        except MalformedLineError as error:
            faults.append(f"village {fact.village} log {fact.log} seq {fact.seq}: {error}")
        head = Head(fact.seq, chain(head.hash, sealed.line))
    return head, faults


def _ends(connection: Connection) -> list[tuple[int, int, Head]]:
    return [
        (village, log, head)
        for village in journal.villages(connection)
        for log, head in sorted(journal.heads(connection, village).items())
    ]


def _lines(connection: Connection, ends: _Ends, advance: Advance) -> Iterator[bytes]:
    for village, log, head in ends:
        done = 0
        while done < head.seq:
            lines = journal.read_since(connection, village, log, done, min(LINES_AT_ONCE, head.seq - done))
            if not lines:
                raise OSError(f"village {village} log {log}: lines after {done} are missing")
            yield from lines
            done += len(lines)
            advance(len(lines))


def _texts(connection: Connection, ends: _Ends) -> Iterator[bytes]:
    for village, log, head in ends:
        for start in range(0, head.seq, LINES_AT_ONCE):
            texts = journal.private_texts(connection, village, log, start, min(start + LINES_AT_ONCE, head.seq))
            for seq, private in sorted(texts.items()):
                place = {"village": village, "log": log, "seq": seq}
                yield _record(place | {"salt": private.salt.hex(), "text": private.text})


def _head(village: int, log: int, head: Head) -> bytes:
    return _record({"village": village, "log": log, "seq": head.seq, "hash": head.hash.hex()})


def _record(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _named(name: Path, ending: str) -> Path:
    return name.with_name(name.name + ending)


def _write(file: Path, records: Iterator[bytes]) -> int:
    fresh = file.with_name(file.name + ".part")
    try:
        with fresh.open("wb") as out:
            count = sum(_put(out, record) for record in records)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return count


def _put(out: BinaryIO, record: bytes) -> int:
    out.write(record + b"\n")
    return 1


def _read_private(file: Path) -> dict[tuple[int, int, int], Private]:
    found = {}
    with file.open("rb") as records:
        for raw in records:
            try:
                record = json.loads(raw)
                place = (record["village"], record["log"], record["seq"])
                found[place] = Private(bytes.fromhex(record["salt"]), record["text"])
            except (ValueError, KeyError, TypeError) as error:
                raise MalformedLineError("private_record", str(error)) from error
    return found


def _read_heads(file: Path) -> dict[tuple[int, int], Head]:
    found = {}
    with file.open("rb") as records:
        for raw in records:
            try:
                record = json.loads(raw)
                found[record["village"], record["log"]] = Head(record["seq"], bytes.fromhex(record["hash"]))
            except (ValueError, KeyError, TypeError) as error:
                raise MalformedLineError("head_record", str(error)) from error
    return found
