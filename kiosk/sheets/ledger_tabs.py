"""What stands on the tabs of the ledgers' workbook: stock, points, redemptions, fund and its books."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kiosk.domain.shelf_book import Cause
from kiosk.locale.figures import time_of_day
from kiosk.sheets.tabs import Listed, Tab, TabCell, hundredths_cell, quantity_cell, tabs_over, write_tabs

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.domain.ledger_of_fund import FundLedger
    from kiosk.domain.ledger_of_points import PointsEntry
    from kiosk.domain.ledger_of_redemptions import RedemptionEntry
    from kiosk.domain.ledger_of_stock import StockEntry
    from kiosk.domain.ledgers import Ledgers
    from kiosk.locale import Texts

_WHO = ("village_group", "house", "head")
_CAUSES = tuple(Cause)
_BOOKS = ("received", "given", "spent", "cash", "shelf", "redeemed", "lost")


def write_ledgers(path: "Path", ledgers: "Ledgers", village: str, texts: "Texts") -> None:
    """Write ledgers to ``path`` (.xlsx); ``village`` is its name in the titles. Raises NotWritable."""
    write_tabs(path, ledger_tabs(ledgers, village, texts))


def ledger_tabs(ledgers: "Ledgers", village: str, texts: "Texts") -> tuple[Tab, ...]:
    """Return the tabs of the ledgers that are there; `village` is its name in the titles."""
    return tabs_over(ledgers.period, _lists(ledgers, texts), "ledger", village, texts)


def _lists(ledgers: "Ledgers", texts: "Texts") -> Iterator[Listed]:
    total = texts("report.total")
    if ledgers.stock is not None:
        amounts = ("before", *_CAUSES, "after")
        columns = ("goods", "unit", *amounts, *(f"{name}_cost" for name in amounts))
        yield "stock", columns, _stock_rows(ledgers.stock, texts), _stock_sums(ledgers.stock, total)
    if ledgers.points is not None:
        columns = ("day", "time", *_WHO, "what", "item", "points", "paper", "operator", "remark")
        points = sum(entry.points for entry in ledgers.points if entry.is_counted)
        sums = (total, *_blanks(6), hundredths_cell(points), *_blanks(3))
        yield "points", columns, _points_rows(ledgers.points, texts), sums
    if ledgers.redemptions is not None:
        columns = ("day", "time", "number", *_WHO, "goods", "quantity", "unit", "points", "brought_back", "points_back")
        columns = (*columns, "entry", "proxy", "operator", "remark")
        standing = [entry for entry in ledgers.redemptions if not entry.is_void]
        points, back = sum(entry.points for entry in standing), sum(entry.returned_points for entry in standing)
        sums = (total, *_blanks(8), hundredths_cell(points), "", hundredths_cell(back), *_blanks(4))
        yield "redemptions", columns, _redemption_rows(ledgers.redemptions, texts), sums
    if ledgers.fund is not None:
        columns = ("day", "what", "paper", "in", "out", "cash", "remark")
        yield "fund", columns, _fund_rows(ledgers.fund, texts), ()
        yield "books", ("term", "yuan"), _book_rows(ledgers.fund, texts), ()


def _stock_rows(stock: "tuple[StockEntry, ...]", texts: "Texts") -> Iterator[tuple[TabCell, ...]]:
    for entry in stock:
        amounts = (entry.before, *(entry.changes[cause] for cause in _CAUSES), entry.after)
        unit = texts("report.unit.weighed") if entry.is_weighed else entry.unit
        quantities = (quantity_cell(amount.quantity, is_weighed=entry.is_weighed) for amount in amounts)
        costs = (hundredths_cell(amount.cost) for amount in amounts)
        yield entry.name or texts("report.nameless"), unit, *quantities, *costs


def _stock_sums(stock: "tuple[StockEntry, ...]", total: str) -> tuple[TabCell, ...]:
    costs = [
        sum(entry.before.cost for entry in stock),
        *(sum(entry.changes[cause].cost for entry in stock) for cause in _CAUSES),
        sum(entry.after.cost for entry in stock),
    ]
    return total, *_blanks(len(costs) + 1), *map(hundredths_cell, costs)


def _blanks(count: int) -> tuple[TabCell, ...]:
    return ("",) * count


def _points_rows(entries: "tuple[PointsEntry, ...]", texts: "Texts") -> Iterator[tuple[TabCell, ...]]:
    for entry in entries:
        kind = texts(f"statement.kind.{entry.kind}")
        who = (entry.place.group, entry.place.house, entry.household)
        remark = "" if entry.is_counted else texts("statement.mark.twice")
        yield (
            entry.day, time_of_day(entry.at), *who, kind, entry.label(texts.language) or "",
            hundredths_cell(entry.points), entry.paper_number or "", entry.operator, remark,
        )  # fmt: skip


def _redemption_rows(entries: "tuple[RedemptionEntry, ...]", texts: "Texts") -> Iterator[tuple[TabCell, ...]]:
    for entry in entries:
        who = (entry.place.group, entry.place.house, entry.household)
        unit = texts("report.unit.weighed") if entry.is_weighed else entry.unit
        yield (
            entry.day, time_of_day(entry.at), entry.number, *who, entry.item or texts("report.nameless"),
            quantity_cell(entry.quantity, is_weighed=entry.is_weighed), unit, hundredths_cell(entry.points),
            quantity_cell(entry.returned, is_weighed=entry.is_weighed), hundredths_cell(entry.returned_points),
            texts(f"ledger.entry.{entry.entry}"), entry.proxy, entry.operator,
            texts("ledger.void") if entry.is_void else "",
        )  # fmt: skip


def _fund_rows(fund: "FundLedger", texts: "Texts") -> Iterator[tuple[TabCell, ...]]:
    """Begin with what was there; a cost that follows is said, and no figure stands for it."""
    yield "", texts("ledger.brought_forward"), "", "", "", hundredths_cell(fund.before_fen), ""
    for row in fund.rows:
        source = texts("ledger.purchase" if row.is_purchase else f"fund.source.{row.source}")
        paid: TabCell = "" if row.out_fen is None or not row.is_purchase else hundredths_cell(row.out_fen)
        came: TabCell = "" if row.is_purchase else hundredths_cell(row.in_fen)
        remark = texts("ledger.cost_follows") if row.out_fen is None else ""
        yield row.day, source, row.paper or "", came, paid, hundredths_cell(row.cash_fen), remark


def _book_rows(fund: "FundLedger", texts: "Texts") -> Iterator[tuple[TabCell, ...]]:
    for name in _BOOKS:
        yield texts(f"ledger.term.{name}"), hundredths_cell(getattr(fund.books, f"{name}_fen"))
