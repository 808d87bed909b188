"""The ledgers of the shop for any days, as they are handed to whoever asks: stock, points, redemptions, fund."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from db.progress import Advance, unseen
from db.store import Store
from kiosk.domain.ledger_of_fund import FundLedger, fund_ledger
from kiosk.domain.ledger_of_points import PointsEntry, points_ledger
from kiosk.domain.ledger_of_redemptions import RedemptionEntry, redemption_ledger
from kiosk.domain.ledger_of_stock import StockEntry, stock_ledger
from kiosk.domain.report import Period


class LedgerKind(StrEnum):
    """What a ledger is about."""

    STOCK = "stock"
    POINTS = "points"
    REDEMPTIONS = "redemptions"
    FUND = "fund"


@dataclass(frozen=True)
class Ledgers:
    """The ledgers of a period; None is one that was not asked for."""

    period: Period
    stock: tuple[StockEntry, ...] | None = None
    points: tuple[PointsEntry, ...] | None = None
    redemptions: tuple[RedemptionEntry, ...] | None = None
    fund: FundLedger | None = None


def read_ledgers(
    store: Store, period: Period, kinds: Collection[LedgerKind] = tuple(LedgerKind), advance: Advance = unseen
) -> Ledgers:
    """Return some ledgers of a period; `advance` is told one for each ledger that was read."""
    read = {
        LedgerKind.STOCK: stock_ledger,
        LedgerKind.POINTS: points_ledger,
        LedgerKind.REDEMPTIONS: redemption_ledger,
        LedgerKind.FUND: fund_ledger,
    }
    found = {}
    for kind in kinds:
        found[kind.value] = read[kind](store, period)
        advance(1)
    return Ledgers(period, **found)  # type: ignore[arg-type]  # because each name has the ledger of its own kind
