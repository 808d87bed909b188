"""A row of a published file, what is wrong with one, and what became of the file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from county.county_log import CountyLog
from db.journal import COMMON_VILLAGE

ALL: Final = "all"
LARGEST_VILLAGE: Final = 9_998
LONGEST_WORDS: Final = 60


class RowError(ValueError):
    """One thing in a file that cannot be: a sentence that names the table and the row and says what to do."""


class PublishError(ValueError):
    """A file that cannot be published: a sentence a line for everything that is wrong. Nothing of it is said."""

    def __init__(self, faults: Sequence[RowError]) -> None:
        """Put the sentences below each other."""
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Published:
    """What a file changed, by what it is called in `county/publish`; what is not there is 0. The same file: nothing."""

    counts: Mapping[str, int]

    def __getitem__(self, name: str) -> int:
        """Return how many of something were said."""
        return self.counts.get(name, 0)

    def __str__(self) -> str:
        """Return what was said, in words."""
        said = [f"{count} {name}" for name, count in self.counts.items() if count]
        return ", ".join(said) or "nothing new"


@dataclass(frozen=True)
class Row:
    """A row as the file has it: its table, its number from 1, its values; `folder` is where the file lies."""

    table: str
    number: int
    values: Any
    folder: Path

    def wrong(self, sentence: str) -> RowError:
        """Return what is wrong with this row."""
        return RowError(f"[[{self.table}]] row {self.number}: {sentence}.")

    def require_fields(self, *fields: str) -> None:
        """Raise RowError unless the row says these fields and nothing else."""
        if not isinstance(self.values, Mapping) or set(self.values) != set(fields):
            raise self.wrong(f"it must say {', '.join(fields)} and nothing else")

    def text(self, field: str, longest: int = LONGEST_WORDS) -> str:
        """Return a text of one line, without spaces around it. Raises RowError."""
        value = self.values[field]
        if not isinstance(value, str) or not re.fullmatch(rf"[^\r\n\0]{{1,{longest}}}", value.strip()):
            raise self.wrong(f"{field} must be a text in quotes, of one line and at most {longest} characters")
        return value.strip()

    def day(self, field: str) -> str:
        """Return a day as ISO text. Raises RowError."""
        try:
            return date.fromisoformat(str(self.values[field])).isoformat()
        except ValueError as error:
            raise self.wrong(f"{field} must be a day like 2026-12-01") from error

    def village(self, *, may_be_all: bool) -> int:
        """Return the number of a village, 0 for all. Raises RowError."""
        value = self.values["village"]
        if may_be_all and value == ALL:
            return COMMON_VILLAGE
        digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not re.fullmatch(r"[0-9]{1,4}", digits) or not 1 <= int(digits) <= LARGEST_VILLAGE:
            other = f', or "{ALL}"' if may_be_all else ""
            raise self.wrong(f'village must be a number like "0123"{other}')
        return int(digits)


class Entry(Protocol):
    """A checked row: to which village it is said (0 is all), and how."""

    @property
    def row(self) -> Row:
        """Where it stands."""

    @property
    def village(self) -> int:
        """To whom it is said."""

    def say(self, log: CountyLog) -> Mapping[str, int]:
        """Say it where it is not held yet, and return what was said, by name. Raises RowError."""
