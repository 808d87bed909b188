"""Consequences of the family period."""

from typing import Any

from db.facts import period as facts
from db.line import Fact
from db.projections.batch import Batch
from db.projections.waiting import ask
from db.tables.period import DayAct, SlipCopy, SpotCount

_NOT_SAID = dict.fromkeys(("clock_day", "doubt", "signer_id", "redemptions", "slips_booked", "slips_counted"))


def day_opened(fact: Fact, body: facts.DayOpened, batch: Batch) -> None:
    """A day was opened; one that is not the clock's, and that one person moved alone, waits for a second signature."""
    said: dict[str, Any] = {}
    if isinstance(body, facts.DayStated):
        said = {"clock_day": body.clock_day, "doubt": body.doubt, "signer_id": body.signer}
        if body.day != body.clock_day and body.signer is None:
            ask(fact, batch, "day_moved", about_day=body.day, reason_code=body.doubt)
    _insert(fact, body.day, batch, act="opened", opened_id=fact.id, **said)


def day_closed(fact: Fact, body: facts.DayClosed, batch: Batch) -> None:
    """A day was closed."""
    said: dict[str, Any] = {}
    if isinstance(body, facts.DayCashedUp):
        slips = {"slips_booked": body.slips_booked, "slips_counted": body.slips_counted}
        said = {"redemptions": body.redemptions, **slips}
    _insert(fact, body.day, batch, act="closed", opened_id=body.opened, **said)


def spot_counted(fact: Fact, body: facts.SpotCounted, batch: Batch) -> None:
    """Goods that were counted; what follows for their stock stands in facts of its own."""
    for n, goods in enumerate(body.goods):
        said = {"item_id": goods.item, "booked": goods.booked, "counted": goods.counted, "reason": None}
        batch.insert(SpotCount, fact, n=n, operator_id=fact.op, day=fact.day, rank=fact.rank, **said)


def spot_skipped(fact: Fact, body: facts.SpotSkipped, batch: Batch) -> None:
    """Goods that nobody counted."""
    for n, item in enumerate(body.items):
        said = {"item_id": item, "booked": None, "counted": None, "reason": body.reason}
        batch.insert(SpotCount, fact, n=n, operator_id=fact.op, day=fact.day, rank=fact.rank, **said)


def slip_copied(fact: Fact, body: facts.SlipCopied, batch: Batch) -> None:
    """One more slip of a redemption."""
    batch.insert(SlipCopy, fact, redemption_id=body.redemption, day=fact.day)


def _insert(fact: Fact, day: str, batch: Batch, **said: Any) -> None:  # noqa: ANN401  because columns differ
    row = {**_NOT_SAID, **said, "day": day, "operator_id": fact.op, "rank": fact.rank, "at": fact.at}
    batch.insert(DayAct, fact, **row)
