"""Bars: columns meet whatever the script, lengths say what the figures say."""

import pytest
from rich.cells import cell_len

from kiosk.screens.widgets.bars import Bar, Picture, Row, draw

WIDTH = 60


def lines(*rows: Row, width: int = WIDTH, full: int | None = None, is_drawn: bool = True) -> list[str]:
    """Draw rows."""
    return [line.plain for line in draw(Picture(rows, full, is_drawn), width)]


def row(label: str, *values: int, detail: str = "") -> Row:
    """A row whose figures are its values."""
    return Row(label, tuple(Bar(value, str(value)) for value in values), detail)


def length(line: str) -> int:
    """How many eighths of a column the bar of a line has."""
    return sum(8 if sign == "█" else "▏▎▍▌▋▊▉".find(sign) + 1 for sign in line if sign in "█▏▎▍▌▋▊▉")


def test_figures_stand_under_each_other_when_labels_are_of_two_scripts() -> None:
    """A Chinese character takes two columns, a rare one of four bytes as well."""
    drawn = lines(row("食盐", 7), row("soap", 1200), row("𠮷祥肥皂", 35), row("·中点", 0))
    assert {cell_len(line.rstrip()) for line in drawn} == {WIDTH}
    assert [line.rstrip().split()[-1] for line in drawn] == ["7", "1200", "35", "0"]


def test_length_is_in_proportion_when_values_differ() -> None:
    """The longest has all the room, half of it half; to an eighth of a column."""
    whole, half, none, little = (length(line) for line in lines(row("a", 800), row("b", 400), row("c", 0), row("d", 1)))
    assert whole % 8 == 0
    assert abs(2 * half - whole) <= 2
    assert (none, little) == (0, 1)


def test_scale_is_what_could_be_when_it_is_given() -> None:
    """Two thirds who came are two thirds of the room, though nobody had more."""
    (line,) = lines(row("会", 66), full=100)
    (all_of_it,) = lines(row("会", 100), full=100)
    assert abs(length(line) / length(all_of_it) - 0.66) < 0.02


def test_two_bars_share_a_scale_when_they_stand_in_one_row() -> None:
    """Issued and redeemed can be compared."""
    (line,) = lines(row("11月", 400, 400))
    left, right = line.split(" 400", 1)
    assert length(left) == length(right) > 0


def test_nothing_is_drawn_when_rows_are_not_to_be_compared() -> None:
    """People stand in their lists with figures alone."""
    assert lines(row("3-12 王明", 2, detail="缺席1"), is_drawn=False) == ["3-12 王明  2  缺席1"]


def test_no_bar_is_drawn_when_a_value_is_below_zero() -> None:
    """A deduction has its figure."""
    assert length(lines(row("加分", 5), row("扣分", -2))[1]) == 0


@pytest.mark.parametrize("width", [30, 40, 74, 114])
def test_no_row_is_wider_than_the_screen_when_a_label_is_long(width: int) -> None:
    """A long name is cut where it can be seen that it was."""
    drawn = lines(row("村民议事会推荐的特别长的奖励项目名称" * 2, 12, detail="3笔"), row("短", 5), width=width)
    assert max(cell_len(line) for line in drawn) <= width
    assert "…" in drawn[0]


def test_a_picture_is_empty_when_there_are_no_rows() -> None:
    """And drawing it is no error."""
    assert lines() == []
    assert lines(row("a", 0), row("b", 0))[0].split() == ["a", "0"]
