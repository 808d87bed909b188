"""Who came: the live figures of an open meeting, and the attendance sheet of any. Nothing here writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, case, distinct, func, literal, select

from db.line import ENTITIES_PER_LOG, entity_id
from db.names import names_of
from db.projections.meeting import closing_of
from db.store import Store, own_log
from db.tables.meeting import Expected, Leave, MeetingAct, SignIn, SignInUndo
from db.tables.people import Household, Person
from db.tables.statement import table_of
from kiosk.domain.meeting import MeetingShown, show_meeting
from kiosk.domain.people import HouseholdPlace

Came: TypeAlias = Literal["present", "late", "leave", "absent", "observer"]


@dataclass(frozen=True)
class Tally:
    """The figures of a meeting: expected, present (late ones among them), late, on leave, and observers beside them."""

    expected: int
    present: int
    late: int
    leave: int
    observers: int

    @property
    def absent(self) -> int:
        """Expected, not there, not on leave."""
        return self.expected - self.present - self.leave


@dataclass(frozen=True)
class SheetLine:
    """One line of an attendance sheet; `at` (wall milliseconds) and what follows are None for who did not come.

    `name` is the person's or, where households count, the head's.
    """

    subject_id: int
    household_id: int
    person_id: int | None
    name: str
    place: HouseholdPlace
    came: Came
    leave_reason: str | None
    sign_in_id: int | None
    at: int | None
    late_minutes: int | None
    is_fast: bool
    is_corrected: bool


@dataclass(frozen=True)
class AttendanceSheet:
    """A meeting, its figures and its lines: expected ones by place, then observers. `log` is that of this desk."""

    meeting: MeetingShown
    tally: Tally
    lines: tuple[SheetLine, ...]
    log: int


def show_attendance(store: Store, meeting_id: int) -> AttendanceSheet:
    """Return who was expected and who came. Raises Refused (`meeting_unknown`)."""
    with store.read() as connection:
        meeting = show_meeting(connection, store.village, meeting_id)
        lines = lines_of(connection, store.village, meeting)
        log = own_log(connection, store.village)
    return AttendanceSheet(meeting, tally_of(lines), lines, log)


def live_tally(connection: Connection, village: int, meeting_id: int) -> Tally:
    """Return the figures of an open meeting by one statement; it does not grow with the village's history."""
    row = connection.execute(_live_statement(), {"of_village": village, "of_meeting": meeting_id}).one()
    return Tally(row.expected, row.present, row.late, row.on_leave, row.observers)


def tally_of(lines: tuple[SheetLine, ...]) -> Tally:
    """Return the figures of a sheet."""
    by = {came: sum(1 for line in lines if line.came == came) for came in ("present", "late", "leave", "observer")}
    expected = sum(1 for line in lines if line.came != "observer")
    return Tally(expected, by["present"] + by["late"], by["late"], by["leave"], by["observer"])


def tally_at(connection: Connection, village: int, meeting_id: int, counted: Mapping[int, Row[Any]]) -> Tally:
    """Return the figures of a meeting by the sign-ins that count, as `tally_of` its sheet would."""
    listed = listed_subjects(connection, village, meeting_id)
    leaves = connection.execute(_leaves_statement(), {"of_village": village, "of_meeting": meeting_id})
    present = [row for subject, row in counted.items() if subject in listed]
    on_leave = sum(1 for row in leaves if row.subject_id in listed and row.subject_id not in counted)
    late = sum(1 for row in present if row.is_late)
    return Tally(len(listed), len(present), late, on_leave, len(counted) - len(present))


def listed_subjects(connection: Connection, village: int, meeting_id: int) -> frozenset[int]:
    """Return the subjects whom a meeting expects."""
    rows = connection.execute(_expected_statement(), {"of_village": village, "of_meeting": meeting_id})
    return frozenset(row.subject_id for row in rows)


def lines_of(connection: Connection, village: int, meeting: MeetingShown) -> tuple[SheetLine, ...]:
    """Return the lines of a sheet: of several sign-ins of one subject the first that was not undone counts."""
    parameters = {"of_village": village, "of_meeting": meeting.meeting_id}
    expected = connection.execute(_expected_statement(), parameters).all()
    signed = counted_sign_ins(connection, village, meeting)
    leaves = {row.subject_id: row for row in connection.execute(_leaves_statement(), parameters)}
    listed = {row.subject_id: row for row in expected}
    others = [row for subject, row in signed.items() if subject not in listed]
    shown = _people(connection, village, [*listed.values(), *others])
    return tuple(
        _line(row, signed.get(row.subject_id), leaves.get(row.subject_id), shown)
        for row in sorted(listed.values(), key=lambda row: _by_place(row, shown))
    ) + tuple(_line(row, row, None, shown, is_observer=True) for row in others)


def counted_sign_ins(connection: Connection, village: int, meeting: MeetingShown) -> dict[int, Row[Any]]:
    """Return the sign-in that counts for each subject, in the order in which they came.

    What the end had not seen does not count, unless a second signature let it in.
    """
    parameters = {"of_village": village, "of_meeting": meeting.meeting_id}
    end = meeting.acts.get("ended")
    seen = None if end is None else closing_of(connection, village, end.log, end.seq)
    counted: dict[int, Row[Any]] = {}
    for row in connection.execute(_sign_ins_statement(), parameters):
        if seen is None or row.request_id is not None or row.seq <= seen.get(row.log, 0):
            counted.setdefault(row.subject_id, row)
    return counted


def _line(
    who: Row[Any], signed: Row[Any] | None, leave: Row[Any] | None, shown: "_Shown", *, is_observer: bool = False
) -> SheetLine:
    name, place = shown.of(who)
    came: Came = "absent" if leave is None else "leave"
    if signed is not None:
        came = "observer" if is_observer else ("late" if signed.is_late else "present")
    return SheetLine(
        who.subject_id, who.household_id, who.person_id, name, place, came,
        leave.reason_code if leave is not None and signed is None else None,
        None if signed is None else entity_id(signed.log, signed.seq), None if signed is None else signed.at,
        None if signed is None else signed.late_minutes, bool(signed is not None and signed.is_fast),
        bool(signed is not None and signed.request_id is not None),
    )  # fmt: skip


@dataclass(frozen=True)
class _Shown:
    """Names and places of the households and persons on a sheet."""

    households: Mapping[int, Row[Any]]
    persons: Mapping[int, Row[Any]]
    names: Mapping[int | None, str]

    def of(self, who: Row[Any]) -> tuple[str, HouseholdPlace]:
        household, person = self.households.get(who.household_id), self.persons.get(who.person_id)
        named = person if person is not None else household
        place = HouseholdPlace(
            (household.group_number or 0) if household else 0, (household.house_number or 0) if household else 0
        )
        return (self.names[named.name_id] if named is not None else ""), place


def _people(connection: Connection, village: int, rows: list[Row[Any]]) -> _Shown:
    household, person = table_of(Household).c, table_of(Person).c
    wanted = sorted({row.household_id for row in rows}), sorted({row.person_id for row in rows if row.person_id})
    statements = (
        select(household.household_id.label("id"), household.name_id, household.group_number, household.house_number)
        .where(household.village == village, household.household_id.in_(bindparam("ids", expanding=True))),
        select(person.person_id.label("id"), person.name_id)
        .where(person.village == village, person.person_id.in_(bindparam("ids", expanding=True))),
    )  # fmt: skip
    households, persons = (
        {row.id: row for row in connection.execute(statement, {"ids": ids})}
        for statement, ids in zip(statements, wanted, strict=True)
    )
    named = [row.name_id for row in (*households.values(), *persons.values())]
    return _Shown(households, persons, names_of(connection, village, named))


def _by_place(row: Row[Any], shown: _Shown) -> tuple[int, int, int]:
    place = shown.of(row)[1]
    return place.group, place.house, row.subject_id


@lru_cache(maxsize=1)
def _expected_statement() -> Select[Any]:
    expected = table_of(Expected).c
    return select(expected.subject_id, expected.household_id, expected.person_id).where(
        expected.village == bindparam("of_village"), expected.meeting_id == bindparam("of_meeting")
    )


@lru_cache(maxsize=1)
def _sign_ins_statement() -> Select[Any]:
    sign_in = table_of(SignIn)
    return (
        select(sign_in)
        .where(
            sign_in.c.village == bindparam("of_village"), sign_in.c.meeting_id == bindparam("of_meeting"),
            ~_is_undone(),
        )
        .order_by(sign_in.c.rank)
    )  # fmt: skip


@lru_cache(maxsize=1)
def _live_statement() -> Select[Any]:
    """A late one came late every time: a second sign-in of somebody present is not written."""
    sign_in = table_of(SignIn).c
    subject = distinct(sign_in.subject_id)
    return select(
        _listed_count().label("expected"),
        _leave_count().scalar_subquery().label("on_leave"),
        func.count(subject).filter(sign_in.is_observer == 0).label("present"),
        func.count(subject).filter(sign_in.is_observer == 0, sign_in.is_late == 1).label("late"),
        func.count(subject).filter(sign_in.is_observer == 1).label("observers"),
    ).where(sign_in.village == bindparam("of_village"), sign_in.meeting_id == bindparam("of_meeting"), ~_is_undone())


def _listed_count() -> ColumnElement[int]:
    """What the one opening said; where there are several, those whom their lists name together."""
    expected, act = table_of(Expected).c, table_of(MeetingAct).c
    opened = (
        act.village == bindparam("of_village"), act.meeting_id == bindparam("of_meeting"), act.act == "opened",
    )  # fmt: skip
    subjects = select(expected.subject_id).where(
        expected.village == bindparam("of_village"), expected.meeting_id == bindparam("of_meeting")
    )
    listed = select(func.count()).select_from(subjects.distinct().subquery())
    is_one = select(func.count(act.expected)).where(*opened).scalar_subquery() == 1
    said = select(func.max(act.expected)).where(*opened)
    return case((is_one, said.scalar_subquery()), else_=listed.scalar_subquery())


@lru_cache(maxsize=1)
def _leaves_statement() -> Select[Any]:
    leave = table_of(Leave)
    return select(leave).where(
        leave.c.village == bindparam("of_village"), leave.c.meeting_id == bindparam("of_meeting"),
        leave.c.reason_code.is_not(None),
    )  # fmt: skip


def _leave_count() -> Select[int]:
    """Leave of those who are expected and did not come after all."""
    leave, sign_in, expected = table_of(Leave).c, table_of(SignIn).c, table_of(Expected).c
    came = select(literal(1)).where(
        sign_in.village == leave.village, sign_in.meeting_id == leave.meeting_id,
        sign_in.subject_id == leave.subject_id, ~_is_undone(),
    )  # fmt: skip
    listed = select(literal(1)).where(
        expected.village == leave.village, expected.meeting_id == leave.meeting_id,
        expected.subject_id == leave.subject_id,
    )  # fmt: skip
    return (
        select(func.count())
        .select_from(table_of(Leave))
        .where(
            leave.village == bindparam("of_village"), leave.meeting_id == bindparam("of_meeting"),
            leave.reason_code.is_not(None), ~came.correlate(table_of(Leave)).exists(),
            listed.correlate(table_of(Leave)).exists(),
        )
    )  # fmt: skip


def _is_undone() -> Any:  # noqa: ANN401  because an EXISTS is used negated
    sign_in, undo = table_of(SignIn), table_of(SignInUndo).c
    own_id = sign_in.c.log * ENTITIES_PER_LOG + sign_in.c.seq
    return (
        select(literal(1))
        .where(undo.village == sign_in.c.village, undo.sign_in_id == own_id)
        .correlate(sign_in)
        .exists()
    )
