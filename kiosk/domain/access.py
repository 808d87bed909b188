"""Who stands at the desk as the rules see them, and which second signature may wait: the only place that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select

from db.tables.guard import OpenDay
from db.tables.statement import table_of
from db.tables.terminal import Operator
from kiosk.errors import NotAllowed
from kiosk.rights import Right, may

__all__ = [
    "SIGNATURES", "Right", "Standing", "Wait", "require_in_term", "require_right", "require_signer", "standing_of",
]  # fmt: skip


class Wait(StrEnum):
    """When a second signature must be there: before the thing is done, or later from the waiting list."""

    NOW = "now"
    LATER = "later"


SIGNATURES: Final[Mapping[str, Wait]] = {
    "award_over_limit": Wait.LATER,
    "award_own_household": Wait.LATER,
    "card_reissued": Wait.LATER,
    "day_moved": Wait.LATER,
    "late_return": Wait.LATER,
    "late_sign_in": Wait.LATER,
    "late_void": Wait.LATER,
    "objection": Wait.LATER,
    "sign_in_after_end": Wait.LATER,
    "opening_balances": Wait.LATER,
    "stock_lowering": Wait.LATER,
    "suggestion_over_limit": Wait.LATER,
    "suggestion_own_household": Wait.LATER,
}
"""Second signatures by kind of request. One volunteer is alone at the desk: what can be put right afterwards waits."""


@dataclass(frozen=True)
class Standing:
    """An operator as rules see them: role, and the household they belong to, None if nobody said."""

    operator_id: int
    role: str
    household_id: int | None

    def may(self, right: Right) -> bool:
        """Say whether this operator has a right."""
        return may(self.role, right)


def standing_of(connection: Connection, village: int, operator_id: int, day: str | None = None) -> Standing:
    """Return role and household of an active operator; `day` judges a suspension in place of the open day.

    Raises:
        NotAllowed: nobody active has this id (`operator_not_active`), or they are suspended on the open day
            (`operator_suspended` with `until`).
    """
    row = connection.execute(_standing(), {"of_village": village, "of_operator": operator_id}).one_or_none()
    if row is None:
        raise NotAllowed("operator_not_active")
    require_in_term(row.suspended_from, row.suspended_until, day or row.day)
    return Standing(operator_id, row.role or "", row.household_id)


def require_in_term(suspended_from: str | None, suspended_until: str | None, day: str | None) -> None:
    """See that a day lies outside a suspension, both ISO texts; where no day is known nothing is judged.

    Raises:
        NotAllowed: it lies inside (`operator_suspended` with `until`).
    """
    if day is not None and suspended_until is not None and (suspended_from or "") <= day <= suspended_until:
        raise NotAllowed("operator_suspended", until=suspended_until)


def require_right(
    connection: Connection, village: int, operator_id: int, right: Right, day: str | None = None
) -> Standing:
    """Return an operator who has a right; `day` judges a suspension in place of the open day.

    Raises:
        NotAllowed: as `standing_of`, or the role does not have it (`right_missing`).
    """
    standing = standing_of(connection, village, operator_id, day)
    if not standing.may(right):
        raise NotAllowed("right_missing")
    return standing


def require_signer(
    connection: Connection, village: int, signer_id: int, maker_id: int | None, household_id: int | None
) -> Standing:
    """Return an operator who may sign what `maker_id` asked for the good of a household.

    Raises:
        NotAllowed: as `require_right`, and: the signer asked for it (`signer_is_maker`), or it is for the signer's own
            household (`signer_is_beneficiary`).
    """
    standing = require_right(connection, village, signer_id, Right.SIGN)
    if signer_id == maker_id:
        raise NotAllowed("signer_is_maker")
    if household_id is not None and standing.household_id == household_id:
        raise NotAllowed("signer_is_beneficiary")
    return standing


@cache
def _standing() -> Select[Any]:
    from db.tables.people import Person

    operator, person, day = table_of(Operator), table_of(Person), table_of(OpenDay).c
    is_same = (person.c.village == operator.c.village) & (person.c.person_id == operator.c.person_id)
    return (
        select(
            operator.c.role,
            person.c.household_id,
            operator.c.suspended_from,
            operator.c.suspended_until,
            select(day.day).where(day.village == operator.c.village).scalar_subquery().label("day"),
        )
        .select_from(operator.outerjoin(person, is_same))
        .where(
            operator.c.village == bindparam("of_village"),
            operator.c.operator_id == bindparam("of_operator"),
            operator.c.state == "active",
        )
    )
