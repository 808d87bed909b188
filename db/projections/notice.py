"""Consequences of the family notice."""

from db.facts import notice as facts
from db.line import Fact
from db.projections.batch import Batch
from db.tables.notice import Message, MessageMark, RuleValue, Settled


def message_sent(fact: Fact, body: facts.MessageSent, batch: Batch) -> None:
    """Something to read."""
    batch.insert(
        Message, fact, rank=fact.rank, kind="sent", day=body.day, cause=None, quantity=None, at=fact.at
    )  # fmt: skip


def message_read(fact: Fact, body: facts.MessageRead, batch: Batch) -> None:
    """It was read."""
    batch.insert(
        MessageMark, fact, is_common=int(body.is_common), message_seq=body.seq, operator_id=fact.op, at=fact.at
    )


def rule_set(fact: Fact, body: facts.RuleSet, batch: Batch) -> None:
    """A dated number."""
    batch.insert(
        RuleValue, fact, rank=fact.rank, rules=body.rules, name=body.name, value=body.value, from_day=body.from_day
    )


def exception_settled(fact: Fact, body: facts.ExceptionSettled, batch: Batch) -> None:
    """Each exception with how it stood; and something to read."""
    batch.insert(
        Message, fact, rank=fact.rank, kind="settled", day=None, cause=body.cause, quantity=len(body.subjects),
        at=fact.at,
    )  # fmt: skip
    for n, each in enumerate(body.subjects):
        batch.insert(Settled, fact, n=n, cause=body.cause, subject=each.subject, detail=each.detail)
