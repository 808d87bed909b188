"""Logs, the seat and operators."""

from dataclasses import dataclass
from importlib.metadata import version

from sqlalchemy import Connection, func, select

from db.facts.terminal import LogBegun, OperatorAdded, Place, SeatTaken
from db.journal import heads
from db.line import Stamp, mint_log
from db.store import Act, Store, begin_own_log
from db.tables.statement import table_of
from db.tables.terminal import LogBegun as LogRow
from db.tables.terminal import Operator, Seat
from kiosk.codes import CodeType, mint
from kiosk.errors import NotAllowed, Refused

ROLES = ("attendant", "secretary", "supervisor")


@dataclass(frozen=True)
class OperatorMade:
    """A new operator and the number of the badge to print."""

    operator_id: int
    badge: str


@dataclass(frozen=True)
class SeatHeld:
    """The seat as a redemption needs it: its number and the till number on slips."""

    seat: int
    till: int


def write_beginning(act: Act, operator_name: str) -> OperatorMade:
    """Write the first facts of a village's first terminal inside an action: its log, the seat, and a secretary.

    Raises:
        Refused: the terminal has begun before (`terminal_has_begun`), or the name is empty (`name_missing`).
    """
    if act.log in heads(act.connection, act.village):
        raise Refused("terminal_has_begun")
    act.append(LogBegun(till=1, program=_program()))
    act.append(SeatTaken(seat=1))
    return _add_operator(act, operator_name, "secretary")


def add_operator(
    store: Store, name: str, role: str, person_id: int | None = None, *, now: Stamp, by: int
) -> OperatorMade:
    """Let one more person act at the desk. Raises Refused (`name_missing`, `role_unknown`).

    `person_id` says who of the village that is: nobody awards points to their own household alone.
    """
    with store.write(now=now, by=by) as act:
        return _add_operator(act, name, role, person_id)


def continue_terminal(store: Store, *, now: Stamp) -> int:
    """Begin a new log on a restored or copied store: it continues the old one, takes the next till number and the seat.

    Returns the new log's number.
    """
    with store.write(now=now, by=None, begins_log=True) as act:
        old = heads(act.connection, act.village).get(act.log)
        continues = None if old is None else Place(log=act.log, seq=old.seq)
        log = mint_log(act.entropy)
        begin_own_log(act.connection, act.village, log)
        act.change_log(log)
        act.append(
            LogBegun(till=_next(act.connection, act.village, LogRow, "till"), program=_program(), continues=continues)
        )
        act.append(SeatTaken(seat=_next(act.connection, act.village, Seat, "seat")))
        return log


def require_seat(act: Act) -> SeatHeld:
    """Return the seat this log holds.

    Raises:
        NotAllowed: another terminal of the village holds the seat (`seat_elsewhere`).
    """
    seat, log = table_of(Seat).c, table_of(LogRow).c
    held = act.connection.execute(
        select(seat.seat, seat.log)
        .where(seat.village == act.village)
        .order_by(seat.seat.desc(), seat.rank.desc())
        .limit(1)
    ).one_or_none()
    if held is None or held.log != act.log:
        raise NotAllowed("seat_elsewhere")
    till = select(log.till).where(log.village == act.village, log.log == act.log)
    return SeatHeld(held.seat, act.connection.execute(till).scalar_one())


def operator_by_badge(connection: Connection, village: int, badge: str) -> int:
    """Return the active operator whose badge has this number.

    Raises:
        NotAllowed: nobody active has it (`badge_unknown`).
    """
    operator = table_of(Operator).c
    statement = select(operator.operator_id).where(
        operator.village == village, operator.badge == badge, operator.state == "active"
    )
    found = connection.execute(statement).scalars().all()
    if len(found) != 1:
        raise NotAllowed("badge_unknown")
    return int(found[0])


def _add_operator(act: Act, name: str, role: str, person_id: int | None = None) -> OperatorMade:
    if not name.strip():
        raise Refused("name_missing")
    if role not in ROLES:
        raise Refused("role_unknown", role=role)
    badge = mint(CodeType.OPERATOR, act.village, act.entropy)
    fact = act.append(
        OperatorAdded.model_validate({"badge": badge, "role": role, "person": person_id}), {"name": name.strip()}
    )
    return OperatorMade(fact.id, badge)


def _next(connection: Connection, village: int, table: type[LogRow] | type[Seat], column: str) -> int:
    columns = table_of(table).c
    highest = connection.execute(select(func.max(columns[column])).where(columns.village == village)).scalar_one()
    return (highest or 0) + 1


def _program() -> str:
    return f"kiosk {version('kiosk')}"
