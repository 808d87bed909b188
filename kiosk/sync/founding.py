"""Whether a terminal began its village: the county lets nobody begin one a second time, by line or by stick."""

from sqlalchemy import Connection, select

from db.tables.statement import table_of
from db.tables.terminal import Seat


def took_seat(connection: Connection, village: int, log: int) -> bool:
    """Say whether a log took the seat by itself, as that of a village's first terminal does."""
    seat = table_of(Seat).c
    taken = select(seat.seat).where(seat.village == village, seat.log == log).limit(1)
    return connection.execute(taken).one_or_none() is not None
