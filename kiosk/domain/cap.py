"""Monthly caps: what a household may still earn by an item in the calendar month of a business day."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from db.tables.points import Posting
from db.tables.statement import table_of
from kiosk.domain.scheme import Item, SchemeInForce, items_on
from kiosk.domain.statement import is_reversed


@dataclass(frozen=True)
class Room:
    """What is left: `left_points` in hundredths under a cap of `cap_points`; None and None where nothing caps the item.

    `had_today_points` is what the household already got by the item on this business day.
    """

    left_points: int | None
    cap_points: int | None
    had_today_points: int

    def fit(self, points: int) -> int:
        """Return as many of `points` as there is room for."""
        return points if self.left_points is None else min(points, self.left_points)


EARNING: Final = ("points_awarded", "attendance_awarded", "suggestion_awarded")
"""The kinds of facts by which a household earns."""

FREE: Final = Room(None, None, 0)


def room_for(
    connection: Connection, village: int, household_id: int, item: Item, scheme: SchemeInForce, day: str
) -> Room:
    """Return what the month of `day` leaves a household for an item: its own cap and the cap of routine items.

    What was reversed counts no more; what waits for a signature does not count yet.
    """
    parameters = {"of_village": village, "of_household": household_id, "of_scheme": item.scheme, "of_day": day}
    parameters |= {"first": f"{day[:7]}-01", "last": f"{day[:7]}-31"}
    rows = connection.execute(_earned_statement(), parameters).all()
    earned = {row.item_code: row.points for row in rows}
    had_today = sum(row.today_points for row in rows if row.item_code == item.code)
    caps: list[tuple[int, int]] = []
    if item.monthly_cap_points is not None:
        caps.append((item.monthly_cap_points - earned.get(item.code, 0), item.monthly_cap_points))
    if item.is_routine and (cap := scheme.rules.get("routine_cap_points")) is not None:
        routine = {each.code for each in items_on(connection, village, item.scheme, day) if each.is_routine}
        caps.append((cap - sum(points for code, points in earned.items() if code in routine), cap))
    if not caps:
        return Room(None, None, had_today)
    left, of_cap = min(caps)
    return Room(max(left, 0), of_cap, had_today)


@lru_cache(maxsize=1)
def _earned_statement() -> Select[Any]:
    posting = table_of(Posting).c
    is_today = posting.day == bindparam("of_day")
    return (
        select(posting.item_code, func.sum(posting.points).label("points"))
        .add_columns(func.coalesce(func.sum(posting.points).filter(is_today), 0).label("today_points"))
        .where(
            posting.village == bindparam("of_village"),
            posting.household_id == bindparam("of_household"),
            posting.kind.in_(EARNING),
            posting.scheme == bindparam("of_scheme"),
            posting.is_counted == 1,
            posting.day.between(bindparam("first"), bindparam("last")),
            ~is_reversed(),
        )
        .group_by(posting.item_code)
    )
