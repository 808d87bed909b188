"""The menu: for everybody, between two jobs. A card or goods scanned here open the till at once."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import BookCode, Goods, HouseholdCard, PersonCard, WeighedGoods
from kiosk.errors import Refused
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.widget import Widget

    from kiosk.station import Heard, Station

# The jobs in the order of their digits: names of the app's table of screens. One that is not there is left out.
# What is done on a working day stands first, at most eight; the last digit leads to the others.
JOBS: Final = ("till", "award", "card_desk", "find", "waiting_list", "meeting", "suggestions", "day_close")
MORE_JOBS: Final = ("reports", "sheets", "store_care", "scanner_test", "settings")
MORE: Final = "more"


class HomeScreen(DeskScreen, inherit_bindings=False):
    """The daily jobs under a digit each, the others a digit further; 0 leaves the program after a question."""

    BINDINGS: ClassVar = keys.bindings("home.leave", "shell.back")
    takes = (PersonCard, HouseholdCard, BookCode, Goods, WeighedGoods)

    def __init__(self, station: "Station") -> None:
        """Begin without knowing what waits."""
        super().__init__(station)
        self._waiting = 0
        self._is_more = False

    def compose_body(self) -> "Iterable[Widget]":
        """Give the jobs."""
        yield Static(self.say("home.title"), classes="title", markup=False)
        yield ChoiceList(self._choices())

    def on_screen_resume(self) -> None:
        """Count anew what waits for a signature."""
        self.work(self._count())

    def draw(self) -> None:
        """Show the jobs with what is known about them."""
        self.query_one(ChoiceList).show(self._choices())
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer to leave on the first list, and back on the second."""
        return {"leave": not self._is_more, "back": self._is_more}.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Open the till and hand the scan on."""
        if not self.station.shell.has("till"):
            raise Refused("scan_not_here")
        self.station.shell.open("till", heard)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Open a job, or the list of the others."""
        job = self._jobs()[message.index]
        self._show_more(is_more=job == MORE)
        if job != MORE:
            self.station.shell.open(job)

    def action_leave(self) -> None:
        """Ask whether to end the program."""
        self.work(self._leave())

    def action_back(self) -> None:
        """Show the daily jobs again."""
        self._show_more(is_more=False)

    def _show_more(self, *, is_more: bool) -> None:
        self._is_more = is_more
        self.draw()

    def _jobs(self) -> list[str]:
        return jobs_of(self.station.shell.has, is_more=self._is_more)

    def _choices(self) -> list[str]:
        return [self._choice(job, self.say(f"home.job.{job}")) for job in self._jobs()]

    def _choice(self, job: str, name: str) -> str:
        if job == "waiting_list" and self._waiting:
            return self.say("home.waiting", job=name, count=self._waiting)
        return name

    async def _count(self) -> None:
        from kiosk.domain.waiting import count_waiting

        self._waiting = await self.station.read(count_waiting)
        self.draw()

    async def _leave(self) -> None:
        if await self.ask(ConfirmModal(self.station, self.say("home.confirm_leave"))):
            self.station.shell.leave()


def jobs_of(has: "Callable[[str], bool]", *, is_more: bool) -> list[str]:
    """Give the jobs of one of the two lists, in the order of their digits; `has` says which screens there are."""
    others = [job for job in MORE_JOBS if has(job)]
    if is_more:
        return others
    return [*(job for job in JOBS if has(job)), *([MORE] if others else [])]
