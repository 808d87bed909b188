"""Consequences of the family period."""

from db.facts import period as facts
from db.line import Fact
from db.projections.batch import Batch
from db.tables.period import DayAct


def day_opened(fact: Fact, body: facts.DayOpened, batch: Batch) -> None:
    """A day was opened."""
    batch.insert(DayAct, fact, act="opened", day=body.day, opened_id=fact.id, operator_id=fact.op, at=fact.at)


def day_closed(fact: Fact, body: facts.DayClosed, batch: Batch) -> None:
    """A day was closed."""
    batch.insert(DayAct, fact, act="closed", day=body.day, opened_id=body.opened, operator_id=fact.op, at=fact.at)
