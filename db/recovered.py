"""What a `recovered` fact says happened: the fact of a log that was written twice, at its place in the new log.

Both branches made entities of the same ids. Those of the branch that was written again get the ids of its `recovered`
facts: they stand without a gap in the order of the branch, so one distance moves every id beyond the last common line.
"""

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from inspect import get_annotations
from types import UnionType
from typing import Annotated, Any, Final, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel

from db.facts import UnknownFactError, body_of, read_body
from db.facts.body import EntityId
from db.facts.terminal import Place, Recovered
from db.journal import Sealed
from db.line import COUNTY_LOG, LONGEST_LINE, Fact, MalformedLineError, entity_id, origin_of, parse

ROOM_FOR_HEADER: Final = 1_024
_NO_LINE: Final = (MalformedLineError, ValueError, zlib.error, binascii.Error)
_SEAT: Final = "seat"
_ID: Final = "id"
_PLACES: Final = "places"

Shape: TypeAlias = "str | _Each | Mapping[str, Shape]"


@dataclass(frozen=True)
class _Each:
    """A list whose elements have a shape."""

    shape: Shape


@dataclass(frozen=True)
class _Move:
    """From beyond seq `after` of a log to another log, `distance` seqs further."""

    log: int
    after: int
    into: int
    distance: int

    def moved(self, entity: int) -> int:
        """Return the id an entity has here."""
        log, seq = origin_of(entity)
        return entity_id(self.into, seq + self.distance) if log == self.log and seq > self.after else entity

    def seen(self, place: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return how far the logs had been seen here by who had seen one log so far."""
        if place["log"] != self.log or place["seq"] <= self.after:
            return [place]
        return [{"log": self.log, "seq": self.after}, {"log": self.into, "seq": place["seq"] + self.distance}]


def carry(sealed: Sealed, after: int, seat: int | None) -> Recovered:
    """Return the body that carries a line of a branch beyond the last common seq."""
    line = sealed.line.decode()
    escapes = line.count('"') + line.count("\\")
    if len(sealed.line) + escapes + ROOM_FOR_HEADER <= LONGEST_LINE:
        return Recovered(line=line, after=after, seat=seat)
    packed = base64.b64encode(zlib.compress(sealed.line, 9)).decode()
    return Recovered(packed=packed, after=after, seat=seat)


def original(fact: Fact) -> Fact:
    """Return what happened by a fact: itself, or what a `recovered` one carries, at the place and turn of that one.

    Raises:
        UnknownFactError: it carries no line of this village's terminals.
    """
    if fact.kind != Recovered.KIND:
        return fact
    body = read_body(fact)
    if not isinstance(body, Recovered):
        raise UnknownFactError("body", fact.kind)
    carried = original(_carried(fact, body))
    move = _Move(carried.log, body.after, fact.log, fact.seq - carried.seq)
    return replace(
        carried, log=fact.log, seq=fact.seq, turn=fact.turn, private=fact.private,
        op=None if carried.op is None else move.moved(carried.op), body=_body_of(carried, body.seat, move),
    )  # fmt: skip


def line_of(fact: Fact) -> bytes:
    """Return the line that a `recovered` fact carries; nothing where there is none."""
    try:
        body = read_body(fact)
        return _unpacked(body) if isinstance(body, Recovered) else b""
    except (UnknownFactError, *_NO_LINE):
        return b""


def _carried(fact: Fact, body: Recovered) -> Fact:
    try:
        found = parse(_unpacked(body))
    except _NO_LINE as error:
        raise UnknownFactError("body", "carries no line") from error
    if found.village != fact.village or found.log in (COUNTY_LOG, fact.log) or found.seq <= body.after:
        raise UnknownFactError("body", "carries a line of elsewhere")
    return found


def _unpacked(body: Recovered) -> bytes:
    if body.line is not None:
        return body.line.encode()
    stream = zlib.decompressobj()
    found = stream.decompress(base64.b64decode(body.packed or "", validate=True), LONGEST_LINE + 1)
    if not stream.eof:
        raise ValueError("too long, or cut")
    return found


def _body_of(carried: Fact, seat: int | None, move: _Move) -> Mapping[str, Any]:
    kind = body_of(carried.kind, carried.kv)
    if kind is None:
        return carried.body
    body: dict[str, Any] = _moved(carried.body, shape_of(kind), move)
    is_of_seat = seat is not None and _SEAT in body
    return body | {_SEAT: seat} if is_of_seat else body


def _moved(value: Any, shape: Shape, move: _Move) -> Any:  # noqa: ANN401  because any JSON value may stand here
    if shape == _ID:
        return move.moved(value) if isinstance(value, int) else value
    if shape == _PLACES:
        return [seen for place in value for seen in move.seen(place)] if isinstance(value, list) else value
    if isinstance(shape, _Each):
        return [_moved(each, shape.shape, move) for each in value] if isinstance(value, list) else value
    if isinstance(shape, Mapping) and isinstance(value, Mapping):
        return {name: _moved(each, shape[name], move) if name in shape else each for name, each in value.items()}
    return value


@cache
def shape_of(part: type[BaseModel]) -> Mapping[str, Shape]:
    """Return the fields of a body, or of a part of one, that name entities, or say how far logs were seen."""
    hints = {name: hint for each in reversed(part.__mro__) for name, hint in get_annotations(each).items()}
    shapes = {name: _shape(hint) for name, hint in hints.items() if name in part.model_fields}
    return {name: shape for name, shape in shapes.items() if shape is not None}


def _shape(hint: Any) -> "Shape | None":  # noqa: ANN401  because hints of types have no common type
    if hint == EntityId:
        return _ID
    origin = get_origin(hint)
    if origin is Annotated:
        return _shape(get_args(hint)[0])
    if origin in (Union, UnionType):
        return next((shape for each in get_args(hint) if (shape := _shape(each)) is not None), None)
    if origin is tuple:
        return _shape_of_list(get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return shape_of(hint) or None
    return None


def _shape_of_list(element: Any) -> "Shape | None":  # noqa: ANN401  because hints of types have no common type
    if element is Place:
        return _PLACES
    shape = _shape(element)
    return None if shape is None else _Each(shape)
