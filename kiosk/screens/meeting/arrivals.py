"""Somebody comes to the meeting, by a card or without one, or a sign-in is taken back."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final, get_args

from db.facts.meeting import UndoReason
from kiosk import codes
from kiosk.domain.find import people_of
from kiosk.domain.meeting import meeting_here, open_sign_in
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.sign_in import WhoCame, sign_in_card, sign_in_found, undo_sign_in, who_scans
from kiosk.errors import Refused
from kiosk.screens.meeting.face import notice_of
from kiosk.screens.meeting.questions import WhoModal
from kiosk.screens.meeting.state import SHOWN_LATEST, Entered, Notice, Phase, Tone, entered_now
from kiosk.screens.meeting.wording import banner_of
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.person import ask_person
from kiosk.station import Signal

if TYPE_CHECKING:
    from kiosk.domain.attendance import Tally
    from kiosk.domain.sign_in import SignInMade
    from kiosk.screens.meeting.screen import MeetingScreen

UNDO_REASONS: Final[tuple[UndoReason, ...]] = get_args(UndoReason)
OVER: Final = ("meeting_has_ended", "meeting_is_cancelled")
"""Refusals that tell that the meeting on the screen is over: somebody ended it elsewhere."""


async def take_code(desk: "MeetingScreen", code: codes.Code) -> None:
    """Act on what was scanned. Raises what the sign-in refuses, and what is no card of anybody."""
    match code:
        case codes.PersonCard() | codes.HouseholdCard() | codes.BookCode():
            await take_card(desk, code)
        case codes.Misread():
            raise Refused("code_misread")
        case codes.Goods() | codes.WeighedGoods():
            raise Refused("goods_at_meeting")
        case _:
            raise Refused("code_unknown")


async def take_card(desk: "MeetingScreen", card: codes.Card) -> None:
    """Sign in whose card this is, whatever stands on the screen; where no meeting is open, offer to open one."""
    if not _has_open(desk):
        open_one = await desk.station.read(meeting_here)
        await (desk.show(open_one.meeting_id) if open_one is not None else _offer_to_open(desk))
    state = desk.desk_state
    if state.is_left_open:
        raise Refused("meeting_of_earlier_day", day=state.meeting.day if state.meeting is not None else "")
    if state.meeting is None or not _has_open(desk):
        return
    meeting_id = state.meeting.meeting_id
    try:
        await _show_name(desk, await desk.station.read(who_scans, meeting_id, card.number, card.village))
        scanned = await desk.station.do(sign_in_card, meeting_id, card.number, card.village)
    except Refused as refused:
        desk.change(state)
        if refused.code in OVER:
            await desk.show(meeting_id)
        raise
    if not isinstance(scanned, WhoCame):
        show_arrival(desk, scanned)
        return
    person = await ask_person(desk, scanned.persons)
    if person is not None:
        comer = Comer(scanned.household_id, person.person_id)
        show_arrival(desk, await desk.station.do(sign_in_found, meeting_id, comer))


def _has_open(desk: "MeetingScreen") -> bool:
    meeting = desk.desk_state.meeting
    return meeting is not None and meeting.is_open


async def enter_without_card(desk: "MeetingScreen") -> None:
    """Find somebody and sign them in."""
    sought = await find_somebody(desk, desk.say("meeting.ask.who_came"))
    meeting = desk.desk_state.meeting
    if sought is not None and meeting is not None:
        show_arrival(desk, await desk.station.do(sign_in_found, meeting.meeting_id, sought[0]))


async def _show_name(desk: "MeetingScreen", name: str) -> None:
    """Show whose card was read: nobody waits at the door for the disk, and nothing is said to be done."""
    if name:
        notice = Notice(name, "meeting.signed.read", {}, Tone.QUIET)
        desk.change(replace(desk.desk_state, phase=Phase.SIGNING, notice=notice, heads=None))
        await desk.show_first()


def show_arrival(desk: "MeetingScreen", made: "SignInMade") -> None:
    """Show who came, large, and the figures after it."""
    state, entered = desk.desk_state, entered_now(made)
    if made.is_again or made.is_fast:
        desk.acknowledge(Signal.DOUBLE)
    notice = notice_of(entered, desk.station.texts, is_again=made.is_again)
    shown = replace(state, phase=Phase.SIGNING, is_left_open=False, tally=made.tally, notice=notice, heads=None, page=0)
    if made.is_again:
        desk.change(replace(shown, last=None))
    else:
        desk.change(replace(shown, latest=(entered, *state.latest)[:SHOWN_LATEST], last=entered))


async def take_back(desk: "MeetingScreen") -> None:
    """Take away a digit of the count, or the last sign-in after its reason was asked for."""
    state = desk.desk_state
    if state.typed:
        desk.change(replace(state, typed=state.typed[:-1]))
    elif state.last is not None:
        await undo(desk, state.last)


async def undo(desk: "MeetingScreen", entered: Entered) -> bool:
    """Take a sign-in back for a reason; False if the person went back."""
    reasons = [desk.say(f"meeting.undo.{reason}") for reason in UNDO_REASONS]
    title = desk.say("meeting.ask.undo", name=entered.name)
    chosen = await desk.ask(ChoiceModal(desk.station, title, reasons))
    if chosen is None:
        return False
    tally: Tally = await desk.station.do(undo_sign_in, entered.sign_in_id, UNDO_REASONS[chosen])
    state = desk.desk_state
    latest = tuple(each for each in state.latest if each.sign_in_id != entered.sign_in_id)
    notice = Notice(entered.name, "meeting.told.undone", {}, Tone.DOUBLE)
    desk.change(replace(state, phase=Phase.SIGNING, tally=tally, latest=latest, last=None, notice=notice, page=0))
    return True


async def find_somebody(desk: "MeetingScreen", title: str) -> tuple[Comer, str] | None:
    """Ask who somebody is, and in a meeting that counts persons which one of a household; None if gone back.

    Gives whom the meeting counts, and the name of who was found.
    """
    meeting = desk.desk_state.meeting
    found = await desk.ask(WhoModal(desk.station, title))
    if found is None or meeting is None:
        return None
    if meeting.counts == "household":
        return Comer(found.household_id), found.name
    if found.person_id is None:
        person = await ask_person(desk, await desk.station.read(people_of, found.household_id))
        return None if person is None else (Comer(person.household_id, person.person_id), person.name)
    return Comer(found.household_id, found.person_id), found.name


async def _offer_to_open(desk: "MeetingScreen") -> None:
    """Ask whether to open the sign-in of the one meeting called for today. Raises Refused (`no_meeting_open`)."""
    state, today = desk.desk_state, desk.station.day
    if state.phase is Phase.CALLED and state.meeting is not None:
        called = [state.meeting]
    else:
        called = [each for each in state.meetings if each.state == "called" and each.day == today]
    if len(called) != 1:
        raise Refused("no_meeting_open")
    what = banner_of(called[0], desk.station.texts)
    if await desk.ask(ConfirmModal(desk.station, desk.say("meeting.ask.open_now", what=what))):
        await desk.station.do(open_sign_in, called[0].meeting_id)
        await desk.show(called[0].meeting_id)
