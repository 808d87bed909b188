"""A meeting is called: what kind, for which groups, now or on another day. Each question may be gone back from."""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.calendar import DAY_DIGITS, read_day
from kiosk.domain.find import groups
from kiosk.domain.meeting import MeetingPlan, call_meeting, open_unplanned
from kiosk.domain.meeting_template import templates
from kiosk.errors import Refused
from kiosk.locale.meeting import counted_kind, groups_of
from kiosk.screens.meeting.questions import Asked, DigitsModal, GroupsModal
from kiosk.screens.meeting.wording import day_of
from kiosk.screens.modals.choice import ChoiceModal

if TYPE_CHECKING:
    from typing import Any

    from kiosk.domain.meeting_template import Template
    from kiosk.shell import Listener

HOUR_DIGITS: Final = 4
HOURS: Final = 24
MINUTES: Final = 60
_NOW: Final = 0


@dataclass(frozen=True)
class Call:
    """A meeting that was called, and whether its sign-in is open."""

    meeting_id: int
    is_open: bool


class Calling:
    """The questions of one call, asked on ``screen``."""

    def __init__(self, screen: "Listener[Any]") -> None:
        """Begin with nothing known."""
        self._screen = screen
        self._station = screen.station
        self._say = screen.say
        self._plan = MeetingPlan("")
        self._asks_groups = False

    async def call(self) -> Call | None:
        """Ask, call the meeting and say what became of it; None if the person went back to the beginning.

        Raises Refused as `call_meeting` and `open_unplanned`.
        """
        while await self._ask_kind():
            while await self._ask_groups():
                if await self._ask_when():
                    return await self._make()
                if not self._asks_groups:
                    break
        return None

    async def _make(self) -> Call:
        if self._plan.day is None:
            return Call(await self._station.do(open_unplanned, self._plan), is_open=True)
        return Call(await self._station.do(call_meeting, self._plan), is_open=False)

    @property
    def _template(self) -> "Template":
        return templates()[self._plan.template]

    async def _ask_kind(self) -> bool:
        kinds, texts = list(templates().values()), self._station.texts
        names = [counted_kind(each.label(texts.language), each.counts, texts) for each in kinds]
        chosen = await self._screen.ask(ChoiceModal(self._station, self._say("meeting.ask.kind"), names))
        if chosen is not None:
            self._plan = MeetingPlan(kinds[chosen].code)
        return chosen is not None

    async def _ask_groups(self) -> bool:
        """Ask for village groups where the kind may be for some of them."""
        known = await self._station.read(groups) if self._template.asks_group else ()
        self._asks_groups = len(known) > 1
        if not self._asks_groups:
            return True
        taken = await self._screen.ask(GroupsModal(self._station, self._say("meeting.ask.groups"), known))
        if taken is not None:
            self._plan = replace(self._plan, groups=taken)
        return taken is not None

    async def _ask_when(self) -> bool:
        """Ask whether people sign in now; if not, on which day and at what hour."""
        choices = [self._say("meeting.ask.now"), self._say("meeting.ask.later")]
        while True:
            chosen = await self._screen.ask(ChoiceModal(self._station, self._what(), choices))
            if chosen is None or chosen == _NOW:
                self._plan = replace(self._plan, day=None, hour=None)
                return chosen is not None
            if await self._ask_day():
                return True

    async def _ask_day(self) -> bool:
        """Ask for the day, then for the hour."""
        say, today = self._say, self._station.day or ""
        read = partial(read_coming_day, today=today)
        asked = Asked(self._what(), say("meeting.ask.day"), say("meeting.ask.day_label"), DAY_DIGITS, read)
        while (day := await self._screen.ask(DigitsModal(self._station, asked))) is not None:
            self._plan = replace(self._plan, day=day or today)
            if await self._ask_hour():
                return True
        return False

    async def _ask_hour(self) -> bool:
        day = day_of(self._plan.day or "", self._station.day, self._station.texts)
        title, how, label = f"{self._what()}  {day}", self._say("meeting.ask.hour"), self._say("meeting.ask.hour_label")
        hour = await self._screen.ask(DigitsModal(self._station, Asked(title, how, label, HOUR_DIGITS, read_hour)))
        if hour is not None:
            self._plan = replace(self._plan, hour=hour or None)
        return hour is not None

    def _what(self) -> str:
        template = self._template
        whom = groups_of(self._plan.groups, self._station.texts) if template.asks_group else ""
        return "  ".join(part for part in (template.label(self._station.texts.language), whom) if part)


def read_coming_day(typed: str, today: str) -> str:
    """Read a day that has not passed. Raises Refused (`date_unreadable`, `meeting_day_passed`)."""
    day = read_day(typed)
    if day < today:
        raise Refused("meeting_day_passed", day=day)
    return day


def read_hour(typed: str) -> str:
    """Read HHMM, or HMM, as HH:MM. Raises Refused (`meeting_hour_wrong`)."""
    hour, minute = int(typed.zfill(HOUR_DIGITS)[:2]), int(typed[-2:])
    if len(typed) < HOUR_DIGITS - 1 or hour >= HOURS or minute >= MINUTES:
        raise Refused("meeting_hour_wrong")
    return f"{hour:02}:{minute:02}"
