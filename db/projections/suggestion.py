"""Consequences of the family suggestion: rows of what was submitted and what happened to it, and points."""

from typing import Any, Final

from db.facts import suggestion as facts
from db.line import Fact
from db.projections.batch import Batch
from db.projections.points import post
from db.projections.waiting import ask
from db.tables.suggestion import Suggestion, SuggestionAct

_OF_AN_ACT: Final = ("meeting_id", "is_adopted", "reply_code", "signer_id", "is_verified")


def suggestion_submitted(fact: Fact, body: facts.SuggestionSubmitted, batch: Batch) -> None:
    """A suggestion; its words stand in this fact's private text."""
    batch.insert(
        Suggestion, fact, household_id=body.household, person_id=body.person, topic_code=body.topic,
        meeting_id=body.meeting, paper_number=body.paper, rank=fact.rank, operator_id=fact.op, day=fact.day,
        at=fact.at,
    )  # fmt: skip


def suggestion_discussed(fact: Fact, body: facts.SuggestionDiscussed, batch: Batch) -> None:
    """It was discussed."""
    _act(fact, body.suggestion, "discussed", batch, meeting_id=body.meeting)


def suggestion_answered(fact: Fact, body: facts.SuggestionAnswered, batch: Batch) -> None:
    """An answer; the reader lets the lowest rank count."""
    _act(
        fact, body.suggestion, "answered", batch, is_adopted=int(body.is_adopted), reply_code=body.reply,
        signer_id=body.signer, is_verified=int(body.is_verified),
    )  # fmt: skip


def suggestion_awarded(fact: Fact, body: facts.SuggestionAwarded, batch: Batch) -> None:
    """Points for a suggestion, once."""
    post(
        fact, body.legs, batch, once_key=once_key(body.suggestion), scheme=body.scheme, item_code=body.item,
        person_id=body.person, target_id=body.suggestion,
    )  # fmt: skip


def suggestion_award_requested(fact: Fact, body: facts.SuggestionAwardRequested, batch: Batch) -> None:
    """An entry of the waiting list."""
    ask(
        fact, batch, f"suggestion_{body.reason}", suggestion_id=body.suggestion, household_id=body.household,
        person_id=body.person, scheme=body.scheme, item_code=body.item, points=body.points,
    )  # fmt: skip


def once_key(suggestion_id: int) -> str:
    """Return the key by which the points of a suggestion count once."""
    return f"suggestion:{suggestion_id}"


def _act(fact: Fact, suggestion: int, act: str, batch: Batch, **said: Any) -> None:  # noqa: ANN401  because acts say different things
    row = dict.fromkeys(_OF_AN_ACT) | said
    batch.insert(
        SuggestionAct, fact, suggestion_id=suggestion, act=act, rank=fact.rank, operator_id=fact.op, day=fact.day,
        at=fact.at, **row,
    )  # fmt: skip
