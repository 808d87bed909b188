"""What a slip that is owed is about, read again: a redemption, a void, a return, or the reversal of an entry.

So a slip says the same whether it is printed at once or after a power cut: what was done, when, and what its household
had then.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy import Connection, func, select

from db.facts import read_body
from db.facts.returning import GoodsReturned, ReturnRequested
from db.facts.shop import RedemptionMade, RedemptionVoided, VoidRequested
from db.journal import read_since
from db.line import Fact, origin_of, read
from db.recovered import original
from db.store import Store
from db.tables.points import Posting
from db.tables.statement import table_of
from kiosk.domain.explanation import Explained, explain_in
from kiosk.domain.people import HouseholdShown, show_household
from kiosk.domain.redemption import RedemptionShown, show_redemption_in
from kiosk.domain.returned import returned_quantities
from kiosk.domain.returning import Brought, ReturnableLine, Returned, ReturnedLine
from kiosk.domain.shop import MOST_LINES
from kiosk.domain.void import Voided
from kiosk.errors import Refused

OnSlip: TypeAlias = RedemptionShown | Voided | Returned | Explained
"""What a slip of the desk is about."""


def show_owed(store: Store, fact_id: int) -> OnSlip:
    """Return what the slip is about that a fact owes. Raises Refused (`entry_unknown`, `redemption_unknown`)."""
    with store.read() as connection:
        facts = list(_facts_from(connection, store.village, fact_id))
        if not facts:
            raise Refused("entry_unknown")
        match read_body(facts[0]):
            case RedemptionMade():
                return show_redemption_in(connection, store.village, fact_id)
            case RedemptionVoided() | VoidRequested() as body:
                return _voided(connection, store.village, facts[0], body)
            case GoodsReturned() as body:
                return _returned(connection, store.village, facts, body)
            case ReturnRequested() as body:
                return _asked(connection, store.village, facts[0], body)
        explained = explain_in(connection, store.village, fact_id)
        return replace(explained, household=_then(connection, store.village, explained.household, facts[0]))


def _facts_from(connection: Connection, village: int, fact_id: int) -> Iterator[Fact]:
    """Give a fact and those after it that one action wrote with it."""
    log, seq = origin_of(fact_id)
    moment: tuple[int, int] | None = None
    for line in read_since(connection, village, log, seq - 1, MOST_LINES):
        fact = original(read(line))
        moment = moment or (fact.boot, fact.mono)
        if (fact.boot, fact.mono) != moment:
            return
        yield fact


def _voided(connection: Connection, village: int, fact: Fact, body: RedemptionVoided | VoidRequested) -> Voided:
    household = _then(connection, village, show_household(connection, village, body.household), fact)
    shown, waits = show_redemption_in(connection, village, body.redemption), isinstance(body, VoidRequested)
    return Voided(shown, household, body.points, waits, fact.id, fact.day or "", fact.at)


def _returned(connection: Connection, village: int, facts: list[Fact], first: GoodsReturned) -> Returned:
    """Put the lines of one return together: each fact is one of them."""
    shown = show_redemption_in(connection, village, first.redemption)
    bodies: dict[int, tuple[GoodsReturned, Fact]] = {}
    for fact in facts:
        body = read_body(fact)
        if not isinstance(body, GoodsReturned) or body.redemption != first.redemption or body.line in bodies:
            break
        bodies[body.line] = body, fact
    last = next(reversed(bodies.values()))[1]
    household = _then(connection, village, show_household(connection, village, first.household), last)
    lines = tuple(
        ReturnedLine(shown.redeemed.lines[n], Brought(n, body.quantity, body.to, body.reason), body.points)
        for n, (body, _written) in bodies.items()
    )
    fact = facts[0]
    return Returned(shown, household, lines, waits=False, fact_id=fact.id, day=fact.day or "", at=fact.at)


def _asked(connection: Connection, village: int, fact: Fact, body: ReturnRequested) -> Returned:
    """Show what waits, or waited, for a signature, each line at the price of the slip."""
    shown = show_redemption_in(connection, village, body.redemption)
    came = returned_quantities(connection, village, body.redemption)
    lines = []
    for each in body.lines:
        goods = shown.redeemed.lines[each.line]
        before = min(came.get(each.line, 0), goods.quantity - each.quantity)
        points = ReturnableLine(each.line, goods, before).points_of(each.quantity)
        lines.append(ReturnedLine(goods, Brought(each.line, each.quantity, each.to, each.reason), points))
    household = show_household(connection, village, body.household)
    return Returned(shown, household, tuple(lines), waits=True, fact_id=fact.id, day=fact.day or "", at=fact.at)


def _then(connection: Connection, village: int, household: HouseholdShown, fact: Fact) -> HouseholdShown:
    """Return a household with what it could redeem right after a fact."""
    posting = table_of(Posting).c
    until = select(func.coalesce(func.sum(posting.points), 0)).where(
        posting.village == village, posting.household_id == household.household_id, posting.rank <= fact.rank,
        posting.account == "household", posting.is_counted == 1,
    )  # fmt: skip
    return replace(household, redeemable_points=int(connection.execute(until).scalar_one()))
