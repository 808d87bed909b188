"""Looking after the data: for whoever backs it up, and for the day on which it has to be put back.

Opened from the menu, or from the start where the store does not open or a dead terminal is replaced.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.errors import BadInput, Refused, StoreFailed
from kiosk.locale.sentence import Sentence
from kiosk.screens.modals.badge import BadgeModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from db.backup import Backup
    from db.store import Store
    from kiosk.doctor import Finding
    from kiosk.station import Station

# The jobs in the order of their digits, the daily ones first; and those that make sense without a store.
JOBS: Final = ("back_up_stick", "back_up", "examine", "verify", "export", "rebuild", "restore", "slips")
WITHOUT_STORE: Final = ("restore", "examine")
MOST_FINDINGS: Final = 5
# Columns beside the findings; rows above and below them at the largest type.
ASIDE: Final = 6
AROUND_FINDINGS: Final = 10
ARROW: Final = "   → "
REDRAW_SECONDS: Final = 0.25


class State(Enum):
    """What the screen shows."""

    MENU = auto()
    WORKING = auto()
    TOLD = auto()
    RESTORED = auto()


@dataclass
class Work:
    """How far the work under way has come, counted on another thread."""

    job: str
    total: int = 0
    done: int = 0

    def advance(self, count: int) -> None:
        """Count what was done since the last call."""
        self.done += count

    @property
    def percent(self) -> int:
        """The part that is done, in percent."""
        return min(100 * self.done // self.total, 100) if self.total else 0


class StoreCareScreen(DeskScreen, inherit_bindings=False):
    """A digit begins a job; long ones show how far they are. After a restore the desk is opened again."""

    BINDINGS: ClassVar = keys.bindings("store_care.go_on", "shell.back")

    def __init__(self, station: "Station") -> None:
        """Begin with the menu."""
        super().__init__(station)
        self._state = State.MENU
        self._work = Work("")
        self._told: Sentence | None = None
        self._found: tuple[Finding, ...] = ()

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, what is to be said, and the jobs."""
        yield Static(self.say("store_care.title"), classes="title", markup=False)
        yield Static("", id="care-line", classes="line", markup=False)
        yield Static("", id="care-findings", classes="line", markup=False)
        yield ChoiceList([self.say(f"store_care.job.{job}") for job in self._jobs()])

    def on_mount(self) -> None:
        """Show how old the backups are, and keep the progress fresh."""
        self.draw()
        self.every(REDRAW_SECONDS, self._draw_progress)
        if self.station.store is not None:
            self.work(self._show_age())

    def draw(self) -> None:
        """Show the state, and the jobs where one may be chosen."""
        self.query_one("#care-line", Static).update(self._line())
        self.query_one("#care-findings", Static).update("\n".join(self._findings()))
        choices = self.query_one(ChoiceList)
        choices.display = self._state is State.MENU
        self.set_focus(choices if choices.display else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer to go on where something was told, and to go back unless work is under way or was a restore."""
        if action == "go_on":
            return self._state in {State.TOLD, State.RESTORED}
        return action != "back" or self._state in {State.MENU, State.TOLD}

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Begin a job."""
        job = self._jobs()[message.index]
        begin: dict[str, Callable[[], Any]] = {
            "restore": self._restore,
            "examine": self._examine,
            "back_up_stick": self._back_up_stick,
            "back_up": self._back_up,
            "verify": self._verify,
            "export": self._export,
            "rebuild": self._rebuild,
            "slips": self._open_slips,
        }
        self.work(self._through(begin[job]))

    def action_go_on(self) -> None:
        """Go back to the jobs; after a restore, to opening the desk."""
        if self._state is State.RESTORED:
            self.station.shell.go_home()
            self.station.shell.open("opening")
        else:
            self._go(State.MENU)

    def action_back(self) -> None:
        """Go back to the jobs, or leave."""
        if self._state is State.TOLD:
            self._go(State.MENU)
        else:
            self.dismiss()

    async def _through(self, job: Callable[[], Any]) -> None:
        """Do a job to its end; one that is refused leaves the jobs on the screen."""
        try:
            await job()
        except Refused:
            self._go(State.MENU)
            raise

    async def _show_age(self) -> None:
        from kiosk.health import measure

        health = await self.station.read(lambda store: measure(self.station.home, store, now=self.station.clock.now()))
        self._told = Sentence("store_care.age", {"lines": health.lines, "newer": health.inside.newer_lines})
        self.draw()

    async def _back_up(self, folder: Path | None = None) -> None:
        from kiosk.store_care import back_up

        await self._begin("back_up", await self._lines())
        now = self.station.clock.now()
        made = await self.station.aside(lambda: back_up(self.station.home, folder, now=now, advance=self._work.advance))
        key = "store_care.backed_up" if folder is None else "store_care.backed_up_stick"
        self._tell(key, lines=made.lines)

    async def _back_up_stick(self) -> None:
        from kiosk.store_care import BACKUPS

        stick = await self._stick()
        if stick is not None:
            await self._back_up(stick / BACKUPS)

    async def _export(self) -> None:
        from kiosk.store_care import export_store, taken_at

        stick = await self._stick()
        if stick is None:
            return
        await self._begin("export", await self._lines())
        name = stick / f"kiosk-{self._village():04d}-{taken_at(self.station.clock.now())}"
        done = await self.station.read(export_store, name, self._work.advance)
        self._tell("store_care.exported", lines=done.lines, name=name.name)

    async def _verify(self) -> None:
        from kiosk.store_care import believe_again, verify_store

        await self._begin("verify", 2 * await self._lines())
        found = await self.station.aside(lambda: verify_store(self.station.home, advance=self._work.advance))
        if found.faults:
            self._close_till(found.faults[0])
            raise StoreFailed("journal_broken", count=len(found.faults), first=found.faults[0])
        await self.station.read(believe_again)
        key = "store_care.verified_exceptions" if found.exceptions else "store_care.verified"
        self._tell(key, lines=found.lines, count=len(found.exceptions))

    async def _rebuild(self) -> None:
        from db.store import rebuild

        if not await self.ask(ConfirmModal(self.station, self.say("store_care.confirm_rebuild"))):
            return
        await self._begin("rebuild", await self._lines())
        lines = await self.station.read(rebuild, self._work.advance)
        await self._verify()
        self._tell("store_care.rebuilt", lines=lines)

    async def _examine(self) -> None:
        from kiosk.doctor import Level, admit, examine

        await self._begin("examine")
        now, home = self.station.clock.now(), self.station.home
        if self.station.store is None:
            found = await self.station.aside(lambda: examine(admit(home, None, None, now=now)))
        else:
            found = await self.station.read(lambda store: examine(admit(home, store, None, now=now)))
        bad = sorted((each for each in found if each.level is not Level.OK), key=lambda each: each.level is Level.WARN)
        self._told = Sentence("store_care.examined", {"good": len(found) - len(bad), "count": len(bad)})
        self._found = tuple(bad)
        self._go(State.TOLD)

    async def _restore(self) -> None:
        from kiosk.store_care import find_backups

        backup = await self._choose(await self.station.aside(find_backups, self.station.home))
        if backup is None or not await self.ask(self._question(backup)):
            return
        signed = await self.ask(BadgeModal(self.station, self.say("store_care.sign_restore")))
        if signed is None:
            return
        await self._begin("restore", 2 * backup.lines)
        done = await self.station.restore_store(backup.file, signed.badge, self._work.advance)
        key = "store_care.restored" if done.is_complete else "store_care.restored_incomplete"
        self._told = Sentence(key, {"lines": done.lines, "saved": done.saved, "till": done.till})
        self._go(State.RESTORED)

    async def _open_slips(self) -> None:
        self.station.shell.open("slips")

    async def _choose(self, backups: "Sequence[Backup]") -> "Backup | None":
        if not backups:
            raise BadInput("backup_absent")
        lines = [self._backup_line(backup) for backup in backups]
        index = await self.ask(ChoiceModal(self.station, self.say("store_care.which_backup"), lines))
        return None if index is None else backups[index]

    async def _stick(self) -> Path | None:
        """Give the stick that is plugged in; of several the one that is chosen, None if nobody chose."""
        from kiosk.sticks import find_sticks

        sticks = await self.station.aside(find_sticks)
        if not sticks:
            raise BadInput("stick_absent")
        if len(sticks) == 1:
            return sticks[0]
        names = [stick.name for stick in sticks]
        index = await self.ask(ChoiceModal(self.station, self.say("store_care.which_stick"), names))
        return None if index is None else sticks[index]

    async def _lines(self) -> int:
        from kiosk.store_care import lines_held

        return await self.station.read(lines_held)

    async def _begin(self, job: str, total: int = 0) -> None:
        self._work = Work(job, total)
        self._go(State.WORKING)

    def _tell(self, key: str, **values: object) -> None:
        self._told, self._found = Sentence(key, values), ()
        self._go(State.TOLD)

    def _go(self, state: State) -> None:
        self._state = state
        self.draw()

    def _draw_progress(self) -> None:
        if self._state is State.WORKING:
            self.query_one("#care-line", Static).update(self._line())

    def _close_till(self, fault: str) -> None:
        from db.fault import Fault

        if self.station.store is not None:
            self.station.store.standing.note((Fault("verified", fault),))

    def _jobs(self) -> tuple[str, ...]:
        return JOBS if self.station.store is not None else WITHOUT_STORE

    def _village(self) -> int:
        store: Store | None = self.station.store
        return store.village if store is not None else 0

    def _line(self) -> str:
        if self._state is State.WORKING:
            return self.say(f"store_care.working.{self._work.job}", percent=self._work.percent)
        if self._told is not None:
            return self._told.said(self.station.texts)
        return "" if self.station.store is not None else self.say("store_care.no_store")

    def _findings(self) -> list[str]:
        if self._state is not State.TOLD:
            return []
        lines: list[str] = []
        shown = 0
        for finding in self._found[:MOST_FINDINGS]:
            rows = self._rows_of(finding)
            if len(lines) + len(rows) > self.app.size.height - AROUND_FINDINGS:
                break
            lines += rows
            shown += 1
        more = len(self._found) - shown
        return [*lines, self.say("store_care.more", count=more)] if more else lines

    def _rows_of(self, finding: "Finding") -> list[str]:
        """Give a finding and what to do about it, in rows that fit the screen."""
        from kiosk.paper.layout import wrap
        from kiosk.paper.width import on_screen

        texts, columns = self.station.texts, self.app.size.width - ASIDE
        told = wrap(f"{self.say(f'doctor.level.{finding.level.value}')} {finding.text(texts)}", columns, on_screen)
        first, *others = wrap(finding.advice(texts), columns - len(ARROW), on_screen)
        return [*told, f"{ARROW}{first}", *(f"{' ' * len(ARROW)}{row}" for row in others)]

    def _backup_line(self, backup: "Backup") -> str:
        from kiosk.doctor import shown_moment

        place = "inside" if backup.file.is_relative_to(self.station.home) else "stick"
        moment = shown_moment(backup.taken)
        return self.say(f"store_care.backup.{place}", moment=moment, lines=backup.lines, village=backup.village)

    def _question(self, backup: "Backup") -> ConfirmModal:
        sentence = self.say("store_care.confirm_restore", backup=self._backup_line(backup))
        return ConfirmModal(self.station, sentence, self.say("store_care.restore_detail"))
