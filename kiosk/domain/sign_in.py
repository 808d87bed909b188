"""Sign-in: by card, by the household book or from a list; leave, undo, and the correction after the end (补签).

A scan is never refused for being fast, late or unexpected: it is marked. Nobody is late before the meeting began, and
minutes are told by the clock nobody can set: after a restart, and at a second desk, from when it was said there again.
"""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias, get_args

from sqlalchemy import Connection, Row, select

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
from db.line import ENTITIES_PER_LOG, Stamp, origin_of
from db.rules import rule
from db.rules.in_force import rule_in_force
from db.store import Act, Store, own_log
from db.tables.meeting import SignIn, SignInUndo
from db.tables.statement import table_of
from db.tables.waiting import Answer, Request
from kiosk.codes import CodeType
from kiosk.domain.access import Right, require_right
from kiosk.domain.attendance import Tally, counted_sign_ins, live_tally
from kiosk.domain.attendee import (
    AttendeeSeen,
    door_names,
    name_at_once,
    only_expected,
    require_comer,
    require_known,
    see_attendee,
)
from kiosk.domain.card import CardHeld, find_card
from kiosk.domain.find import Found, people_of
from kiosk.domain.meeting import MeetingShown, require_open_meeting, show_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.period import require_day
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


def who_scans(store: Store, meeting_id: int, number: str, village: int) -> str:
    """Return the name of whose card or book code this is, before they are signed in; empty where it asks who came.

    Raises:
        Refused: as `sign_in_card`, except that a day need not be open.
    """
    _require_own_village(store, village)
    return name_at_once(store, meeting_id, number) or _who_scans(store, meeting_id, number)


def _who_scans(store: Store, meeting_id: int, number: str) -> str:
    """Tell whose card this is where there is more to say about it than a name."""
    with store.read() as connection:
        meeting = require_open_meeting(connection, store.village, meeting_id)
        _, came = _read_card(connection, store.village, meeting, number)
        if came is None:
            return ""
        seen = see_attendee(connection, store.village, own_log(connection, store.village), meeting, came)
        household_name, name = door_names(connection, store.village, seen.comer.household_id, came.person_id)
    return name or household_name


def sign_in_card(store: Store, meeting_id: int, number: str, village: int, *, now: Stamp, by: int) -> Scanned:
    """Sign in whose card or book code this is, by its 16 digits.

    A household's card in a meeting that counts persons signs in the one person of it who is expected; with none or
    several it asks who came.

    Raises:
        Refused: no day is open (`day_not_open`); as `require_open_meeting`; another village's card
            (`card_of_other_village`); as `find_card`.
    """
    _require_own_village(store, village)
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.TAKE_DESK)
        day = require_day(act)
        meeting = require_open_meeting(act.connection, act.village, meeting_id)
        held, came = _read_card(act.connection, act.village, meeting, number)
        if came is not None:
            entry: SignInEntry = "book" if number.startswith(str(CodeType.HOUSEHOLD_BOOK.value)) else "card"
            return _sign_in(act, meeting, came, entry, day, held.card_id)
    return WhoCame(held.household_id, people_of(store, held.household_id))


def sign_in_found(store: Store, meeting_id: int, comer: Comer, *, now: Stamp, by: int) -> SignInMade:
    """Sign in somebody who was chosen from a list or found by name; in a household meeting the person is left out.

    Raises:
        Refused: `day_not_open`; as `require_open_meeting`; `household_unknown`, `person_unknown`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.TAKE_DESK)
        day = require_day(act)
        meeting = require_open_meeting(act.connection, act.village, meeting_id)
        known = require_known(act.connection, act.village, meeting, comer)
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
        known = require_comer(act.connection, act.village, act.log, meeting, comer)
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
        return request_in(act, meeting_id, correction)


def request_in(act: Act, meeting_id: int, correction: Correction) -> int:
    """Ask for the same inside an action. Raises as `request_sign_in`."""
    require_day(act)
    require_right(act.connection, act.village, act.writer.operator or 0, Right.HOLD_MEETING)
    meeting = show_meeting(act.connection, act.village, meeting_id)
    if meeting.state != "ended":
        raise Refused("meeting_not_ended")
    known = require_comer(act.connection, act.village, act.log, meeting, correction.comer)
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


def _require_own_village(store: Store, village: int) -> None:
    if village != store.village:
        raise Refused("card_of_other_village", village=f"{village:04}")


def _read_card(
    connection: Connection, village: int, meeting: MeetingShown, number: str
) -> tuple[CardHeld, Comer | None]:
    """Return a card and who comes with it; None where several of a household may, or nobody of it is expected."""
    held = find_card(connection, village, number)
    person_id = held.person_id
    if meeting.counts == "person" and person_id is None:
        person_id = only_expected(connection, village, meeting.meeting_id, held.household_id)
    is_known = meeting.counts == "household" or person_id is not None
    return held, Comer(held.household_id, person_id) if is_known else None


def _sign_in(
    act: Act, meeting: MeetingShown, came: Comer, entry: SignInEntry, day: str, card_id: int | None
) -> SignInMade:
    seen = see_attendee(act.connection, act.village, act.log, meeting, came)
    if seen.sign_in_id is not None:
        return _made(act, seen.sign_in_id, _require_sign_in(act.connection, act.village, seen.sign_in_id), came, seen)
    begun = meeting.begun_here(act.log, act.stamp.boot)
    late_minutes = None if begun is None else max(act.stamp.mono - begun.stamp.mono, 0) // MINUTE
    body = SignedIn(
        meeting=meeting.meeting_id, household=seen.comer.household_id, person=seen.comer.person_id, card=card_id,
        entry=entry, is_late=_is_late(act, late_minutes, day),
        late_minutes=late_minutes, is_observer=not seen.is_expected,
        is_fast=entry != "found" and _is_fast(act, meeting.meeting_id, seen, day),
    )  # fmt: skip
    return _made(act, act.append(body).id, body, came, seen)


def _is_late(act: Act, late_minutes: int | None, day: str) -> bool:
    if late_minutes is None:
        return False
    return late_minutes > rule_in_force(act.connection, act.village, "meeting", "late_after_minutes", day)


def _made(act: Act, sign_in_id: int, said: SignedIn | Row[Any], came: Comer, seen: AttendeeSeen) -> SignInMade:
    """Tell of a sign-in that was just written, or by its row of one from before."""
    comer, connection = seen.comer, act.connection
    household_name, name = door_names(connection, act.village, comer.household_id, came.person_id)
    at, meeting_id = (act.stamp.at, said.meeting) if isinstance(said, SignedIn) else (said.at or 0, said.meeting_id)
    return SignInMade(
        sign_in_id, comer, name or household_name, household_name, at, bool(said.is_late), said.late_minutes,
        bool(said.is_observer), bool(said.is_fast), seen.sign_in_id is not None,
        live_tally(connection, act.village, meeting_id),
    )  # fmt: skip


def _is_fast(act: Act, meeting_id: int, seen: AttendeeSeen, day: str) -> bool:
    last = seen.last
    if last.last_meeting_id != meeting_id or last.last_boot != act.stamp.boot:
        return False
    return bool(0 <= act.stamp.mono - (last.last_mono or 0) < rule("meeting", "fast_scan_milliseconds", day))


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
