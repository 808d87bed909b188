"""The words of ``headings.toml``: what a heading means, which columns are never read, what the words in cells mean."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kiosk.sheets.rows import SheetKind

_FILE: Final = Path(__file__).with_name("headings.toml")
_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_INVISIBLE: Final = re.compile(r"[\s\u00a0\u200b-\u200f\u2060\ufeff\u00ad*]+")


@dataclass(frozen=True)
class Vocabulary:
    """What one kind of sheet calls its columns; every word is in the form that ``plain`` gives."""

    kind: SheetKind
    required: tuple[str, ...]
    fields: Mapping[str, str]
    first_words: Mapping[str, str]
    forbidden: tuple[str, ...]
    needless: frozenset[str]
    totals: frozenset[str]
    remarks: tuple[str, ...]
    examples: tuple[str, ...]

    def field_of(self, heading: str) -> str | None:
        """Name the field that a heading stands for, or None."""
        return self.fields.get(plain(heading)) or self.fields.get(without_brackets(heading))

    def is_forbidden(self, heading: str) -> bool:
        """Say whether a column holds what this project never reads: identity, telephone, wage, health, bank."""
        text = plain(heading)
        return any(word in text for word in self.forbidden)

    def is_needless(self, heading: str) -> bool:
        """Say whether a column is known and not needed."""
        return plain(heading) in self.needless or without_brackets(heading) in self.needless


def plain(text: str) -> str:
    """Bring a heading or a cell word to the form that words are compared in: NFKC, no spaces, lower case."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()


def without_brackets(text: str) -> str:
    """Compare a heading without what stands in brackets: ``分值（分）`` is 分值."""
    return _BRACKETED.sub("", plain(text))


@cache
def vocabulary(kind: SheetKind) -> Vocabulary:
    """Give the words for one kind of sheet; the file is read at the first call."""
    tables = _tables()
    words: dict[str, list[str]] = tables[kind.value]["words"]
    return Vocabulary(
        kind=kind,
        required=tuple(tables[kind.value]["required"]),
        fields={plain(word): field for field, synonyms in words.items() for word in synonyms},
        first_words={field: synonyms[0] for field, synonyms in words.items()},
        forbidden=tuple(plain(word) for word in tables["forbidden"]),
        needless=frozenset(plain(word) for word in tables["needless"]),
        totals=frozenset(plain(word) for word in tables["total_words"]),
        remarks=tuple(plain(word) for word in tables["remark_words"]),
        examples=tuple(plain(word) for word in tables["example_words"]),
    )


@cache
def meanings(name: str) -> Mapping[str, str]:
    """Give what cell words mean for one table of values (sex, standing, class, head): ``{"男": "m"}``."""
    table: dict[str, list[str]] = _tables()["values"][name]
    return {plain(word): meaning for meaning, words in table.items() for word in words}


@cache
def unit_grams() -> Mapping[str, int]:
    """Give the units by weight with their grams."""
    grams: dict[str, int] = _tables()["grams"]
    return grams


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))
