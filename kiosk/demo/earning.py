"""How households of the demo village earn: each month by yard, cleaning, service and recycling, and once a year.

The shares are for a household that is at home all year; who is at home less earns less.
"""

import random
from datetime import date
from typing import Final

from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import CLOSING, OPENING, YEAR, exchange_day, shop_day_from, shop_days
from kiosk.demo.chance import happens, one_of
from kiosk.demo.setting_up import DemoVillage, Home
from kiosk.domain.points import Earning, Recipient, award_points, deduct_points

MONTHS: Final = range(1, 13)
CLEAN_YARD: Final = 0.42
CLEANEST: Final = 0.06
CLEANING: Final = 0.12
VOLUNTEERING: Final = 0.05
RECYCLING: Final = 0.10
CONTRIBUTION: Final = 0.5
HONOUR: Final = 0.04
DEDUCTION: Final = 0.10

_COLLECTIONS: Final = ((3, 16, 0.3), (6, 15, 0.25), (10, 12, 0.45))
"""When contributions are collected: month, day, share."""
_HONOURS: Final = (
    ("honour_village", 0.42),
    ("mediation", 0.2),
    ("plain_ceremony", 0.12),
    ("honour_township", 0.1),
    ("university", 0.08),
    ("honour_county", 0.06),
    ("enlistment", 0.02),
)
_MONTH_OF: Final = {"university": 8, "enlistment": 9}
_DEDUCTIONS: Final = (
    ("dirty_yard", 0.45),
    ("littering", 0.27),
    ("straw_burning", 0.15),
    ("unreasonable_quarrel", 0.08),
    ("lavish_banquet", 0.05),
)
_MOST_KILOGRAMS: Final = 10


def plan_earning(village: DemoVillage, agenda: Agenda) -> None:
    """Put everything that earns or costs points at the desk into the year, meetings and suggestions excepted."""
    chance = village.chance.of("earning")
    for month in MONTHS:
        agenda.put(exchange_day(month), OPENING + 4, _rate_yards, village, chance, month)
        agenda.put(shop_day_from(date(YEAR, month, 15)), OPENING + 3, _enter_cleaning, village, chance, month)
        for home in village.homes:
            _plan_service(village, agenda, home, month, chance)
    for home in village.homes:
        _plan_once(village, agenda, home, chance)
    _plan_collections(village, agenda, chance)


def _plan_service(village: DemoVillage, agenda: Agenda, home: Home, month: int, chance: random.Random) -> None:
    """Volunteering and recycling are entered one by one, by card."""
    if happens(chance, VOLUNTEERING * home.activity):
        agenda.put(*_some_minute(month, chance), _award, village, [home], Earning("volunteering"))
    if happens(chance, RECYCLING * home.activity):
        kilograms = chance.randint(1, _MOST_KILOGRAMS)
        agenda.put(*_some_minute(month, chance), _award, village, [home], Earning("recycling", kilograms))


def _plan_once(village: DemoVillage, agenda: Agenda, home: Home, chance: random.Random) -> None:
    """An honour comes to few; a deduction too, and the secretary makes it."""
    if happens(chance, HONOUR):
        item = one_of(chance, _HONOURS)
        at = _some_minute(_MONTH_OF.get(item, chance.choice(MONTHS)), chance)
        agenda.put(*at, _award, village, [home], Earning(item, evidence="document"))
    if happens(chance, DEDUCTION) and home.activity:
        item = one_of(chance, _DEDUCTIONS)
        at = _some_minute(chance.choice(MONTHS), chance)
        agenda.put(*at, _deduct, village, home, Earning(item, evidence="site"))


def _plan_collections(village: DemoVillage, agenda: Agenda, chance: random.Random) -> None:
    """Who pays a contribution on time stands on a list, whether at home or not; the list is entered as one pile."""
    lists: dict[date, list[Home]] = {shop_day_from(date(YEAR, month, day)): [] for month, day, _share in _COLLECTIONS}
    shares = [share for _month, _day, share in _COLLECTIONS]
    for home in village.homes:
        if happens(chance, CONTRIBUTION):
            chance.choices(list(lists.values()), shares)[0].append(home)
    for day, homes in lists.items():
        agenda.put(day, OPENING + 8, _award, village, homes, Earning("contribution_on_time", evidence="document"))


def _rate_yards(village: DemoVillage, chance: random.Random, month: int) -> None:
    """The group that looks at the yards brings a list for each village group: the clean ones and the cleanest."""
    rated = [home for home in village.open_homes if happens(chance, CLEAN_YARD * home.activity)]
    best = {home.household_id for home in rated if happens(chance, CLEANEST)}
    for group in sorted({home.drawn.group for home in rated}):
        paper = f"TY-{month:02}-{group}"
        of_group = [home for home in rated if home.drawn.group == group]
        cleanest = [home for home in of_group if home.household_id in best]
        clean = [home for home in of_group if home.household_id not in best]
        _award(village, clean, Earning("yard_clean", paper=paper))
        _award(village, cleanest, Earning("yard_cleanest", paper=paper))


def _enter_cleaning(village: DemoVillage, chance: random.Random, month: int) -> None:
    came = [home for home in village.open_homes if happens(chance, CLEANING * home.activity)]
    _award(village, came, Earning("public_cleaning", paper=f"QS-{month:02}"))


def _award(village: DemoVillage, homes: list[Home], earning: Earning) -> None:
    """Award by whoever attends; what is for the attendant's own household waits for a second signature."""
    recipients = tuple(Recipient(home.household_id, may_wait=True) for home in homes if home.is_open)
    if recipients:
        booked = village.desk.attendant_does(award_points, recipients, earning)
        posted = (each.entry_id for each in booked.given if each.offer.waits_for is None)
        village.awarded.extend(entry_id for entry_id in posted if entry_id is not None)


def _deduct(village: DemoVillage, home: Home, earning: Earning) -> None:
    if home.is_open:
        village.desk.secretary_does(deduct_points, (Recipient(home.household_id),), earning)


def _some_minute(month: int, chance: random.Random) -> tuple[date, int]:
    """Return a day of the shop in a month, and a minute of it."""
    return chance.choice(shop_days(month)), chance.randrange(OPENING + 10, CLOSING)
