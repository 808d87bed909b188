"""Making a redemption void: at once while it is fresh, later with a second signature. A linked fact, never an erasure.

Fresh is what this log made since this start of the machine, some minutes ago by its monotonic clock: no wall clock
makes a redemption old or young.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.facts.body import transfer
from db.facts.shop import BackOnShelf, RedemptionVoided, VoidRequested
from db.journal import read_since
from db.line import Fact, Stamp, entity_id, origin_of, read
from db.rules import rule
from db.store import Act, Store, own_log
from db.tables.shop import Redemption
from db.tables.statement import table_of
from db.tables.waiting import Answer, Request
from kiosk.domain.access import Right, require_right
from kiosk.domain.joined import joined_household
from kiosk.domain.people import HouseholdShown, show_household
from kiosk.domain.period import require_day
from kiosk.domain.redemption import RedemptionShown, show_redemption_in
from kiosk.domain.returned import returned_quantities
from kiosk.domain.scheme import current_day
from kiosk.domain.slip import owe_slip
from kiosk.domain.terminal import require_seat
from kiosk.errors import Refused

SECOND: Final = 1_000


@dataclass(frozen=True)
class ToVoid:
    """A redemption that may be made void; `waits` says that somebody else must sign first."""

    shown: RedemptionShown
    waits: bool


@dataclass(frozen=True)
class Voided:
    """A redemption made void: who has the points (hundredths) back, and how many they have now.

    Where it `waits` for a second signature nothing has moved yet. `fact_id` is the void, or what asks for it, and owes
    a slip; it was written on the business day `day`, at wall milliseconds `at`.
    """

    shown: RedemptionShown
    household: HouseholdShown
    points: int
    waits: bool
    fact_id: int
    day: str
    at: int


def find_slip(store: Store, slip_code: str) -> int:
    """Return the redemption of a slip that was scanned.

    Raises:
        Refused: the slip is another village's (`slip_of_other_village`), or no redemption here has it (`slip_unknown`).
    """
    if slip_code[2:6] != f"{store.village:04}":
        raise Refused("slip_of_other_village", village=slip_code[2:6])
    redemption = table_of(Redemption).c
    statement = select(redemption.log, redemption.seq).where(
        redemption.village == store.village, redemption.slip_code == slip_code
    )
    with store.read() as connection:
        row = connection.execute(statement.limit(1)).one_or_none()
    if row is None:
        raise Refused("slip_unknown")
    return entity_id(row.log, row.seq)


def show_void(store: Store, redemption_id: int, now: Stamp) -> ToVoid:
    """Return what would be made void, and whether it needs a second signature.

    Raises:
        Refused: there is no such redemption (`redemption_unknown`), it is void (`redemption_void_before`), goods of it
            came back already (`returned_in_part`); as `require_standing`.
    """
    with store.read() as connection:
        shown = show_redemption_in(connection, store.village, redemption_id)
        _require_whole(connection, store.village, shown)
        log = own_log(connection, store.village)
        return ToVoid(shown, not _is_at_once(connection, store.village, log, shown, now))


def void_redemption(store: Store, redemption_id: int, *, now: Stamp, by: int) -> Voided:
    """Make a redemption void at the seat, or ask for the second signature: all goods back, all points back, once.

    Raises:
        Refused: as `show_void`; no day is open (`day_not_open`).
        NotAllowed: the seat is elsewhere (`seat_elsewhere`); as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.VOID)
        shown = show_redemption_in(act.connection, act.village, redemption_id)
        _require_whole(act.connection, act.village, shown)
        waits = not _is_at_once(act.connection, act.village, act.log, shown, now)
        household_id = joined_household(act.connection, act.village, shown.redeemed.holder.household_id)
        if waits:
            require_seat(act)
            fact = act.append(
                VoidRequested(
                    redemption=redemption_id, household=household_id, slip=shown.redeemed.shown_number,
                    points=shown.redeemed.points,
                )
            )  # fmt: skip
        else:
            fact = _book(act, shown, household_id, None)
        owe_slip(act.connection, act.village, fact.id)
        household = show_household(act.connection, act.village, household_id)
    return Voided(shown, household, shown.redeemed.points, waits, fact.id, fact.day or "", fact.at)


def void_after_signature(act: Act, redemption_id: int, request_id: int) -> int:
    """Make a redemption void that somebody has signed for; give the points that came back, 0 if it was void before."""
    shown = show_redemption_in(act.connection, act.village, redemption_id)
    if shown.is_void or returned_quantities(act.connection, act.village, redemption_id):
        return 0
    _book(act, shown, joined_household(act.connection, act.village, shown.redeemed.holder.household_id), request_id)
    return shown.redeemed.points


def require_standing(connection: Connection, village: int, shown: RedemptionShown) -> None:
    """Let nothing come back of a redemption that is void, or of which a void or a return waits.

    Raises:
        Refused: `redemption_void_before`, or what waits for a signature (`void_waits_before`, `return_waits_before`).
    """
    redemption_id, number = shown.redeemed.redemption_id, shown.redeemed.shown_number
    if shown.is_void:
        raise Refused("redemption_void_before", number=number)
    request, answer = table_of(Request).c, table_of(Answer).c
    asked = select(request.log, request.seq, request.kind).where(
        request.village == village, request.redemption_id == redemption_id
    )
    for row in connection.execute(asked).all():
        answered = select(answer.seq).where(answer.village == village, answer.request_id == entity_id(row.log, row.seq))
        if connection.execute(answered.limit(1)).first() is None:
            raise Refused("void_waits_before" if row.kind == "late_void" else "return_waits_before", number=number)


def _book(act: Act, shown: RedemptionShown, household_id: int, request_id: int | None) -> Fact:
    redeemed = shown.redeemed
    lines = tuple(BackOnShelf(item=line.item_id, quantity=line.quantity) for line in redeemed.lines)
    return act.append(
        RedemptionVoided(
            seat=require_seat(act).seat, redemption=redeemed.redemption_id, household=household_id, request=request_id,
            lines=lines, points=redeemed.points, legs=transfer("redeemed", household_id, redeemed.points),
        )
    )  # fmt: skip


def _require_whole(connection: Connection, village: int, shown: RedemptionShown) -> None:
    require_standing(connection, village, shown)
    if returned_quantities(connection, village, shown.redeemed.redemption_id):
        raise Refused("returned_in_part", number=shown.redeemed.shown_number)


def _is_at_once(connection: Connection, village: int, log: int, shown: RedemptionShown, now: Stamp) -> bool:
    """Whether it is fresh, and small enough for one pair of eyes."""
    redeemed = shown.redeemed
    of_log, seq = origin_of(redeemed.redemption_id)
    day = current_day(connection, village)
    if of_log != log or redeemed.points > rule("shop", "void_at_once_limit_points", day):
        return False
    made = read(read_since(connection, village, log, seq - 1, 1)[0])
    age = now.mono - made.mono
    return made.boot == now.boot and 0 <= age <= rule("shop", "void_at_once_seconds", day) * SECOND
