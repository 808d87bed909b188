"""Slips of the terminal before this one that nobody else heard of: entered again from the paper, one after the other.

For the secretary after a restore. A slip says its number, whose it is and how many points; its barcode, if it can be
scanned, is kept with it.
"""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import codes, keys
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.screens.modals.amount import POINTS_DIGITS, AmountModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.find_household import FindHouseholdModal
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from db.store import Store
    from kiosk.domain.slip_recovery import TillBefore
    from kiosk.station import Heard, Station

NUMBER_DIGITS: Final = 6


class SlipsScreen(DeskScreen, inherit_bindings=False):
    """The number of a slip, then whose it is, then its points; + confirms, and the next one may be typed."""

    BINDINGS: ClassVar = keys.bindings("shell.back")
    takes = (codes.SlipCode,)

    def __init__(self, station: "Station") -> None:
        """Begin without knowing which tills were before this one."""
        super().__init__(station)
        self._tills: Sequence[TillBefore] = ()
        self._code: str | None = None
        self._told = ""

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, what is known, what came of the last one, the next step, and the entry."""
        yield Static(self.say("slips.title"), classes="title", markup=False)
        for name in ("known", "told", "next"):
            yield Static("", id=f"slips-{name}", classes="line", markup=False)
        yield NumberEntry(label=self.say("slips.number"), longest=NUMBER_DIGITS)

    def on_mount(self) -> None:
        """Look which tills were before this one."""
        self.work(self._look())

    def draw(self) -> None:
        """Show what is known, and the entry where there is something to enter."""
        known = [self.say("slips.known", number=self._number(each.till, each.last_number)) for each in self._tills]
        self.query_one("#slips-known", Static).update("\n".join(known) or self.say("slips.none"))
        self.query_one("#slips-told", Static).update(self._told)
        step = "" if not self._tills else self.say("slips.next_read" if self._code else "slips.next")
        self.query_one("#slips-next", Static).update(step)
        entry = self.query_one(NumberEntry)
        entry.display = bool(self._tills)
        self.set_focus(entry if entry.display else None)
        self.refresh_bindings()

    async def take_scan(self, heard: "Heard") -> None:
        """Keep the barcode of the slip in the hand; one that counts already is told at once."""
        from kiosk.domain.slip_recovery import require_slip_missing

        if isinstance(heard.code, codes.SlipCode):
            await self.station.read(require_slip_missing, heard.code.number)
            self._code, self._told = heard.code.number, ""
            self.draw()

    @on(NumberEntry.Entered)
    def take_number(self, message: NumberEntry.Entered) -> None:
        """Go on with a slip of this number."""
        self.work(self._enter(int(message.text)))

    async def _look(self) -> None:
        from kiosk.domain.slip_recovery import tills_before

        self._tills = await self.station.read(tills_before)
        self.draw()

    async def _enter(self, number: int) -> None:
        """Ask for what the slip says, and let it count; a question that is left leaves the slip uncounted."""
        self.query_one(NumberEntry).clear()
        self._told = ""
        till = await self._choose_till()
        if till is None:
            return
        shown = self._number(till, number)
        household_id = await self.ask(FindHouseholdModal(self.station, self.say("slips.whose", number=shown)))
        if household_id is None:
            return
        title, unit = self.say("slips.how_many", number=shown), self.say("slips.points")
        points = await self.ask(AmountModal(self.station, title, unit, POINTS_DIGITS))
        if points is not None and await self._confirm(shown, household_id, points):
            await self._book(till, number, household_id, points)

    async def _choose_till(self) -> int | None:
        """Give the till on the slip; of several the one that is chosen."""
        tills = [each.till for each in self._tills]
        if len(tills) == 1:
            return tills[0]
        lines = [self.say("slips.till", till=self._number(till, 0)[:-NUMBER_DIGITS]) for till in tills]
        index = await self.ask(ChoiceModal(self.station, self.say("slips.which_till"), lines))
        return None if index is None else tills[index]

    async def _confirm(self, shown: str, household_id: int, points: int) -> bool:
        name = await self.station.read(_name_of, household_id)
        said = {"number": shown, "name": name, "points": figures.points(points)}
        answer = await self.ask(ConfirmModal(self.station, self.say("slips.confirm", **said)))
        return answer is True

    async def _book(self, till: int, number: int, household_id: int, points: int) -> None:
        from kiosk.domain.slip_recovery import SlipOnPaper, enter_slip

        done = await self.station.do(enter_slip, SlipOnPaper(till, number, household_id, points, self._code))
        self._code = None
        left = figures.points(done.left_points)
        self._told = self.say("slips.done", number=done.shown_number, points=figures.points(points), left=left)
        self.draw()

    def _number(self, till: int, number: int) -> str:
        from kiosk.domain.shop import number_of

        store = self.station.store
        if store is None:
            raise Refused("store_absent", home=str(self.station.home))
        return number_of(store.village, till, number)


def _name_of(store: "Store", household_id: int) -> str:
    from kiosk.domain.people import show_household

    with store.read() as connection:
        return show_household(connection, store.village, household_id).name
