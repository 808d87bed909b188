"""Requests on the waiting list, whichever family asks."""

from typing import Any, Final

from db.line import Fact
from db.projections.batch import Batch
from db.tables.waiting import Request

WHAT: Final = (
    "household_id", "person_id", "card_id", "replaced_card_id", "meeting_id", "suggestion_id", "redemption_id",
    "item_id", "scheme", "item_code", "quantity", "points", "paper_number", "evidence_code", "reason_code", "about_day",
    "is_late",
)  # fmt: skip
"""What a request may be about; null where it is not."""


def ask(fact: Fact, batch: Batch, kind: str, **what: Any) -> None:  # noqa: ANN401  because requests describe themselves
    """Add a request of a kind that waits for a second signature; `what` names any of WHAT."""
    row = dict.fromkeys(WHAT) | what
    batch.insert(Request, fact, rank=fact.rank, kind=kind, operator_id=fact.op, day=fact.day, at=fact.at, **row)
