"""One terminal in the place of another, and the seat by order: what two officers say, and who comes with their code."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, insert, select, update

from county.county_log import county_log
from county.hub import Hub
from county.registry import (
    Known,
    RegistryError,
    decide,
    find_terminal,
    keep_terminal,
    list_terminals,
    next_till,
    require_free_log,
    said_of,
)
from county.tables import SeatOrder
from db.facts import UnknownFactError, read_body
from db.facts.terminal import SeatGranted, SeatTaken
from db.journal import heads
from db.line import COUNTY_LOG, LARGEST_LOG, mint_log
from db.tables.statement import table_of
from db.wire.v1.message import Certificate, Enrolment, Restoring
from db.wire.v1.restore_code import make_restore_code

CODE_LIVES_MILLISECONDS: Final = 3 * 24 * 3_600_000
SEATS_APART: Final = 100
"""An order stands so far above the highest seat the county knows: a desk that restored itself unheard stays below."""


class OrderError(ValueError):
    """An order that cannot be given; `code` is officers, unknown, shut_out, replaced, has_seat or used_up."""

    def __init__(self, code: str, village: int, log: int) -> None:
        """Keep the code apart from the place."""
        super().__init__(f"{code}: {village}/{log}")
        self.code, self.village, self.log = code, village, log


@dataclass(frozen=True)
class Officers:
    """Who orders and who confirms: two different people of the county."""

    ordered_by: str
    confirmed_by: str


@dataclass(frozen=True)
class Replacement:
    """A terminal that is to be replaced: the code for the village, the log that goes on, its seat if it had one."""

    village: int
    replaces: int
    log: int
    seat: int | None
    code: str


def replace_terminal(
    hub: Hub, village: int, log: int, officers: Officers, entropy: Callable[[int], bytes] = os.urandom
) -> Replacement:
    """Order that a new terminal comes in the place of the one that wrote `log`; an order before it is void.

    If that one holds the seat, it loses it as soon as it reads the order. It may still report what it wrote.

    Raises:
        OrderError: officers, unknown, shut_out, used_up.
        RecoveringError: the hub was restored and waits for what it said since.
    """
    _require_two(officers, village, log)
    with county_log(hub, village, entropy) as county:
        connection = county.connection
        of_terminal = _logs_of(connection, village, log)
        holder = seat_holder(connection, village)
        seat = _next_seat(connection, village, log) if holder is None or holder in of_terminal else None
        order = _Order(village, _free_log(connection, village, entropy), seat, log, hub.now(), officers)
        _void_codes(connection, village, log, hub.now())
        code = make_restore_code(village, entropy)
        _keep(connection, order, code, next_till(connection, village))
        if seat is not None:
            county.say(SeatGranted(log=order.log, seat=seat, replaces=log))
        for known in list_terminals(connection, village):
            if known.log in of_terminal and known.is_heard:
                decide(connection, village, known.log, "replaced", hub.now())
    return Replacement(village, log, order.log, seat, code)


def give_seat(
    hub: Hub, village: int, log: int, officers: Officers, entropy: Callable[[int], bytes] = os.urandom
) -> int:
    """Order that a terminal which was let in holds the seat of its village from now on, and return the seat number.

    Raises:
        OrderError: officers, unknown, shut_out, replaced, has_seat, used_up.
        RecoveringError: as `replace_terminal`.
    """
    _require_two(officers, village, log)
    with county_log(hub, village, entropy) as county:
        known = _require_known(county.connection, village, log)
        if known.state != "active":
            raise OrderError("replaced" if known.state == "replaced" else "unknown", village, log)
        if seat_holder(county.connection, village) == log:
            raise OrderError("has_seat", village, log)
        seat = _next_seat(county.connection, village, log)
        _keep(county.connection, _Order(village, log, seat, None, hub.now(), officers), None, known.till)
        county.say(SeatGranted(log=log, seat=seat))
    return seat


def take_question(hub: Hub, said: Enrolment, entropy: Callable[[int], bytes] = os.urandom) -> Known:
    """Let a terminal in that asks by stick, with a code for a dead one's place; it has chosen its log itself.

    The seat goes from the log that was kept for it to that one. Raises as `take_successor`; RecoveringError.
    """
    asked = Restoring(
        village=said.village, code=said.code, key=said.key, sealing=said.sealing, program=said.program
    )  # fmt: skip
    with county_log(hub, said.village, entropy) as county:
        order = _order_of(county.connection, asked)
        if order.taken_by is None:
            _follow(county.connection, order, said.log)
        known, replaces = take_successor(county.connection, asked, hub.now())
        if order.taken_by is None and order.seat is not None:
            seat = _next_seat(county.connection, said.village, said.log)
            county.say(SeatGranted(log=said.log, seat=seat, replaces=replaces))
    return known


def certify(connection: Connection, hub: Hub, known: Known) -> str:
    """Return the county's word for a terminal that was let in: its log, its key, its till, and in whose place it is."""
    order = table_of(SeatOrder).c
    statement = select(order.replaces).where(
        order.village == known.village, order.log == known.log, order.replaces.is_not(None)
    )
    replaces = connection.execute(statement.limit(1)).scalar_one_or_none()
    word = Certificate(
        village=known.village, log=known.log, key=known.public_key, till=known.till, replaces=replaces
    )  # fmt: skip
    return hub.key.say(Certificate.KIND, word).decode()


def take_successor(connection: Connection, said: Restoring, at: int) -> tuple[Known, int]:
    """Let a terminal in that comes with a code, and return it with the log it replaces; asking again is no harm.

    Raises:
        RegistryError: no such code of this village (restore_wrong), it is too old or void (restore_old), or another
            terminal came with it (restore_used).
    """
    order = _order_of(connection, said)
    if order.taken_by not in (None, said.key):
        raise RegistryError("restore_used", str(said.village))
    if order.taken_by is None:
        if order.expires_at <= at:
            raise RegistryError("restore_old", str(said.village))
        known = Known(
            said.village, order.log, said.key, said.sealing, "active", order.till, said.program, at, None
        )  # fmt: skip
        keep_terminal(connection, known)
        place = table_of(SeatOrder)
        taken = update(place).where(place.c.village == said.village, place.c.digest == order.digest)
        connection.execute(taken.values(taken_by=said.key, taken_at=at))
        return known, order.replaces
    held = find_terminal(connection, said.village, order.log)
    if held is None:
        raise RegistryError("restore_old", str(said.village))
    return held, order.replaces


def seat_holder(connection: Connection, village: int) -> int | None:
    """Return the log that holds the seat as far as the county knows, or None where nobody took it yet."""
    said = _seats_said(connection, village)
    return max(said, key=lambda each: (each[0], each[2]))[1] if said else None


@dataclass(frozen=True)
class _Order:
    village: int
    log: int
    seat: int | None
    replaces: int | None
    made_at: int
    officers: Officers


def _require_two(officers: Officers, village: int, log: int) -> None:
    """Two people, by their names: one alone moves no village's till."""
    first, second = officers.ordered_by.strip(), officers.confirmed_by.strip()
    if not first or not second or first.casefold() == second.casefold():
        raise OrderError("officers", village, log)


def _require_known(connection: Connection, village: int, log: int) -> Known:
    known = find_terminal(connection, village, log)
    if known is None or known.state == "pending":
        raise OrderError("unknown", village, log)
    if known.state == "revoked":
        raise OrderError("shut_out", village, log)
    return known


def _seats_said(connection: Connection, village: int) -> list[tuple[int, int, str]]:
    """Return seat number, holder and rank of all that was said of the seat and can be read."""
    found = []
    for fact in said_of(connection, village, SeatTaken.KIND, SeatGranted.KIND):
        with suppress(UnknownFactError):
            said = read_body(fact)
            if isinstance(said, SeatTaken):
                found.append((said.seat, fact.log, fact.rank))
            elif isinstance(said, SeatGranted) and fact.log == COUNTY_LOG:
                found.append((said.seat, said.log, fact.rank))
    return found


def _next_seat(connection: Connection, village: int, log: int) -> int:
    highest = max((seat for seat, _holder, _rank in _seats_said(connection, village)), default=0)
    if highest + SEATS_APART > LARGEST_LOG:
        raise OrderError("used_up", village, log)
    return highest + SEATS_APART


def _logs_of(connection: Connection, village: int, log: int) -> set[int]:
    """Return every log the terminal of `log` writes, and those that were to go on for it by earlier orders."""
    key = _require_known(connection, village, log).public_key
    own = {each.log for each in list_terminals(connection, village) if each.public_key == key}
    order = table_of(SeatOrder).c
    promised = select(order.log).where(order.village == village, order.replaces == log)
    return own | set(connection.execute(promised).scalars())


def _free_log(connection: Connection, village: int, entropy: Callable[[int], bytes]) -> int:
    order = table_of(SeatOrder).c
    taken = {*heads(connection, village), *(each.log for each in list_terminals(connection, village))}
    taken |= set(connection.execute(select(order.log).where(order.village == village)).scalars())
    log = mint_log(entropy)
    while log in taken:
        log = mint_log(entropy)
    return log


def _void_codes(connection: Connection, village: int, replaces: int, at: int) -> None:
    """Let nobody come any more with an earlier code for the same terminal."""
    order = table_of(SeatOrder)
    waiting = update(order).where(
        order.c.village == village, order.c.replaces == replaces, order.c.taken_by.is_(None), order.c.expires_at > at
    )
    connection.execute(waiting.values(expires_at=at))


def _keep(connection: Connection, order: _Order, code: str | None, till: int) -> None:
    expires_at = None if code is None else order.made_at + CODE_LIVES_MILLISECONDS
    row = {
        "village": order.village, "log": order.log, "made_at": order.made_at, "seat": order.seat, "till": till,
        "replaces": order.replaces, "digest": None if code is None else digest_of(code),
        "ordered_by": order.officers.ordered_by.strip(), "confirmed_by": order.officers.confirmed_by.strip(),
        "expires_at": expires_at,
    }  # fmt: skip
    connection.execute(insert(table_of(SeatOrder)).values(**row))


def _follow(connection: Connection, order: Row[tuple[object, ...]], log: int) -> None:
    """Let an order speak of another log. Raises RegistryError (log_taken)."""
    require_free_log(connection, order.village, log)
    if find_terminal(connection, order.village, log) is not None:
        raise RegistryError("log_taken", str(log))
    place = table_of(SeatOrder)
    same = update(place).where(place.c.village == order.village, place.c.digest == order.digest)
    connection.execute(same.values(log=log))


def _order_of(connection: Connection, said: Restoring) -> Row[tuple[object, ...]]:
    order = table_of(SeatOrder)
    statement = select(order).where(order.c.village == said.village, order.c.digest == digest_of(said.code))
    found = connection.execute(statement).one_or_none()
    if found is None:
        raise RegistryError("restore_wrong", str(said.village))
    return found


def digest_of(code: str) -> str:
    """Return what is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()
