"""Day cells: the spellings of a village office, serial days, and no year of two digits."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.sheets.day_cell import read_day, read_year
from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.problem import Fault, Found
from tests.kiosk.sheets.test_number_cell import ANY_CELL

ON = date(2027, 5, 31)
SPELLINGS = [
    "{0}.{1}.{2}",
    "{0}-{1}-{2}",
    "{0}/{1}/{2}",
    "{0}年{1}月{2}日",
    "{0}年{1}月{2}号",
    "{0}{1:02}{2:02}",
    "{0}-{1:02}-{2:02}",
    " {0} 年 {1} 月 {2} 日 ",
    "{0}-{1:02}-{2:02} 00:00:00",
]


@pytest.mark.parametrize(
    "cell",
    [
        ON,
        datetime(2027, 5, 31, 8, 30),  # noqa: DTZ001 because calamine gives naive ones
        46538,
        46538.0,
        46538.5,
        "46538",
        20270531,
        "２０２７．５．３１",
        "２０２７年５月３１日",
    ],
)
def test_a_day_is_read_when_it_is_a_date_a_serial_or_wide(cell: Cell) -> None:
    """A real date, a serial day, eight digits and full-width digits are the same day."""
    assert read_day(cell) == Found("2027-05-31")


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)), st.sampled_from(SPELLINGS), st.booleans())
def test_every_spelling_gives_the_same_day_when_typed(day: date, spelling: str, wide: bool) -> None:  # noqa: FBT001 because Hypothesis draws the width of digits
    """Points, dashes, strokes, signs and eight digits, narrow or wide."""
    text = spelling.format(day.year, day.month, day.day)
    typed = (
        text.translate(str.maketrans("0123456789.-/", "０１２３４５６７８９．－／"))
        if wide and ":" not in text
        else text
    )
    assert read_day(typed) == Found(day.isoformat())
    assert read_year(typed) == Found(day.year)


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_a_serial_gives_its_day_when_a_date_lost_its_format(day: date) -> None:
    """Serials count from 1899-12-30."""
    assert read_day(float((day - date(1899, 12, 30)).days)) == Found(day.isoformat())


@pytest.mark.parametrize("cell", ["2027.2", "2027-02", "2027年2月", "202702", 202702])
def test_a_month_is_its_last_day_with_a_note_when_no_day_is_printed(cell: Cell) -> None:
    """Packs often name only a month; goods keep until its end."""
    assert read_day(cell) == Found("2027-02-28", Fault.DAY_MONTH_ONLY)


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("1965", 1965),
        (1965, 1965),
        (1965.0, 1965),
        ("1965年", 1965),
        ("1965.3", 1965),
        (1965.03, 1965),
        ("196503", 1965),
        ("１９６５年３月１２日", 1965),
        (date(1965, 3, 12), 1965),
        (19650312, 1965),
        (23813, 1965),
    ],
)
def test_a_year_is_read_when_a_birth_is_written_any_way(cell: Cell, year: int) -> None:
    """Of a birth the year is taken and nothing else comes back."""
    assert read_year(cell) == Found(year)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("65.3.12", Fault.DAY_TWO_DIGIT_YEAR),
        ("65年3月", Fault.DAY_TWO_DIGIT_YEAR),
        ("88年", Fault.DAY_TWO_DIGIT_YEAR),
        ("27/5/31", Fault.DAY_TWO_DIGIT_YEAR),
        ("5/31/27", Fault.DAY_TWO_DIGIT_YEAR),
        ("650312", Fault.DAY_TWO_DIGIT_YEAR),
        ("65", Fault.DAY_TWO_DIGIT_YEAR),
        (65, Fault.DAY_TWO_DIGIT_YEAR),
        ("2027-13-01", Fault.DAY_IMPOSSIBLE),
        ("2027-02-30", Fault.DAY_IMPOSSIBLE),
        ("2027-00-10", Fault.DAY_IMPOSSIBLE),
        ("20270231", Fault.DAY_IMPOSSIBLE),
        ("1865-03-12", Fault.YEAR_OUT_OF_RANGE),
        ("2165", Fault.YEAR_OUT_OF_RANGE),
        (date(1865, 3, 12), Fault.YEAR_OUT_OF_RANGE),
        ("五月初三", Fault.DAY_UNREADABLE),
        ("明年", Fault.DAY_UNREADABLE),
        ("31/05/2027", Fault.DAY_UNREADABLE),
        ("2027½", Fault.DAY_UNREADABLE),
        ("3e4", Fault.DAY_UNREADABLE),
        (-5.0, Fault.DAY_UNREADABLE),
        (float("nan"), Fault.DAY_UNREADABLE),
        (1e300, Fault.DAY_UNREADABLE),
        (True, Fault.DAY_UNREADABLE),
        (time(3, 12), Fault.DAY_UNREADABLE),
        (timedelta(days=2), Fault.DAY_UNREADABLE),
        (ErrorCell("#VALUE!"), Fault.CELL_ERROR),
    ],
)
def test_a_day_is_refused_when_it_would_be_a_guess(cell: Cell, fault: Fault) -> None:
    """Two-digit years, days that do not exist and words are faults for days and for years."""
    assert read_day(cell) is fault
    assert read_year(cell) is fault


@pytest.mark.parametrize("cell", ["2027", 2027, 2027.1])
def test_a_best_before_is_refused_when_its_month_is_not_sure(cell: Cell) -> None:
    """The number 2027.1 may be January or October, and a year alone is no day."""
    assert read_day(cell) is Fault.DAY_INCOMPLETE


@given(ANY_CELL)
def test_a_day_cell_never_raises_when_anything_is_typed(cell: Cell) -> None:
    """Whatever stands in a cell is a day of four year digits or a fault."""
    found = read_day(cell)
    assert isinstance(found, Fault) or date.fromisoformat(found.value).year >= 1900
    year = read_year(cell)
    assert isinstance(year, Fault) or 1900 <= year.value <= 2100
