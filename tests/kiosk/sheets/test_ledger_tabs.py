"""The ledgers' workbook: read back with the reader of imports, equal to the hundredth, the fen and the gram."""

import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from db.tables.shop import Redemption
from db.tables.statement import table_of
from kiosk.domain.delivery import Arrived, receive_delivery
from kiosk.domain.fund import receive_funds
from kiosk.domain.ledgers import LedgerKind, Ledgers, read_ledgers
from kiosk.domain.report import Period
from kiosk.domain.returning import Brought, return_goods
from kiosk.domain.shelf_book import Cause
from kiosk.domain.terminal import add_operator
from kiosk.domain.void import find_slip
from kiosk.domain.waiting import Signature, approve_request, list_requests
from kiosk.locale import LANGUAGES, Texts
from kiosk.sheets.grid import Cell
from kiosk.sheets.ledger_tabs import ledger_tabs, write_ledgers
from kiosk.sheets.load import load_grids
from tests.kiosk.domain.office import kept_in_memory
from tests.kiosk.reported import Reported

YEAR = Period("2026-01-01", "2026-12-31")
DECEMBER = Period("2026-12-01", "2026-12-31")


class Traded(Reported):
    """Two months of a village, then money and a delivery in December."""

    def __init__(self, folder: Path) -> None:
        """Let them pass."""
        super().__init__(folder)
        receive_funds(self.store, "grant", 100_000, "=1+1", now=self.now, by=self.operator)
        goods = [Arrived(self.salt, 10), Arrived(self.potatoes, 2_500)]
        receive_delivery(self.store, goods, "purchase", 4_001, now=self.now, by=self.operator)
        receive_delivery(self.store, [Arrived(self.salt, 1)], "purchase", now=self.now, by=self.operator)


@pytest.fixture
def village() -> Traded:
    """A village with everything in its ledgers."""
    return kept_in_memory(Traded)


def written(ledgers: Ledgers, out: Path, language: str = "zh_CN") -> dict[str, list[list[Cell]]]:
    """Write ledgers and read every tab back."""
    write_ledgers(out, ledgers, "云岭村", Texts(language))
    return {grid.name: grid.rows for grid in load_grids(out)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_says_what_the_ledgers_say_when_it_is_read_back(
    village: Traded, tmp_path: Path, language: str
) -> None:
    """Every cell of every tab, figures without the way through a float."""
    ledgers = read_ledgers(village.store, YEAR)
    tabs = ledger_tabs(ledgers, "云岭村", Texts(language))
    grids = written(ledgers, tmp_path / "l.xlsx", language)
    assert list(grids) == [tab.name for tab in tabs]
    for tab in tabs:
        rows = [tab.headings, *tab.rows, *([tab.sums] if tab.sums else [])]
        found = [[_exact(cell) for cell in row] for row in grids[tab.name][1:]]
        assert found == [[_exact(cell) for cell in row] for row in rows]
    with zipfile.ZipFile(tmp_path / "l.xlsx") as package:
        assert all("<f>" not in package.read(part).decode() for part in package.namelist() if "sheet" in part)


def _exact(cell: object) -> str:
    return cell if isinstance(cell, str) else str(Decimal(str(cell)).normalize() + 0)


def test_the_book_of_goods_adds_up_when_a_month_is_looked_at(village: Traded, tmp_path: Path) -> None:
    """What was there, came and went is what is there; sold before it came, salt has a cost all the same."""
    ledgers = read_ledgers(village.store, DECEMBER, (LedgerKind.STOCK,))
    assert ledgers.stock is not None
    salt, potatoes = sorted(ledgers.stock, key=lambda entry: entry.item_id)
    assert (salt.before.quantity, salt.after.quantity) == (-1, 8)
    assert (salt.changes[Cause.RECEIVED].quantity, salt.changes[Cause.REDEEMED].quantity) == (11, -2)
    for entry in ledgers.stock:
        changes = entry.changes.values()
        assert entry.before.quantity + sum(each.quantity for each in changes) == entry.after.quantity
        assert entry.before.cost + sum(each.cost for each in changes) == entry.after.cost
    assert potatoes.is_weighed
    stock = written(ledgers, tmp_path / "l.xlsx")["库存"]
    assert stock[1][:4] == ["物品", "单位", "期初", "进货"]
    assert ["@土豆", "公斤", -0.75, 2.5] in [row[:4] for row in stock]
    assert ["=食盐+1", "袋", -1.0, 11.0] in [row[:4] for row in stock]


def test_points_and_redemptions_are_listed_when_somebody_asks(village: Traded, tmp_path: Path) -> None:
    """By day, with household, item, slip and operator; sums of what counts."""
    ledgers = read_ledgers(village.store, YEAR, (LedgerKind.POINTS, LedgerKind.REDEMPTIONS))
    tabs = written(ledgers, tmp_path / "l.xlsx")
    points = tabs["积分"]
    assert [row[0] for row in points[2:-1]] == sorted(str(row[0]) for row in points[2:-1])
    assert [points[2][3], points[2][4], points[2][9]] == [12.0, "王明", "周会计"]
    assert ledgers.points is not None
    assert points[-1][7] == sum(entry.points for entry in ledgers.points) / 100
    redeemed = tabs["兑换"]
    assert redeemed[2][2] == "0123-1-000001"
    assert [row[6:10] for row in redeemed[2:-1]] == [
        ["=食盐+1", 1.0, "袋", 3.5], ["@土豆", 0.75, "公斤", 2.63], ["=食盐+1", 2.0, "袋", 7.0],
    ]  # fmt: skip
    assert redeemed[-1][9] == 13.13


def test_a_void_redemption_is_listed_and_not_summed_when_it_counts_no_more(village: Traded) -> None:
    """Whoever looks for the slip finds it."""
    ledgers = read_ledgers(village.store, YEAR, (LedgerKind.REDEMPTIONS,))
    assert ledgers.redemptions is not None
    first, *others = ledgers.redemptions
    (tab,) = ledger_tabs(replace(ledgers, redemptions=(replace(first, is_void=True), *others)), "村", Texts())
    assert tab.headings[12:] == ("怎样认户", "代领人", "经办", "备注")
    assert tab.rows[0][12:] == ("刷卡", "", "周会计", "已作废")
    assert tab.sums[9] == Decimal("9.63")


def test_what_came_back_stands_beside_what_went_out_when_goods_were_returned(village: Traded) -> None:
    """Its quantity and points have columns of their own, and a sum."""
    with village.store.read() as connection:
        slip = connection.execute(select(table_of(Redemption).c.slip_code).limit(1)).scalar_one()
    redemption = find_slip(village.store, slip)
    now, by = village.now, village.operator
    return_goods(village.store, redemption, (Brought(0, 1),), now=now, by=by)
    (request,) = [each for each in list_requests(village.store) if each.kind == "late_return"]
    signer = add_operator(village.store, "赵监督", "supervisor", now=village.now, by=by)
    approve_request(village.store, request.request_id, Signature(signer.badge), now=village.now, by=by)
    (tab,) = ledger_tabs(read_ledgers(village.store, YEAR, (LedgerKind.REDEMPTIONS,)), "村", Texts())
    assert [row[10:12] for row in tab.rows] == [(1, Decimal("3.50")), (0, 0), (0, 0)]
    assert tab.sums[9:12] == (Decimal("13.13"), "", Decimal("3.50"))


def test_the_fund_is_carried_forward_when_a_later_period_is_asked_for(village: Traded, tmp_path: Path) -> None:
    """A voucher that looks like a formula is text; a cost that follows is said and not taken for nothing."""
    later = read_ledgers(village.store, Period("2027-01-01", "2027-01-31"), (LedgerKind.FUND,))
    assert later.fund is not None
    assert (later.fund.before_fen, later.fund.rows) == (95_999, ())
    tabs = written(read_ledgers(village.store, DECEMBER, (LedgerKind.FUND,)), tmp_path / "l.xlsx")
    assert tabs["资金"][2:] == [
        ["", "上期结余", "", "", "", 0.0, ""],
        ["2026-12-10", "启动资金、上级拨付", "=1+1", 1000.0, "", 1000.0, ""],
        ["2026-12-10", "进货", "", "", 40.01, 959.99, ""],
        ["2026-12-10", "进货", "", "", "", 959.99, "进价以后补"],
    ]  # fmt: skip
    assert later.fund.books.is_balanced
    assert ["货架（按进价）", later.fund.books.shelf_fen / 100] in tabs["账目"]


def test_nothing_is_in_a_ledger_when_nothing_happened(village: Traded, tmp_path: Path) -> None:
    """Headings, sums of nothing, and no error."""
    tabs = written(read_ledgers(village.store, Period("2020-01-01", "2020-01-31")), tmp_path / "l.xlsx")
    assert [len(rows) for rows in tabs.values()] == [3, 3, 3, 3, 9]
