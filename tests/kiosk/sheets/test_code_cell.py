"""Code cells: zeros come back only where the check digit proves them, and no digit is ever guessed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import ean

from kiosk.codes import CodeType, mint
from kiosk.sheets.code_cell import read_card, read_goods_codes, weighed_code
from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.problem import Fault, Found
from tests.kiosk.sheets.test_number_cell import ANY_CELL

SALT = "06990103300302"


@pytest.mark.parametrize(
    "cell",
    [
        "6990103300302",
        6990103300302.0,
        6990103300302,
        "'6990103300302",
        " 6990103300302\r",
        "６９９０１０３３００３０２",
        "699 0103 300302",
        "699-0103-300302",
        "6990103300302.0",
        "06990103300302",
        "\u200b6990103300302\ufeff",
    ],
)
def test_a_barcode_becomes_fourteen_digits_when_its_check_digit_is_right(cell: Cell) -> None:
    """Number or text, wide or spaced: one code."""
    assert read_goods_codes(cell) == Found((SALT,))


def test_several_codes_are_read_when_one_cell_holds_them() -> None:
    """Goods may carry two barcodes; one named twice counts once."""
    assert read_goods_codes("6990103300302、6990101100102\n06990103300302") == Found((SALT, "06990101100102"))


@pytest.mark.parametrize(
    ("cell", "code"),
    [(12345678905.0, "00012345678905"), ("12345678905", "00012345678905"), (1234565.0, "00000001234565")],
)
def test_lost_zeros_come_back_with_a_note_when_the_check_digit_proves_them(cell: Cell, code: str) -> None:
    """A UPC or EAN-8 that Excel shortened is whole again."""
    assert read_goods_codes(cell) == Found((code,), Fault.CODE_ZEROS_RESTORED)


@pytest.mark.parametrize(("cell", "code"), [("00042", "00042"), ("7", "7"), ("000042", "000042")])
def test_a_short_in_store_number_stays_as_typed_when_it_is_text(cell: Cell, code: str) -> None:
    """Numbers without a check digit keep their zeros."""
    assert read_goods_codes(cell) == Found((code,))


def test_the_label_of_a_weighed_pack_names_its_goods_when_listed() -> None:
    """The weight inside the code is left out, and the item number gives the same goods."""
    read = read_goods_codes("2100042007505")
    assert isinstance(read, Found)
    assert read.note is Fault.CODE_OF_ONE_PACK
    assert read.value == (weighed_code("00042"),)
    assert read_goods_codes(weighed_code("00042")) == Found((weighed_code("00042"),))


def test_an_in_store_code_is_read_when_its_weight_is_fixed() -> None:
    """Codes that the shop gave itself are barcodes like any other."""
    assert read_goods_codes("2500010000178") == Found(("02500010000178",))


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("6990103300303", Fault.CODE_CHECK_DIGIT),
        (6990103300303.0, Fault.CODE_CHECK_DIGIT),
        ("699010330030", Fault.CODE_CHECK_DIGIT),
        ("0000000000000", Fault.CODE_CHECK_DIGIT),
        (12345678901234567890.0, Fault.LONG_NUMBER),
        (1234567890123456.0, Fault.LONG_NUMBER),
        ("6.99E+12", Fault.NUMBER_SCIENTIFIC),
        ("6.99e12", Fault.NUMBER_SCIENTIFIC),
        (42.0, Fault.CODE_ZEROS_LOST),
        ("42.0", Fault.CODE_ZEROS_LOST),
        ("123456789012345", Fault.CODE_LENGTH),
        ("YL-001", Fault.CODE_UNREADABLE),
        ("无", Fault.CODE_UNREADABLE),
        ("/", Fault.CODE_UNREADABLE),
        ("699010330030²", Fault.CODE_UNREADABLE),
        (-6990103300302.0, Fault.CODE_UNREADABLE),
        (0.5, Fault.CODE_UNREADABLE),
        (float("nan"), Fault.CODE_UNREADABLE),
        (True, Fault.CODE_UNREADABLE),
        (ErrorCell("#REF!"), Fault.CELL_ERROR),
    ],
)
def test_a_code_is_refused_when_digits_are_lost_or_wrong(cell: Cell, fault: Fault) -> None:
    """What cannot be proven is typed again by a person."""
    assert read_goods_codes(cell) is fault


@given(ANY_CELL)
def test_a_code_cell_never_raises_when_anything_is_typed(cell: Cell) -> None:
    """Whatever stands in a cell is codes of digits or a fault."""
    found = read_goods_codes(cell)
    assert isinstance(found, Fault) or all(code.isascii() and code.isdigit() for code in found.value)
    card = read_card(cell)
    assert isinstance(card, Fault) or card.value.isdigit()


@given(st.integers(10**11, 10**12 - 1))
def test_no_digit_is_lost_when_a_barcode_is_a_number_or_a_text(body: int) -> None:
    """Every EAN-13 is the same goods from a number cell and from a text cell, all digits in place."""
    code = f"{body}{ean.calc_check_digit(str(body))}"
    assume(not code.startswith("21"))
    assert read_goods_codes(code) == read_goods_codes(float(code)) == Found((code.zfill(14),))


@given(st.integers(10**12, 10**13 - 1))
def test_a_mistyped_digit_is_found_when_one_is_changed(number: int) -> None:
    """Only one of ten last digits is accepted."""
    good = [digit for digit in range(10) if isinstance(read_goods_codes(f"{number // 10}{digit}"), Found)]
    assert len(good) == 1


def test_a_card_is_read_when_its_check_holds() -> None:
    """A card of our own is proven by ISO 7064; a certificate of eight digits is taken as it is."""
    card = mint(CodeType.PERSON, 123, lambda count: bytes(range(count)))
    assert read_card(card) == Found(card)
    assert read_card(f" {card[:4]} {card[4:]}") == Found(card)
    assert read_card("02010001") == Found("02010001")


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("2601230000000000", Fault.CARD_CHECK),
        (2601230000000012.0, Fault.LONG_NUMBER),
        ("110101196503120011", Fault.PERSONAL_NUMBER),
        ("11010119650312001X", Fault.CODE_UNREADABLE),
        ("13900000000", Fault.PERSONAL_NUMBER),
        (13900000000.0, Fault.PERSONAL_NUMBER),
        ("123", Fault.CODE_LENGTH),
        ("02010001、02010002", Fault.CODE_UNREADABLE),
    ],
)
def test_a_card_is_refused_when_it_is_wrong_or_private(cell: Cell, fault: Fault) -> None:
    """An identity or telephone number in the column of cards is never taken for one."""
    assert read_card(cell) is fault


def test_a_household_card_is_refused_when_a_member_should_have_one() -> None:
    """A member signs in with a card of their own."""
    card = mint(CodeType.HOUSEHOLD, 123, lambda count: bytes(range(count)))
    assert read_card(card) is Fault.CARD_CHECK
