"""The form of one line: sixteen header fields in their order, and what each may hold."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from .strict import LARGEST, BrokenError, Json, decoded, is_integer, parse_json

Key: TypeAlias = tuple[int, int, int]
Rank: TypeAlias = tuple[int, int, int, int]

LONGEST_LINE: Final = 16 * 1024
IDS_OF_A_LOG: Final = 2**33
HEADER: Final = (
    *("v", "village", "log", "seq", "turn", "kind", "kv", "op", "day"),
    *("at", "clock", "boot", "mono", "ref", "body", "private"),
)
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WORD: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
CLOCK: Final = re.compile(r"[ufs]")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a person has to look at; `code` is stable, the place is null where it is not known."""

    code: str
    village: int | None
    log: int | None
    seq: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of the journal with its bytes; `turn`, `kind` and the rest are the header fields of the format."""

    raw: bytes
    village: int
    log: int
    seq: int
    turn: int
    kind: str
    kv: int
    op: int | None
    day: str | None
    at: int
    clock: str
    boot: int
    mono: int
    ref: tuple[int, int]
    body: Json
    private: str | None

    @property
    def key(self) -> Key:
        """Village, log and seq."""
        return self.village, self.log, self.seq

    @property
    def id(self) -> int:
        """The id of what this fact creates."""
        return self.log * IDS_OF_A_LOG + self.seq

    @property
    def rank(self) -> Rank:
        """Authority, turn, log, seq: the county's word stands above the village's."""
        return int(self.log == 0), self.turn, self.log, self.seq

    def fault(self, code: str, detail: str) -> Fault:
        """A fault at the place of this line."""
        return Fault(code, *self.key, detail)


def parse_line(raw: bytes) -> Line:
    """Return the fact in the bytes of one line, given without LF; raises BrokenError."""
    if len(raw) > LONGEST_LINE:
        raise BrokenError("line_too_long", f"{len(raw)} bytes")
    if any(byte in raw for byte in b"\n\r\0"):
        raise BrokenError("control_character")
    values = parse_json(decoded(raw))
    if not isinstance(values, dict) or tuple(values) != HEADER:
        raise BrokenError("header", "fields missing, added or in another order")
    wrong = [name for name in HEADER if not _HEADER_RULES[name](values[name])]
    if wrong:
        raise BrokenError("header", ", ".join(wrong))
    taken = [name for name in HEADER if name not in ("v", "ref")]
    return Line(raw, ref=tuple(values["ref"]), **{name: values[name] for name in taken})


def is_plain(line: Line) -> bool:
    """Tell whether the writer put no space between tokens and escaped only what JSON must escape."""
    return json.dumps(json.loads(line.raw), ensure_ascii=False, separators=(",", ":")).encode() == line.raw


def _between(low: int, high: int = LARGEST) -> Callable[[object], bool]:
    return lambda value: is_integer(value, low, high)


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _or_null(rule: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or rule(value)


_HEADER_RULES: Final[Mapping[str, Callable[[object], bool]]] = {
    "v": _between(1, 1),
    "village": _between(0, 9999),
    "log": _between(0, 2**20 - 1),
    "seq": _between(1, IDS_OF_A_LOG - 1),
    "turn": _between(1),
    "kind": _matches(WORD),
    "kv": _between(1),
    "op": _or_null(_between(1)),
    "day": _or_null(_matches(DAY)),
    "at": is_integer,
    "clock": _matches(CLOCK),
    "boot": is_integer,
    "mono": is_integer,
    "ref": lambda value: isinstance(value, list) and [is_integer(each, 0) for each in value] == [True, True],
    "body": lambda value: isinstance(value, dict),
    "private": _or_null(_matches(DIGEST)),
}
