"""Import from sheets: for the secretary with a stick in the hand. Look first, then one key.

Files of sticks and of the desk's folder ``import``; what a file would change, line by line; the copy with reasons and
empty sheets go back to the stick.
"""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.errors import NotWritable, TryAgain
from kiosk.screens.modals.badge import BadgeModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.sheets import work
from kiosk.screens.sheets.sight import Sight, State
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.sheets.places import SheetFile, find_sheets, free_name
from kiosk.sheets.rows import SheetKind
from kiosk.shell import DeskScreen
from kiosk.sticks import find_sticks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.domain.import_plan import ImportPlan
    from kiosk.domain.waiting import Signature
    from kiosk.station import Station

PROGRESS_SECONDS: Final = 0.1
KINDS: Final = tuple(SheetKind)
# Columns beside the lines of a plan; rows above and below them, the number of the page and a refusal among them.
ASIDE, ASIDE_LARGE, AROUND, AROUND_LARGE = 6, 4, 16, 18


class SheetsScreen(DeskScreen, inherit_bindings=False):
    """A list of files, then what the chosen one would change, then how far it is, then what was done."""

    # A full page of lines leaves room for a refusal on the smallest screen.
    CSS = "SheetsScreen RefusalPanel { padding: 0 1; margin: 0; }"
    BINDINGS: ClassVar = keys.bindings(
        "sheets.confirm", "sheets.skip_bad", "sheets.templates", "sheets.reasons", "sheets.look_again",
        "sheets.more", "sheets.other_kind", "shell.back",
    )  # fmt: skip

    def __init__(self, station: "Station") -> None:
        """Begin with the files there are."""
        super().__init__(station)
        self._sight = Sight()
        self._progress = ("", 0, 0)
        self._pages: list[list[str]] = [[]]
        self._paged: tuple[object, ...] = ()

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, figure, counts, what to do, the list of files, and the lines of a plan."""
        yield Static("", id="sheets-title", classes="title", markup=False)
        yield Figure()
        yield Static("", id="sheets-counts", classes="line", markup=False)
        yield Static("", id="sheets-next", classes="title", markup=False)
        yield ChoiceList(
            list(map(self._named, self._sight.files)),
            turn_page=self.say("common.turn_page"),
            turn_back=self.say("common.turn_back"),
        )
        yield Static("", id="sheets-lines", classes="line", markup=False)

    def on_mount(self) -> None:
        """Look for files."""
        self.every(PROGRESS_SECONDS, self._show_progress)
        self._look()

    def draw(self) -> None:
        """Show what the screen is at."""
        sight, texts = self._sight, self.station.texts
        choices, figure = self.query_one(ChoiceList), self.query_one(Figure)
        choices.display = sight.state is State.FILES and bool(sight.files)
        self.set_focus(choices if choices.display else None)
        figure.display = sight.state in {State.LOOKING, State.DONE}
        label, value, unit = sight.figure(texts)
        figure.show(value, label, unit)
        self._put("title", sight.title(texts))
        self._put("counts", sight.counts(texts))
        self._put("lines", "\n".join(self._lines(sight)))
        self._put("next", sight.next_step(texts))
        self._show_progress()
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what the sight allows."""
        return len(self._pages) > 1 if action == "more" else self._sight.offers(action)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Read a file."""
        self.work(self._read(self._sight.files[message.index]))

    def action_look_again(self) -> None:
        """Look for files once more."""
        self._look()

    def action_back(self) -> None:
        """Go back to the files, or leave."""
        if self._sight.state is State.FILES:
            self.dismiss()
        else:
            self._look()

    def action_more(self) -> None:
        """Show the next lines, after the last the first."""
        self._see(replace(self._sight, page=self._sight.page + 1))

    def action_skip_bad(self) -> None:
        """Leave faulty rows out."""
        if self._sight.plan is not None:
            self._see(replace(self._sight, plan=self._sight.plan.leaving_out_bad_rows(), page=0))

    def action_other_kind(self) -> None:
        """Read the file as something else."""
        if self._sight.file is not None:
            self.work(self._read_as_other(self._sight.file))

    def action_confirm(self) -> None:
        """Import."""
        if self._sight.plan is not None:
            self.work(self._import(self._sight.plan))

    def action_reasons(self) -> None:
        """Write the copy with reasons."""
        if self._sight.file is not None and self._sight.plan is not None:
            self.work(self._write_reasons(self._sight.file, self._sight.plan))

    def action_templates(self) -> None:
        """Write empty sheets."""
        self.work(self._write_templates())

    async def _read(self, file: SheetFile) -> None:
        kind = await self.station.read(work.guess_kind_of, file.path) or await self._ask_kind(file)
        if kind is not None:
            await self._plan(file, kind)

    async def _read_as_other(self, file: SheetFile) -> None:
        kind = await self._ask_kind(file)
        if kind is not None:
            await self._plan(file, kind)

    async def _ask_kind(self, file: SheetFile) -> SheetKind | None:
        title = self.say("sheets.which_kind", name=file.path.name)
        chosen = await self.ask(ChoiceModal(self.station, title, [self.say(f"sheet.kind.{kind}") for kind in KINDS]))
        return None if chosen is None else KINDS[chosen]

    async def _plan(self, file: SheetFile, kind: SheetKind) -> None:
        before = self._sight
        self._progress = ("reading", 0, 0)
        self._see(Sight(State.READING, before.files, file))
        try:
            plan = await self.station.read(work.plan_file, file.path, kind, self.station.clock, self._note_rows)
            self._see(Sight(State.LOOKING, before.files, file, plan))
        finally:
            if self._sight.state is State.READING:
                self._see(before)

    async def _import(self, plan: "ImportPlan") -> None:
        from kiosk.domain.find import refresh_name_keys
        from kiosk.domain.importing import apply_import

        is_decided, signature = await self._signature(plan)
        if not is_decided:
            return
        before = self._sight
        self._progress = ("writing", 0, sum(len(planned.drafts) for planned in plan.rows))
        self._see(replace(before, state=State.WRITING))
        try:
            done = await self.station.do(apply_import, plan, signature, self._note_facts)
            self._progress = ("tidying", 0, 0)
            with suppress(TryAgain):  # whoever searches for a name makes what is missing
                await self.station.read(refresh_name_keys)
            self._see(replace(before, state=State.DONE, done=done))
        finally:
            if self._sight.state is State.WRITING:
                self._see(before)

    async def _signature(self, plan: "ImportPlan") -> "tuple[bool, Signature | None]":
        """Ask for the second signature on opening balances; it may come later, from the waiting list."""
        from kiosk.domain.waiting import Signature

        if not plan.openings:
            return True, None
        sums = {"openings": len(plan.openings), "opening_points": sum(plan.openings)}
        ways = [self.say("sheets.sign_now"), self.say("sheets.sign_later")]
        chosen = await self.ask(ChoiceModal(self.station, self.say("sheets.sign", **sums), ways))
        if chosen != 0:
            return chosen is not None, None
        given = await self.ask(BadgeModal(self.station, self.say("sheets.signature", **sums)))
        return given is not None, None if given is None else Signature(given.badge, given.is_verified)

    async def _write_reasons(self, file: SheetFile, plan: "ImportPlan") -> None:
        folder = file.path.parent if file.stick is not None else await self._stick()
        if folder is not None:
            out = free_name(folder, self.say("sheets.reasons_name", name=file.path.stem))
            await self.station.read(work.copy_with_reasons, file.path, plan, out, self.station.texts)
            self._see(replace(self._sight, notice=self.say("sheets.copied", name=out.name)))

    async def _write_templates(self) -> None:
        folder = await self._stick()
        if folder is None:
            return
        for kind in KINDS:
            out = free_name(folder, self.say("sheets.template_name", kind=self.say(f"sheet.kind.{kind}")))
            await self.station.read(work.write_empty, kind, out, self.station.texts)
        self._look(self.say("sheets.templates_written"))

    async def _stick(self) -> Path | None:
        """Give the stick to write to; ask where there are several. Raises NotWritable where there is none."""
        sticks = find_sticks()
        if not sticks:
            raise NotWritable("stick_absent")
        if len(sticks) == 1:
            return sticks[0]
        title = self.say("sheets.which_stick")
        chosen = await self.ask(ChoiceModal(self.station, title, [stick.name for stick in sticks]))
        return None if chosen is None else sticks[chosen]

    def _look(self, notice: str = "") -> None:
        files = find_sheets(self.station.home, find_sticks())
        self.query_one(ChoiceList).show(list(map(self._named, files)))
        self._see(Sight(files=files, notice=notice))

    def _named(self, file: SheetFile) -> str:
        if file.stick is None:
            return self.say("sheets.in_folder", name=file.path.name)
        return self.say("sheets.on_stick", name=file.path.name, folder=file.stick.name)

    def _lines(self, sight: Sight) -> list[str]:
        """Give the page that is open; a plan is put into pages once for a language and a size."""
        is_large, (width, height) = self.app.has_class("-large"), self.app.size
        room = (width - ASIDE_LARGE, height - AROUND_LARGE) if is_large else (width - ASIDE, height - AROUND)
        paged = (sight.state, sight.plan, len(sight.files), self.station.texts.language, room)
        if paged != self._paged:
            self._paged, self._pages = paged, sight.pages(self.station.texts, *room)
        count = len(self._pages)
        lines = self._pages[sight.page % count]
        return [*lines, self.say("sheets.page", page=sight.page % count + 1, pages=count)] if count > 1 else lines

    def _see(self, sight: Sight) -> None:
        self._sight = sight
        if self.is_attached:
            self.draw()

    def _note_rows(self, done: int, total: int) -> None:
        """Remember, on the store's thread, how far a reading is."""
        self._progress = ("reading_of", done, total)

    def _note_facts(self, count: int) -> None:
        """Remember, on the store's thread, how far a writing is."""
        _name, done, total = self._progress
        self._progress = ("writing", done + count, total)

    def _show_progress(self) -> None:
        name, done, total = self._progress
        if self._sight.state in {State.READING, State.WRITING} and name:
            file = "" if self._sight.file is None else self._sight.file.path.name
            self._put("lines", self.say(f"sheets.{name}", name=file, done=done, total=total))

    def _put(self, name: str, text: str) -> None:
        widget = self.query_one(f"#sheets-{name}", Static)
        widget.update(text)
        widget.display = bool(text)
