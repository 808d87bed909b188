"""Consequences of the family terms: limits by day, the days on which the shop is open."""

from db.facts import terms as facts
from db.line import Fact
from db.projections.batch import Batch
from db.tables.terms import ExchangeDay, OpeningDays, RedemptionLimit


def redemption_limit_set(fact: Fact, body: facts.RedemptionLimitSet, batch: Batch) -> None:
    """A dated limit."""
    batch.insert(
        RedemptionLimit, fact, rank=fact.rank, item_id=body.item, span=body.span, quantity=body.quantity,
        from_day=body.from_day, until_day=body.until_day, festival=body.festival, operator_id=fact.op,
    )  # fmt: skip


def opening_days_set(fact: Fact, body: facts.OpeningDaysSet, batch: Batch) -> None:
    """Dated days of the week."""
    weekdays = ",".join(map(str, body.weekdays))
    batch.insert(OpeningDays, fact, rank=fact.rank, weekdays=weekdays, from_day=body.from_day)


def exchange_day_set(fact: Fact, body: facts.ExchangeDaySet, batch: Batch) -> None:
    """Whether a day is one."""
    batch.hold(ExchangeDay, "held", fact, {"day": body.day}, is_held=int(body.is_held))
