"""What the award screen says about its items, the pile and what was booked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kiosk.domain.people import HouseholdShown
from kiosk.domain.points import Booked, Offer
from kiosk.domain.scheme import Item
from kiosk.locale import Texts, figures
from kiosk.screens.award.pile import Pile


@dataclass(frozen=True)
class Notice:
    """A sentence that stays until the next action: the key of its text and what fills it."""

    key: str
    values: dict[str, Any]


@dataclass(frozen=True)
class FigureText:
    """The main figure with the words before and behind it."""

    value: str
    label: str
    unit: str


def item_line(texts: Texts, item: Item) -> str:
    """Give an item of the list: label, points, and the unit they are for."""
    unit = item.unit(texts.language)
    key = "award.item_counted" if unit else "award.item"
    return texts(key, label=item.label(texts.language), each_points=item.points, unit=unit)


def title(texts: Texts, pile: Pile | None) -> str:
    """Give what is asked, or what the pile is for and what it stands on."""
    if pile is None:
        return texts("award.choose")
    earning, label = pile.earning, pile.item.label(texts.language)
    each_points, unit = pile.item.points * earning.quantity, pile.item.unit(texts.language)
    if unit:
        label = texts("award.pile_of", label=label, quantity=earning.quantity, unit=unit)
    parts = [texts("award.pile", label=label, each_points=each_points)]
    parts += [texts("statement.paper", number=earning.paper)] if earning.paper else []
    parts += [texts(f"statement.evidence.{earning.evidence}")] if earning.evidence else []
    return "  ".join(parts)


def figure(texts: Texts, pile: Pile | None, booked: Booked | None) -> FigureText | None:
    """Give how many households are on the pile, or the points that were just booked; None at the beginning."""
    if pile is not None:
        unit = texts("award.households", all_points=pile.points)
        return FigureText(str(len(pile.offers)), texts("award.scanned"), unit)
    if booked is None:
        return None
    count = sum(1 for each in booked.given if each.entry_id is not None and each.offer.waits_for is None)
    label = texts("award.deducted" if booked.item.is_deduction else "award.awarded")
    return FigureText(figures.points(booked.points), label, texts("award.of_households", count=count))


def hint(texts: Texts, pile: Pile | None, comer: HouseholdShown | None = None) -> str:
    """Give the next step; ``comer`` is a household that waits for its item."""
    if pile is None and comer is not None:
        return texts("award.hint_comer", name=comer.name)
    if pile is None:
        return texts("award.hint_statement")
    return texts("award.hint_confirm" if pile.offers else "award.hint_scan")


def outcome(booked: Booked) -> Notice | None:
    """Give what did not come about at once, if anything: signatures that are missing, caps that were full."""
    full = sum(1 for each in booked.given if each.entry_id is None)
    if booked.waiting:
        return Notice("award.outcome_waiting", {"count": booked.waiting})
    return Notice("award.outcome_full", {"count": full}) if full else None


def row(texts: Texts, pile: Pile, offer: Offer) -> str:
    """Give a household of the pile: name, place, points, and what is to be known about them."""
    key = "award.row_deduct" if pile.item.is_deduction else "award.row"
    name, place = offer.household.name, offer.household.place
    line = texts(key, name=name, group=place.group, house=place.house, given_points=offer.points)
    return "  ".join([line, *(texts(f"award.mark.{mark}") for mark in _marks(pile, offer))])


def _marks(pile: Pile, offer: Offer) -> Iterator[str]:
    if offer.waits_for is not None:
        yield offer.waits_for
    if offer.is_reduced:
        yield "no_more" if pile.item.is_deduction else "cap"
    if offer.room.had_today_points:
        yield "had_today"
