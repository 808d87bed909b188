"""Consequences of the family form."""

from db.facts import form as facts
from db.line import Fact
from db.projections.batch import Batch
from db.tables.form import FormBlock, FormEntry, FormGoods


def forms_printed(fact: Fact, body: facts.FormsPrinted, batch: Batch) -> None:
    """Forms that may be entered, and what the numbers of goods on them mean."""
    batch.insert(
        FormBlock, fact, use=body.use, till=body.till, first=body.first, count=body.count, day=fact.day
    )  # fmt: skip
    for n, item in enumerate(body.goods):
        batch.insert(FormGoods, fact, n=n, item_id=item)


def form_entered(fact: Fact, body: facts.FormEntered, batch: Batch) -> None:
    """A form that was entered; what it says stands in the fact it names."""
    batch.insert(
        FormEntry, fact, use=body.use, till=body.till, number=body.number, form_day=body.form_day, of_id=body.of,
        day=fact.day, rank=fact.rank,
    )  # fmt: skip
