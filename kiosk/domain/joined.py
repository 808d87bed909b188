"""Households that joined another (并户): who has their account now, and what of before counts as its own.

A household and those that joined it are one under every limit and cap, from the day they are one.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select

from db.facts.body import transfer
from db.facts.points import BalanceSwept
from db.store import Act
from db.tables.people import Household
from db.tables.points import Balance
from db.tables.statement import table_of
from kiosk.domain.people import require_household

MOST_MERGERS: Final = 16
HOUSEHOLDS_AT_ONCE: Final = 400


def joined_household(connection: Connection, village: int, household_id: int) -> int:
    """Return the household that has the account now: the last one of those it joined, or itself."""
    for _ in range(MOST_MERGERS):
        row = require_household(connection, village, household_id)
        if row.merged_into_id is None:
            break
        household_id = row.merged_into_id
    return household_id


def joined_households(connection: Connection, village: int, households: Sequence[int]) -> dict[int, int]:
    """Return for each of some households which one has its account now. Raises Refused (`household_unknown`)."""
    household = table_of(Household).c
    found: dict[int, int | None] = {}
    for start in range(0, len(households), HOUSEHOLDS_AT_ONCE):
        piece = list(households[start : start + HOUSEHOLDS_AT_ONCE])
        rows = connection.execute(
            select(household.household_id, household.merged_into_id).where(
                household.village == village, household.household_id.in_(piece)
            )
        )
        found |= {household_id: into_id for household_id, into_id in rows}  # noqa: C416  because a row is no pair for the type checker
    return {
        each: each if each in found and found[each] is None else joined_household(connection, village, each)
        for each in households
    }


def one_by_now(connection: Connection, village: int, households: Sequence[int]) -> dict[int, int]:
    """Return some households, and all that ever joined one of them, each with the one of them that it is by now."""
    found = {each: each for each in households}
    asked = found
    while asked:
        rows = connection.execute(_joined_statement(), {"of_village": village, "of_households": list(asked)})
        asked = {each: found[into] for each, into in rows if each not in found}
        found |= asked
    return found


@lru_cache(maxsize=1)
def _joined_statement() -> Select[Any]:
    household = table_of(Household).c
    return select(household.household_id, household.merged_into_id).where(
        household.village == bindparam("of_village"),
        household.merged_into_id.in_(bindparam("of_households", expanding=True)),
    )


def sweep_joined_balances(act: Act) -> None:
    """Move credit that reached households after they joined another to the one that has their account now.

    Runs at the seat when a day opens: awards of other desks, and imports, may name a household that is gone.
    """
    household, balance = table_of(Household).c, table_of(Balance).c
    late = (balance.village == household.village) & (balance.household_id == household.household_id)
    found = act.connection.execute(
        select(household.household_id, balance.redeemable_points).where(
            late, household.village == act.village, household.state == "merged", balance.redeemable_points > 0
        )
    ).all()
    for household_id, points in found:
        into_id = joined_household(act.connection, act.village, household_id)
        if into_id != household_id:
            legs = transfer("moved", household_id, -points) + transfer("moved", into_id, points)
            act.append(BalanceSwept(household=household_id, into=into_id, points=points, legs=legs))
