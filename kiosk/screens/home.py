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
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.station import Heard, Station

# The jobs in the order of their digits: names of the app's table of screens. One that is not there is left out.
JOBS: Final = (
    "till",
    "award",
    "card_desk",
    "find",
    "waiting_list",
    "sheets",
    "store_care",
    "scanner_test",
    "settings",
)


class HomeScreen(DeskScreen, inherit_bindings=False):
    """Nine jobs under nine digits; 0 leaves the program after a question."""

    BINDINGS: ClassVar = keys.bindings("home.leave")
    takes = (PersonCard, HouseholdCard, BookCode, Goods, WeighedGoods)

    def __init__(self, station: "Station") -> None:
        """Begin without knowing what waits."""
        super().__init__(station)
        self._waiting = 0

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

    async def take_scan(self, heard: "Heard") -> None:
        """Open the till and hand the scan on."""
        if not self.station.shell.has("till"):
            raise Refused("scan_not_here")
        self.station.shell.open("till", heard)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Open a job."""
        self.station.shell.open(self._jobs()[message.index])

    def action_leave(self) -> None:
        """Ask whether to end the program."""
        self.work(self._leave())

    def _jobs(self) -> list[str]:
        return [job for job in JOBS if self.station.shell.has(job)]

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
