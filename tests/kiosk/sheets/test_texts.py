"""Texts: every problem has a reason and a next step in both languages, and no text is left over."""

import string

import pytest

from kiosk.locale import LANGUAGES, Texts, read_area
from kiosk.sheets.problem import NOTING, SKIPPING, Fate, Fault, Problem, fate_of
from kiosk.sheets.reasons import explain
from kiosk.sheets.rows import SheetKind
from kiosk.sheets.vocabulary import vocabulary

NAMES = {"sheet", "cell", "raw", "heading", "other"}
OTHER_TABLES = {"kind", "fate", "copy", "template", "heading", "example", "choices"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", list(Fault))
def test_a_problem_has_reason_and_next_step_when_shown(language: str, fault: Fault) -> None:
    """Nobody is left with a code, and a text asks only for what a problem carries."""
    texts = read_area(language, "sheet")
    for part in ("reason", "next"):
        text = texts[f"{fault}.{part}"]
        assert text.strip()
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= NAMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_left_over_when_a_problem_went(language: str) -> None:
    """Every table of the file is a problem or one of the known others."""
    tables = {key.partition(".")[0] for key in read_area(language, "sheet")}
    assert tables == {fault.value for fault in Fault} | OTHER_TABLES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(SheetKind))
def test_every_field_has_heading_and_example_when_a_template_is_written(language: str, kind: SheetKind) -> None:
    """Templates ask for all fields of a kind, in words of the language."""
    texts = Texts(language)
    for field in vocabulary(kind).first_words:
        assert texts.has(f"sheet.heading.{kind}.{field}")
        assert texts.has(f"sheet.example.{kind}.{field}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", list(Fault))
def test_an_explanation_is_a_whole_sentence_when_filled_in(language: str, fault: Fault) -> None:
    """No brace and no key is left in what a person reads."""
    line = explain(Problem("表一", "C7", "两分", fault, fate_of(fault), heading="分值", other="C2"), Texts(language))
    assert not set("{}") & set(line)
    assert not line.startswith("sheet.")
    assert f"{fault}." not in line


def test_every_fault_has_one_fate_when_reported() -> None:
    """Skips and notes are named, all else refuses the row."""
    assert not SKIPPING & NOTING
    assert fate_of(Fault.ROW_TOTAL) is Fate.SKIPPED
    assert fate_of(Fault.NAMESAKE) is Fate.NOTED
    assert fate_of(Fault.CELL_ERROR) is Fate.REFUSED
