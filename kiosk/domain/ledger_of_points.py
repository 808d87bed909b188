"""The ledger of points: every entry of every account, with what, when, who and on what paper."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from db.line import entity_id
from db.store import Store
from db.tables.points import Posting, SchemeItem
from db.tables.statement import table_of
from kiosk.domain.ledger_rows import households_named, in_period, operators_named, rows_of
from kiosk.domain.people import HouseholdPlace
from kiosk.domain.report import Period


@dataclass(frozen=True)
class PointsEntry:
    """One entry of an account: `points` signed, in hundredths; `at` in milliseconds UTC; `kind` is the kind of fact.

    `label_zh` and `label_en` name the scheme's item, or are None. One that does not count was written twice.
    """

    entry_id: int
    day: str
    at: int
    place: HouseholdPlace
    household: str
    kind: str
    label_zh: str | None
    label_en: str | None
    points: int
    paper_number: str | None
    operator: str
    is_counted: bool

    def label(self, language: str) -> str | None:
        """Return the item's label in a language, Chinese unless it begins with en."""
        return self.label_en if language.startswith("en") else self.label_zh


def points_ledger(store: Store, period: Period) -> tuple[PointsEntry, ...]:
    """Return every entry of the accounts of households on the business days of a period, by day."""
    posting = table_of(Posting)
    statement = in_period(posting).where(posting.c.household_id.is_not(None))
    with store.read_in_pieces() as connection:
        rows = rows_of(connection, store.village, period, statement)
        households = households_named(connection, store.village, (row.household_id for row in rows))
        operators = operators_named(connection, store.village)
        labels = _labels(connection, store.village)
    return tuple(_entry(row, households[row.household_id], operators, labels) for row in rows)


def _entry(
    row: Any,  # noqa: ANN401  because a row has the type of its columns
    household: tuple[HouseholdPlace, str],
    operators: dict[int | None, str],
    labels: dict[tuple[str, str], tuple[str, str]],
) -> PointsEntry:
    label_zh, label_en = labels.get((row.scheme, row.item_code), (None, None))
    return PointsEntry(
        entity_id(row.log, row.seq), row.day, row.at or 0, *household, row.kind, label_zh, label_en, row.points or 0,
        row.paper_number, operators.get(row.operator_id, ""), bool(row.is_counted),
    )  # fmt: skip


def _labels(connection: Connection, village: int) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what items are called now, by scheme and code."""
    item = table_of(SchemeItem).c
    rows = connection.execute(
        select(item.scheme, item.code, item.label_zh, item.label_en)
        .where(item.village.in_([village, 0]))
        .order_by(item.from_day, item.rank)
    )
    return {(row.scheme, row.code): (row.label_zh, row.label_en) for row in rows}
