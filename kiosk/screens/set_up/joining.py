"""A second desk beside the village's others: for whoever unpacks it, with a stick or sheet that the county made for it.

What is asked is what a first desk is asked. Then a program of its own asks the county, and again once an officer has
compared the check digits: everything the county holds of the village comes down, and no book is begun a second time.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kiosk.errors import Refused
from kiosk.screens.set_up.screen import SetUpScreen
from kiosk.screens.set_up.step import DIGITS, TESTS, Sheet, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.errand import Ended
    from kiosk.set_up import Invitation
    from kiosk.station import Station

ASKED_ANEW = frozenset({"enrolment_code_wrong"})
"""The code was the first desk's: the county reads another one out."""


class JoinScreen(SetUpScreen, inherit_bindings=False):
    """Stick or sheet, the county's digits, the own digits on the telephone; then what came, and the tests."""

    BINDINGS = SetUpScreen.BINDINGS

    def __init__(self, station: "Station") -> None:
        """Begin with looking for a stick."""
        super().__init__(station)
        self._has_no_line = False
        self._came: Mapping[str, Any] = {}

    def offers(self, action: str) -> bool:
        """Offer what the step allows: nothing of this can be put off, for without the county there is no book."""
        if self._step in TESTS:
            return super().offers(action)
        return {
            "go_on": self._step in {Step.CONFIRM, Step.CAME},
            "again": self._step is Step.KNOWN,
            "back": self._step not in {Step.CALLING, Step.CAME},
        }.get(action, False)

    def action_back(self) -> None:
        """Begin with the sheet again; from there go back."""
        if self._step is Step.SOURCE:
            self.dismiss()
        else:
            self.work(self._begin_again())

    async def _go_on(self) -> None:
        if self._step is Step.CONFIRM:
            await self._call()
        elif self._step is Step.CAME:
            await self._next_test()
        else:
            await super()._go_on()

    async def _again(self) -> None:
        """Ask once more: an officer has said yes, or the stick is back."""
        if self._step in TESTS:
            await super()._again()
            return
        await self._find_stick_again()
        await self._call()

    async def _call(self) -> None:
        """Ask the county in a program of its own: by the line where there is one, else by the stick."""
        invitation = self._invitation
        if invitation is None:
            return
        way = ("--hub", invitation.address)
        if invitation.stick is not None and (self._has_no_line or not invitation.address):
            way = ("--stick", str(invitation.stick))
        words = ("--check", invitation.check, "--village", str(invitation.village), "--code", invitation.code)
        self.station.errands.begin("join", "join", *words, *way)
        self._is_written = way[0] == "--stick"
        await self._go(Step.CALLING)

    async def _take_end(self, ended: "Ended") -> None:
        if ended.refusal is not None:
            await self._take_refusal(ended.refusal)
            return
        self._check = str(ended.values["fingerprint"])
        if ended.values["status"] == "pending":
            await self._go(Step.KNOWN)
            return
        self._came = ended.values
        await self.station.open_store()
        if self._invitation is not None:
            self._keep_names(self._invitation.name, self._invitation.phone)
        await self.station.look_at_unsent()
        await self._go(Step.CAME)

    async def _take_refusal(self, code: str) -> None:
        """Say why nothing came: ask for another code, take the stick where there is no line, or ask again."""
        invitation = self._invitation
        if code == "county_not_reached" and not self._is_written and invitation is not None and invitation.stick:
            self._has_no_line = True
            await self._call()
            return
        if code in ASKED_ANEW and invitation is not None:
            self._sheet = Sheet(invitation.village, "", "".join(filter(str.isdigit, invitation.check)), "")
            await self._go(Step.CODE)
        else:
            self._is_written = False
            await self._go(Step.KNOWN if self._check else Step.CONFIRM)
        raise Refused(code)

    async def _ask_what_lacks(self) -> None:
        """Ask for what the sheet has not said; a code read out anew goes with what is known from stick or sheet."""
        before = self._invitation
        if before is None or not (before.address or before.stick):
            await super()._ask_what_lacks()
            return
        self._invitation = replace(before, code=self._sheet.code)
        await self._call()

    async def _begin_again(self) -> None:
        self._check, self._has_no_line = "", False
        await super()._begin_again()

    async def _find_stick_again(self) -> None:
        """Know where the stick is now: it was away, and may be another."""
        from kiosk.set_up import find_invitations

        invitation = self._invitation
        if invitation is None or invitation.stick is None:
            return
        found: list[Invitation] = [
            each
            for each in (await self.station.aside(find_invitations)).invitations
            if each.village == invitation.village
        ]
        if found:
            self._invitation = replace(invitation, stick=found[0].stick)

    def _title(self) -> str:
        if self._step in DIGITS:
            return self.say("join.title")
        return super()._title()

    def _figure(self) -> str:
        return "" if self._step is Step.CAME else super()._figure()

    def _words(self) -> list[str]:
        invitation = self._invitation
        if self._step is Step.CONFIRM and invitation is not None:
            return [self.say("set_up.confirm.compare"), self.say("join.beside", village=f"{invitation.village:04}")]
        if self._step is Step.KNOWN:
            phone = self.station.settings.help_phone or (invitation.phone if invitation is not None else "")
            after = "join.written" if self._is_written else "join.approved"
            return [self.say("set_up.known.tell", phone=phone), self.say(after)]
        if self._step is Step.CALLING:
            return [self.say("join.calling")]
        if self._step is Step.CAME:
            return [self.say("join.came", lines=self._came["lines"]), self.say("join.may"), self.say("join.next")]
        return super()._words()
