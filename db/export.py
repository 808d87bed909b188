"""Write the journal out and read it in: NAME.lines holds the exact bytes, NAME.private the texts beside them."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection

from db import journal
from db.journal import Sealed
from db.line import MalformedLineError, Private, parse

LINES_AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class Exported:
    """What an export wrote."""

    lines: int
    texts: int


def export_journal(connection: Connection, name: Path) -> Exported:
    """Write every line held to `name`.lines and every text to `name`.private, each replaced in one step.

    Raises:
        OSError: a file cannot be written; what was there before stays.
    """
    lines = _write(name.with_name(name.name + ".lines"), _lines(connection))
    texts = _write(name.with_name(name.name + ".private"), _texts(connection))
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


def _lines(connection: Connection) -> Iterator[bytes]:
    for village, log, head in _logs(connection):
        done = 0
        while done < head:
            lines = journal.read_since(connection, village, log, done, LINES_AT_ONCE)
            yield from lines
            done += len(lines)


def _texts(connection: Connection) -> Iterator[bytes]:
    for village, log, head in _logs(connection):
        for start in range(0, head, LINES_AT_ONCE):
            texts = journal.private_texts(connection, village, log, start, start + LINES_AT_ONCE)
            for seq, private in sorted(texts.items()):
                place = {"village": village, "log": log, "seq": seq}
                record = place | {"salt": private.salt.hex(), "text": private.text}
                yield json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _logs(connection: Connection) -> Iterator[tuple[int, int, int]]:
    for village in journal.villages(connection):
        for log, head in sorted(journal.heads(connection, village).items()):
            yield village, log, head.seq


def _write(file: Path, records: Iterator[bytes]) -> int:
    fresh = file.with_name(file.name + ".part")
    count = 0
    with fresh.open("wb") as out:
        count = sum(_put(out, record) for record in records)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
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
