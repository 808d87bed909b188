"""Consequences of the family period."""

from typing import Any

from db.facts import period as facts
from db.line import Fact
from db.projections.batch import Batch
from db.tables.period import DayAct

_NOT_SAID = dict.fromkeys(("clock_day", "doubt", "signer_id", "redemptions", "slips_booked", "slips_counted"))


def day_opened(fact: Fact, body: facts.DayOpened, batch: Batch) -> None:
    """A day was opened."""
    said: dict[str, Any] = {}
    if isinstance(body, facts.DayStated):
        said = {"clock_day": body.clock_day, "doubt": body.doubt, "signer_id": body.signer}
    _insert(fact, body.day, batch, act="opened", opened_id=fact.id, **said)


def day_closed(fact: Fact, body: facts.DayClosed, batch: Batch) -> None:
    """A day was closed."""
    said: dict[str, Any] = {}
    if isinstance(body, facts.DayCashedUp):
        slips = {"slips_booked": body.slips_booked, "slips_counted": body.slips_counted}
        said = {"redemptions": body.redemptions, **slips}
    _insert(fact, body.day, batch, act="closed", opened_id=body.opened, **said)


def _insert(fact: Fact, day: str, batch: Batch, **said: Any) -> None:  # noqa: ANN401  because columns differ
    row = {**_NOT_SAID, **said, "day": day, "operator_id": fact.op, "rank": fact.rank, "at": fact.at}
    batch.insert(DayAct, fact, **row)
