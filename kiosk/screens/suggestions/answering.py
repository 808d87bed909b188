"""What the secretary does with a suggestion: where it was discussed, yes or no with a reply, the slip of the answer."""

from typing import TYPE_CHECKING, Final

from kiosk.domain.meeting import list_meetings
from kiosk.domain.suggestion import discuss_suggestion
from kiosk.domain.suggestion_answer import ADOPTING, DECLINING, Reply, answer_suggestion
from kiosk.domain.suggestion_list import show_suggestion
from kiosk.errors import NotAllowed, Refused
from kiosk.letterhead import village_of
from kiosk.paper.answer_slip import answer_content, answer_slip
from kiosk.screens.modals.badge import BadgeModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.suggestions import wording
from kiosk.screens.suggestions.state import Reading
from kiosk.slips import NONE, READY

if TYPE_CHECKING:
    from kiosk.domain.suggestion_answer import SuggestionReplied
    from kiosk.screens.suggestions.screen import SuggestionsScreen

MEETINGS_ASKED: Final = 8
"""Meetings to choose from, the latest first; with the choice of none they fill a page."""
HELD: Final = ("open", "begun", "ended")
NEEDS_BADGE: Final = "right_missing"


async def answer(screen: "SuggestionsScreen", *, is_adopted: bool) -> None:
    """Ask for the reply, and for a badge where the operator may not answer; then show what it brought."""
    view = screen.view
    if not isinstance(view, Reading):
        return
    replies = ADOPTING if is_adopted else DECLINING
    title = screen.say("suggestions.ask_adopt" if is_adopted else "suggestions.ask_decline")
    choices = [screen.say(f"suggestions.reply.{code}") for code in replies]
    chosen = await screen.ask(ChoiceModal(screen.station, title, choices))
    if chosen is None:
        return
    replied = await _answer(screen, view, Reply(is_adopted, replies[chosen]))
    if replied is not None:
        shown = await screen.station.read(show_suggestion, view.suggestion.suggestion_id)
        key, values = wording.outcome(replied)
        screen.change(Reading(shown, replied), key, **values)


async def discuss(screen: "SuggestionsScreen") -> None:
    """Ask at which of the last meetings it was discussed, or that it was none, and note it."""
    view = screen.view
    if not isinstance(view, Reading):
        return
    held = [each for each in await screen.station.read(list_meetings) if each.state in HELD]
    held = sorted(held, key=lambda meeting: not meeting.is_open)[:MEETINGS_ASKED]
    choices = [wording.meeting_line(screen.station.texts, each.day, each.template) for each in held]
    choices.append(screen.say("suggestions.no_meeting"))
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("suggestions.ask_where"), choices))
    if chosen is None:
        return
    meeting_id = held[chosen].meeting_id if chosen < len(held) else None
    await screen.station.do(discuss_suggestion, view.suggestion.suggestion_id, meeting_id)
    await screen.show_one(view.suggestion.suggestion_id, "suggestions.discussion_noted")


async def print_answer(screen: "SuggestionsScreen", view: Reading) -> None:
    """Print the answer of a suggestion, and say what became of its slip."""
    station, suggestion = screen.station, view.suggestion
    content = answer_content(suggestion, village_of(station), station.texts)
    name = f"suggestion-{suggestion.suggestion_id}"
    try:
        trouble = await station.slips.bring_out(name, lambda _columns: answer_slip(content, station.texts))
    except Refused:
        trouble = NONE
    if screen.is_attached and screen.view is view:
        key = "suggestions.printed" if trouble is None else "suggestions.not_printed"
        screen.change(view, key, printer=screen.say(f"common.printer.{trouble or READY}"))


async def _answer(screen: "SuggestionsScreen", view: Reading, reply: Reply) -> "SuggestionReplied | None":
    suggestion_id = view.suggestion.suggestion_id
    try:
        return await screen.station.do(answer_suggestion, suggestion_id, reply)
    except NotAllowed as refused:
        if refused.code != NEEDS_BADGE:
            raise
    given = await screen.ask(BadgeModal(screen.station, screen.say("suggestions.ask_badge")))
    if given is None:
        return None
    return await screen.station.do(answer_suggestion, suggestion_id, reply, given.badge)
