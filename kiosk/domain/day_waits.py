"""What is left to be done when a day is closed, as counts: nothing of it keeps the day open."""

from dataclasses import dataclass

from db.store import Store
from kiosk.domain.delivery import open_deliveries
from kiosk.domain.goods import items_to_count, provisional_items
from kiosk.domain.home_delivery import count_undelivered
from kiosk.domain.waiting import count_waiting


@dataclass(frozen=True)
class DayWaits:
    """How many requests wait for a signature, goods for a count, for name and price, deliveries for their cost.

    `deliveries` are goods that were redeemed and wait to be brought home.
    """

    signatures: int
    counts: int
    provisional: int
    costs: int
    deliveries: int


def what_waits(store: Store) -> DayWaits:
    """Return what waits at this desk."""
    return DayWaits(
        count_waiting(store), len(items_to_count(store)), len(provisional_items(store)), len(open_deliveries(store)),
        count_undelivered(store),
    )  # fmt: skip
