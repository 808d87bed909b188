"""Schemes: a file that is one, of the shape of `db/rules/schemes`, or one named by `[[schemes]] file`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from county.county_log import CountyLog
from county.publish.entry import Entry, Row, RowError
from db.journal import COMMON_VILLAGE
from db.scheme_file import SchemeFile, SchemeFileError, parse_scheme, read_scheme
from db.schemes import scheme_change

SCHEME_KEYS: Final = frozenset({"code", "audience", "from_day", "zh", "en", "rules", "earn_item", "deduct_item"})
"""What stands at the top of a scheme; a file that has any of it is one."""
LOADED: Final = "schemes"
ITEMS: Final = "items of schemes"
SENTENCES: Final[Mapping[str, str]] = {
    "scheme_file_absent": "there is no file {file}; name it as it lies beside this one",
    "scheme_unreadable": "{file} cannot be read: {detail}",
    "scheme_key_unknown": "{place} says {key}, which no scheme says; leave it out",
    "scheme_key_missing": "{place} does not say {key}; add it",
    "scheme_value_wrong": "{place} says {value} for {key}, which cannot be",
    "scheme_item_twice": "{place} stands there twice; keep one",
    "scheme_points_sign": "{place} has {points} hundredths; what earns is above zero, what costs below",
    "scheme_day_goes_back": "it holds from {day}, but was published from {latest} on before; name a later day",
}


@dataclass(frozen=True)
class SchemeEntry:
    """A scheme for all villages, from the day its file states."""

    row: Row
    file: SchemeFile
    village: int = COMMON_VILLAGE

    def say(self, log: CountyLog) -> Mapping[str, int]:
        """Set what differs from what is in force, end what is not there any more, and say that it was loaded."""
        try:
            change = scheme_change(log.connection, log.village, self.file, self.file.head.from_day)
        except SchemeFileError as error:
            raise _fault(self.row, error) from error
        for body in change.bodies:
            log.say(body)
        return Counter({LOADED: int(bool(change.bodies)), ITEMS: change.changed + change.ended})


def read_named_scheme(row: Row) -> Entry:
    """Return the scheme in the file that a row names. Raises RowError."""
    row.require_fields("file")
    named = row.text("file", 200)
    try:
        return SchemeEntry(row, read_scheme(row.folder / named))
    except SchemeFileError as error:
        raise _fault(row, error) from error


def read_own_scheme(name: str, content: bytes, said: Mapping[str, Any]) -> Entry:
    """Return the scheme that a file is itself, whatever tables stand in it besides. Raises RowError."""
    row = Row("schemes", 1, {"file": name}, Path())
    try:
        return SchemeEntry(row, parse_scheme({key: said[key] for key in said.keys() & SCHEME_KEYS}, content))
    except SchemeFileError as error:
        raise _fault(row, error) from error


def _fault(row: Row, error: SchemeFileError) -> RowError:
    return row.wrong(SENTENCES[error.code].format(**error.parameters))
