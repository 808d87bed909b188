"""Suggestions: what was submitted, and what happened to each; their points are postings of the suggestion's key.

The state of a suggestion is computed by the reader from these rows, so an answer that arrives before what it answers
waits here for it.
"""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, ProjectionTable, key, ordered, whole, words


class Suggestion(ProjectionTable):
    """A suggestion as it was submitted; its words, if there are any, stand in the fact's private text."""

    __tablename__: ClassVar[Any] = "suggestion"
    __table_args__: ClassVar[Any] = (Index("suggestion_household", "village", "household_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    household_id: int | None = whole()
    person_id: int | None = whole()
    topic_code: str | None = words()
    meeting_id: int | None = whole()
    paper_number: str | None = words()
    rank: str | None = ordered()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()


class SuggestionAct(ProjectionTable):
    """What happened to a suggestion: discussed, answered. Of several answers the lowest rank counts."""

    __tablename__: ClassVar[Any] = "suggestion_act"
    __table_args__: ClassVar[Any] = (Index("suggestion_act_suggestion", "village", "suggestion_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    suggestion_id: int | None = whole()
    act: str | None = words()
    meeting_id: int | None = whole()
    is_adopted: int | None = whole()
    reply_code: str | None = words()
    rank: str | None = ordered()
    operator_id: int | None = whole()
    signer_id: int | None = whole()
    is_verified: int | None = whole()
    day: str | None = words()
    at: int | None = whole()
