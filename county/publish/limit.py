"""Limits of what a household may have: `[[limits]] village, code, per, most, from_day`, for a festival `until_day`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from sqlalchemy import Connection, select

from county.county_log import CountyLog
from county.publish.entry import ALL, Entry, Row
from county.publish.goods import GTIN_DIGITS, HUNDREDTHS, item_of
from db.facts.terms import RedemptionLimitSet, Span
from db.tables.statement import table_of
from db.tables.terms import RedemptionLimit

LIMITS: Final = "limits"
FIELDS: Final = ("village", "code", "per", "most", "from_day")
FESTIVAL: Final = "festival"
MOST: Final = 1_000_000


@dataclass(frozen=True)
class LimitEntry:
    """A limit from a day on, in one village or in all; `code` None is of all goods, in points; `most` 0 ends it."""

    row: Row
    village: int
    code: str | None
    span: Span
    most: int
    from_day: str
    until_day: str | None

    def say(self, log: CountyLog) -> Mapping[str, int]:
        """Say it unless it stands so. Raises RowError: nobody published goods with this code."""
        item = None
        if self.code is not None:
            found = item_of(log.connection, self.code)
            if found is None:
                raise self.row.wrong(f"no goods were published with the code {self.code}; publish them first")
            item = found[0]
        quantity = self.most * (HUNDREDTHS if item is None else 1) or None
        body = RedemptionLimitSet(
            item=item, span=self.span, quantity=quantity, from_day=self.from_day, until_day=self.until_day,
            festival="other" if self.span == FESTIVAL else None,
        )  # fmt: skip
        if _held(log.connection, log.village, body) == (quantity, self.until_day):
            return {}
        log.say(body)
        return Counter({LIMITS: 1})


def read_limit(row: Row) -> Entry:
    """Return a limit. Raises RowError."""
    values = row.values if isinstance(row.values, Mapping) else {}
    is_festival = values.get("per") == FESTIVAL
    row.require_fields(*FIELDS, *(["until_day"] if is_festival else []))
    span, most, code = row.text("per"), values["most"], row.text("code")
    if span not in get_args(Span):
        raise row.wrong(f"per must be one of {', '.join(get_args(Span))}")
    if not isinstance(most, int) or isinstance(most, bool) or not 0 <= most <= MOST:
        raise row.wrong(f"most must be a whole number from 0 (no limit any more) to {MOST}")
    from_day, until = row.day("from_day"), row.day("until_day") if is_festival else None
    if until is not None and until < from_day:
        raise row.wrong("until_day lies before from_day; turn them round")
    of_goods = None if code == ALL else code.zfill(GTIN_DIGITS)
    return LimitEntry(row, row.village(may_be_all=True), of_goods, span, most, from_day, until)  # type: ignore[arg-type]  # because the words of a span were looked at above


def _held(connection: Connection, village: int, body: RedemptionLimitSet) -> tuple[int | None, str | None] | None:
    """Return the last word about the same limit from the same day: how much, and until when; None: there is none."""
    held = table_of(RedemptionLimit).c
    row = connection.execute(
        select(held.quantity, held.until_day)
        .where(held.village == village, held.item_id.is_not_distinct_from(body.item), held.span == body.span)
        .where(held.from_day == body.from_day)
        .order_by(held.rank.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.quantity, row.until_day)
