"""Later entry (补录): what was written on numbered paper forms comes into the book, each form once and marked as such.

A redemption is booked on the open day at the seat; the day on the form is kept beside it. A sign-in waits for a second
signature like every late correction.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.facts.form import FormEntered
from db.line import Stamp
from db.store import Act, Store
from db.tables.meeting import Meeting, MeetingAct
from db.tables.statement import table_of
from kiosk.domain.access import Right, require_right
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.form import FormNumber, require_form
from kiosk.domain.meeting import groups_of
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.meeting_template import label_of
from kiosk.domain.people import show_household
from kiosk.domain.period import require_day
from kiosk.domain.shop import Redeemed, redeem_in
from kiosk.domain.sign_in import Correction, request_in
from kiosk.errors import Refused

MEETINGS_SHOWN: Final = 9


@dataclass(frozen=True)
class RedemptionForm:
    """A form of a redemption as somebody filled it in on `form_day`: whose it is, and which goods went out."""

    number: FormNumber
    form_day: str
    household_id: int
    lines: tuple[BasketLine, ...]


@dataclass(frozen=True)
class SignInForm:
    """A line of a paper list of a meeting: who came, and whether the list says late."""

    number: FormNumber
    meeting_id: int
    comer: Comer
    is_late: bool = False


@dataclass(frozen=True)
class MeetingListed:
    """A meeting that has ended: its kind's template, its business day, what it counts, and for which groups it was."""

    meeting_id: int
    template: str
    day: str
    counts: str
    groups: tuple[int, ...]

    def label(self, language: str) -> str:
        """Return what its kind is called in a language."""
        return label_of(self.template, language)


def require_form_day(day: str, open_day: str | None) -> str:
    """Return the open business day, on which a form of `day` may be booked.

    Raises:
        Refused: no day is open (`day_not_open`), or the day on the form has not come yet (`form_day_ahead`).
    """
    if open_day is None:
        raise Refused("day_not_open")
    if day > open_day:
        raise Refused("form_day_ahead", day=day, open_day=open_day)
    return open_day


def enter_redemption_form(store: Store, form: RedemptionForm, *, now: Stamp, by: int) -> Redeemed:
    """Book a redemption from its form, at the prices and with the limits of the open day; its slip is the form.

    Raises:
        Refused: as `require_form_day` and `require_form`; the household has not so much any more
            (`form_points_missing`); as `redeem_in`.
        NotAllowed: the seat is elsewhere (`seat_elsewhere`); as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.REDEEM)
        require_form_day(form.form_day, act.day)
        require_form(act.connection, act.village, form.number, "redemption")
        try:
            redeemed = redeem_in(act, Holder(form.household_id, "form"), form.lines)
        except Refused as refused:
            if refused.code != "points_missing":
                raise
            household = show_household(act.connection, act.village, form.household_id)
            missing = refused.parameters["missing_points"]
            raise Refused("form_points_missing", name=household.name, missing_points=missing) from refused
        _note(act, form.number, "redemption", form.form_day, redeemed.redemption_id)
    return redeemed


def enter_sign_in_form(store: Store, form: SignInForm, *, now: Stamp, by: int) -> int:
    """Ask for a sign-in from a paper list and return the request; its day is the meeting's.

    Raises Refused and NotAllowed as `require_form` and `request_in`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.HOLD_MEETING)
        day = require_day(act)
        require_form(act.connection, act.village, form.number, "sign_in")
        correction = Correction(form.comer, "power", is_late=form.is_late, paper=form.number.shown)
        request_id = request_in(act, form.meeting_id, correction)
        _note(act, form.number, "sign_in", _day_of(act.connection, act.village, form.meeting_id) or day, request_id)
    return request_id


def ended_meetings(store: Store) -> tuple[MeetingListed, ...]:
    """Return the meetings that ended last, the newest first."""
    act, meeting = table_of(MeetingAct), table_of(Meeting)
    is_same = (meeting.c.village == act.c.village) & (meeting.c.meeting_id == act.c.meeting_id)
    statement = (
        select(meeting.c.meeting_id, meeting.c.template, meeting.c.counts, meeting.c.group_numbers, act.c.day)
        .select_from(act.join(meeting, is_same))
        .where(act.c.village == store.village, act.c.act == "ended")
        .order_by(act.c.rank.desc())
        .limit(MEETINGS_SHOWN)
    )
    with store.read() as connection:
        rows = connection.execute(statement).all()
    return tuple(
        MeetingListed(
            row.meeting_id, row.template or "", row.day or "", row.counts or "person", groups_of(row.group_numbers)
        )
        for row in rows
    )


def _note(act: Act, number: FormNumber, use: str, day: str, of: int) -> None:
    body = {"use": use, "till": number.till, "number": number.number, "form_day": day, "of": of}
    act.append(FormEntered.model_validate(body))


def _day_of(connection: Connection, village: int, meeting_id: int) -> str | None:
    act = table_of(MeetingAct).c
    statement = select(act.day).where(act.village == village, act.meeting_id == meeting_id, act.act == "opened")
    return connection.execute(statement.order_by(act.rank).limit(1)).scalar_one_or_none()
