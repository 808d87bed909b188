"""The list of suggestions: what was proposed, where it was discussed, what the village answered, what it brought.

Order of a suggestion: open → discussed, as often as it takes → adopted or declined.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, literal, or_, select

from db.facts.suggestion import ReplyCode, Topic
from db.line import ENTITIES_PER_LOG, entity_id, origin_of
from db.names import WORDS, name_of, names_of
from db.projections.suggestion import once_key
from db.store import Store
from db.tables.meeting import Meeting
from db.tables.people import Household, Person
from db.tables.points import Posting
from db.tables.statement import table_of
from db.tables.suggestion import Suggestion, SuggestionAct
from db.tables.terminal import Operator
from db.tables.waiting import Answer, Request
from kiosk.domain.meeting_template import label_of
from kiosk.domain.people import HouseholdPlace, show_household
from kiosk.domain.statement import is_reversed
from kiosk.errors import Refused

SuggestionState: TypeAlias = Literal["open", "discussed", "adopted", "declined"]
LISTED: Final = 99
SHOWN: Final = 3


@dataclass(frozen=True)
class MeetingNamed:
    """A meeting as a line names it: the code of its template and its day."""

    meeting_id: int
    template: str
    day: str

    def label(self, language: str) -> str:
        """Return what kind of meeting it was, in a language."""
        return label_of(self.template, language)


@dataclass(frozen=True)
class Discussion:
    """A suggestion was discussed on a business day, at a meeting or without one."""

    day: str | None
    meeting: MeetingNamed | None


@dataclass(frozen=True)
class AnswerSeen:
    """The answer that counts, and who gave it on which business day."""

    is_adopted: bool
    reply: ReplyCode
    words: str
    day: str | None
    by_name: str


@dataclass(frozen=True)
class SuggestionShown:
    """A suggestion and what became of it; `name` is the person's or, if nobody said who, the head's.

    `points` is what it brought, in hundredths, 0 while nothing was posted or when it was taken back (`is_reversed`).
    It `waits` while its points want a second signature.
    """

    suggestion_id: int
    household_id: int
    person_id: int | None
    name: str
    place: HouseholdPlace
    topic: Topic
    paper: str | None
    words: str
    day: str | None
    brought_to: MeetingNamed | None
    discussions: tuple[Discussion, ...]
    answer: AnswerSeen | None
    points: int
    is_reversed: bool
    waits: bool

    @property
    def state(self) -> SuggestionState:
        """How far it is."""
        if self.answer is not None:
            return "adopted" if self.answer.is_adopted else "declined"
        return "discussed" if self.discussions else "open"


@dataclass(frozen=True)
class SuggestionPage:
    """Some suggestions, those without an answer first; how many have none in all, and whether others follow."""

    suggestions: tuple[SuggestionShown, ...]
    unanswered: int
    has_more: bool


@dataclass(frozen=True)
class Speaker:
    """Who stands at the desk with a suggestion: the person or, if nobody said who, the head; and what came before."""

    household_id: int
    person_id: int | None
    name: str
    place: HouseholdPlace
    earlier: tuple[SuggestionShown, ...]


def list_suggestions(store: Store, start: int = 0, count: int = LISTED) -> SuggestionPage:
    """Return `count` suggestions from the `start`-th on: those without an answer first, the oldest of them on top."""
    suggestion = table_of(Suggestion).c
    unanswered = ~is_answered()
    statement = (
        _statement(store.village)
        .order_by(case((unanswered, 0), else_=1), case((unanswered, suggestion.rank)), suggestion.rank.desc())
        .offset(start)
        .limit(count + 1)
    )
    counting = select(func.count()).select_from(table_of(Suggestion))
    with store.read() as connection:
        rows = connection.execute(statement).all()
        waiting = connection.execute(counting.where(suggestion.village == store.village, unanswered)).scalar_one()
        shown = _shown(connection, store.village, rows[:count])
    return SuggestionPage(shown, waiting, len(rows) > count)


def suggestions_of(
    store: Store, household_id: int, person_id: int | None = None, count: int = SHOWN
) -> tuple[SuggestionShown, ...]:
    """Return the last suggestions of a household and of a person wherever they lived then, the newest first."""
    suggestion = table_of(Suggestion).c
    whose = suggestion.household_id == household_id
    if person_id is not None:
        whose = or_(whose, suggestion.person_id == person_id)
    statement = _statement(store.village).where(whose).order_by(suggestion.rank.desc()).limit(count)
    with store.read() as connection:
        return _shown(connection, store.village, connection.execute(statement).all())


def show_speaker(store: Store, household_id: int, person_id: int | None = None) -> Speaker:
    """Return who speaks, with their last suggestions. Raises Refused (`household_unknown`)."""
    person = table_of(Person).c
    statement = select(person.name_id).where(person.village == store.village, person.person_id == person_id)
    with store.read() as connection:
        household = show_household(connection, store.village, household_id)
        name = name_of(connection, store.village, connection.execute(statement).scalar_one_or_none())
    earlier = suggestions_of(store, household_id, person_id)
    return Speaker(household_id, person_id, name or household.name, household.place, earlier)


def show_suggestion(store: Store, suggestion_id: int) -> SuggestionShown:
    """Return a suggestion. Raises Refused (`suggestion_unknown`)."""
    with store.read() as connection:
        return find_suggestion(connection, store.village, suggestion_id)


def find_suggestion(connection: Connection, village: int, suggestion_id: int) -> SuggestionShown:
    """Return a suggestion and what became of it. Raises Refused (`suggestion_unknown`)."""
    suggestion = table_of(Suggestion).c
    log, seq = origin_of(suggestion_id)
    statement = _statement(village).where(suggestion.log == log, suggestion.seq == seq)
    found = _shown(connection, village, connection.execute(statement).all())
    if not found:
        raise Refused("suggestion_unknown")
    return found[0]


def is_answered() -> ColumnElement[bool]:
    """Return the condition that a row of suggestions has an answer."""
    act = table_of(SuggestionAct).c
    answers = select(literal(1)).where(
        act.village == table_of(Suggestion).c.village, act.suggestion_id == _own_id(), act.act == "answered"
    )
    return answers.correlate(table_of(Suggestion)).exists()


def _own_id() -> ColumnElement[int]:
    suggestion = table_of(Suggestion).c
    return suggestion.log * ENTITIES_PER_LOG + suggestion.seq


def _statement(village: int) -> Select[Any]:
    suggestion, household, person = table_of(Suggestion), table_of(Household), table_of(Person)
    lives_in = (household.c.village == suggestion.c.village) & (household.c.household_id == suggestion.c.household_id)
    is_by = (person.c.village == suggestion.c.village) & (person.c.person_id == suggestion.c.person_id)
    return (
        select(suggestion, household.c.group_number, household.c.house_number)
        .add_columns(household.c.name_id.label("head_id"), person.c.name_id.label("name_id"))
        .select_from(suggestion.outerjoin(household, lives_in).outerjoin(person, is_by))
        .where(suggestion.c.village == village)
    )


@dataclass(frozen=True)
class _Around:
    """What stands in other tables about some suggestions: acts, meetings, names, words, points, requests."""

    acts: Mapping[int, Sequence[Row[Any]]]
    meetings: Mapping[int | None, MeetingNamed]
    names: Mapping[int | None, str]
    words: Mapping[int | None, str]
    postings: Mapping[int, Row[Any]]
    waiting: frozenset[int]


def _shown(connection: Connection, village: int, rows: Sequence[Row[Any]]) -> tuple[SuggestionShown, ...]:
    if not rows:
        return ()
    around = _around(connection, village, rows)
    return tuple(_one(row, around) for row in rows)


def _around(connection: Connection, village: int, rows: Sequence[Row[Any]]) -> _Around:
    ids = [entity_id(row.log, row.seq) for row in rows]
    acts = _acts(connection, village, ids)
    every = [act for of_one in acts.values() for act in of_one]
    answers = [entity_id(act.log, act.seq) for act in every if act.act == "answered"]
    return _Around(
        acts,
        _meetings(connection, village, {row.meeting_id for row in (*rows, *every)} - {None}),
        names_of(connection, village, [*_name_ids(rows), *(act.name_id for act in every)]),
        names_of(connection, village, [*ids, *answers], WORDS),
        _postings(connection, village, ids),
        _waiting(connection, village, ids),
    )


def _name_ids(rows: Iterable[Row[Any]]) -> list[int | None]:
    return [name_id for row in rows for name_id in (row.head_id, row.name_id)]


def _one(row: Row[Any], around: _Around) -> SuggestionShown:
    own_id = entity_id(row.log, row.seq)
    acts, posting = around.acts.get(own_id, ()), around.postings.get(own_id)
    answer = next((act for act in acts if act.act == "answered"), None)
    return SuggestionShown(
        own_id, row.household_id, row.person_id, around.names[row.name_id] or around.names[row.head_id],
        HouseholdPlace(row.group_number or 0, row.house_number or 0), row.topic_code or "other", row.paper_number,
        around.words[own_id], row.day, around.meetings.get(row.meeting_id),
        tuple(Discussion(act.day, around.meetings.get(act.meeting_id)) for act in acts if act.act == "discussed"),
        None if answer is None else _answer(answer, around),
        0 if posting is None or posting.is_reversed else posting.points,
        posting is not None and bool(posting.is_reversed), own_id in around.waiting,
    )  # fmt: skip


def _answer(act: Row[Any], around: _Around) -> AnswerSeen:
    words, name = around.words[entity_id(act.log, act.seq)], around.names[act.name_id]
    return AnswerSeen(bool(act.is_adopted), act.reply_code or "other", words, act.day, name)


def _acts(connection: Connection, village: int, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Return what happened to each, in the order of rank, with the name of who answered."""
    act, operator = table_of(SuggestionAct), table_of(Operator)
    is_by = operator.c.operator_id == func.coalesce(act.c.signer_id, act.c.operator_id)
    statement = (
        select(act, operator.c.name_id)
        .select_from(act.outerjoin(operator, (operator.c.village == act.c.village) & is_by))
        .where(act.c.village == village, act.c.suggestion_id.in_(ids))
        .order_by(act.c.rank)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.suggestion_id, []).append(row)
    return found


def _meetings(connection: Connection, village: int, ids: set[int]) -> dict[int | None, MeetingNamed]:
    meeting = table_of(Meeting).c
    statement = select(meeting.meeting_id, meeting.template, meeting.planned_day, meeting.called_day).where(
        meeting.village == village, meeting.meeting_id.in_(sorted(ids)), meeting.template.is_not(None)
    )
    return {
        row.meeting_id: MeetingNamed(row.meeting_id, row.template, row.planned_day or row.called_day or "")
        for row in connection.execute(statement)
    }


def _postings(connection: Connection, village: int, ids: Iterable[int]) -> dict[int, Row[Any]]:
    posting = table_of(Posting).c
    statement = (
        select(posting.target_id, posting.points)
        .add_columns(is_reversed().label("is_reversed"))
        .where(posting.village == village, posting.once_key.in_([once_key(each) for each in ids]))
        .where(posting.account == "household", posting.is_counted == 1)
    )
    return {row.target_id: row for row in connection.execute(statement)}


def _waiting(connection: Connection, village: int, ids: Sequence[int]) -> frozenset[int]:
    request, answer = table_of(Request).c, table_of(Answer).c
    own_id = request.log * ENTITIES_PER_LOG + request.seq
    answers = select(literal(1)).where(answer.village == request.village, answer.request_id == own_id)
    statement = select(request.suggestion_id).where(
        request.village == village, request.suggestion_id.in_(ids), ~answers.exists()
    )
    return frozenset(connection.execute(statement).scalars())
