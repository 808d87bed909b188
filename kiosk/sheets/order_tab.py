"""What to order, as an Excel file to go shopping with."""

from typing import TYPE_CHECKING

from kiosk.sheets.tabs import Tab, quantity_cell, write_tabs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.domain.ordering import Order
    from kiosk.locale import Texts
    from kiosk.sheets.tabs import TabCell

_COLUMNS = ("goods", "unit", "order", "boxes", "per_box", "stock", "used", "wishes")


def write_order(path: "Path", order: "Order", day: str, texts: "Texts") -> None:
    """Write what to order on a day to ``path`` (.xlsx). Raises NotWritable."""
    headings = tuple(texts(f"stock.order.column.{name}") for name in _COLUMNS)
    title = texts("stock.order.file_name", day=day)
    write_tabs(path, [Tab(texts("stock.order.sheet"), title, headings, tuple(_rows(order, texts)))])


def _rows(order: "Order", texts: "Texts") -> "Iterator[tuple[TabCell, ...]]":
    for each in order.proposed:
        goods = each.goods
        unit = texts("report.unit.weighed") if goods.is_weighed else goods.unit
        amounts = (quantity_cell(amount, is_weighed=goods.is_weighed) for amount in (goods.stock, each.used))
        boxes: tuple[TabCell, ...] = (each.boxes, each.per_box) if each.boxes else ("", "")
        ordered = quantity_cell(each.quantity, is_weighed=goods.is_weighed)
        yield goods.name, unit, ordered, *boxes, *amounts, each.wishes
    for wished in order.wished:
        name = (wished.code or "").lstrip("0") if wished.sort is None else texts(f"stock.sort.{wished.sort}")
        yield name, "", "", "", "", "", "", wished.wishes
