"""What a `recovered` fact says happened: a line of a log that was written twice, at its place in another log.

docs/ledger.md, "A log that was written twice". Ids are recognised by what the kind says of each field, never by size.
"""

import base64
import binascii
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .body import BODIES, PARTS, UnreadError, read_body
from .lines import IDS_OF_A_LOG, LONGEST_LINE, Line, parse_line
from .strict import BrokenError, Json

OF_ITS_LOG = ("log_begun",)
"""Kinds that say something of the log they stand in, and nothing of another one."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Seqs of `log` beyond `after` stand in log `into`, `distance` further."""

    log: int
    after: int
    into: int
    distance: int


def what_happened(line: Line) -> Line | None:
    """Return the line itself, or what a recovered one carries, at its place; null where nothing follows from it."""
    if line.kind != "recovered":
        return line
    body = read_body(line.kind, line.kv, line.body)
    carried = what_happened(_carried(line, body))
    if carried is None or carried.kind in OF_ITS_LOG:
        return None
    shift = Shift(carried.log, body["after"], line.log, line.seq - carried.seq)
    said = dict(carried.body)
    name = carried.kind if carried.kv == 1 else f"{carried.kind} {carried.kv}"
    said = _part(BODIES.get(name, ""), said, shift)
    if body["seat"] is not None and "seat" in said:
        said["seat"] = body["seat"]
    op = None if carried.op is None else _id(carried.op, shift)
    return replace(
        carried, raw=line.raw, log=line.log, seq=line.seq, turn=line.turn, private=line.private, op=op, body=said
    )


def _carried(line: Line, body: Json) -> Line:
    try:
        found = parse_line(_bytes(body))
    except (BrokenError, ValueError, zlib.error, binascii.Error) as error:
        raise UnreadError("body", "no line") from error
    if found.village != line.village or found.log in (0, line.log) or found.seq <= body["after"]:
        raise UnreadError("body", "a line of elsewhere")
    return found


def _bytes(body: Json) -> bytes:
    if body["line"] is not None:
        return str(body["line"]).encode()
    stream = zlib.decompressobj()
    found = stream.decompress(base64.b64decode(body["packed"] or "", validate=True), LONGEST_LINE + 1)
    if not stream.eof:
        raise ValueError("cut")
    return found


def _part(fields: str, values: Json, shift: Shift) -> Json:
    kinds = {name: kind.partition("=")[0].rstrip("?") for name, kind in (field.split(":") for field in fields.split())}
    return {name: _value(kinds.get(name, ""), value, shift) for name, value in values.items()}


def _value(kind: str, value: object, shift: Shift) -> object:
    if kind == "id" and isinstance(value, int):
        return _id(value, shift)
    if kind == "[place]" and isinstance(value, list):
        return [seen for place in value for seen in _seen(place, shift)]
    if kind.startswith("[") and isinstance(value, list):
        return [_value(kind[1:-1], each, shift) for each in value]
    if kind in PARTS and kind != "place" and isinstance(value, dict):
        return _part(PARTS[kind], value, shift)
    return value


def _id(entity: int, shift: Shift) -> int:
    log, seq = divmod(entity, IDS_OF_A_LOG)
    is_of_branch = log == shift.log and seq > shift.after
    return shift.into * IDS_OF_A_LOG + seq + shift.distance if is_of_branch else entity


def _seen(place: Json, shift: Shift) -> Iterator[Json]:
    """Who had seen the branch up to a line had seen what is common, and the branch up to where it stands now."""
    if place["log"] == shift.log and place["seq"] > shift.after:
        yield {"log": shift.log, "seq": shift.after}
        yield {"log": shift.into, "seq": place["seq"] + shift.distance}
    else:
        yield place
