"""Number cells: what is plainly a number counts exactly, everything else is a fault and nothing is guessed."""

import math
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.number_cell import read_count, read_fen, read_grams, read_points
from kiosk.sheets.problem import Fault, Found

ANY_CELL = st.one_of(
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.builds(ErrorCell, st.text()),
)


@pytest.mark.parametrize(
    ("cell", "hundredths"),
    [
        (10.0, 1000),
        (10, 1000),
        ("10", 1000),
        ("１０", 1000),
        ("10分", 1000),
        (" １０ 分 ", 1000),
        ("10积分", 1000),
        ("\u200b10\ufeff", 1000),
        ("0.5", 50),
        (0.5, 50),
        ("０．５分", 50),
        ("1,000", 100_000),
        ("1，000.25", 100_025),
        ("1,234,567", 123_456_700),
        ("42.50", 4250),
        (0.1 + 0.2, 30),
        (0, 0),
        ("0", 0),
        ("007", 700),
    ],
)
def test_points_come_in_hundredths_when_a_cell_is_plainly_a_number(cell: Cell, hundredths: int) -> None:
    """Ten points are ten points however they are typed, and half points are exact."""
    assert read_points(cell) == Found(hundredths)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("-3", Fault.NUMBER_NEGATIVE),
        ("－3", Fault.NUMBER_NEGATIVE),
        ("−3", Fault.NUMBER_NEGATIVE),
        ("负3", Fault.NUMBER_NEGATIVE),
        ("-0", Fault.NUMBER_NEGATIVE),
        (-0.0, Fault.NUMBER_NEGATIVE),
        (-3, Fault.NUMBER_NEGATIVE),
        ("1e3", Fault.NUMBER_SCIENTIFIC),
        ("１Ｅ３", Fault.NUMBER_SCIENTIFIC),
        ("6.99E+12", Fault.NUMBER_SCIENTIFIC),
        ("0.125", Fault.NUMBER_TOO_FINE),
        (0.125, Fault.NUMBER_TOO_FINE),
        (1e-7, Fault.NUMBER_TOO_FINE),
        ("1,00", Fault.NUMBER_UNREADABLE),
        ("1.000,5", Fault.NUMBER_UNREADABLE),
        ("10²", Fault.NUMBER_UNREADABLE),
        ("½", Fault.NUMBER_UNREADABLE),
        ("①", Fault.NUMBER_UNREADABLE),
        ("十分", Fault.NUMBER_UNREADABLE),
        ("10元", Fault.NUMBER_UNREADABLE),
        ("=1+1", Fault.NUMBER_UNREADABLE),
        ("٣", Fault.NUMBER_UNREADABLE),
        ("10-20", Fault.NUMBER_UNREADABLE),
        (True, Fault.NUMBER_UNREADABLE),
        (math.nan, Fault.NUMBER_UNREADABLE),
        (math.inf, Fault.NUMBER_UNREADABLE),
        ("99999999999999", Fault.NUMBER_TOO_LARGE),
        (1e15, Fault.LONG_NUMBER),
        (date(2026, 3, 12), Fault.CELL_IS_DATE),
        (time(3, 12), Fault.CELL_IS_DATE),
        (timedelta(hours=3), Fault.CELL_IS_DATE),
        (ErrorCell("#N/A"), Fault.CELL_ERROR),
    ],
)
def test_a_cell_is_refused_when_its_number_would_be_a_guess(cell: Cell, fault: Fault) -> None:
    """Minus zero, scientific notation, superscripts and dates never become a number of points."""
    assert read_points(cell) is fault


@pytest.mark.parametrize(("cell", "fen"), [("2.40元", 240), ("¥2.4", 240), ("￥２．４", 240), (118.0, 11800)])
def test_money_comes_in_fen_when_yuan_are_written(cell: Cell, fen: int) -> None:
    """Yuan with sign or unit are integer fen."""
    assert read_fen(cell) == Found(fen)


@pytest.mark.parametrize(("cell", "count"), [("12袋", 12), (12.0, 12), ("12.0", 12), ("1,200 件", 1200), ("4人", 4)])
def test_pieces_are_whole_when_counted(cell: Cell, count: int) -> None:
    """A count may carry its unit."""
    assert read_count(cell) == Found(count)


def test_half_a_piece_is_refused_when_counted() -> None:
    """Pieces have no decimals."""
    assert read_count(12.5) is Fault.NUMBER_TOO_FINE


@pytest.mark.parametrize(
    ("cell", "grams", "weight"),
    [("12.5", 1000, 12_500), ("3斤", 500, 1500), (0.5, 500, 250), ("250 克", 1, 250), ("2kg", 1000, 2000)],
)
def test_a_weight_comes_in_grams_when_the_unit_is_one(cell: Cell, grams: int, weight: int) -> None:
    """Kilograms and jin are integer grams."""
    assert read_grams(cell, grams) == Found(weight)


def test_a_weight_is_refused_when_it_names_another_unit_than_its_column() -> None:
    """Three jin in a column of kilograms are not three kilograms."""
    assert read_grams("3斤", 1000) is Fault.NUMBER_UNREADABLE
    assert read_grams("3公斤", 500) is Fault.NUMBER_UNREADABLE


def test_a_weight_is_refused_when_it_is_finer_than_a_gram() -> None:
    """Half a gram is no stock."""
    assert read_grams("0.0005", 1000) is Fault.NUMBER_TOO_FINE
    assert read_grams("0.001", 500) is Fault.NUMBER_TOO_FINE


@given(ANY_CELL)
def test_a_number_cell_never_raises_when_anything_is_typed(cell: Cell) -> None:
    """Whatever stands in a cell is a number or a fault, never negative, never an error."""
    for read in (read_points, read_fen, read_count):
        found = read(cell)
        assert isinstance(found, Fault) or found.value >= 0


@given(st.integers(0, 10**9), st.sampled_from(["", ".0", ".5", ".05", ".25", ".99"]), st.booleans(), st.booleans())
def test_no_digit_is_lost_when_points_are_typed(whole: int, fraction: str, wide: bool, commas: bool) -> None:  # noqa: FBT001 because Hypothesis draws the two ways of typing
    """The hundredths are exactly those of the decimal that was typed, in any of the spellings."""
    text = (f"{whole:,}" if commas else str(whole)) + fraction
    typed = text.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，")) if wide else text
    assert read_points(typed) == Found(int(Decimal(f"{whole}{fraction}") * 100))


@given(st.integers(0, 10**9))
def test_a_number_cell_equals_its_text_when_both_are_read(hundredths: int) -> None:
    """A float from Excel gives the same points as the text it shows."""
    text = f"{hundredths // 100}.{hundredths % 100:02}"
    assert read_points(float(text)) == read_points(text) == Found(hundredths)
