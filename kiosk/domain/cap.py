"""Monthly caps: what a household may still earn by an item in the calendar month of a business day."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from db.tables.points import Posting
from db.tables.statement import table_of
from kiosk.calendar import MONTH, months_around
from kiosk.domain.joined import HOUSEHOLDS_AT_ONCE, one_by_now
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


@dataclass
class Earned:
    """What some households earned in a month by the items of a scheme, and what its caps leave them (hundredths)."""

    scheme: SchemeInForce
    routine: frozenset[str]
    points: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    today: Counter[tuple[int, str]] = field(default_factory=Counter)

    def room(self, household_id: int, item: Item) -> Room:
        """Return what is left to a household for an item: by its own cap and by the cap of routine items."""
        earned = self.points[household_id]
        had_today = self.today[household_id, item.code]
        caps: list[tuple[int, int]] = []
        if item.monthly_cap_points is not None:
            caps.append((item.monthly_cap_points - earned[item.code], item.monthly_cap_points))
        if item.is_routine and (cap := self.scheme.rules.get("routine_cap_points")) is not None:
            caps.append((cap - sum(points for code, points in earned.items() if code in self.routine), cap))
        if not caps:
            return Room(None, None, had_today)
        left, of_cap = min(caps)
        return Room(max(left, 0), of_cap, had_today)

    def add(self, household_id: int, item: Item, points: int) -> None:
        """Count what a household was just given."""
        self.points[household_id][item.code] += points


def room_for(
    connection: Connection, village: int, household_id: int, item: Item, scheme: SchemeInForce, day: str
) -> Room:
    """Return what the month of `day` leaves a household for an item: its own cap and the cap of routine items.

    What was reversed counts no more; what waits for a signature does not count yet.
    """
    return earned_in_month(connection, village, [household_id], scheme, day).room(household_id, item)


def earned_in_month(
    connection: Connection, village: int, households: Sequence[int], scheme: SchemeInForce, day: str
) -> Earned:
    """Return what households, and those that joined each, earned by a scheme in the month of `day`.

    What was reversed is left out.
    """
    routine = frozenset(each.code for each in items_on(connection, village, scheme.code, day) if each.is_routine)
    earned = Earned(scheme, routine)
    first, last = months_around(day, MONTH)
    parameters = {"of_village": village, "of_scheme": scheme.code, "of_day": day, "first": first, "last": last}
    for start in range(0, len(households), HOUSEHOLDS_AT_ONCE):
        ones = one_by_now(connection, village, households[start : start + HOUSEHOLDS_AT_ONCE])
        for row in connection.execute(_earned_statement(), parameters | {"of_households": list(ones)}):
            earned.points[ones[row.household_id]][row.item_code] += row.points
            earned.today[ones[row.household_id], row.item_code] += row.today_points
    return earned


@lru_cache(maxsize=1)
def _earned_statement() -> Select[Any]:
    posting = table_of(Posting).c
    is_today = posting.day == bindparam("of_day")
    return (
        select(posting.household_id, posting.item_code, func.sum(posting.points).label("points"))
        .add_columns(func.coalesce(func.sum(posting.points).filter(is_today), 0).label("today_points"))
        .where(
            posting.village == bindparam("of_village"),
            posting.household_id.in_(bindparam("of_households", expanding=True)),
            posting.kind.in_(EARNING),
            posting.scheme == bindparam("of_scheme"),
            posting.item_code.is_not(None),
            posting.is_counted == 1,
            posting.day.between(bindparam("first"), bindparam("last")),
            ~is_reversed(),
        )
        .group_by(posting.household_id, posting.item_code)
    )
