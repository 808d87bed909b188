"""Sign-in: by card, by the household book or from a list; leave, undo, and the correction after the end (补签).

A scan is never refused for being fast, late or unexpected: it is marked. Nobody is late before the meeting began, and
minutes are told by the clock nobody can set: after a restart, and at a second desk, from when it was said there again.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias, get_args

from sqlalchemy import Connection, Row, Select, bindparam, select

from db.facts.meeting import (
    CorrectionReason,
    LeaveReason,
    LeaveSet,
    SignedIn,
    SignInEntry,
    SignInRequested,
    SignInUndone,
    UndoReason,
)
from db.line import ENTITIES_PER_LOG, Stamp, entity_id, origin_of
from db.names import name_of
from db.rules import rule
from db.store import Act, Store
from db.tables.meeting import Expected, SignIn, SignInUndo
from db.tables.people import Person
from db.tables.statement import table_of
from db.tables.waiting import Answer, Request
from kiosk.codes import CodeType
from kiosk.domain.access import Right, require_right
from kiosk.domain.attendance import Tally, counted_sign_ins, live_tally
from kiosk.domain.card import find_card
from kiosk.domain.find import Found, people_of
from kiosk.domain.meeting import MeetingShown, require_open_meeting, show_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.people import require_household
from kiosk.domain.period import require_day
from kiosk.domain.reversal import joined_household
from kiosk.errors import Refused

MINUTE: Final = 60_000


@dataclass(frozen=True)
class SignInMade:
    """Somebody who came, and the figures after it; `is_again` says that nothing was written: they were here at `at`.

    `name` is who came, `household_name` the head of the household; `at` is wall milliseconds. `had_leave` says that
    they had asked not to come.
    """

    sign_in_id: int
    comer: Comer
    name: str
    household_name: str
    at: int
    is_late: bool
    late_minutes: int | None
    is_observer: bool
    is_fast: bool
    is_again: bool
    tally: Tally


@dataclass(frozen=True)
class WhoCame:
    """A card of a household in a meeting that counts persons: one of these came, and nothing was written."""

    household_id: int
    persons: tuple[Found, ...]


Scanned: TypeAlias = SignInMade | WhoCame


def sign_in_card(store: Store, meeting_id: int, number: str, village: int, *, now: Stamp, by: int) -> Scanned:
    """Sign in whose card or book code this is, by its 16 digits.

    A household's card in a meeting that counts persons signs in the one person of it who is expected; with none or
    several it asks who came.

    Raises:
        Refused: no day is open (`day_not_open`); as `require_open_meeting`; another village's card
            (`card_of_other_village`); as `find_card`.
    """
    if village != store.village:
        raise Refused("card_of_other_village", village=f"{village:04}")
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        meeting = require_open_meeting(act.connection, act.village, meeting_id)
        held = find_card(act.connection, act.village, number)
        entry: SignInEntry = "book" if number.startswith(str(CodeType.HOUSEHOLD_BOOK.value)) else "card"
        person_id = held.person_id
        if meeting.counts == "person" and person_id is None:
            person_id = _only_expected(act, meeting_id, held.household_id)
        if meeting.counts == "household" or person_id is not None:
            return _sign_in(act, meeting, Comer(held.household_id, person_id), entry, day, held.card_id)
    return WhoCame(held.household_id, people_of(store, held.household_id))


def sign_in_found(store: Store, meeting_id: int, comer: Comer, *, now: Stamp, by: int) -> SignInMade:
    """Sign in somebody who was chosen from a list or found by name; in a household meeting the person is left out.

    Raises:
        Refused: `day_not_open`; as `require_open_meeting`; `household_unknown`, `person_unknown`.
    """
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        meeting = require_open_meeting(act.connection, act.village, meeting_id)
        known = _require_known(act.connection, act.village, meeting, comer)
        return _sign_in(act, meeting, known, "found", day, None)


def undo_sign_in(store: Store, sign_in_id: int, reason: UndoReason, *, now: Stamp, by: int) -> Tally:
    """Take a sign-in back while the meeting is open; both facts stay, and the figures after it are returned.

    Raises:
        Refused: `day_not_open`; no such sign-in (`sign_in_unknown`); it was undone before (`sign_in_undone_before`);
            the reason is none (`reason_unknown`); as `require_open_meeting`: after the end its points are reversed.
        NotAllowed: the operator may not hold meetings (`right_missing`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.HOLD_MEETING)
        row = _require_sign_in(act.connection, act.village, sign_in_id)
        require_open_meeting(act.connection, act.village, row.meeting_id)
        if reason not in get_args(UndoReason):
            raise Refused("reason_unknown", reason=reason)
        act.append(SignInUndone(sign_in=sign_in_id, meeting=row.meeting_id, reason=reason))
        return live_tally(act.connection, act.village, row.meeting_id)


def set_leave(store: Store, meeting_id: int, comer: Comer, reason: LeaveReason | None, *, now: Stamp, by: int) -> None:
    """Note that somebody asked not to come, or with no reason that they take it back.

    It may be noted from the call of the meeting to its end.

    Raises:
        Refused: `day_not_open`, `meeting_unknown`, `meeting_has_ended`, `meeting_is_cancelled`, `household_unknown`,
            `person_unknown`, `reason_unknown`.
        NotAllowed: the operator may not hold meetings (`right_missing`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.HOLD_MEETING)
        meeting = show_meeting(act.connection, act.village, meeting_id)
        if meeting.state in ("ended", "cancelled"):
            raise Refused("meeting_has_ended" if meeting.state == "ended" else "meeting_is_cancelled")
        known = _require_comer(act.connection, act.village, meeting, comer)
        if reason is not None and reason not in get_args(LeaveReason):
            raise Refused("reason_unknown", reason=reason)
        body = LeaveSet(meeting=meeting_id, household=known.household_id, person=known.person_id, reason=reason)
        act.append(body)


@dataclass(frozen=True)
class Correction:
    """A late correction: who was forgotten, why, whether they had come late, and the number of the paper sheet."""

    comer: Comer
    reason: CorrectionReason
    is_late: bool = False
    paper: str | None = None


def request_sign_in(store: Store, meeting_id: int, correction: Correction, *, now: Stamp, by: int) -> int:
    """Ask for somebody to be entered in a meeting that has ended (补签); it waits for a second signature.

    Raises:
        Refused: `day_not_open`, `meeting_unknown`; the meeting has not ended (`meeting_not_ended`); they signed in
            (`signed_in_before`), or this waits already (`sign_in_asked_before`); `household_unknown`, `person_unknown`,
            `reason_unknown`.
        NotAllowed: the operator may not hold meetings (`right_missing`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.HOLD_MEETING)
        meeting = show_meeting(act.connection, act.village, meeting_id)
        if meeting.state != "ended":
            raise Refused("meeting_not_ended")
        known = _require_comer(act.connection, act.village, meeting, correction.comer)
        if known.subject_id in counted_sign_ins(act.connection, act.village, meeting):
            raise Refused("signed_in_before")
        if _is_asked(act.connection, act.village, meeting_id, known):
            raise Refused("sign_in_asked_before")
        if correction.reason not in get_args(CorrectionReason):
            raise Refused("reason_unknown", reason=correction.reason)
        body = SignInRequested(
            meeting=meeting_id, household=known.household_id, person=known.person_id, reason=correction.reason,
            paper=correction.paper, is_late=correction.is_late,
        )  # fmt: skip
        return act.append(body).id


def is_expected(connection: Connection, village: int, meeting_id: int, subject_id: int) -> bool:
    """Say whether a meeting expects somebody."""
    return _listed_household(connection, village, meeting_id, subject_id) is not None


def _sign_in(
    act: Act, meeting: MeetingShown, came: Comer, entry: SignInEntry, day: str, card_id: int | None
) -> SignInMade:
    connection, village, meeting_id, came_id = act.connection, act.village, meeting.meeting_id, came.person_id
    comer, is_listed = _counted_as(connection, village, meeting, came)
    before = _signed_before(connection, village, meeting_id, comer.subject_id)
    if before is not None:
        return _made(act, entity_id(before.log, before.seq), before, comer, came_id, is_again=True)
    begun = meeting.begun_here(act.log, act.stamp.boot)
    late_minutes = None if begun is None else max(act.stamp.mono - begun.stamp.mono, 0) // MINUTE
    body = SignedIn(
        meeting=meeting_id, household=comer.household_id, person=comer.person_id, card=card_id, entry=entry,
        is_late=late_minutes is not None and late_minutes > rule("meeting", "late_after_minutes", day),
        late_minutes=late_minutes, is_observer=not is_listed,
        is_fast=entry != "found" and _is_fast(act, meeting_id, day),
    )  # fmt: skip
    return _made(act, act.append(body).id, body, comer, came_id, is_again=False)


def _made(
    act: Act, sign_in_id: int, said: SignedIn | Row[Any], comer: Comer, came_id: int | None, *, is_again: bool
) -> SignInMade:
    """Tell of a sign-in that was just written, or by its row of one from before."""
    household_name, name = _names(act.connection, act.village, comer.household_id, came_id or comer.person_id)
    at, meeting_id = (act.stamp.at, said.meeting) if isinstance(said, SignedIn) else (said.at or 0, said.meeting_id)
    return SignInMade(
        sign_in_id, comer, name or household_name, household_name, at, bool(said.is_late), said.late_minutes,
        bool(said.is_observer), bool(said.is_fast), is_again, live_tally(act.connection, act.village, meeting_id),
    )  # fmt: skip


def _is_fast(act: Act, meeting_id: int, day: str) -> bool:
    last = act.connection.execute(_last_statement(), {"of_village": act.village, "of_log": act.log}).one_or_none()
    if last is None or last.meeting_id != meeting_id or last.boot != act.stamp.boot:
        return False
    return bool(0 <= act.stamp.mono - (last.mono or 0) < rule("meeting", "fast_scan_milliseconds", day))


def _signed_before(connection: Connection, village: int, meeting_id: int, subject_id: int) -> Row[Any] | None:
    parameters = {"of_village": village, "of_meeting": meeting_id, "of_subject": subject_id}
    rows = connection.execute(_before_statement(), parameters).all()
    if not rows:
        return None
    undo = table_of(SignInUndo).c
    ids = [entity_id(row.log, row.seq) for row in rows]
    undone = set(
        connection.execute(
            select(undo.sign_in_id).where(undo.village == village, undo.sign_in_id.in_(ids))
        ).scalars()
    )  # fmt: skip
    return next((row for row in rows if entity_id(row.log, row.seq) not in undone), None)


def _require_sign_in(connection: Connection, village: int, sign_in_id: int) -> Row[Any]:
    sign_in, undo = table_of(SignIn), table_of(SignInUndo).c
    log, seq = origin_of(sign_in_id)
    row = connection.execute(
        select(sign_in).where(sign_in.c.village == village, sign_in.c.log == log, sign_in.c.seq == seq)
    ).one_or_none()
    if row is None:
        raise Refused("sign_in_unknown")
    undone = select(undo.sign_in_id).where(undo.village == village, undo.sign_in_id == sign_in_id).limit(1)
    if connection.execute(undone).one_or_none() is not None:
        raise Refused("sign_in_undone_before")
    return row


def _require_comer(connection: Connection, village: int, meeting: MeetingShown, comer: Comer) -> Comer:
    """Return as whom a meeting counts somebody who was chosen. Raises as `_require_known`."""
    return _counted_as(connection, village, meeting, _require_known(connection, village, meeting, comer))[0]


def _require_known(connection: Connection, village: int, meeting: MeetingShown, comer: Comer) -> Comer:
    """Return who was chosen: a household or, where persons count, the person with the household they belong to now.

    Raises:
        Refused: `household_unknown`, `person_unknown`.
    """
    if meeting.counts == "household":
        require_household(connection, village, comer.household_id)
        return comer
    person = table_of(Person).c
    statement = select(person.household_id).where(person.village == village, person.person_id == comer.person_id)
    household_id = connection.execute(statement).scalar_one_or_none()
    if household_id is None:
        raise Refused("person_unknown")
    return Comer(household_id, comer.person_id)


def _counted_as(connection: Connection, village: int, meeting: MeetingShown, came: Comer) -> tuple[Comer, bool]:
    """Return as whom a meeting counts somebody, and whether it expects them.

    Who is expected comes for the household on the list; who is not, for the one that theirs joined, if it did.
    """
    person_id = came.person_id if meeting.counts == "person" else None
    listed = _listed_household(connection, village, meeting.meeting_id, person_id or came.household_id)
    if listed is not None:
        return Comer(listed, person_id), True
    comer = Comer(joined_household(connection, village, came.household_id), person_id)
    return comer, person_id is None and is_expected(connection, village, meeting.meeting_id, comer.subject_id)


def _listed_household(connection: Connection, village: int, meeting_id: int, subject_id: int) -> int | None:
    """Return the household for which somebody is expected, None for who is not."""
    parameters = {"of_village": village, "of_meeting": meeting_id, "of_subject": subject_id}
    return connection.execute(_listed_statement(), parameters).scalar_one_or_none()


def _is_asked(connection: Connection, village: int, meeting_id: int, comer: Comer) -> bool:
    """Say whether a sign-in of somebody waits for a signature."""
    request, answer = table_of(Request), table_of(Answer).c
    own_id = request.c.log * ENTITIES_PER_LOG + request.c.seq
    answered = select(answer.request_id).where(answer.village == request.c.village, answer.request_id == own_id)
    who = request.c.household_id == comer.household_id
    if comer.person_id is not None:
        who = request.c.person_id == comer.person_id
    statement = select(request.c.seq).where(
        request.c.village == village, request.c.meeting_id == meeting_id, who, ~answered.correlate(request).exists()
    )
    return connection.execute(statement.limit(1)).one_or_none() is not None


def _only_expected(act: Act, meeting_id: int, household_id: int) -> int | None:
    expected = table_of(Expected).c
    statement = select(expected.person_id).where(
        expected.village == act.village, expected.meeting_id == meeting_id, expected.household_id == household_id
    )
    persons = set(act.connection.execute(statement).scalars())
    return persons.pop() if len(persons) == 1 else None


def _names(connection: Connection, village: int, household_id: int, person_id: int | None) -> tuple[str, str]:
    household = require_household(connection, village, household_id)
    parameters = {"of_village": village, "of_person": person_id}
    name_id = connection.execute(_name_statement(), parameters).scalar_one_or_none()
    return name_of(connection, village, household.name_id), name_of(connection, village, name_id)


@lru_cache(maxsize=1)
def _name_statement() -> Select[Any]:
    person = table_of(Person).c
    return select(person.name_id).where(
        person.village == bindparam("of_village"), person.person_id == bindparam("of_person")
    )


@lru_cache(maxsize=1)
def _listed_statement() -> Select[Any]:
    expected = table_of(Expected).c
    return (
        select(expected.household_id)
        .where(
            expected.village == bindparam("of_village"), expected.meeting_id == bindparam("of_meeting"),
            expected.subject_id == bindparam("of_subject"),
        )
        .order_by(expected.log, expected.seq)
        .limit(1)
    )  # fmt: skip


@lru_cache(maxsize=1)
def _before_statement() -> Select[Any]:
    sign_in = table_of(SignIn)
    return (
        select(sign_in)
        .where(
            sign_in.c.village == bindparam("of_village"), sign_in.c.meeting_id == bindparam("of_meeting"),
            sign_in.c.subject_id == bindparam("of_subject"),
        )
        .order_by(sign_in.c.rank)
    )  # fmt: skip


@lru_cache(maxsize=1)
def _last_statement() -> Select[Any]:
    sign_in = table_of(SignIn).c
    return (
        select(sign_in.meeting_id, sign_in.boot, sign_in.mono)
        .where(sign_in.village == bindparam("of_village"), sign_in.log == bindparam("of_log"))
        .order_by(sign_in.seq.desc())
        .limit(1)
    )
