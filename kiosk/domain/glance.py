"""What home shows of the books at a glance: the day, the clock, what waits, what is left open, the meeting of today."""

from dataclasses import dataclass

from db.line import Stamp
from db.store import Store
from kiosk.domain.basket import kept_basket
from kiosk.domain.county_word import count_words
from kiosk.domain.delivery import count_figures_missing
from kiosk.domain.meeting import MeetingShown, list_meetings, meeting_here
from kiosk.domain.moving import count_arrivals
from kiosk.domain.period import ClockDay, DayState, clock_day, day_state
from kiosk.domain.shop_days import ShopDay, shop_day
from kiosk.domain.slip import slips_owed
from kiosk.domain.waiting import count_waiting

CALLED_LAST = 10


@dataclass(frozen=True)
class Glance:
    """The books of this desk at one moment.

    `waiting` counts what wants a second signature, `slips_owed` the slips people wait for; `has_basket` if a basket
    is unconfirmed; `meeting` is the one that is open, or the first that was called for today; `county_words` counts
    what the county said and nobody has read, and who moves here and has no account; `shop` is the open day, or that of
    the clock, as a day of the shop; `figures_missing` counts costs and prices that somebody has to enter.
    """

    days: DayState
    clock: ClockDay
    waiting: int
    slips_owed: int
    has_basket: bool
    meeting: MeetingShown | None
    county_words: int = 0
    shop: ShopDay | None = None
    figures_missing: int = 0

    @property
    def is_day_over(self) -> bool:
        """Whether the open business day is an earlier one than the clock's, which nothing speaks against."""
        return self.days.open_day is not None and self.clock.doubt is None and self.clock.day > self.days.open_day


def glance_at_desk(store: Store, now: Stamp) -> Glance:
    """Return what home shows of the books."""
    with store.read() as connection:
        days = day_state(connection, store.village)
        clock = clock_day(connection, store.village, now)
        words = count_words(connection, store.village) + count_arrivals(connection, store.village)
        shop = shop_day(connection, store.village, days.open_day or clock.day)
    kept = kept_basket(store)
    has_basket = kept is not None and bool(kept.steps)
    owed, waiting, missing = len(slips_owed(store)), count_waiting(store), count_figures_missing(store)
    return Glance(days, clock, waiting, owed, has_basket, _meeting(store, days, clock), words, shop, missing)


def _meeting(store: Store, days: DayState, clock: ClockDay) -> MeetingShown | None:
    open_now = meeting_here(store)
    if open_now is not None:
        return open_now
    today = days.open_day or (clock.day if clock.doubt is None else None)
    called = [each for each in list_meetings(store, CALLED_LAST) if each.state == "called" and each.day == today]
    return min(called, key=lambda each: (each.planned_hour or "", each.meeting_id), default=None)
