"""Writes ledgers by hand, line by line, for the tests of the oracle."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

VILLAGE = 123
SALT = bytes(range(16))
Body = dict[str, Any]


def entity(log: int, seq: int) -> int:
    """The id of what fact `seq` of `log` created."""
    return log * 2**33 + seq


def leg(account: str, points: int, household: int | None = None) -> Body:
    """One leg of a posting, in hundredths."""
    return {"account": account, "household": household, "points": points}


def moved(account: str, household: int, points: int) -> list[Body]:
    """Two legs from an account of the village to a household."""
    return [leg("household", points, household), leg(account, -points)]


def header(seq: int, kind: str, body: Body, **others: object) -> Body:
    """The sixteen fields of a line in their order; turn follows seq unless it is given."""
    values: Body = {"v": 1, "village": VILLAGE, "log": 7, "seq": seq, "turn": seq, "kind": kind, "kv": 1, "op": None}
    values |= {"day": None, "at": 1795329000123, "clock": "f", "boot": 1, "mono": 5, "ref": [0, 0], "body": body}
    return values | {"private": None} | others


def written(values: object) -> bytes:
    """JSON as a writer writes it, without LF."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def fact(seq: int, kind: str, body: Body, **others: object) -> bytes:
    """One line without LF."""
    return written(header(seq, kind, body, **others))


def file_of(lines: Iterable[bytes]) -> bytes:
    """An export file: every line ends with LF."""
    return b"".join(line + b"\n" for line in lines)


def hash_of(lines: Iterable[bytes]) -> str:
    """The hash a chain reaches with these lines."""
    reached = bytes(32)
    for line in lines:
        reached = hashlib.sha256(reached + line).digest()
    return reached.hex()


@dataclass
class Ledger:
    """Lines of several logs, each log numbered from 1; what a test says happened, in any order of logs."""

    village: int = VILLAGE
    lines: dict[tuple[int, int, int], bytes] = field(default_factory=dict)
    texts: list[bytes] = field(default_factory=list)

    def add(
        self,
        kind: str,
        *,
        log: int = 7,
        turn: int | None = None,
        text: str | None = None,
        head: Body | None = None,
        **body: object,
    ) -> int:
        """Write the next fact of a log and return its id.

        `text` is the name in its personal text, `head` has further fields of the header, and under `body` those of the
        body that are called as a parameter here.
        """
        seq = 1 + sum(1 for village, of, _ in self.lines if (village, of) == (self.village, log))
        private = self._keep(log, seq, written({"name": text}).decode()) if text is not None else None
        version = body.pop("kv", 1)
        others = {"village": self.village, "log": log, "turn": turn or seq, "kv": version, "private": private}
        further = dict(head or {})
        body |= further.pop("body", {})
        others |= further
        self.lines[self.village, log, seq] = fact(seq, kind, body, **others)
        return entity(log, seq)

    def _keep(self, log: int, seq: int, text: str) -> str:
        place = {"village": self.village, "log": log, "seq": seq}
        self.texts.append(written(place | {"salt": SALT.hex(), "text": text}))
        return hashlib.sha256(SALT + text.encode()).hexdigest()

    def file(self) -> bytes:
        """NAME.lines."""
        return file_of(self.lines[key] for key in sorted(self.lines))

    def private(self) -> bytes:
        """NAME.private."""
        return file_of(self.texts)
