"""Logs, the seat and operators."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from db.facts.terminal import TILLS_APART, LogBegun, OperatorAdded, Place, SeatTaken
from db.journal import heads
from db.line import COUNTY_LOG, Stamp, mint_log
from db.lineage import lineage
from db.store import Act, Store, begin_own_log
from db.tables.statement import table_of
from db.tables.terminal import LogBegun as LogRow
from db.tables.terminal import Operator, Seat
from kiosk.codes import CodeType, mint
from kiosk.domain.access import Right, require_right, standing_of
from kiosk.errors import NotAllowed, Refused

ROLES = ("attendant", "secretary", "supervisor")
TILLS_AHEAD: Final = 900


@dataclass(frozen=True)
class OperatorMade:
    """A new operator and the number of the badge to print."""

    operator_id: int
    badge: str


@dataclass(frozen=True)
class Continued:
    """The log that goes on after a restore, and the till number its slips carry."""

    log: int
    till: int


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
    return write_operator(act, operator_name, "secretary")


def add_operator(
    store: Store, name: str, role: str, person_id: int | None = None, *, now: Stamp, by: int
) -> OperatorMade:
    """Let one more person act at the desk. Raises Refused (`name_missing`, `role_unknown`).

    `person_id` says who of the village that is: nobody awards points to their own household alone.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.APPOINT)
        return write_operator(act, name, role, person_id)


def continue_terminal(store: Store, *, now: Stamp, by: int | None = None) -> Continued:
    """Begin a new log on a restored or copied store: it continues the old one and takes a till number of its own.

    It takes the seat too, unless another terminal of the village holds it. No day is open in the new log. `by` is the
    operator who signed for it, if there was one.
    """
    with store.write(now=now, by=by, begins_log=True) as act:
        return continue_in(act)


def continue_in(act: Act) -> Continued:
    """Begin a new log in an action that may, as `continue_terminal` does; what the action writes next stands there."""
    held = heads(act.connection, act.village)
    old, takes_seat = held.get(act.log), _may_take_seat(act.connection, act.village, act.log)
    continues = None if old is None else Place(log=act.log, seq=old.seq)
    log = mint_log(act.entropy)
    while log in held:
        log = mint_log(act.entropy)
    begin_own_log(act.connection, act.village, log)
    act.change_log(log)
    till = _till_of_its_own(act)
    act.append(LogBegun(till=till, program=_program(), continues=continues))
    if takes_seat:
        act.append(SeatTaken(seat=_next(act.connection, act.village, Seat, "seat")))
    return Continued(log, till)


def begin_by_county_order(store: Store, till: int, replaces: int | None, *, now: Stamp) -> Continued:
    """Begin the log the county let in: in the place of log `replaces`, or beside the village's other terminals.

    The till number is the county's; the seat is not taken here, for the county gives it.

    Raises:
        Refused: the log has begun before (`terminal_has_begun`).
    """
    with store.write(now=now, by=None) as act:
        held = heads(act.connection, act.village)
        if act.log in held:
            raise Refused("terminal_has_begun")
        before = None if replaces is None or replaces not in held else Place(log=replaces, seq=held[replaces].seq)
        act.append(LogBegun(till=till, program=_program(), continues=before))
        return Continued(act.log, till)


def require_seat(act: Act) -> SeatHeld:
    """Return the seat this log holds.

    Raises:
        NotAllowed: another terminal of the village holds the seat (`seat_elsewhere`), or took the place of this one
            (`terminal_replaced`).
    """
    held = _seat(act.connection, act.village)
    if held is None or held.holder != act.log:
        raise refusal_of_seat(act.connection, act.village, act.log)
    log = table_of(LogRow).c
    till = select(log.till).where(log.village == act.village, log.log == act.log)
    return SeatHeld(held.seat, act.connection.execute(till).scalar_one())


def refusal_of_seat(connection: Connection, village: int, log: int) -> NotAllowed:
    """Return why a log that does not hold the seat may not do what is the seat's."""
    return NotAllowed("terminal_replaced" if is_replaced(connection, village, log) else "seat_elsewhere")


def is_replaced(connection: Connection, village: int, log: int) -> bool:
    """Say whether another terminal took the place of the one that writes a log: by county order, or as its copy."""
    held = _seat(connection, village)
    if held is None or held.holder == log:
        return False
    own, seat = lineage(connection, village, log), table_of(Seat).c
    ordered = select(seat.seat).where(seat.village == village, seat.replaces.in_(own), seat.holder.not_in(own))
    is_ordered = connection.execute(ordered.limit(1)).one_or_none() is not None
    return is_ordered or log in lineage(connection, village, held.holder)


def seat_log(connection: Connection, village: int) -> int | None:
    """Return the log that holds the seat of a village, or None where nobody took it."""
    held = _seat(connection, village)
    return None if held is None else int(held.holder)


def operator_by_badge(connection: Connection, village: int, badge: str) -> int:
    """Return the active operator whose badge has this number, and who may act on the open day.

    Raises:
        NotAllowed: as `owner_of_badge`, or they are suspended (`operator_suspended`).
    """
    return standing_of(connection, village, owner_of_badge(connection, village, badge)).operator_id


def owner_of_badge(connection: Connection, village: int, badge: str) -> int:
    """Return the active operator whose badge has this number, suspended or not.

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


def write_operator(act: Act, name: str, role: str, person_id: int | None = None) -> OperatorMade:
    """Let one more person act at the desk, inside an action. Raises as `add_operator`."""
    if not name.strip():
        raise Refused("name_missing")
    if role not in ROLES:
        raise Refused("role_unknown", role=role)
    badge = mint(CodeType.OPERATOR, act.village, act.entropy)
    fact = act.append(
        OperatorAdded.model_validate({"badge": badge, "role": role, "person": person_id}), {"name": name.strip()}
    )
    return OperatorMade(fact.id, badge)


def _seat(connection: Connection, village: int) -> Row[Any, Any] | None:
    seat = table_of(Seat).c
    highest = select(seat.seat, seat.holder).where(seat.village == village).order_by(seat.seat.desc(), seat.rank.desc())
    return connection.execute(highest.limit(1)).one_or_none()


def _may_take_seat(connection: Connection, village: int, log: int) -> bool:
    """Say whether the terminal that wrote `log` may take the seat: nobody holds it, or it does, in whatever log.

    What the county gave to another is not taken back by a restore: a log before a granted one was another terminal's.
    """
    held = _seat(connection, village)
    if held is None:
        return True
    seat = table_of(Seat).c
    granted = select(seat.holder).where(seat.village == village, seat.log == COUNTY_LOG)
    is_granted = set(connection.execute(granted).scalars())
    for earlier in lineage(connection, village, held.holder):
        if earlier == log:
            return True
        if earlier in is_granted:
            break
    return False


def _next(connection: Connection, village: int, table: type[LogRow] | type[Seat], column: str) -> int:
    columns = table_of(table).c
    highest = connection.execute(select(func.max(columns[column])).where(columns.village == village)).scalar_one()
    return (highest or 0) + 1


def _till_of_its_own(act: Act) -> int:
    """Return a till number above all that are known here, by chance so far above that no other copy takes it too.

    Two restores from one backup know nothing of each other, and both print slips. The numbers the county keeps for
    terminals end in 1, and these never do.
    """
    ahead = int.from_bytes(act.entropy(4), "big") % TILLS_AHEAD
    till = _next(act.connection, act.village, LogRow, "till") + ahead
    return till + 1 if till % TILLS_APART == 1 else till


def _program() -> str:
    return f"kiosk {version('kiosk')}"
