"""Suggestions: what a villager proposes at the desk, and where it was discussed.

Whoever serves at the desk writes one down; the answer is the secretary's (`suggestion_answer`).
"""

from dataclasses import dataclass
from typing import Final, get_args

from sqlalchemy import Connection, select

from db.facts.suggestion import SuggestionDiscussed, SuggestionSubmitted, Topic
from db.line import Stamp
from db.names import WORDS
from db.store import Act, Store
from db.tables.people import Person
from db.tables.statement import table_of
from db.tables.suggestion import Suggestion
from kiosk.domain.access import Right, require_right
from kiosk.domain.meeting import show_meeting
from kiosk.domain.people import require_open_household
from kiosk.domain.period import require_day
from kiosk.domain.suggestion_list import Discussion, SuggestionShown, find_suggestion, is_answered
from kiosk.errors import Refused

MOST_WORDS: Final = 2_000
"""Characters of a suggestion, or of a reply to it."""


@dataclass(frozen=True)
class SuggestionGiven:
    """What somebody proposes: whose it is, what it is about, the meeting it was brought to, its paper, its words."""

    household_id: int
    topic: Topic
    person_id: int | None = None
    meeting_id: int | None = None
    paper: str | None = None
    words: str | None = None


def submit_suggestion(store: Store, given: SuggestionGiven, *, now: Stamp, by: int) -> int:
    """Write a suggestion down and return its id.

    Raises:
        Refused: no day is open (`day_not_open`); the household is unknown or joined another (`household_unknown`,
            `household_merged`), the person is not of it (`person_unknown`); there is no such topic (`topic_unknown`) or
            meeting (`meeting_unknown`); the words are too long (`words_too_long`); the household's paper of this number
            was entered before (`suggestion_entered_before`).
        NotAllowed: the operator may not enter suggestions (`right_missing`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.SUBMIT_SUGGESTION)
        require_open_household(act.connection, act.village, given.household_id)
        if given.person_id is not None:
            _require_person(act.connection, act.village, given.person_id, given.household_id)
        if given.topic not in get_args(Topic):
            raise Refused("topic_unknown", topic=given.topic)
        if given.meeting_id is not None:
            show_meeting(act.connection, act.village, given.meeting_id)
        paper = (given.paper or "").strip() or None
        if paper is not None and _is_entered(act.connection, act.village, given.household_id, paper):
            raise Refused("suggestion_entered_before", paper=paper)
        body = SuggestionSubmitted(
            household=given.household_id, person=given.person_id, topic=given.topic, meeting=given.meeting_id,
            paper=paper,
        )  # fmt: skip
        return act.append(body, words_beside(given.words)).id


def discuss_suggestion(store: Store, suggestion_id: int, meeting_id: int | None = None, *, now: Stamp, by: int) -> None:
    """Note that a suggestion was discussed, at a meeting or without one.

    Raises:
        Refused: `day_not_open`; as `require_unanswered`; no such meeting (`meeting_unknown`), or it was not held
            (`meeting_not_open`, `meeting_is_cancelled`); this was noted before (`suggestion_discussed_before`).
        NotAllowed: the operator may not hold meetings (`right_missing`).
    """
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        require_right(act.connection, act.village, by, Right.HOLD_MEETING)
        suggestion = require_unanswered(act, suggestion_id)
        if meeting_id is not None:
            _require_held(act.connection, act.village, meeting_id)
        if any(_is_noted(each, meeting_id, day) for each in suggestion.discussions):
            raise Refused("suggestion_discussed_before")
        act.append(SuggestionDiscussed(suggestion=suggestion_id, meeting=meeting_id))


def require_unanswered(act: Act, suggestion_id: int) -> SuggestionShown:
    """Return a suggestion that has no answer yet.

    Raises:
        Refused: there is none (`suggestion_unknown`), or it has its answer (`suggestion_answered_before`).
    """
    found = find_suggestion(act.connection, act.village, suggestion_id)
    if found.answer is not None:
        raise Refused("suggestion_answered_before")
    return found


def words_beside(words: str | None) -> dict[str, str] | None:
    """Return the private text of what somebody said, None if nothing. Raises Refused (`words_too_long`)."""
    said = (words or "").strip()
    if len(said) > MOST_WORDS:
        raise Refused("words_too_long", most=MOST_WORDS)
    return {WORDS: said} if said else None


def _require_person(connection: Connection, village: int, person_id: int, household_id: int) -> None:
    person = table_of(Person).c
    statement = select(person.household_id).where(person.village == village, person.person_id == person_id)
    if connection.execute(statement).scalar_one_or_none() != household_id:
        raise Refused("person_unknown")


def _is_entered(connection: Connection, village: int, household_id: int, paper: str) -> bool:
    """Say whether the household's sheet of this number lies on the pile without an answer already."""
    suggestion = table_of(Suggestion).c
    statement = select(suggestion.seq).where(
        suggestion.village == village, suggestion.household_id == household_id, suggestion.paper_number == paper,
        ~is_answered(),
    )  # fmt: skip
    return connection.execute(statement.limit(1)).one_or_none() is not None


def _require_held(connection: Connection, village: int, meeting_id: int) -> None:
    """Refuse a meeting at which nobody can have discussed anything."""
    state = show_meeting(connection, village, meeting_id).state
    if state == "called":
        raise Refused("meeting_not_open")
    if state == "cancelled":
        raise Refused("meeting_is_cancelled")


def _is_noted(discussion: Discussion, meeting_id: int | None, day: str) -> bool:
    """Say whether a discussion is this one: at the same meeting, or on the same day without one."""
    if discussion.meeting is None:
        return meeting_id is None and discussion.day == day
    return discussion.meeting.meeting_id == meeting_id
