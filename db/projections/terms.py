"""Consequences of the family terms: limits by day."""

from db.facts import terms as facts
from db.line import Fact
from db.projections.batch import Batch
from db.tables.terms import RedemptionLimit


def redemption_limit_set(fact: Fact, body: facts.RedemptionLimitSet, batch: Batch) -> None:
    """A dated limit."""
    batch.insert(
        RedemptionLimit, fact, rank=fact.rank, item_id=body.item, span=body.span, quantity=body.quantity,
        from_day=body.from_day, until_day=body.until_day, festival=body.festival, operator_id=fact.op,
    )  # fmt: skip
