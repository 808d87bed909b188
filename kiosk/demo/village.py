"""The demo village: a year of an invented village, lived through the real functions, in a store of its own.

Nobody in it exists. The same plan makes the same village line by line, so that what a page tells to scan can be
scanned.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db.progress import Advance, unseen
from db.store import Store
from kiosk.demo.chance import Chance
from kiosk.demo.goods import FAULTY_CODES
from kiosk.demo.plan import SETTING_UP, DemoPlan
from kiosk.demo.setting_up import DemoVillage, set_up
from kiosk.demo.year import live_year
from kiosk.domain.card_stock import printed_cards
from kiosk.domain.counter import recognise_card
from kiosk.domain.find import refresh_name_keys
from kiosk.errors import TryAgain
from kiosk.station import DEMO_VILLAGE
from kiosk.store_care import create_file

SALT: Final = "6990103300302"
"""A barcode of the demo goods to scan first."""
USUAL: Final = DemoPlan()


@dataclass(frozen=True)
class DemoCard:
    """A live card of a household: its number, the head's name, where it is, and what it can redeem (hundredths)."""

    number: str
    name: str
    group: int
    house: int
    points: int


@dataclass(frozen=True)
class Demo:
    """A demo village that was made: badges of the desk, cards of households and members, blank ones, faulty codes."""

    badge: str
    other_badges: tuple[str, ...]
    cards: tuple[DemoCard, ...]
    member_cards: tuple[str, ...]
    blank_cards: tuple[str, ...]
    faulty_codes: tuple[str, ...]

    @property
    def richest(self) -> DemoCard:
        """The card of a household that has saved most."""
        return max(self.cards, key=lambda card: card.points)


def make_demo(home: Path, plan: DemoPlan = USUAL, advance: Advance = unseen) -> Demo:
    """Make the demo store of a data folder and live its year; `advance` is told of the steps, `STEPS` in all.

    Raises:
        Refused: there is a store already (`store_exists`).
        NotWritable: the folder cannot be written (`home_not_writable`).
        TryAgain: another program is making one here (`store_in_use`).
    """
    chance, made = Chance(plan.seed), list[Demo]()
    create_file(
        home, DEMO_VILLAGE, chance.entropy(), lambda store: made.append(_fill(store, chance, plan, advance))
    )  # fmt: skip
    return made[0]


def _fill(store: Store, chance: Chance, plan: DemoPlan, advance: Advance) -> Demo:
    village = set_up(store, chance, plan.households)
    advance(SETTING_UP)
    live_year(village, advance)
    _prepare_search(store)
    return _shown(village)


def _prepare_search(store: Store) -> None:
    try:
        refresh_name_keys(store)
    except TryAgain:
        return  # the screen that searches makes them when it opens


def _shown(village: DemoVillage) -> Demo:
    desk = village.desk
    others = (desk.supervisor.badge, *(attendant.badge for attendant in desk.attendants))
    cards = []
    for printed in printed_cards(desk.store, "household"):
        household = recognise_card(desk.store, printed.number, "card").household
        place = household.place
        cards.append(DemoCard(printed.number, printed.name, place.group, place.house, household.redeemable_points))
    members = tuple(member.card.number for member in village.members if not member.is_lost)
    blank = tuple(card.number for card in village.blank_cards)
    return Demo(desk.secretary.badge, others, tuple(cards), members, blank, FAULTY_CODES)
