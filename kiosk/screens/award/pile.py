"""What the award screen is about to book, as one value."""

from dataclasses import dataclass

from kiosk.domain.points import Earning, Offer
from kiosk.domain.scheme import Item


@dataclass(frozen=True)
class Pile:
    """What will be booked when it is confirmed: an item, what it stands on, and what each household would get."""

    item: Item
    earning: Earning
    offers: tuple[Offer, ...] = ()

    @property
    def points(self) -> int:
        """Hundredths of a point for all households together."""
        return sum(offer.points for offer in self.offers)

    def has(self, household_id: int) -> bool:
        """Say whether a card of the household was scanned already."""
        return any(offer.recipient.household_id == household_id for offer in self.offers)

    def name_of(self, household_id: int) -> str:
        """Give the name of a household on the pile, as its rows say it."""
        return next(each.household.name for each in self.offers if each.recipient.household_id == household_id)
