"""The year of the demo village: everything that happens is put into it, then lived day by day."""

from datetime import date
from typing import Final

from db.progress import Advance, unseen
from kiosk.demo.agenda import Agenda, Deed
from kiosk.demo.calendar import YEAR, days_of_year
from kiosk.demo.cards import plan_cards
from kiosk.demo.desk import DemoDesk
from kiosk.demo.earning import plan_earning
from kiosk.demo.meetings import plan_meetings
from kiosk.demo.office import plan_office
from kiosk.demo.redeeming import plan_visits
from kiosk.demo.setting_up import DemoVillage
from kiosk.demo.shelf import plan_shelf
from kiosk.demo.suggestions import plan_suggestions
from kiosk.domain.day_close import cash_up_day, show_figures
from kiosk.domain.period import open_day

NOT_CLOSED: Final = frozenset({date(YEAR, 3, 9), date(YEAR, 7, 13)})
"""Evenings on which nobody closed the day: the next opening did."""
SLIP_LOST_ON: Final = frozenset({date(YEAR, 6, 28), date(YEAR, 11, 28)})
"""Evenings on which a slip was missing in the box."""
_EARLY: Final = 10


def live_year(village: DemoVillage, advance: Advance = unseen) -> None:
    """Live every day of the year; `advance` is told of each."""
    agenda = Agenda()
    for plan in (plan_earning, plan_visits, plan_shelf, plan_cards, plan_office, plan_meetings, plan_suggestions):
        plan(village, agenda)
    for day in days_of_year():
        deeds = agenda.of_day(day)
        if deeds:
            _live_day(village.desk, day, deeds)
        advance(1)


def _live_day(desk: DemoDesk, day: date, deeds: list[Deed]) -> None:
    desk.switch_on(day, deeds[0].minute - _EARLY)
    desk.attendant_does(open_day, day.isoformat())
    for deed in deeds:
        desk.wait_until(deed.minute)
        deed.do()
    if day not in NOT_CLOSED:
        slips = show_figures(desk.store).slips_booked
        lost = 1 if slips and day in SLIP_LOST_ON else 0
        desk.attendant_does(cash_up_day, slips - lost)
