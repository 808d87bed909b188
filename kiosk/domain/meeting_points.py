"""What coming to a meeting brings: points by the scheme's items, once a household, as far as its caps leave any.

A hall of four hundred households is paid in one go: what is read is read for all of them at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select

from db.facts.body import transfer
from db.facts.meeting import AttendanceAwarded
from db.line import entity_id
from db.store import Act
from db.tables.points import Posting
from db.tables.statement import table_of
from kiosk.domain.attendance import listed_subjects
from kiosk.domain.cap import earned_in_month
from kiosk.domain.joined import joined_households
from kiosk.domain.meeting import MeetingShown
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.meeting_template import templates
from kiosk.domain.scheme import Item, SchemeInForce, household_scheme, items_on
from kiosk.errors import Refused

ON_TIME: Final = "meeting_on_time"
LATE: Final = "meeting_late"
KEYS_AT_ONCE: Final = 400


@dataclass(frozen=True)
class Earner:
    """The sign-in a household's points follow from."""

    sign_in_id: int
    comer: Comer
    is_late: bool


@dataclass(frozen=True)
class _Book:
    """What coming brings on a day: the scheme in force and its items by whether somebody was late."""

    day: str
    scheme: SchemeInForce
    items: Mapping[bool, Item]


def earners(connection: Connection, village: int, meeting_id: int, counted: Mapping[int, Row[Any]]) -> list[Earner]:
    """Return one sign-in a household of those that count, in the order in which they came: one on time, if any is."""
    listed = listed_subjects(connection, village, meeting_id)
    best: dict[int, Earner] = {}
    for subject, row in counted.items():
        came = Earner(entity_id(row.log, row.seq), Comer(row.household_id, row.person_id), bool(row.is_late))
        is_better = row.household_id not in best or (best[row.household_id].is_late and not came.is_late)
        if subject in listed and is_better:
            best[row.household_id] = came
    return list(best.values())


def pay_attendance(act: Act, meeting: MeetingShown, day: str, came: Sequence[Earner]) -> list[int | None]:
    """Write the points of each household on a business day and return them, in hundredths.

    None where a household has them already, or coming brings none; 0 where its cap of the month leaves nothing.

    Raises:
        Refused: a household is unknown (`household_unknown`).
    """
    book = _book_of(act.connection, act.village, meeting, day)
    if book is None or not came:
        return [None] * len(came)
    households = [each.comer.household_id for each in came]
    accounts = joined_households(act.connection, act.village, households)
    paid = _paid(act.connection, act.village, meeting.meeting_id, households)
    earned = earned_in_month(act.connection, act.village, sorted(set(accounts.values())), book.scheme, day)
    given: list[int | None] = []
    awards: list[AttendanceAwarded] = []
    for each in came:
        item, household_id = book.items.get(each.is_late), each.comer.household_id
        if item is None or household_id in paid:
            given.append(None)
            continue
        account = accounts[household_id]
        points = max(earned.room(account, item).fit(item.points), 0)
        given.append(points)
        if points:
            earned.add(account, item, points)
            awards.append(_award(meeting, each, item, account, points))
    if awards:
        act.append_many([(award, None) for award in awards])
    return given


def _award(meeting: MeetingShown, came: Earner, item: Item, account: int, points: int) -> AttendanceAwarded:
    return AttendanceAwarded(
        meeting=meeting.meeting_id, sign_in=came.sign_in_id, household=came.comer.household_id,
        person=came.comer.person_id, scheme=item.scheme, item=item.code, points=points,
        legs=transfer("issued", account, points),
    )  # fmt: skip


def _book_of(connection: Connection, village: int, meeting: MeetingShown, day: str) -> _Book | None:
    template = templates().get(meeting.template)
    if template is None or not template.earns:
        return None
    try:
        scheme = household_scheme(connection, village, day)
    except Refused:
        return None
    items = {item.code: item for item in items_on(connection, village, scheme.code, day) if item.is_active}
    by_lateness = {False: items.get(ON_TIME), True: items.get(LATE)}
    return _Book(day, scheme, {is_late: item for is_late, item in by_lateness.items() if item is not None})


def _paid(connection: Connection, village: int, meeting_id: int, households: Iterable[int]) -> set[int]:
    """Return those of some households that have points of a meeting."""
    keys = {f"meeting:{meeting_id}:{household_id}": household_id for household_id in households}
    paid: set[int] = set()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        parameters = {"of_village": village, "of_keys": list(keys)[start : start + KEYS_AT_ONCE]}
        paid |= {keys[found] for found in connection.execute(_paid_statement(), parameters).scalars()}
    return paid


@lru_cache(maxsize=1)
def _paid_statement() -> Select[Any]:
    posting = table_of(Posting).c
    return select(posting.once_key).where(
        posting.village == bindparam("of_village"), posting.once_key.in_(bindparam("of_keys", expanding=True))
    )
