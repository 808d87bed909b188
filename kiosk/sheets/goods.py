"""Builds kinds of goods from rows: prices in hundredths of a point, costs in fen, stock in pieces or grams."""

from collections.abc import Callable

from kiosk.sheets.code_cell import read_goods_codes, weighed_code
from kiosk.sheets.day_cell import read_day
from kiosk.sheets.grid import Cell
from kiosk.sheets.number_cell import read_count, read_fen, read_grams, read_points
from kiosk.sheets.problem import Fault, Found
from kiosk.sheets.row_reader import RowReader
from kiosk.sheets.rows import GoodsRow
from kiosk.sheets.text_cell import read_label
from kiosk.sheets.vocabulary import plain, unit_grams


def goods_row(reader: RowReader) -> GoodsRow | None:
    """Build a kind of goods; a unit by weight makes stock and monthly limit weights."""
    codes = reader.need("code", read_goods_codes)
    name = reader.need("name", read_label)
    price = reader.need("price", read_points)
    spec = reader.take("spec", read_label) or ""
    unit = reader.take("unit", read_label) or ""
    grams = unit_grams().get(plain(unit))
    stock = reader.take("stock", _quantity_reader(grams))
    best_before = reader.take("best_before", read_day)
    limit = reader.take("limit", _quantity_reader(grams))
    cost = reader.take("cost", read_fen)
    if codes is None or name is None or price is None or reader.is_refused:
        return None
    if grams is not None:
        codes = tuple(weighed_code(code) for code in codes)
    return GoodsRow(reader.where, codes, name, price, spec, unit, grams, stock, best_before, limit, cost)


def _quantity_reader(grams: int | None) -> Callable[[Cell], Found[int] | Fault]:
    return read_count if grams is None else lambda cell: read_grams(cell, grams)
