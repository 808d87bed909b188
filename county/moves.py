"""Households that move between villages: what the old seat closed out is told to the new village, once a household.

A village the county does not know is told nothing: an officer says where the household really goes.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import Connection, select

from county.county_log import CountyLog, catch_up, say_in
from county.hub import Hub
from county.publish.known import known_villages
from county.recovery import is_recovering
from db import journal
from db.facts.people import HouseholdArriving
from db.line import COUNTY_LOG, entity_id
from db.names import name_of
from db.projections.people import arrival_key
from db.tables.people import Arrival, Leaving
from db.tables.points import Posting
from db.tables.statement import table_of

State: TypeAlias = Literal["unsent", "sent", "opened"]


class MoveError(ValueError):
    """A move that cannot be passed on; the sentence says why."""


@dataclass(frozen=True)
class Move:
    """A household that left: from where to where, its points in hundredths, and whether the new village opened it.

    `told` is the village that was told, which an officer may have chosen; None: nobody was.
    """

    from_village: int
    household_id: int
    to_village: int
    points: int
    residents: int | None
    name: str
    told: int | None
    state: State


def list_moves(hub: Hub) -> tuple[Move, ...]:
    """Return every household that left a village, by village and household."""
    leaving = table_of(Leaving).c
    with hub.read() as connection:
        known = sorted(journal.villages(connection))
    for village in known:
        catch_up(hub, village)
    with hub.read() as connection:
        villages = connection.execute(select(leaving.village).distinct().order_by(leaving.village)).scalars().all()
        return tuple(move for village in villages for move in moves_of(connection, village))


def moves_of(connection: Connection, village: int) -> list[Move]:
    """Return the households that left a village; of several leavings of one the first counts."""
    leaving = table_of(Leaving)
    rows = connection.execute(select(leaving).where(leaving.c.village == village).order_by(leaving.c.rank)).all()
    first = {row.household_id: row for row in reversed(rows)}
    told = _told(connection, village) if first else {}
    return [
        Move(
            village, household, row.to_village, row.points, row.residents,
            name_of(connection, village, entity_id(row.log, row.seq)), told.get(household),
            _state(connection, village, household, told.get(household)),
        )
        for household, row in sorted(first.items())
    ]  # fmt: skip


def waits_to_move(connection: Connection, village: int) -> bool:
    """Say whether a household left a village and nobody was told yet."""
    return any(move.state == "unsent" for move in moves_of(connection, village))


def relay_moves(hub: Hub, village: int, entropy: Callable[[int], bytes] = os.urandom) -> int:
    """Tell the villages to which households of a village move, each once; return how many were told now.

    A hub that was restored tells nothing before the villages have handed back what it said.
    """
    with hub.read() as connection:
        waiting = [move for move in moves_of(connection, village) if move.state == "unsent"]
        known = known_villages(connection) if waiting else frozenset()
        if is_recovering(connection):
            return 0
    return sum(_tell(hub, move, move.to_village, entropy) for move in waiting if move.to_village in known)


def pass_on(hub: Hub, village: int) -> int:
    """Compute the tables of a village and tell those to which its households move; return how many were told now."""
    catch_up(hub, village)
    return relay_moves(hub, village)


def send_move(
    hub: Hub, village: int, household: int, to_village: int, entropy: Callable[[int], bytes] = os.urandom
) -> None:
    """Tell a village that a household moves there, which named one that the county does not know.

    Raises:
        MoveError: no such household left that village, somebody was told already, or nobody knows the village.
    """
    with hub.read() as connection:
        found = [move for move in moves_of(connection, village) if move.household_id == household]
        is_known = to_village in known_villages(connection)
    if not found or found[0].told is not None:
        raise MoveError("No such household waits to be passed on: see `county moves list`.")
    if not is_known:
        raise MoveError(f"Nobody knows village {to_village:04}; make it a code first.")
    _tell(hub, found[0], to_village, entropy)


def _tell(hub: Hub, move: Move, to_village: int, entropy: Callable[[int], bytes]) -> int:
    """Say it in log 0 of a village, unless somebody else did meanwhile."""

    def say(log: CountyLog) -> int:
        if move.household_id in _told(log.connection, move.from_village):
            return 0
        body = HouseholdArriving(
            from_village=move.from_village, from_household=move.household_id, points=move.points,
            residents=move.residents,
        )  # fmt: skip
        log.say(body, {"name": move.name})
        return 1

    return say_in(hub, to_village, say, entropy)


def _told(connection: Connection, from_village: int) -> dict[int, int]:
    """Return which village was told of each household that left a village."""
    arrival = table_of(Arrival).c
    statement = select(arrival.from_household_id, arrival.village).where(
        arrival.from_village == from_village, arrival.log == COUNTY_LOG
    )
    return {household: village for household, village in connection.execute(statement)}  # noqa: C416  because a row is no pair for the type checker


def _state(connection: Connection, from_village: int, household: int, told: int | None) -> State:
    if told is None:
        return "unsent"
    posting = table_of(Posting).c
    key = arrival_key(from_village, household)
    opened = select(posting.seq).where(posting.village == told, posting.once_key == key).limit(1)
    return "sent" if connection.execute(opened).first() is None else "opened"
