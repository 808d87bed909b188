"""Exceptions: what breaks rules in the villages' books, by cause; a person settles them, many at once.

A line that breaks a rule is stored like any other. What is wrong follows from the tables at any time; what was settled
is said in log 0 of its village, as it stood then: when it stands otherwise, it is an exception again.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection, func, literal, select

from county.county_log import CountyLog, catch_up, say_in
from county.hub import Hub
from db import journal
from db.facts.notice import ExceptionSettled, SettledSubject
from db.fault import Fault
from db.invariants import CHECKS, guards_equal_balances
from db.journal import COMMON_VILLAGE
from db.line import ENTITIES_PER_LOG
from db.names import WORDS
from db.tables.meeting import SignIn, SignInUndo
from db.tables.notice import Settled
from db.tables.points import Balance
from db.tables.statement import table_of

SENTENCES: Final[Mapping[str, str]] = {
    "balance_overdrawn": "a household redeemed more than it had: a device was copied, or two tills redeemed apart",
    "merged_account_has_credit": "points of a household that joined another; they move on when the seat opens its day",
    "left_account_has_credit": "points reached a household after it had moved to another village",
    "written_twice": "one thing was written by two logs; it counts once",
    "card_number_twice": "two cards with one number are live; the desk should replace one",
    "form_entered_twice": "one paper form was entered at two desks, and both count; one redemption should be made void",
    "meeting_figures_differ": "the end of a meeting says other figures than what it had seen",
    "attendance_without_sign_in": "points for coming, but the sign-in was undone or is missing",
    "signed_in_at_two_desks": "somebody signed in to one meeting at two desks; one sign-in counts",
    "two_meetings_open": "a log opened a meeting before it ended the one before",
    "fact_not_understood": "a line of a newer program, or a broken one; it counts after an upgrade",
    "legs_do_not_sum_to_zero": "a line whose points do not add up; its terminal should be examined",
}
"""What each cause means; what is not here is damage of the hub's own tables."""
DAMAGED: Final = "the hub's tables do not follow from its lines: compute them again"
STANDS: Final = "-"
"""How an exception stands that can stand in one way only."""
SUBJECTS_OF_A_FACT: Final = 30
LONGEST_SUBJECT: Final = 200
_CHECKS: Final = tuple(check for check in CHECKS if check is not guards_equal_balances)


@dataclass(frozen=True)
class Irregularity:
    """An exception that is open: its village, a stable cause, what it concerns, and how it stands."""

    village: int
    cause: str
    subject: str
    detail: str

    @property
    def meaning(self) -> str:
        """What the cause means, in a sentence."""
        return SENTENCES.get(self.cause, DAMAGED)


def list_exceptions(hub: Hub, villages: Iterable[int] = ()) -> dict[str, list[Irregularity]]:
    """Return what is open in some villages (none named: in all) by cause, the most frequent cause first."""
    found: dict[str, list[Irregularity]] = {}
    for village in _asked(hub, villages):
        catch_up(hub, village)
        with hub.read() as connection:
            for each in open_in(connection, village):
                found.setdefault(each.cause, []).append(each)
    return dict(sorted(found.items(), key=lambda each: (-len(each[1]), each[0])))


def settle_exceptions(
    hub: Hub, cause: str, villages: Iterable[int], note: str, entropy: Callable[[int], bytes] = os.urandom
) -> dict[int, int]:
    """Settle what is open of a cause in some villages (none named: in all), a transaction a village.

    `note` is private text for the village. Returns how many by village; again: none.
    """
    done: dict[int, int] = {}
    for village in _asked(hub, villages):
        count = say_in(hub, village, partial(_settle, cause, note), entropy)
        if count:
            done[village] = count
    return done


def open_in(connection: Connection, village: int) -> Iterator[Irregularity]:
    """Yield what is open in a village, whose tables are up to date."""
    settled = table_of(Settled).c
    rows = connection.execute(
        select(settled.cause, settled.subject, settled.detail).where(settled.village == village)
    ).all()
    known = {(row.cause, row.subject, row.detail) for row in rows}
    overdrawn = _overdrawn(connection, village)
    for check in (*_CHECKS, signed_in_at_two_desks):
        for fault in check(connection, village):
            subject = fault.subject[:LONGEST_SUBJECT]
            detail = overdrawn.get(subject, STANDS) if fault.code == "balance_overdrawn" else STANDS
            if (fault.code, subject, detail) not in known:
                yield Irregularity(village, fault.code, subject, detail)


def signed_in_at_two_desks(connection: Connection, village: int) -> list[Fault]:
    """Nobody signed in to one meeting at two desks, unless one of the two was undone: a card may have been lent."""
    sign_in, undo = table_of(SignIn), table_of(SignInUndo).c
    own_id = sign_in.c.log * ENTITIES_PER_LOG + sign_in.c.seq
    undone = select(literal(1)).where(undo.village == sign_in.c.village, undo.sign_in_id == own_id)
    statement = (
        select(sign_in.c.meeting_id, sign_in.c.subject_id)
        .where(sign_in.c.village == village, ~undone.correlate(sign_in).exists())
        .group_by(sign_in.c.meeting_id, sign_in.c.subject_id)
        .having(func.count(sign_in.c.log.distinct()) > 1)
        .order_by(sign_in.c.meeting_id, sign_in.c.subject_id)
    )
    rows = connection.execute(statement)
    return [Fault("signed_in_at_two_desks", f"{meeting} {subject}") for meeting, subject in rows]


def _settle(cause: str, note: str, log: CountyLog) -> int:
    found = [
        SettledSubject(subject=each.subject, detail=each.detail)
        for each in open_in(log.connection, log.village)
        if each.cause == cause
    ]
    for start in range(0, len(found), SUBJECTS_OF_A_FACT):
        subjects = tuple(found[start : start + SUBJECTS_OF_A_FACT])
        log.say(ExceptionSettled(cause=cause, subjects=subjects), {WORDS: note} if note else None)
    return len(found)


def _asked(hub: Hub, villages: Iterable[int]) -> list[int]:
    named = sorted(set(villages))
    if named:
        return named
    with hub.read() as connection:
        return sorted(village for village in journal.villages(connection) if village != COMMON_VILLAGE)


def _overdrawn(connection: Connection, village: int) -> dict[str, str]:
    """Return how far below zero each overdrawn household stands, in hundredths of a point."""
    balance = table_of(Balance).c
    rows = connection.execute(
        select(balance.household_id, balance.redeemable_points).where(
            balance.village == village, balance.redeemable_points < 0
        )
    )
    return {str(row.household_id): str(row.redeemable_points) for row in rows}
