"""The glossary: what it calls in use stands in the code, and only families that exist have words."""

import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from db.facts import FAMILIES
from tests.architecture.tree import ROOT, project_files, python_files, text_of

PAGE = Path("docs/glossary.md")
COLUMNS = 5
STATES = ("in use", "later")
WORD_IN_QUOTES = re.compile(r"""["'][a-z_]+["']""")
CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def rows() -> list[list[str]]:
    """The rows of the table: Chinese, English, identifier, family, state."""
    lines = (ROOT / PAGE).read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return cells[2:]


@cache
def names() -> str:
    """Every name in the code, every single word in quotes, and the keys of the rules, one a line; no prose."""
    found: set[str] = set()
    for path in python_files("kiosk", "db"):
        for token in tokenize.generate_tokens(io.StringIO(text_of(path)).readline):
            if token.type == tokenize.NAME or WORD_IN_QUOTES.fullmatch(token.string):
                found.add(CAPITAL.sub("_", token.string.strip("\"'")).lower())
    for path in project_files():
        if path.parts[:2] == ("db", "rules") and path.suffix == ".toml":
            found.update(re.findall(r"^\W*(\w+)", text_of(path), re.MULTILINE))
    return "\n".join(sorted(found))


def stands_in_code(identifier: str) -> bool:
    """Whether a name of the code is the identifier, its plural, or is built with it."""
    return re.search(rf"(?<![a-z]){re.escape(identifier)}s?(?![a-z])", names()) is not None


def test_every_row_is_whole_when_a_word_is_added() -> None:
    """Both languages, an identifier, a family that exists, a known state."""
    wrong = [
        row for row in rows() if len(row) != COLUMNS or not all(row) or row[3] not in FAMILIES or row[4] not in STATES
    ]
    assert wrong == []
    assert len(rows()) > 50


@pytest.mark.parametrize("column", [0, 1, 2])
def test_no_word_stands_for_two_things_when_a_word_is_added(column: int) -> None:
    """One word for one thing, in each of the three tongues."""
    words = [row[column] for row in rows()]
    assert [word for word in words if words.count(word) > 1] == []


def test_every_word_in_use_stands_in_the_code_when_it_is_renamed() -> None:
    """Whoever renames a thing renames it here as well."""
    assert [row[2] for row in rows() if row[4] == "in use" and not stands_in_code(row[2])] == []


def test_no_word_kept_for_later_stands_in_the_code_when_it_comes_into_use() -> None:
    """Whoever brings a thing to life says so here."""
    assert [row[2] for row in rows() if row[4] == "later" and stands_in_code(row[2])] == []


def test_a_word_is_missed_when_it_is_not_there() -> None:
    """The search finds whole words and plurals, and nothing inside another word."""
    assert stands_in_code("household")
    assert not stands_in_code("househol")
    assert not stands_in_code("nonsense_word_of_nobody")
