"""Consequences of the family home delivery."""

from db.facts import home_delivery as facts
from db.line import Fact
from db.projections.batch import Batch
from db.tables.home_delivery import Delivered, ToDeliver


def redemption_delivered(fact: Fact, body: facts.RedemptionDelivered, batch: Batch) -> None:
    """The goods are there."""
    batch.insert(
        Delivered, fact, rank=fact.rank, redemption_id=body.redemption, deliverer_id=body.deliverer,
        operator_id=fact.op, day=fact.day, at=fact.at,
    )  # fmt: skip


def await_delivery(fact: Fact, batch: Batch) -> None:
    """The goods of a redemption are on their way."""
    batch.insert(ToDeliver, fact, day=fact.day)
