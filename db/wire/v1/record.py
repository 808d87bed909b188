"""Records: how the facts of a frame stand in it, inflated. A line goes in shortened and comes out byte for byte.

A record is the line of a fact and LF. If the private text travels along, `+`, its salt in hex, a space, its JSON text
and LF follow. A line begins with `{`; one that is shortened by what the reader can work out begins with `~`:

- The four numbers that change with every line are left out of it (`"seq":,"turn":,`), and how they differ from those of
  the shortened line before it in the frame, or from 0, stands in front: `~` and the difference of `at`; then, unless
  they are all 0, those of `seq` and of `turn`, each less 1, and that of `mono` less that of `at`, with commas.
- The digest of the private text that follows is written `=`.
"""

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from db.journal import Sealed
from db.line import SALT_LENGTH, Private

_Numbers: TypeAlias = tuple[int, int, int, int]
"""seq, turn, at and mono of a line."""

_NOTHING: Final = (0, 0, 0, 0)
_TEXT: Final = b"+"
_SHORT: Final = b"~"
_GAP: Final = b'":,'
_GAPS: Final = 4
_WHOLE: Final = rb"(0|[1-9][0-9]{0,15})"
_BEGINNING: Final = re.compile(
    rb'\{"v":1,"village":[0-9]+,"log":[0-9]+,"seq":' + _WHOLE + rb',"turn":' + _WHOLE + rb',"kind":"[a-z0-9_]+","kv":'
    rb'[0-9]+,"op":(?:null|[0-9]+),"day":(?:null|"[0-9-]+"),"at":(0|-?[1-9][0-9]{0,15}),"clock":"[ufs]","boot":[0-9]+,'
    rb'"mono":' + _WHOLE + rb","
)
_DIFFERENCES: Final = re.compile(rb"~(-?[0-9]{1,17})(?:,(-?[0-9]{1,17}),(-?[0-9]{1,17}),(-?[0-9]{1,17}))?(?=\{)")
_DIGEST_WRITTEN: Final = b',"private":"%b"}'
_DIGEST_LEFT_OUT: Final = _DIGEST_WRITTEN % b"="


class RecordError(ValueError):
    """Bytes that are no records; nothing of them may be used."""


def write_records(lines: Iterable[Sealed]) -> bytes:
    """Return the records of some facts."""
    written: list[bytes] = []
    before: _Numbers = _NOTHING
    for sealed in lines:
        line, private = sealed.line, sealed.private
        if private is not None:
            line = _without_digest(line, private)
        found = _BEGINNING.match(line)
        if found is None:
            written.append(line)
        else:
            now = _numbers(found)
            written.append(_differences(before, now) + _without_numbers(line, found))
            before = now
        written.append(b"\n" if private is None else _text(private))
    return b"".join(written)


def read_records(content: bytes) -> list[Sealed]:
    """Return the facts of records. Raises RecordError."""
    if content and not content.endswith(b"\n"):
        raise RecordError("the last line is cut")
    lines: list[Sealed] = []
    before: _Numbers = _NOTHING
    for record in content.split(b"\n")[:-1]:
        first = record[:1]
        if first == _SHORT:
            line, before = _lengthened(record, before)
            lines.append(Sealed(line))
        elif first != _TEXT:
            lines.append(Sealed(record))
        elif not lines or lines[-1].private is not None:
            raise RecordError("a text without a line")
        else:
            private = _private(record[1:])
            lines[-1] = Sealed(_with_digest(lines[-1].line, private), private)
    return lines


def length_of(sealed: Sealed) -> int:
    """Return how long the record of a fact is if it cannot be shortened."""
    return len(sealed.line) + (1 if sealed.private is None else len(_text(sealed.private)))


def _numbers(found: re.Match[bytes]) -> _Numbers:
    seq, turn, at, mono = found.groups()
    return int(seq), int(turn), int(at), int(mono)


def _without_numbers(line: bytes, found: re.Match[bytes]) -> bytes:
    (_, _), (a, b), (c, d), (e, f), (g, h) = found.regs
    return line[:a] + line[b:c] + line[d:e] + line[f:g] + line[h:]


def _differences(before: _Numbers, now: _Numbers) -> bytes:
    seq, turn, at = now[0] - before[0] - 1, now[1] - before[1] - 1, now[2] - before[2]
    mono = now[3] - before[3] - at
    return b"~%d,%d,%d,%d" % (at, seq, turn, mono) if seq or turn or mono else b"~%d" % at


def _lengthened(record: bytes, before: _Numbers) -> tuple[bytes, _Numbers]:
    """Return the line of a shortened record, and its numbers."""
    found = _DIFFERENCES.match(record)
    parts = record.split(_GAP, _GAPS)
    if found is None or len(parts) != _GAPS + 1:
        raise RecordError("a short line that cannot be read")
    by_at, by_seq, by_turn, by_mono = found.groups(b"0")
    at = int(by_at)
    now = (
        before[0] + 1 + int(by_seq), before[1] + 1 + int(by_turn), before[2] + at, before[3] + at + int(by_mono)
    )  # fmt: skip
    first = parts[0][found.end() :]
    line = b'%b":%d,%b":%d,%b":%d,%b":%d,%b' % (
        first, now[0], parts[1], now[1], parts[2], now[2], parts[3], now[3], parts[4]
    )  # fmt: skip
    return line, now


def _without_digest(line: bytes, private: Private) -> bytes:
    end = _DIGEST_WRITTEN % private.digest.encode()
    return line[: -len(end)] + _DIGEST_LEFT_OUT if line.endswith(end) else line


def _with_digest(line: bytes, private: Private) -> bytes:
    if not line.endswith(_DIGEST_LEFT_OUT):
        return line
    return line[: -len(_DIGEST_LEFT_OUT)] + _DIGEST_WRITTEN % private.digest.encode()


def _text(private: Private) -> bytes:
    return b"\n+%b %b\n" % (private.salt.hex().encode(), private.text.encode())


def _private(record: bytes) -> Private:
    salt, separator, text = record.partition(b" ")
    try:
        if not separator or len(salt) != 2 * SALT_LENGTH:
            raise RecordError("a text without a salt")
        return Private(bytes.fromhex(salt.decode("ascii")), text.decode())
    except (UnicodeDecodeError, ValueError) as error:
        raise RecordError("a text that cannot be read") from error
