"""Paper passbooks: what a household's passbook held when it moved to the terminal, and taking that back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from db.journal import read_since
from db.line import entity_id, read
from db.store import Act
from db.tables.points import Posting
from db.tables.statement import table_of
from kiosk.domain.joined import joined_household
from kiosk.domain.reversal import take_back_opening
from kiosk.domain.statement import is_reversed
from kiosk.domain.terminal import require_seat

OPENING: Final = "opening_balance_posted"
_TRIED_AGAIN: Final = re.compile(r"(.+)#[0-9]+")


@dataclass(frozen=True)
class Opening:
    """An opening balance in hundredths of a point; ``paper`` is the passbook's number, with ``#2`` the second try."""

    opening_id: int
    household_id: int
    paper: str
    points: int
    is_reversed: bool

    @property
    def passbook(self) -> str:
        """The passbook's own number."""
        match = _TRIED_AGAIN.fullmatch(self.paper)
        return match[1] if match else self.paper


def openings_of(connection: Connection, village: int) -> Mapping[int, list[Opening]]:
    """Return the opening balances that count by household, in the order in which they were posted."""
    found: dict[int, list[Opening]] = {}
    for opening in _openings(connection, village):
        found.setdefault(opening.household_id, []).append(opening)
    return found


def paper_for(passbook: str, openings: Iterable[Opening]) -> str:
    """Return under which number a passbook is posted: its own, or its own with ``#2`` after one was taken back."""
    tries = sum(1 for opening in openings if opening.passbook == passbook)
    return passbook if not tries else f"{passbook}#{tries + 1}"


def take_back_openings(act: Act, request: Row[Any]) -> int:
    """Take back every opening balance of an import whose second signature was refused; no points are awarded by that.

    What was redeemed meanwhile stays: no balance goes below zero.

    Raises:
        NotAllowed: the seat is elsewhere (`seat_elsewhere`).
    """
    require_seat(act)
    closing = read(read_since(act.connection, act.village, request.log, request.seq - 1, 1)[0])
    first = request.seq - closing.body["facts"]
    mine = range(entity_id(request.log, first), entity_id(request.log, request.seq))
    for opening in _openings(act.connection, act.village):
        if opening.opening_id in mine and not opening.is_reversed:
            household_id = joined_household(act.connection, act.village, opening.household_id)
            take_back_opening(act, opening.opening_id, household_id, opening.points, "unsigned")
    return 0


def _openings(connection: Connection, village: int) -> list[Opening]:
    posting = table_of(Posting).c
    rows = connection.execute(
        select(posting.log, posting.seq, posting.household_id, posting.paper_number, posting.points)
        .add_columns(is_reversed().label("is_reversed"))
        .where(posting.village == village, posting.kind == OPENING)
        .where(posting.account == "household", posting.is_counted == 1)
        .order_by(posting.rank)
    )
    return [
        Opening(
            entity_id(row.log, row.seq), row.household_id, row.paper_number or "", row.points or 0,
            bool(row.is_reversed),
        )
        for row in rows
    ]  # fmt: skip
