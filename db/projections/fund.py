"""Consequences of the family fund."""

from db.facts import fund as facts
from db.line import Fact
from db.projections.batch import Batch
from db.tables.fund import FundEntry, FundReversal


def fund_received(fact: Fact, body: facts.FundReceived, batch: Batch) -> None:
    """Money came in."""
    batch.insert(
        FundEntry, fact, source=body.source, amount=body.amount, paper_number=body.paper, operator_id=fact.op,
        day=fact.day, at=fact.at,
    )  # fmt: skip


def fund_reversed(fact: Fact, body: facts.FundReversed, batch: Batch) -> None:
    """What it names does not count."""
    batch.insert(FundReversal, fact, received_id=body.received)
