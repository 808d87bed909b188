"""The frozen format of a fact: one UTF-8 JSON line, hashed into a chain.

`docs/ledger.md` states the format for people; the vectors in `tests/db/test_line.py` hold it fixed.
A line is rendered once, when the fact happens, and afterwards only ever copied byte for byte.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

Entropy: TypeAlias = Callable[[int], bytes]

FORMAT_VERSION: Final = 1
FIRST_PREVIOUS_HASH: Final = bytes(32)
LONGEST_LINE: Final = 16 * 1024
LONGEST_PRIVATE_TEXT: Final = 64 * 1024
LARGEST_INTEGER: Final = 2**53 - 1
LONGEST_INTEGER: Final = len(str(-LARGEST_INTEGER))
LARGEST_VILLAGE: Final = 9_999
LARGEST_VERSION: Final = 9_999
LARGEST_LOG: Final = 2**20 - 1
ENTITIES_PER_LOG: Final = 2**33
DEEPEST_NESTING: Final = 16
SALT_LENGTH: Final = 16
DIGEST_DIGITS: Final = 64
COUNTY_LOG: Final = 0
CLOCK_QUALITIES: Final = ("u", "f", "s")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORD: Final = re.compile("[a-z][a-z0-9_]{0,63}")
_HEX_DIGEST: Final = re.compile("[0-9a-f]{64}")
_BROKEN: Final = re.compile("[\x00\ud800-\udfff]")
_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
_TOO_MANY_DIGITS: Final = b"0" * LONGEST_INTEGER
_MINUS_ZERO: Final = re.compile(rb"-0(?<=[:,\[\s]-0)")
_NEARLY_LARGEST: Final = re.compile(rb"9[0-9]{15}")
HEADER: Final = (
    "v", "village", "log", "seq", "turn", "kind", "kv", "op", "day",
    "at", "clock", "boot", "mono", "ref", "body", "private",
)  # fmt: skip
_TWO_INTEGERS: Final = [int, int]


class MalformedLineError(ValueError):
    """A line that breaks the frozen format; it is never stored. `code` says which rule."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the rule's code apart from the words for a person."""
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a clock gives: information for an auditor, never an order.

    `at` is wall time in milliseconds UTC; `clock` its quality (u unknown, f free-running, s synchronised);
    `boot` counts starts of the machine; `mono` is milliseconds since that start, surviving suspend.
    """

    at: int
    clock: str
    boot: int
    mono: int


@dataclass(frozen=True, slots=True)
class Private:
    """Personal text beside a line: `text` is JSON text, `salt` 16 random bytes; the line carries only their digest."""

    salt: bytes
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 over salt and UTF-8 text, as 64 hex digits."""
        return hashlib.sha256(self.salt + self.text.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Fact:
    """One parsed line. Field names are those of the format; `id` and `rank` are derived."""

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
    body: Mapping[str, Any]
    private: str | None

    @property
    def id(self) -> int:
        """The id of the entity this fact creates, if it creates one: log * 2^33 + seq."""
        return entity_id(self.log, self.seq)

    @property
    def rank(self) -> str:
        """Text that sorts by (authority, turn, log, seq); the highest rank holds an aspect, the lowest a `once` key."""
        return rank(self.log, self.turn, self.seq)


def entity_id(log: int, seq: int) -> int:
    """Return the id of the entity created by fact `seq` of `log`; exact in any JSON reader."""
    return log * ENTITIES_PER_LOG + seq


def origin_of(entity: int) -> tuple[int, int]:
    """Return (log, seq) of the fact that created an entity."""
    return divmod(entity, ENTITIES_PER_LOG)


def home_village(entity: int, village: int) -> int:
    """Return the village whose rows hold an entity named inside `village`; the county's live in village 0."""
    return village if entity >= ENTITIES_PER_LOG else 0


def rank(log: int, turn: int, seq: int) -> str:
    """Return the rank of a fact as fixed-width hex, so that text order is rank order on every engine."""
    authority = 1 if log == COUNTY_LOG else 0
    return f"{authority:x}{turn:014x}{log:05x}{seq:09x}"


def mint_log(entropy: Entropy) -> int:
    """Return a new log number, 1 to 2^20-1, from a secure source of bytes."""
    while True:
        number = int.from_bytes(entropy(3), "big") & LARGEST_LOG
        if number:
            return number


def render(fact: Fact) -> bytes:
    """Return the line of a fact, without LF.

    Raises:
        MalformedLineError: the result would break the format (too long, a float, too large an integer).
    """
    values = {"v": FORMAT_VERSION} | {name: getattr(fact, name) for name in HEADER[1:]}
    try:
        line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise MalformedLineError("text_broken", str(error)) from error
    parse(line)
    return line


def parse(line: bytes) -> Fact:
    """Return the fact in a line, given without LF.

    Raises:
        MalformedLineError: the line breaks a rule of the format.
    """
    return _fact(*check(line))


def check(line: bytes) -> Sequence[Any]:
    """Return the values of a line's header, in its order, for who keeps the line and needs no fact of it.

    Raises:
        MalformedLineError: the line breaks a rule of the format.
    """
    if len(line) > LONGEST_LINE:
        raise MalformedLineError("line_too_long", str(len(line)))
    if b"\n" in line or b"\r" in line:
        raise MalformedLineError("control_character")
    try:
        values = _usual_values(line) or _decoder(asks_integers=True).decode(line.decode())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise MalformedLineError("not_json", str(error)) from error
    if isinstance(values, list | dict) and line.count(b"{") + line.count(b"[") > DEEPEST_NESTING:
        _check_nesting(values, DEEPEST_NESTING)
    if b"\\u" in line:
        _check_words(values)
    return _checked(values)


def read(line: bytes) -> Fact:
    """Return the fact in a line that `parse` accepted before, as the journal holds them; nothing is checked again."""
    return _fact(*json.loads(line).values())


def chain(previous: bytes, line: bytes) -> bytes:
    """Return the hash of a line: SHA-256 over the previous hash and the line's bytes."""
    return hashlib.sha256(previous + line).digest()


def check_private(fact: Fact, private: Private | None) -> None:
    """Check a private text against the digest in its line; it may be missing, never wrong. Raises as `check_text`."""
    if private is not None:
        check_text(fact.private, private)


def check_text(digest: str | None, private: Private) -> None:
    """Check a private text against the digest its line has.

    Raises:
        MalformedLineError: it is too long, holds NUL or a lone surrogate, or is not the text the line promised.
    """
    if _is_broken(private.text):
        raise MalformedLineError("text_broken")
    if len(private.salt) != SALT_LENGTH or len(private.text.encode()) > LONGEST_PRIVATE_TEXT:
        raise MalformedLineError("private_size")
    if private.digest != digest:
        raise MalformedLineError("private_digest")


def _usual_values(line: bytes) -> dict[str, Any] | None:
    """Return the object of a line that can be read the quick way, without asking about each integer, or None."""
    if not line.startswith(b"{") or _MINUS_ZERO.search(line) or _NEARLY_LARGEST.search(line):
        return None
    if _TOO_MANY_DIGITS in line.translate(_ZEROS):
        return None
    text = line.decode()
    values, end = _decoder(asks_integers=False).raw_decode(text)
    return values if end == len(text) else None


@cache
def _decoder(*, asks_integers: bool) -> json.JSONDecoder:
    """Return what reads a line; asked about every integer it takes half as long again."""
    return json.JSONDecoder(
        object_pairs_hook=_object, parse_float=_no_float, parse_int=_integer if asks_integers else int,
        parse_constant=_no_float,
    )  # fmt: skip


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedLineError("duplicate_key")
    return found


def _no_float(text: str) -> Any:  # noqa: ANN401  because json hooks return any value
    raise MalformedLineError("float", text)


def _integer(text: str) -> int:
    if len(text) > LONGEST_INTEGER or abs(number := int(text)) > LARGEST_INTEGER or text == "-0":
        raise MalformedLineError("integer_too_large", text[:20])
    return number


def _is_broken(text: str) -> bool:
    return _BROKEN.search(text) is not None


def _check_words(value: Any) -> None:  # noqa: ANN401  because any JSON value may stand here
    """Refuse NUL and lone surrogates; in UTF-8 without raw control characters only an escape can bring them."""
    if isinstance(value, str) and _is_broken(value):
        raise MalformedLineError("text_broken")
    if isinstance(value, dict):
        _check_words(list(value))
        _check_words(list(value.values()))
    elif isinstance(value, list):
        for each in value:
            _check_words(each)


def _check_nesting(value: list[Any] | dict[str, Any], depth: int) -> None:
    if depth == 0:
        raise MalformedLineError("nested_too_deep")
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, list | dict):
            _check_nesting(each, depth - 1)


def _checked(values: Any) -> Sequence[Any]:  # noqa: ANN401  because it is parsed JSON, checked here
    if not isinstance(values, dict) or tuple(values) != HEADER:
        raise MalformedLineError("header")
    found = tuple(values.values())
    if not _is_usual_header(*found):
        wrong = [name for name, is_right in _HEADER_RULES.items() if not is_right(values[name])]
        if wrong:
            raise MalformedLineError("header", ",".join(wrong))
    return found


def _fact(  # noqa: PLR0913, PLR0917  because a header has so many fields
    _v: int, village: int, log: int, seq: int, turn: int, kind: str, kv: int, op: int | None, day: str | None, at: int,
    clock: str, boot: int, mono: int, ref: list[int], body: Mapping[str, Any], private: str | None,
) -> Fact:  # fmt: skip
    return Fact(village, log, seq, turn, kind, kv, op, day, at, clock, boot, mono, (ref[0], ref[1]), body, private)


def _is_usual_header(  # noqa: PLR0913, PLR0917  because a header has so many fields
    v: Any, village: Any, log: Any, seq: Any, turn: Any, kind: Any, kv: Any, op: Any, day: Any, at: Any, clock: Any,  # noqa: ANN401  because it is parsed JSON, checked here
    boot: Any, mono: Any, ref: Any, body: Any, private: Any,  # noqa: ANN401  because it is parsed JSON, checked here
) -> bool:  # fmt: skip
    """Say, quickly, whether a header is surely right; of any other each rule is asked."""
    return (
        int is type(v) is type(village) is type(log) is type(seq) is type(turn) is type(kv)
        and int is type(at) is type(boot) is type(mono)
        and v == FORMAT_VERSION
        and 0 <= village <= LARGEST_VILLAGE
        and 0 <= log <= LARGEST_LOG
        and 0 < seq < ENTITIES_PER_LOG
        and turn > 0
        and 0 < kv <= LARGEST_VERSION
        and boot >= 0
        and mono >= 0
        and (op is None or (type(op) is int and op > 0))
        and type(kind) is str
        and _WORD.fullmatch(kind) is not None
        and (day is None or (type(day) is str and _DAY.fullmatch(day) is not None))
        and clock in CLOCK_QUALITIES
        and type(ref) is list
        and [*map(type, ref)] == _TWO_INTEGERS
        and min(ref) >= 0
        and type(body) is dict
        and (private is None or (type(private) is str and _HEX_DIGEST.fullmatch(private) is not None))
    )


def _is_integer(value: object, low: int = 0, high: int = LARGEST_INTEGER) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_word(value: object, longest: int = 64) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and value.isascii() and value.replace("_", "").isalnum()


def _is_day(value: object) -> bool:
    return value is None or (isinstance(value, str) and _DAY.fullmatch(value) is not None)


def _is_hex_digest(value: object) -> bool:
    return value is None or (
        isinstance(value, str) and len(value) == DIGEST_DIGITS and not set(value) - set("0123456789abcdef")
    )


_HEADER_RULES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "v": lambda value: _is_integer(value, FORMAT_VERSION, FORMAT_VERSION),
    "village": lambda value: _is_integer(value, 0, LARGEST_VILLAGE),
    "log": lambda value: _is_integer(value, 0, LARGEST_LOG),
    "seq": lambda value: _is_integer(value, 1, ENTITIES_PER_LOG - 1),
    "turn": lambda value: _is_integer(value, 1),
    "kind": _is_word,
    "kv": lambda value: _is_integer(value, 1, LARGEST_VERSION),
    "op": lambda value: value is None or _is_integer(value, 1),
    "day": _is_day,
    "at": lambda value: _is_integer(value, -LARGEST_INTEGER),
    "clock": lambda value: value in CLOCK_QUALITIES,
    "boot": _is_integer,
    "mono": _is_integer,
    "ref": lambda value: (
        isinstance(value, list) and len(value) == len(("common", "own")) and all(map(_is_integer, value))
    ),
    "body": lambda value: isinstance(value, dict),
    "private": _is_hex_digest,
}
