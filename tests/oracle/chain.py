"""The two export files as a whole: every line, the chain of each log, the personal text beside a line."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Final

from .lines import Fault, Key, Line, is_plain, parse_line
from .strict import BrokenError, Json, decoded, is_integer, parse_json

LONGEST_TEXT: Final = 64 * 1024
SALT: Final = re.compile(r"[0-9a-f]{32}")


def read_lines(data: bytes) -> tuple[list[Line], list[Fault]]:
    """Return every line of NAME.lines that keeps the format, in the order of the file, and what was wrong."""
    found: list[Line] = []
    faults: list[Fault] = []
    for number, raw in _numbered(data, "lines", faults):
        try:
            found.append(parse_line(raw))
        except BrokenError as error:
            faults.append(Fault("line_broken", None, None, None, f"line {number} of the file: {error}"))
    faults += [line.fault("line_not_plain", "spaces or needless escapes") for line in found if not is_plain(line)]
    keys = [line.key for line in found]
    if keys != sorted(keys):
        faults.append(Fault("not_sorted", None, None, None, "lines are not sorted by village, log and seq"))
    return found, faults


def check_chains(lines: list[Line], known: Mapping[Key, str]) -> tuple[list[Line], dict[Key, str], list[Fault]]:
    """Return each line once, the last hash of each log, and every gap, contradiction and turn that does not rise.

    The hashes are those of docs/ledger.md, in hex. An export holds none, so a changed byte that leaves good JSON
    behind shows only against `known`: hashes that somebody kept, each at any seq of its log.
    """
    kept: list[Line] = []
    heads: dict[Key, str] = {}
    faults: list[Fault] = []
    previous: Line | None = None
    reached, whole = bytes(32), True
    for line in sorted(lines, key=lambda each: each.key):
        if previous and line.key == previous.key:
            faults.append(_repeated(line, previous))
            continue
        if previous is None or line.key[:2] != previous.key[:2]:
            previous, reached, whole = None, bytes(32), True
        faults += _steps(line, previous)
        whole = whole and line.seq == (previous.seq if previous else 0) + 1
        if whole:
            heads.pop((line.village, line.log, line.seq - 1), None)
            reached = hashlib.sha256(reached + line.raw).digest()
            heads[line.key] = reached.hex()
        if line.key in known and (not whole or reached.hex() != known[line.key]):
            faults.append(line.fault("hash_differs", "a line up to here is not the one that was known"))
        kept.append(line)
        previous = line
    missing = known.keys() - {line.key for line in kept}
    faults += [Fault("hash_not_reached", *key, "a line that was known is not here") for key in sorted(missing)]
    return kept, heads, faults


def read_texts(data: bytes, lines: list[Line]) -> tuple[dict[Key, str], list[Fault]]:
    """Return the personal text of each line from NAME.private, and each text that does not fit its line's digest."""
    texts: dict[Key, str] = {}
    faults: list[Fault] = []
    promised = {line.key: line.private for line in lines}
    for number, raw in _numbered(data, "private", faults):
        try:
            key, digest, text = _private_line(raw)
        except BrokenError as error:
            faults.append(Fault("private_broken", None, None, None, f"line {number} of the file: {error}"))
            continue
        if key in texts:
            faults.append(Fault("private_repeated", *key, "a second text for one line"))
        elif promised.get(key) != digest:
            faults.append(Fault("private_differs", *key, "no line promises this text"))
        else:
            texts[key] = text
    return texts, faults


def read_hashes(data: bytes) -> tuple[dict[Key, str], list[Fault]]:
    """Return known hashes, one {"village","log","seq","hash"} a line."""
    known: dict[Key, str] = {}
    faults: list[Fault] = []
    for number, raw in _numbered(data, "hashes", faults):
        try:
            values = _fields(raw, ("village", "log", "seq", "hash"))
        except BrokenError as error:
            faults.append(Fault("hash_broken", None, None, None, f"line {number} of the file: {error}"))
            continue
        known[values["village"], values["log"], values["seq"]] = str(values["hash"])
    return known, faults


def name_in(text: str | None) -> str | None:
    """Return the name in a personal text; null when it was erased, is not held, or names nobody."""
    try:
        value = parse_json(text) if text is not None else None
    except BrokenError:
        return None
    name = value.get("name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None


def _numbered(data: bytes, what: str, faults: list[Fault]) -> Iterator[tuple[int, bytes]]:
    if data and not data.endswith(b"\n"):
        faults.append(Fault("file_cut", None, None, None, f"the last line of the {what} does not end with LF"))
    yield from enumerate(data.removesuffix(b"\n").split(b"\n") if data else (), start=1)


def _repeated(line: Line, first: Line) -> Fault:
    if line.raw == first.raw:
        return line.fault("line_repeated", "the same line stands here twice")
    return line.fault("line_contradicted", "two different lines for one place; the first counts")


def _steps(line: Line, previous: Line | None) -> list[Fault]:
    seq, turn = (previous.seq, previous.turn) if previous else (0, 0)
    faults = []
    if line.seq != seq + 1:
        faults.append(line.fault("chain_gap", f"seq {seq + 1} to {line.seq - 1} are missing"))
    if line.turn <= turn:
        faults.append(line.fault("turn_not_rising", f"turn {line.turn} after {turn}"))
    return faults


def _private_line(raw: bytes) -> tuple[Key, str, str]:
    values = _fields(raw, ("village", "log", "seq", "salt", "text"))
    salt, text = values["salt"], values["text"]
    if not (isinstance(salt, str) and SALT.fullmatch(salt) and isinstance(text, str)):
        raise BrokenError("private_fields")
    if len(text.encode()) > LONGEST_TEXT:
        raise BrokenError("private_too_long", f"{len(text.encode())} bytes")
    parse_json(text)
    digest = hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()
    return (values["village"], values["log"], values["seq"]), digest, text


def _fields(raw: bytes, names: tuple[str, ...]) -> Json:
    values = parse_json(decoded(raw))
    if not isinstance(values, dict) or tuple(values) != names or not all(map(is_integer, list(values.values())[:3])):
        raise BrokenError("fields", f"expected {', '.join(names)}")
    return values
