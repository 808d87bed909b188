"""The questions of the till, each as the modal that asks it."""

from typing import TYPE_CHECKING, Final

from kiosk.locale.figures import short_number, time_of_day
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.quantity import QuantityModal
from kiosk.screens.till.face import amount_of
from kiosk.screens.till.moves import MOST_PIECES
from kiosk.screens.widgets.account import who_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.facts.shop import NoCardReason
    from kiosk.domain.counter import Offer, Recognised
    from kiosk.domain.goods import Goods, ItemToCount
    from kiosk.domain.redemption import RedemptionListed
    from kiosk.station import Station

NO_CARD_REASONS: "Final[tuple[NoCardReason, ...]]" = ("forgotten", "lost", "proxy")
"""Why somebody comes without a card, in the order of their digits."""


def reason_question(station: "Station", found: "Recognised") -> ChoiceModal:
    """Ask why there is no card; the answer is a place in NO_CARD_REASONS."""
    title = station.texts("till.ask.no_card", who=who_of(found.household, station.texts))
    return ChoiceModal(station, title, [station.texts(f"till.reason.{reason}") for reason in NO_CARD_REASONS])


def goods_question(station: "Station", offers: "Sequence[Offer]") -> ChoiceModal:
    """Ask which of several goods with one code it is."""
    say = station.texts
    choices = [say("till.ask.one_of", item=offer.goods.name, points=offer.goods.points or 0) for offer in offers]
    return ChoiceModal(station, say("till.ask.which"), choices)


def household_question(station: "Station", found: "Sequence[Recognised]") -> ChoiceModal:
    """Ask which of several households at one place it is."""
    choices = [who_of(each.household, station.texts) for each in found]
    return ChoiceModal(station, station.texts("till.ask.whose"), choices)


def pack_question(station: "Station", offer: "Offer") -> ConfirmModal:
    """Ask to look at the pack: the earliest day on the shelf has passed."""
    say = station.texts
    question = say("till.ask.best_before", item=offer.goods.name, day=offer.goods.best_before)
    return ConfirmModal(station, question, say("till.ask.look_at_pack"))


def quantity_question(station: "Station", goods: "Goods") -> QuantityModal:
    """Ask how many of the last goods."""
    return QuantityModal(station, station.texts("till.ask.quantity", item=goods.name), goods.unit, MOST_PIECES)


def redemption_question(station: "Station", listed: "Sequence[RedemptionListed]", title: str) -> ChoiceModal:
    """Ask which redemption of the day is meant."""
    say = station.texts
    choices = [
        say(
            "till.ask.slip_of_void" if each.is_void else "till.ask.slip_of",
            number=short_number(each.shown_number),
            clock=time_of_day(each.at),
            name=each.household.name,
            points=each.points,
        )
        for each in listed
    ]
    return ChoiceModal(station, title, choices)


def count_list(station: "Station", items: "Sequence[ItemToCount]") -> ChoiceModal:
    """Show the goods to be counted; there is nothing to choose among them."""
    say = station.texts
    lines = [say("till.ask.in_book", item=item.name, amount=amount_of(item, item.stock, say)) for item in items]
    return ChoiceModal(station, say("till.ask.to_count"), lines)
