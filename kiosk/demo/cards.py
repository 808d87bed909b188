"""What happens to cards in the year: lost, found again, replaced, and a blank one for somebody who moved in."""

from datetime import date, timedelta
from typing import Final, TypeAlias

from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import CLOSING, OPENING, YEAR, shop_day_from, shop_days
from kiosk.demo.setting_up import DemoMember, DemoVillage, Home
from kiosk.demo.words import words
from kiosk.domain.card import CardHolder, bind_card, replace_card, report_card_found, report_card_lost
from kiosk.domain.people import register_person

LOST: Final = 0.01
REPLACED: Final = 0.02
FIRST_LOST_IN: Final = 2
LAST_LOST_ON: Final = date(YEAR, 12, 14)
"""The card lost then is replaced a week later, and still waits for the second signature at the end of the year."""
MOVED_IN_ON: Final = date(YEAR, 5, 11)
NEWCOMER_BORN_IN: Final = 1996

Holder: TypeAlias = Home | DemoMember

A_WEEK: Final = timedelta(days=7)
KEPT_BLANK: Final = 9


def plan_cards(village: DemoVillage, agenda: Agenda) -> None:
    """Put what happens to cards of households and of members into the year."""
    chance = village.chance.of("cards")
    days = [day for day in shop_days() if day.month >= FIRST_LOST_IN and day < LAST_LOST_ON]
    untouched = list(village.homes)
    holders: tuple[list[Holder], ...] = (list(village.homes), list(village.members))
    for each in holders:
        lost, replaced = (max(1, round(len(each) * share)) for share in (LOST, REPLACED))
        chosen = chance.sample(each, lost + replaced + 1)
        untouched = [home for home in untouched if home not in chosen]
        for holder in chosen[:lost]:
            agenda.put(chance.choice(days), CLOSING - 20, _lose, village, holder)
        for holder in chosen[lost:-1]:
            _plan_replacing(village, agenda, holder, chance.choice(days))
        agenda.put(chance.choice(days), CLOSING - 17, _lose_and_find, village, agenda, chosen[-1])
    late, newcomers = chance.sample(untouched, 2)
    _plan_replacing(village, agenda, late, LAST_LOST_ON)
    agenda.put(shop_day_from(MOVED_IN_ON), CLOSING - 15, _welcome, village, newcomers)


def _plan_replacing(village: DemoVillage, agenda: Agenda, holder: Holder, day: date) -> None:
    agenda.put(day, CLOSING - 18, _lose, village, holder)
    agenda.put(shop_day_from(day + A_WEEK), OPENING + 9, _replace, village, holder)


def _lose(village: DemoVillage, holder: Holder) -> None:
    village.desk.attendant_does(report_card_lost, holder.card.card_id)
    holder.is_lost = True


def _lose_and_find(village: DemoVillage, agenda: Agenda, holder: Holder) -> None:
    _lose(village, holder)
    agenda.put(shop_day_from(village.desk.day + A_WEEK), OPENING + 8, _find, village, holder)


def _find(village: DemoVillage, holder: Holder) -> None:
    village.desk.attendant_does(report_card_found, holder.card.card_id)
    holder.is_lost = False


def _replace(village: DemoVillage, holder: Holder) -> None:
    """Give a new card for the lost one: a blank one from the drawer, as long as there are some left."""
    if isinstance(holder, Home) and not holder.is_open:
        return
    blank = village.blank_cards.pop(0).number if len(village.blank_cards) > KEPT_BLANK else None
    holder.card = village.desk.attendant_does(replace_card, holder.card.card_id, blank).card
    holder.is_lost = False


def _welcome(village: DemoVillage, home: Home) -> None:
    """Somebody married into a household and gets a blank card."""
    newcomer = words()["newcomer"]
    person_id = village.desk.secretary_does(register_person, home.household_id, newcomer, NEWCOMER_BORN_IN)
    number = village.blank_cards.pop(0).number
    village.desk.attendant_does(bind_card, number, CardHolder(home.household_id, person_id))
