"""Wrapping and alignment by display width."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.paper.elements import NARROW, WIDE, Align, Big, Cell, Code128, Cut, Feed, Row, Rule, Text, pair, priced
from kiosk.paper.layout import lines_of, text_slip, wrap
from kiosk.paper.width import Measure, columns_of, on_paper, on_screen, plain

if TYPE_CHECKING:
    from kiosk.paper.elements import Element

WORDS = st.text(st.sampled_from("王明食盐，。（）【】·×—a1 .-𠮷㐂*"), max_size=60)


@given(WORDS, st.integers(2, 48))
def test_no_line_is_too_wide_and_nothing_is_lost_when_text_wraps(text: str, columns: int) -> None:
    """Wrapping never splits a character of two columns, never overflows and drops nothing but spaces."""
    lines = wrap(text, columns, on_paper)
    assert max(columns_of(line, on_paper) for line in lines) <= columns
    assert "".join(lines).replace(" ", "") == plain(text).replace(" ", "")


def test_a_wide_character_goes_to_the_next_line_when_one_column_is_left() -> None:
    """An odd width leaves its last column empty."""
    assert wrap("王小明家", 5, on_paper) == ["王小", "明家"]


def test_closing_punctuation_takes_a_character_along_when_it_would_begin_a_line() -> None:
    """A line never begins with a full stop or a closing bracket."""
    assert wrap("食盐大米。好", 8, on_paper) == ["食盐大", "米。好"]


def test_a_latin_word_stays_whole_when_it_fits_on_a_line() -> None:
    """Words break at spaces, and only a word longer than the line is cut."""
    assert wrap("points shop redemption", 12, on_paper) == ["points shop", "redemption"]
    assert wrap("0123-1-001204", 8, on_paper) == ["0123-1-0", "01204"]


def test_a_masked_name_stays_whole_when_it_does_not_fit_beside_the_house() -> None:
    """Half a name at the end of a line and half of it below is nobody's."""
    assert wrap("group 3, house 12 王*明", 21, on_paper) == ["group 3, house 12", "王*明"]
    assert wrap("欧阳**", 4, on_paper) == ["欧", "阳**"]


def test_a_figure_stays_whole_when_the_goods_beside_it_have_a_long_name() -> None:
    """Points that go on below in pieces are read as other points."""
    row = priced("金穗非转基因大豆油5升装家庭实惠装 1桶", "12345.5")
    assert lines_of(row, NARROW, on_paper) == ["金穗非转基因大豆油5升装  12345.5", "家庭实惠装 1桶"]


@pytest.mark.parametrize("measure", [on_paper, on_screen])
@pytest.mark.parametrize("columns", [NARROW, WIDE])
def test_right_edges_meet_when_rows_hold_ambiguous_punctuation(columns: int, measure: Measure) -> None:
    """The middle dot of a name is two columns on paper and one on the screen; either way the figures stay in line."""
    rows = [pair("住户", "阿依古丽·买买提"), pair("合计", "42.5"), pair("单号", "0123-1-001204")]
    assert {columns_of(lines_of(row, columns, measure)[0], measure) for row in rows} == {columns}


def test_a_long_cell_goes_on_below_itself_when_it_wraps() -> None:
    """The figures stand on the first line and the name goes on under the name."""
    row = Row((Cell("金穗非转基因大豆油"), Cell("x2", Align.RIGHT, 4), Cell("120.5", Align.RIGHT, 7)))
    assert lines_of(row, 24, on_paper) == ["金穗非转基    x2   120.5", "因大豆油"]


def test_big_text_is_measured_by_half_when_it_is_laid_out() -> None:
    """Sixteen columns of double width fill a narrow roll."""
    assert lines_of(Big("青山村积分超市兑换点"), NARROW, on_paper) == ["青山村积分超市兑", "      换点"]


def test_every_element_has_its_text_when_shown_on_a_screen() -> None:
    """The text of a slip keeps order, feeds and the digits of a barcode, and drops spaces at line ends."""
    elements: list[Element] = [
        Big("青"),
        Text("小票", Align.CENTRE),
        Feed(2),
        Rule(),
        Text("右", Align.RIGHT),
        Code128("28012345"),
        Cut(),
    ]
    middle, rule = " " * 15 + "青\n" + " " * 14 + "小票\n\n\n", "-" * 32 + "\n"
    assert text_slip(elements, NARROW) == f"{middle}{rule}{' ' * 30}右\n{' ' * 11}2801 2345\n"


@pytest.mark.parametrize("digits", ["123", "", "12a4", "１２"])
def test_a_barcode_is_refused_when_it_is_no_even_count_of_digits(digits: str) -> None:
    """Only pairs of ASCII digits make the narrow form of Code 128."""
    with pytest.raises(ValueError, match="even count"):
        Code128(digits)
