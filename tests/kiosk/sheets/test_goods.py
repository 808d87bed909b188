"""Goods: what a row becomes, by the piece and by weight."""

from pathlib import Path

import pytest

from kiosk.sheets.code_cell import weighed_code
from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.rows import GoodsRow, SheetKind
from tests.kiosk.sheets.books import Value, faults, read_rows

SALT: tuple[Value, ...] = ("6990103300302", "食盐", "400克", "袋", "3分", 50, "2028-06-30", 4, "2.00元")


def test_goods_have_integers_only_when_read(tmp_path: Path) -> None:
    """Hundredths of a point, fen, pieces and an ISO day."""
    (row,) = read_rows(tmp_path, SheetKind.GOODS, SALT).goods
    assert row == GoodsRow(row.where, ("06990103300302",), "食盐", 300, "400克", "袋", None, 50, "2028-06-30", 4, 200)


def test_goods_need_code_name_and_price_only_when_read(tmp_path: Path) -> None:
    """What is blank is unknown, not nought."""
    (row,) = read_rows(tmp_path, SheetKind.GOODS, ("6990103300302", "食盐", "", "", 3)).goods
    assert (row.unit, row.stock, row.best_before_on, row.monthly_limit, row.unit_cost_fen) == (
        "",
        None,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(("unit", "stock", "grams"), [("公斤", "12.5", 12_500), ("斤", "3斤", 1500), ("Kg", 2, 2000)])
def test_stock_is_in_grams_when_the_unit_is_a_weight(tmp_path: Path, unit: str, stock: Value, grams: int) -> None:
    """Goods from the fields are weighed; their item number becomes the code that labels carry."""
    (row,) = read_rows(tmp_path, SheetKind.GOODS, ("00042", "土豆", "", unit, 2, stock)).goods
    assert (row.stock, row.codes) == (grams, (weighed_code("00042"),))
    assert row.unit_grams is not None


def test_an_item_number_stays_as_typed_when_goods_are_sold_by_the_piece(tmp_path: Path) -> None:
    """Only what is weighed gets a weighed code."""
    (row,) = read_rows(tmp_path, SheetKind.GOODS, ("00042", "鸡蛋", "", "个", 1, 30)).goods
    assert row.codes == ("00042",)


def test_every_fault_of_goods_is_told_when_a_row_has_several(tmp_path: Path) -> None:
    """Each cell by its address, in one pass."""
    bad: tuple[Value, ...] = ("6990103300303", "", "", "袋", "-3", 1.5, "27.5.31", "１e3", "免费")
    assert faults(read_rows(tmp_path, SheetKind.GOODS, bad), Fate.REFUSED) == [
        ("A2", Fault.CODE_CHECK_DIGIT),
        ("B2", Fault.CELL_MISSING),
        ("E2", Fault.NUMBER_NEGATIVE),
        ("F2", Fault.NUMBER_TOO_FINE),
        ("G2", Fault.DAY_TWO_DIGIT_YEAR),
        ("H2", Fault.NUMBER_SCIENTIFIC),
        ("I2", Fault.NUMBER_UNREADABLE),
    ]
