"""A terminal in the place of a dead one: for whoever unpacks it, with the code that two officers of the county gave.

The village's stick or its sheet says which county it is; the code is typed as it is read out on the telephone. A
program of its own brings back all that the county holds, over the line or by the stick, which goes there once first.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import codes, keys
from kiosk.errors import BadInput, Refused
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.set_up import Found, Invitation
    from kiosk.station import Heard, Station

LOOK_SECONDS: Final = 0.5
CODE_DIGITS: Final = 16


class State(Enum):
    """What the screen asks or does."""

    SOURCE = auto()
    ADDRESS = auto()
    CODE = auto()
    CALLING = auto()
    WAITING = auto()
    CAME = auto()


class ReplaceScreen(DeskScreen, inherit_bindings=False):
    """Stick or sheet, then the code; what came back, and from which slip on paper is entered anew."""

    BINDINGS: ClassVar = keys.bindings("replace.go_on", "replace.again", "shell.back")
    takes = (codes.Unknown,)

    def __init__(self, station: "Station") -> None:
        """Begin with looking for a stick."""
        super().__init__(station)
        self._state = State.SOURCE
        self._found: Found | None = None
        self._invitation: Invitation | None = None
        self._code = ""
        self._came: Mapping[str, Any] = {}

    def compose_body(self) -> "Iterable[Widget]":
        """Give what is asked, the entry for the code, and what came of it."""
        yield Static(self.say("replace.title"), classes="title", markup=False)
        yield Static("", id="replace-words", classes="line", markup=False)
        if self._state is State.CODE:
            yield NumberEntry(self.say("replace.entry"), longest=CODE_DIGITS)

    def on_mount(self) -> None:
        """Follow sticks and what is under way."""
        self.draw()
        self.every(LOOK_SECONDS, self._follow)

    def draw(self) -> None:
        """Show what is asked or came."""
        self.query_one("#replace-words", Static).update("\n".join(self._words()))
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer to go on when it is done, to ask again where the stick is back, and back while nothing is under way."""
        return {
            "go_on": self._state is State.CAME,
            "again": self._state is State.WAITING,
            "back": self._state not in {State.CALLING, State.CAME},
        }.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Take the barcodes of the sheet."""
        from db.wire.v1.set_up import read_address, read_sheet
        from kiosk.set_up import Invitation

        sheet, address = read_sheet(heard.scan.text), read_address(heard.scan.text)
        if self._state is State.SOURCE and sheet is not None:
            check = " ".join(sheet.check[at : at + 4] for at in range(0, len(sheet.check), 4))
            self._invitation = Invitation(sheet.village, check=check)
            await self._go(State.ADDRESS)
        elif self._state is State.ADDRESS and address is not None and self._invitation is not None:
            self._invitation = Invitation(self._invitation.village, address=address, check=self._invitation.check)
            await self._go(State.CODE)
        else:
            raise BadInput("sheet_code_unknown")

    @on(NumberEntry.Entered)
    def take_code(self, message: NumberEntry.Entered) -> None:
        """Take the code and ask the county."""
        self.work(self._take_code(message.text))

    def action_go_on(self) -> None:
        """Go on to the tests of what is plugged in."""
        self.dismiss()

    def action_again(self) -> None:
        """Read the stick that is back from the county."""
        self.work(self._call())

    async def _take_code(self, typed: str) -> None:
        from db.wire.v1.restore_code import read_restore_code

        read = read_restore_code(typed)
        if read is None or self._invitation is None or read[0] != self._invitation.village:
            self.query_one(NumberEntry).clear()
            raise Refused("restore_code_wrong")
        self._code = read[1]
        await self._call()

    async def _call(self) -> None:
        invitation = self._invitation
        if invitation is None:
            return
        way = ("--hub", invitation.address) if not invitation.stick else ("--stick", str(invitation.stick))
        self.station.errands.begin("join", "join", "--check", invitation.check, "--restore", self._code, *way)
        await self._go(State.CALLING)

    def _follow(self) -> None:
        """Notice a stick, and the end of what is under way."""
        if not self.is_current:
            return
        if self._state is State.SOURCE:
            self.run_worker(self._look_for_sticks(), group="sticks", exclusive=True)
        elif self._state is State.CALLING and (ended := self.station.errands.look()) is not None:
            self.work(self._take_end(ended.values, ended.refusal))

    async def _look_for_sticks(self) -> None:
        from kiosk.set_up import find_invitations

        self._found = await self.station.aside(find_invitations, self._found)
        if self.is_standing and self._state is State.SOURCE and len(self._found.invitations) == 1:
            self._invitation = self._found.invitations[0]
            self.work(self._go(State.CODE))

    async def _take_end(self, values: Mapping[str, Any], refusal: str | None) -> None:
        if refusal is not None:
            await self._go(State.CODE)
            raise Refused(refusal)
        if values["status"] == "pending":
            await self._go(State.WAITING)
            return
        self._came = values
        await self.station.open_store()
        invitation = self._invitation
        given = {"village_name": invitation.name, "help_phone": invitation.phone} if invitation is not None else {}
        self.station.set(**{name: value for name, value in given.items() if value})
        await self._go(State.CAME)

    async def _go(self, state: State) -> None:
        self._state = state
        await self.redraw()

    def _words(self) -> list[str]:
        invitation = self._invitation
        if self._state is State.CAME:
            return self._came_words()
        words = [self.say(f"replace.state.{self._state.name.lower()}")]
        if self._state is State.CODE and invitation is not None:
            village = f"{invitation.village:04}　{invitation.name}".rstrip()
            return [self.say("replace.village", village=village, check=invitation.check), *words]
        return words

    def _came_words(self) -> list[str]:
        """Say what came back, and which slips the paper alone has."""
        came = self._came
        words = [self.say("replace.came", lines=came["lines"], saved=came["saved"])]
        if not came["complete"] and came["last_slip"]:
            words.append(self.say("replace.slips", slip=came["last_slip"]))
        return [*words, self.say("replace.next")]
