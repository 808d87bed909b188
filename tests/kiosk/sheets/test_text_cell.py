"""Names and short texts: trimmed, kept as typed, and refused where a character was lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.problem import Fault, Found
from kiosk.sheets.text_cell import read_label, read_name, read_reference, read_word, split_namesake
from tests.kiosk.sheets.test_number_cell import ANY_CELL


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("罗秋生", "罗秋生"),
        ("  罗秋生 ", "罗秋生"),
        ("\u3000罗秋生\u3000", "罗秋生"),
        ("\u200b罗秋\u200d生\ufeff", "罗秋生"),
        ("\u00a0罗秋生\r\n", "罗秋生"),
        ("石𫖯", "石𫖯"),
        ("阮𠮷", "阮𠮷"),
        ("㐂䶮〇", "㐂䶮〇"),
        ("木朵·阿禾", "木朵·阿禾"),
        ("木朵•阿禾", "木朵•阿禾"),
        ("㈱田", "㈱田"),
        ("阿禾 云岭", "阿禾 云岭"),
    ],
)
def test_a_name_is_only_trimmed_when_read(cell: str, name: str) -> None:
    """Rare characters, middle dots and compatibility forms stay as typed; blanks and invisible marks go."""
    assert read_name(cell) == Found(name)


@pytest.mark.parametrize("cell", ["潘 禾", "潘\u3000禾", "潘\u00a0\u3000禾 "])
def test_blanks_inside_are_removed_with_a_note_when_a_name_has_two_characters(cell: str) -> None:
    """Short names are stretched for looks in most rosters."""
    assert read_name(cell) == Found("潘禾", Fault.NAME_SPACES_REMOVED)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("罗?生", Fault.NAME_BROKEN),
        ("罗？生", Fault.NAME_BROKEN),
        ("罗\ufffd生", Fault.NAME_BROKEN),
        ("罗\ue863生", Fault.NAME_BROKEN),
        ("罗□生", Fault.NAME_BROKEN),
        ("罗\x07生", Fault.NAME_BROKEN),
        ("罗秋生2", Fault.NAME_HAS_DIGITS),
        ("罗秋生２", Fault.NAME_HAS_DIGITS),
        ("罗秋生②", Fault.NAME_HAS_DIGITS),
        ("罗秋生（大）", Fault.NAME_HAS_BRACKETS),
        ("罗" * 61, Fault.TEXT_TOO_LONG),
        (12.0, Fault.NAME_NOT_TEXT),
        (True, Fault.NAME_NOT_TEXT),
        (date(2026, 3, 12), Fault.CELL_IS_DATE),
        (ErrorCell("#NAME?"), Fault.CELL_ERROR),
    ],
)
def test_a_name_is_refused_when_part_of_it_is_lost_or_no_name(cell: Cell, fault: Fault) -> None:
    """A question mark or a private character stands for a rare one that did not survive."""
    assert read_name(cell) is fault


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("罗秋生（2）", ("罗秋生", 2)),
        (" 罗秋生(２) ", ("罗秋生", 2)),
        ("罗秋生", ("罗秋生", 0)),
        ("罗秋生（大）", ("罗秋生（大）", 0)),
        (7.0, (7.0, 0)),
    ],
)
def test_a_number_in_brackets_tells_namesakes_apart_when_behind_a_name(cell: Cell, parts: tuple[Cell, int]) -> None:
    """Villages write 罗秋生（2） for the second of two."""
    assert split_namesake(cell) == parts


@pytest.mark.parametrize(
    ("cell", "label"), [(" 400 克 ", "400 克"), (500.0, "500"), (1.5, "1.5"), ("=1+1", "=1+1"), ("小\u200b袋", "小袋")]
)
def test_a_label_keeps_what_was_typed_when_read(cell: Cell, label: str) -> None:
    """Sizes and units may be words or numbers; nothing is computed."""
    assert read_label(cell) == Found(label)


@pytest.mark.parametrize(
    ("cell", "reference"),
    [("ＹＬ－０３１２", "YL-0312"), (" YL 0312\u200b", "YL0312"), ("0007", "0007"), (312.0, "312")],
)
def test_a_paper_number_is_folded_when_typed_wide(cell: Cell, reference: str) -> None:
    """The number of a passbook compares equal however it was typed, and keeps its zeros where they are text."""
    assert read_reference(cell) == Found(reference)


def test_a_paper_number_is_refused_when_it_lost_digits_as_a_number() -> None:
    """Excel keeps fifteen digits of a number."""
    assert read_reference(1234567890123456.0) is Fault.LONG_NUMBER
    assert read_label(1234567890123456.0) is Fault.LONG_NUMBER


@pytest.mark.parametrize(
    "cell", ["52010119540312001X", "13900000000", "139 0000 0000", 13900000000.0, "户52010119540312001X"]
)
def test_a_paper_number_is_refused_when_it_is_private(cell: Cell) -> None:
    """The number of a passbook is kept for ever, an identity number never."""
    assert read_reference(cell) is Fault.PERSONAL_NUMBER


def test_a_word_is_understood_or_refused_when_it_comes_from_a_list() -> None:
    """A closed list gives meanings and nothing else."""
    words = {"男": "m", "女": "f"}
    assert read_word(" 男\u3000", words) == Found("m")
    assert read_word("不详", words) is Fault.WORD_UNKNOWN
    assert read_word(1.0, words) is Fault.WORD_UNKNOWN


@given(ANY_CELL)
def test_a_text_cell_never_raises_when_anything_is_typed(cell: Cell) -> None:
    """Whatever stands in a cell is a text of bounded length or a fault."""
    for read in (read_name, read_label, read_reference):
        found = read(cell)
        assert isinstance(found, Fault) or len(found.value) <= 64
    split_namesake(cell)


@given(
    st.text(st.characters(categories=["Lo"], exclude_characters="\u115f\u1160\u3164\uffa0"), min_size=3, max_size=20)
)
def test_no_character_is_changed_when_a_name_is_all_letters(name: str) -> None:
    """A name of letters comes back as those very code points."""
    assert read_name(name) == Found(name)
