"""Home: the clock, the day, today's meeting and the menu; for everybody, between two jobs.

A card scanned here shows its points, goods show price and stock; an open meeting owns a card. A badge changes who
stands at the desk.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import BookCode, Card, Goods, HouseholdCard, OperatorBadge, PersonCard, SlipCode, WeighedGoods
from kiosk.errors import Refused
from kiosk.rights import Right
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.desk_state import DeskState
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.widget import Widget

    from kiosk.notices import Sight
    from kiosk.station import Heard, Station

# The jobs in the order of their digits: names of the app's table of screens. One that is not there is left out.
# What is done on a working day stands first, at most eight; the last digit leads to the others, the frequent first.
JOBS: Final = ("till", "award", "card_desk", "find", "waiting_list", "meeting", "suggestions", "day_close")
MORE_JOBS: Final = (
    "stock", "forms", "store_care", "reports", "fund", "county", "operators", "practice", "sheets",
    "settings", "set_up", "scanner_test",
)  # fmt: skip
MORE: Final = "more"
# What a job takes of whoever opens it; in the others there is something for everybody.
NEEDS: Final = {
    "till": Right.REDEEM,
    "award": Right.AWARD,
    "card_desk": Right.KEEP_CARDS,
    "suggestions": Right.SUBMIT_SUGGESTION,
    "day_close": Right.CLOSE_DAY,
    "sheets": Right.IMPORT,
    "stock": Right.RECEIVE,
    "forms": Right.REDEEM,
}
LOOK_SECONDS: Final = 1.0


class HomeScreen(DeskScreen, inherit_bindings=False):
    """The daily jobs under a digit each, the others a digit further; 0 leaves the program after a question."""

    CSS = """
    #home-menu { width: 36; }
    #home-state { width: 1fr; padding: 0 0 0 2; }
    #home-state .figure-label { display: none; }
    #home-state .line { margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar = keys.bindings("home.open_day", "home.change_operator", "home.lock", "home.leave", "shell.back")
    takes = (PersonCard, HouseholdCard, BookCode, SlipCode, Goods, WeighedGoods, OperatorBadge)

    def __init__(self, station: "Station") -> None:
        """Begin without knowing what waits."""
        super().__init__(station)
        self._sight: Sight | None = None
        self._minute = -1
        self._is_more = False

    def compose_body(self) -> "Iterable[Widget]":
        """Give the jobs on the left, how the desk stands on the right."""
        with Horizontal():
            with Vertical(id="home-menu"):
                yield Static(self.say("home.title"), classes="title", markup=False)
                yield ChoiceList(
                    self._choices(), turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back")
                )
            yield DeskState(self.station, id="home-state")

    def on_mount(self) -> None:
        """Follow the clock."""
        self.every(LOOK_SECONDS, self._follow_clock)

    def on_screen_resume(self) -> None:
        """Look anew how the desk stands, and what the county has answered."""
        self.work(self._look())

    def draw(self) -> None:
        """Show the jobs with what is known about them, and how the desk stands."""
        self._draw_jobs()
        self.query_one(DeskState).show(self._sight, self._digit_of("meeting"))
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer to open a day where none is open or it is over, and what belongs to the list that is on show."""
        has_day = self.station.day is not None
        return {
            "open_day": not has_day or (self._sight is not None and self._sight.books.is_day_over),
            "change_operator": has_day,
            "lock": self.station.operator is not None and self.station.coach is None and not self._is_more,
            "leave": not self._is_more,
            "back": self._is_more,
        }.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Hand a scan on to where it belongs."""
        from kiosk.domain.meeting import meeting_here

        has, code = self.station.shell.has, heard.code
        screen = "balance"
        if isinstance(code, OperatorBadge):
            screen = "opening"
        elif isinstance(code, SlipCode):
            screen = "till"
        elif isinstance(code, Card) and has("meeting") and await self.station.read(meeting_here) is not None:
            screen = "meeting"
        elif isinstance(code, BookCode):
            screen = "till"
        if not has(screen):
            raise Refused("scan_not_here")
        self.hand_on(screen, heard)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Open a job, or the list of the others."""
        job = self._jobs()[message.index]
        self._show_more(is_more=job == MORE)
        if job != MORE:
            self.station.shell.open(job)

    @on(ChoiceList.Barred)
    def take_barred(self, message: ChoiceList.Barred) -> None:
        """Say whose job it is."""
        self.refuse_right(NEEDS[self._jobs()[message.index]])

    def action_open_day(self) -> None:
        """Ask who stands here and which day it is."""
        self.station.shell.open("opening")

    def action_change_operator(self) -> None:
        """Ask who stands here by now."""
        self.station.shell.open("opening")

    def action_lock(self) -> None:
        """Take the rights away at once."""
        self.station.shell.lock()

    def action_leave(self) -> None:
        """Ask whether to end the program."""
        self.work(self._leave())

    def action_back(self) -> None:
        """Show the daily jobs again."""
        self._show_more(is_more=False)

    async def _look(self) -> None:
        await self.station.look_at_unsent()
        await self._see()

    async def _see(self) -> None:
        from kiosk.notices import look

        self._sight = await self.station.read(look, self.station.home, self.station.clock.now())
        if self.is_standing:
            self.draw()

    async def _see_quietly(self) -> None:
        """Look in the background; what is wrong with the store is said when somebody does something."""
        with suppress(Refused):
            await self._see()

    def _follow_clock(self) -> None:
        """Draw every second, and look again every minute: midnight passes while nobody presses a key."""
        if not self.is_current:
            return
        self.query_one(DeskState).tick()
        minute = self.station.clock.now().at // 60_000
        if self._minute not in (-1, minute):
            self.run_worker(self._see_quietly(), group="see", exclusive=True)
        self._minute = minute

    def _draw_jobs(self) -> None:
        choices, needs = self.query_one(ChoiceList), map(NEEDS.get, self._jobs())
        choices.reword(self._choices())
        choices.bar({
            index: self.who_may(right)
            for index, right in enumerate(needs) if right is not None and not self.station.may(right)
        })  # fmt: skip

    def _show_more(self, *, is_more: bool) -> None:
        self._is_more = is_more
        self.query_one(ChoiceList).show(self._choices())
        self.draw()

    def _jobs(self) -> list[str]:
        return jobs_of(self.station.shell.has, is_more=self._is_more)

    def _choices(self) -> list[str]:
        return [self._choice(job, self.say(f"home.job.{job}")) for job in self._jobs()]

    def _choice(self, job: str, name: str) -> str:
        waiting = self._sight.books.waiting if self._sight is not None else 0
        if job == "waiting_list" and waiting:
            return self.say("home.waiting", job=name, count=waiting)
        missing = self._sight.books.figures_missing if self._sight is not None else 0
        if job == "waiting_list" and missing:
            return self.say("home.missing", job=name, count=missing)
        return name

    def _digit_of(self, job: str) -> int:
        """Give the digit of a daily job, 0 for one that is not there."""
        daily = jobs_of(self.station.shell.has, is_more=False)
        return daily.index(job) + 1 if job in daily else 0

    async def _leave(self) -> None:
        question = "home.confirm_leave" if self.station.coach is None else "home.end_practice"
        if await self.ask(ConfirmModal(self.station, self.say(question))):
            self.station.shell.leave()


def jobs_of(has: "Callable[[str], bool]", *, is_more: bool) -> list[str]:
    """Give the jobs of one of the two lists, in the order of their digits; `has` says which screens there are."""
    others = [job for job in MORE_JOBS if has(job)]
    if is_more:
        return others
    return [*(job for job in JOBS if has(job)), *([MORE] if others else [])]
