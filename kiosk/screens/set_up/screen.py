"""Setting a terminal up: for whoever unpacks it, with the village's stick or printed sheet, scanner and number pad.

The stick is found by itself; without one the barcodes of the sheet are scanned, or its digits typed. Then each thing
that is plugged in is tried. Everything but the village's number may be put off and done later from the menu.
"""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import codes, keys
from kiosk.errors import BadInput, Refused
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.set_up.probes import Probes
from kiosk.screens.set_up.step import DIGITS, TESTS, Mark, Sheet, Step
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.set_up import Found, Invitation
from kiosk.shell import DeskScreen
from kiosk.station import DEMO_VILLAGE, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.errand import Ended
    from kiosk.station import Heard, Station

LOOK_SECONDS: Final = 0.5
# 0 is the county, 9999 the demo.
NO_VILLAGES: Final = (0, DEMO_VILLAGE)
FOUNDED: Final = "village_has_terminal"
_ASKING: Final = (Step.CODE, Step.CHECK, Step.ADDRESS)
_SIGNS: Final = {Mark.GOOD: "✓", Mark.LATER: "–", Mark.TO_COME: "·"}


class SetUpScreen(DeskScreen, inherit_bindings=False):
    """One question after the other, then one test after the other; + goes on."""

    CSS = """
    SetUpScreen RefusalPanel { padding: 0 1; margin: 0; }
    SetUpScreen #set-up-words { margin: 0 0 1 0; }
    SetUpScreen #set-up-news { margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar = keys.bindings(
        "set_up.go_on", "set_up.later", "set_up.again", "set_up.finish", "set_up.replace", "shell.back"
    )
    takes = (
        *(codes.VillageSheet, codes.BookCode, codes.PersonCard, codes.HouseholdCard, codes.SlipCode),
        *(codes.OperatorBadge, codes.Goods, codes.WeighedGoods, codes.Misread, codes.Unknown),
    )

    def __init__(self, station: "Station") -> None:
        """Begin with looking for a stick; where the village is there already, with what it lacks."""
        super().__init__(station)
        self._step = Step.SOURCE
        self._sheet = Sheet()
        self._invitation: Invitation | None = None
        self._found = Found()
        self._refused_sticks = False
        self._check = ""
        self._is_written = False
        self._is_founded = False
        self._taken = 0
        self._probes = Probes(station)
        if station.store is not None:
            self._sheet = Sheet(station.store.village)
            self._step = Step.MAKING

    def compose_body(self) -> "Iterable[Widget]":
        """Give the marks of the tests, what is asked, the figure to compare, the entry, and what is seen."""
        yield Static(self._title(), id="set-up-title", classes="title", markup=False)
        yield Static("", id="set-up-words", classes="line", markup=False)
        if self._figure():
            yield Figure(self.say("set_up.check"), self._figure())
        if self._step in DIGITS:
            yield NumberEntry(self.say(f"set_up.entry.{self._step.name.lower()}"), longest=DIGITS[self._step])
        yield Static("", id="set-up-news", classes="line", markup=False)

    def on_mount(self) -> None:
        """Follow sticks and what is under way; where there is a village already, look what it lacks."""
        self.draw()
        self.every(LOOK_SECONDS, self._follow)
        if self._step is Step.MAKING:
            self.work(self._resume())

    def on_screen_resume(self) -> None:
        """Go on with the tests where a dead terminal's books came back meanwhile."""
        super().on_screen_resume()
        if self._step in {Step.SOURCE, Step.CONFIRM} and self.station.store is not None:
            self._step = Step.MAKING
            self.work(self._resume())

    def draw(self) -> None:
        """Show what is asked and what is seen."""
        self.query_one("#set-up-words", Static).update("\n".join(self._words()))
        self.query_one("#set-up-news", Static).update("\n".join(self._news()))
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what the step allows; nothing while something is under way."""
        is_test = self._step in TESTS
        return {
            "go_on": is_test or self._step in {Step.CONFIRM, Step.KNOWN},
            "later": is_test or self._step in _ASKING,
            "again": self._step in {Step.PRINTER, Step.SOUND}
            or (self._step is Step.KNOWN and (self._is_founded or not self._check)),
            "finish": is_test or self._step is Step.KNOWN,
            "replace": self._step in {Step.SOURCE, Step.CONFIRM} and self.station.store is None,
            "back": self._step in {Step.SOURCE, Step.CONFIRM, *_ASKING},
        }.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Take the sheet's barcodes where they are asked for, and any code where the scanner is tried."""
        from db.wire.v1.set_up import read_address, read_sheet

        self._probes.scanned = heard.scan.text
        self._probes.marks[Step.SCANNER] = Mark.GOOD
        if self._step is Step.SCANNER:
            self.acknowledge(Signal.GOODS)
            await self._next_test()
            return
        if self._step not in DIGITS:
            raise Refused("scan_not_here")
        sheet, address = read_sheet(heard.scan.text), read_address(heard.scan.text)
        if sheet is not None:
            self._require_own(sheet.village)
            self._sheet = Sheet(sheet.village, sheet.code, sheet.check, self._sheet.address)
        elif address is not None:
            self._sheet = self._sheet.with_typed(Step.ADDRESS, "", address)
        else:
            raise BadInput("sheet_code_unknown")
        await self._ask_what_lacks()

    @on(NumberEntry.Entered)
    def take_digits(self, message: NumberEntry.Entered) -> None:
        """Take what was typed from the sheet."""
        self.work(self._take_digits(message.text))

    def action_go_on(self) -> None:
        """Say yes, or go on to the next test."""
        self.work(self._go_on())

    def action_later(self) -> None:
        """Put off becoming known, or a test."""
        self.work(self._put_off())

    def action_again(self) -> None:
        """Print or sound once more, or ask the county once more."""
        self.work(self._again())

    def action_finish(self) -> None:
        """Put off everything that is left."""
        self.dismiss()

    def action_replace(self) -> None:
        """Come in the place of a terminal that is dead, with a code of the county."""
        self.station.shell.open("replace")

    def action_back(self) -> None:
        """Begin with the sheet again; from there go back."""
        if self._step is Step.SOURCE or self.station.store is not None:
            self.dismiss()
        else:
            self.work(self._begin_again())

    async def _begin_again(self) -> None:
        self._sheet, self._invitation, self._refused_sticks = Sheet(), None, True
        await self._go(Step.SOURCE)

    async def _resume(self) -> None:
        """Go on where a village was left: becoming known, telling the digits, or the tests."""
        from kiosk.county_state import look_at_county

        state = await self.station.read(look_at_county)
        self._check = state.check if state.standing == "asked" else ""
        if self.station.is_demo or state.standing == "known":
            await self._next_test()
        else:
            await self._go(Step.KNOWN if self._check else Step.CODE)

    async def _take_digits(self, typed: str) -> None:
        from db.wire.v1.set_up import read_address

        address, is_village = read_address(typed) or "", self._step is Step.SOURCE
        is_other = (is_village and int(typed) in NO_VILLAGES) or (self._step is Step.ADDRESS and not address)
        if len(typed) != DIGITS[self._step] or is_other:
            self.query_one(NumberEntry).clear()
            raise Refused("village_number_wrong" if is_village else "sheet_digits_wrong", digits=DIGITS[self._step])
        self._sheet = self._sheet.with_typed(self._step, typed, address)
        await self._ask_what_lacks()

    async def _ask_what_lacks(self) -> None:
        self._invitation = self._sheet.invitation()
        await self._go(self._sheet.lacks or Step.CONFIRM)

    async def _go_on(self) -> None:
        if self._step is Step.CONFIRM:
            await self._make()
        elif self._step is Step.KNOWN:
            await self._next_test()
        else:
            await self._end_test(Mark.GOOD if self._probes.is_seen(self._step) else Mark.LATER)

    async def _put_off(self) -> None:
        if self._step in TESTS:
            await self._end_test(Mark.LATER)
        elif self.station.store is not None:
            await self._next_test()
        else:
            self._invitation = Invitation(self._sheet.village)
            await self._go(Step.CONFIRM)

    async def _again(self) -> None:
        if self._is_founded and self._step is Step.KNOWN:
            await self._become_second()
        elif self._step is Step.KNOWN:
            await self._call()
        else:
            await self._probes.begin(self._step)
            self.draw()

    async def _become_second(self) -> None:
        """Begin again as one more desk: the village has a first one, which nobody knew here."""
        await self.station.begin_again()
        self.dismiss()
        self.station.shell.open("join")

    async def _make(self) -> None:
        """Make the village, believe its county, and ask to be known."""
        from kiosk.set_up import take_invitation

        invitation = self._invitation
        if invitation is None:
            return
        await self._go(Step.MAKING)
        try:
            if self.station.store is None:
                await self.station.create_store(invitation.village)
            await self.station.read(take_invitation, invitation, self._advance)
        except Refused:
            await self._go(Step.CONFIRM if self.station.store is None else Step.CODE)
            raise
        self._keep_names(invitation.name, invitation.phone)
        if invitation.code:
            await self._call()
        else:
            await self._next_test()

    def _advance(self, count: int) -> None:
        """Count the county's lines that were taken in, on the store's thread."""
        self._taken += count

    def _keep_names(self, name: str, phone: str) -> None:
        given = {"village_name": name, "help_phone": phone}
        self.station.set(**{key: value for key, value in given.items() if value})

    async def _call(self) -> None:
        """Ask the county in a program of its own: by the line where there is an address, else by the stick."""
        invitation, errands = self._invitation, self.station.errands
        if invitation is None or not (invitation.address or invitation.stick):
            return
        if invitation.address:
            words = ("--hub", invitation.address, "--code", invitation.code, "--check", invitation.check)
            errands.begin("enrol", "enrol", *words)
        else:
            self._write_stick(invitation)
        await self._go(Step.CALLING)

    def _write_stick(self, invitation: Invitation) -> None:
        self.station.errands.begin("out", "stick", str(invitation.stick or ""), "--way", "out")

    def _follow(self) -> None:
        """Notice a stick, and the end of what is under way."""
        if not self.is_current:
            return
        if self._step is Step.MAKING:
            self.draw()
        elif self._step is Step.CALLING:
            ended = self.station.errands.look()
            if ended is not None:
                self.work(self._take_end(ended))
        elif self._step in {Step.SOURCE, Step.CODE, Step.STICK}:
            self.run_worker(self._look_for_sticks(), group="sticks", exclusive=True)
        elif self._step is Step.CLOCK:
            self.draw()

    async def _take_end(self, ended: "Ended") -> None:
        from kiosk.county_state import look_at_county

        invitation, name = self._invitation, self.station.errands.name
        if ended.refusal is not None and name == "enrol" and invitation is not None and invitation.stick is not None:
            self._write_stick(invitation)  # no line today: the stick has been there already, and goes there again
            return
        self._is_written = name == "out" and ended.refusal is None
        self._keep_names(str(ended.values.get("village_name", "")), str(ended.values.get("help_phone", "")))
        state = await self.station.read(look_at_county)
        self._check = state.check
        self._is_founded = ended.refusal == FOUNDED and self.station.operator is None
        await self.station.look_at_unsent()
        await self._go(Step.KNOWN)
        if ended.refusal is not None:
            raise Refused(ended.refusal)

    async def _look_for_sticks(self) -> None:
        from kiosk.set_up import find_invitations

        found = await self.station.aside(find_invitations, self._found)
        if not self.is_standing or self._step not in {Step.SOURCE, Step.CODE, Step.STICK}:
            return
        is_new = found.invitations != self._found.invitations
        self._found = found
        self._probes.stick = self.say("set_up.stick.name") if found.has_stick else ""
        if self._step is not Step.STICK and found.invitations and (is_new or not self._refused_sticks):
            self.work(self._choose(found))
        else:
            self.draw()

    async def _choose(self, found: Found) -> None:
        """Take the only invitation, or the one a person chooses; never another village's than the store's."""
        invitations = found.invitations
        self._refused_sticks = True
        own = [each for each in invitations if self.station.store is None or each.village == self._sheet.village]
        if not own:
            raise BadInput("set_up_of_another", village=invitations[0].village)
        index: int | None = 0
        if len(own) > 1:
            names = [f"{each.village:04}　{each.name}" for each in own]
            index = await self.ask(ChoiceModal(self.station, self.say("set_up.which_village"), names))
        if index is not None:
            self._invitation = own[index]
            self._probes.marks[Step.STICK] = Mark.GOOD
            await self._go(Step.CONFIRM)

    def _require_own(self, village: int) -> None:
        if self.station.store is not None and village != self.station.store.village:
            raise BadInput("set_up_of_another", village=village)
        if village in NO_VILLAGES:
            raise BadInput("sheet_code_unknown")

    async def _end_test(self, mark: Mark) -> None:
        self._probes.marks[self._step] = mark
        await self._next_test()

    async def _next_test(self) -> None:
        """Go to the next test that has not ended; after the last one the desk is ready."""
        left = [step for step in TESTS if self._probes.marks[step] is Mark.TO_COME]
        if not left:
            self.dismiss()
            return
        await self._go(left[0])
        await self._probes.begin(left[0])
        self.draw()

    async def _go(self, step: Step) -> None:
        self._step = step
        await self.redraw()

    def _title(self) -> str:
        invitation = self._invitation
        if self._step in TESTS:
            return "　".join(
                f"{self.say(f'set_up.name.{step.name.lower()}')} {_SIGNS[self._probes.marks[step]]}" for step in TESTS
            )
        if invitation is None or self._step in DIGITS:
            return self.say("set_up.title")
        return f"{invitation.village:04}　{invitation.name}".rstrip()

    def _figure(self) -> str:
        if self._step is Step.CONFIRM and self._invitation is not None:
            return self._invitation.check
        return self._check if self._step is Step.KNOWN and not self._is_founded else ""

    def _words(self) -> list[str]:
        if self._step in TESTS:
            return self._probes.words(self._step)
        name = self._step.name.lower()
        invitation = self._invitation
        if self._step is Step.CONFIRM and invitation is not None:
            village, kind = f"{invitation.village:04}", "compare" if invitation.stick else "plain"
            return [self.say(f"set_up.confirm.{kind}"), self.say("set_up.confirm.for_ever", village=village)]
        if self._step is Step.KNOWN:
            phone = self.station.settings.help_phone
            if self._is_founded:
                return [self.say("set_up.known.founded")]
            words = [self.say("set_up.known.tell" if self._check else "set_up.known.not_reached", phone=phone)]
            return [*words, self.say("set_up.known.written")] if self._is_written else words
        if self._step is Step.MAKING and self._taken and invitation is not None and invitation.set_up is not None:
            return [self.say("set_up.taking", done=self._taken, total=len(invitation.set_up.lines))]
        return [self.say(f"set_up.step.{name}")]

    def _news(self) -> list[str]:
        if self._step in {Step.SOURCE, Step.CODE} and self._found.torn:
            return [self.say("set_up.torn")]
        if self._step is Step.SOURCE and self._found.has_stick and not self._found.invitations:
            return [self.say("set_up.not_on_stick")]
        return []
