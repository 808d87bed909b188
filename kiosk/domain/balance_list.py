"""What every household may redeem, for a list on paper that stands in for the screen in an hour without power."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select

from db.names import mask, names_of
from db.store import Store
from db.tables.people import Household
from db.tables.points import Balance
from db.tables.statement import table_of


@dataclass(frozen=True)
class BalanceLine:
    """A household of the list: house number, masked name of its head, redeemable points in hundredths."""

    house: int
    name: str
    points: int


@dataclass(frozen=True)
class GroupBalances:
    """The households of a village group that have something to redeem, by house number."""

    group: int
    lines: tuple[BalanceLine, ...]


@dataclass(frozen=True)
class BalanceList:
    """The list by group; `without` open households have nothing to redeem and are left out."""

    groups: tuple[GroupBalances, ...]
    without: int

    @property
    def households(self) -> int:
        """How many households stand on the list."""
        return sum(len(group.lines) for group in self.groups)

    @property
    def points(self) -> int:
        """All points on the list, in hundredths."""
        return sum(line.points for group in self.groups for line in group.lines)


def list_balances(store: Store) -> BalanceList:
    """Return every open household that has points to redeem; names are masked, because paper lies about."""
    household, balance = table_of(Household), table_of(Balance)
    is_same = (balance.c.village == household.c.village) & (balance.c.household_id == household.c.household_id)
    statement = (
        select(household.c.group_number, household.c.house_number, household.c.name_id, balance.c.redeemable_points)
        .select_from(household.outerjoin(balance, is_same))
        .where(household.c.village == store.village, household.c.state == "open")
        .order_by(household.c.group_number, household.c.house_number, household.c.household_id)
    )
    with store.read() as connection:
        rows = connection.execute(statement).all()
        having = [row for row in rows if (row.redeemable_points or 0) > 0]
        names = names_of(connection, store.village, [row.name_id for row in having])
    lines = [
        (
            row.group_number or 0,
            BalanceLine(row.house_number or 0, mask(names[row.name_id]), row.redeemable_points or 0),
        )
        for row in having
    ]
    return BalanceList(tuple(_groups(lines)), len(rows) - len(having))


def _groups(lines: list[tuple[int, BalanceLine]]) -> Iterator[GroupBalances]:
    for group, found in groupby(lines, key=lambda line: line[0]):
        yield GroupBalances(group, tuple(line for _, line in found))
