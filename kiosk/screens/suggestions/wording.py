"""What the screen of suggestions says: titles, rows of the list, one suggestion in lines, what an answer brought."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kiosk.domain.meeting_template import label_of
from kiosk.locale.figures import points
from kiosk.screens.suggestions.state import Drafting, Listing, Reading, Speaking

if TYPE_CHECKING:
    from kiosk.domain.suggestion_answer import SuggestionReplied
    from kiosk.domain.suggestion_list import AnswerSeen, Discussion, MeetingNamed, Speaker, SuggestionShown
    from kiosk.locale import Texts
    from kiosk.screens.suggestions.state import View

WORDS_SHOWN: Final = 180
DISCUSSIONS_SHOWN: Final = 3


def title(texts: "Texts", view: "View") -> str:
    """Give how many have no answer, who speaks, or whose suggestion it is."""
    if isinstance(view, Listing):
        waiting = view.page.unanswered if view.page else 0
        return texts("suggestions.title_waiting", count=waiting) if waiting else texts("suggestions.title")
    if isinstance(view, Reading):
        return _who_and_what(texts, view.suggestion)
    who = _who(texts, view.speaker)
    return who if isinstance(view, Speaking) else f"{who}  {texts(f'suggestions.topic.{view.topic}')}"


def hint(texts: "Texts", view: "View") -> str:
    """Give the next step."""
    if isinstance(view, Drafting):
        return texts("suggestions.hint_confirm")
    if isinstance(view, Speaking):
        return texts("suggestions.hint_topic")
    if isinstance(view, Reading):
        return texts("suggestions.hint_answer") if view.suggestion.answer is None else ""
    if view.page is None:
        return ""
    return texts("suggestions.hint_card" if view.page.suggestions else "suggestions.none")


def lines(texts: "Texts", view: "View") -> list[str]:
    """Give what stands between title and choices: earlier suggestions of who speaks, or the one that is read."""
    if isinstance(view, Speaking):
        return [earlier(texts, each) for each in view.speaker.earlier]
    if isinstance(view, Drafting):
        held = view.meeting
        return [] if held is None else [texts("suggestions.at_meeting", label=label_of(held.template, texts.language))]
    return list(_told(texts, view.suggestion)) if isinstance(view, Reading) else []


def row(texts: "Texts", suggestion: "SuggestionShown") -> str:
    """Give a suggestion of the list: day, who, what about, how far it is; the reply stands where it is read."""
    return "  ".join([_day(suggestion.day), _who_and_what(texts, suggestion), *_mark(texts, suggestion)])


def earlier(texts: "Texts", suggestion: "SuggestionShown") -> str:
    """Give a suggestion somebody made before, with its answer."""
    topic = texts(f"suggestions.topic.{suggestion.topic}")
    return "  ".join([_day(suggestion.day), topic, *_standing(texts, suggestion)])


def outcome(replied: "SuggestionReplied") -> tuple[str, dict[str, object]]:
    """Give the key of the sentence about an answer that was just given, and what fills it."""
    if not replied.is_adopted:
        return "suggestions.declined", {}
    if replied.waits_for is not None:
        return "suggestions.waits", {"given_points": replied.waiting_points}
    if replied.is_capped:
        return ("suggestions.capped" if replied.points else "suggestions.cap_full"), {}
    return ("suggestions.adopted" if replied.points else "suggestions.no_points"), {}


def meeting_line(texts: "Texts", day: str, template: str) -> str:
    """Name a meeting at which something may have been discussed."""
    return f"{_day(day)}  {label_of(template, texts.language)}"


def _who(texts: "Texts", who: "Speaker | SuggestionShown") -> str:
    return texts("suggestions.who", name=who.name, group=who.place.group, house=who.place.house)


def _who_and_what(texts: "Texts", suggestion: "SuggestionShown") -> str:
    return f"{_who(texts, suggestion)}  {texts(f'suggestions.topic.{suggestion.topic}')}"


def _mark(texts: "Texts", suggestion: "SuggestionShown") -> Iterator[str]:
    """Say in a word how far a suggestion is; one nobody has looked at has none."""
    if suggestion.answer is not None:
        yield texts(f"suggestions.state.{suggestion.state}")
        yield from _brought(texts, suggestion)
    elif suggestion.discussions:
        yield texts("suggestions.mark.discussed")


def _standing(texts: "Texts", suggestion: "SuggestionShown") -> Iterator[str]:
    """Say how far a suggestion is: its answer with the reply, and its points."""
    state = texts(f"suggestions.state.{suggestion.state}")
    if suggestion.answer is None:
        yield state
        return
    reply = texts(f"suggestions.reply.{suggestion.answer.reply}")
    yield texts("suggestions.answered", state=state, reply=reply)
    yield from _brought(texts, suggestion)


def _brought(texts: "Texts", suggestion: "SuggestionShown") -> Iterator[str]:
    """Say what a suggestion brought, or why that is not there."""
    if suggestion.points:
        yield f"+{points(suggestion.points)}"
    if suggestion.waits:
        yield texts("suggestions.mark.waits")
    if suggestion.is_reversed:
        yield texts("suggestions.mark.reversed")


def _told(texts: "Texts", suggestion: "SuggestionShown") -> Iterator[str]:
    """Say everything about one suggestion, a line for each thing that is known."""
    parts = [texts("suggestions.submitted", day=_day(suggestion.day))]
    if suggestion.paper:
        parts.append(texts("suggestions.paper", number=suggestion.paper))
    if suggestion.brought_to is not None:
        parts.append(texts("suggestions.at_meeting", label=suggestion.brought_to.label(texts.language)))
    yield "  ".join(parts)
    if suggestion.words:
        yield texts("suggestions.words", words=_cut(suggestion.words))
    if suggestion.discussions:
        where = [_discussion(texts, each) for each in suggestion.discussions[-DISCUSSIONS_SHOWN:]]
        yield texts("suggestions.discussed", where=texts("suggestions.and").join(where))
    if suggestion.answer is not None:
        yield from _answer(texts, suggestion, suggestion.answer)


def _discussion(texts: "Texts", discussion: "Discussion") -> str:
    meeting: MeetingNamed | None = discussion.meeting
    if meeting is None:
        return _day(discussion.day)
    return f"{_day(meeting.day)} {meeting.label(texts.language)}"


def _answer(texts: "Texts", suggestion: "SuggestionShown", answer: "AnswerSeen") -> Iterator[str]:
    standing = "  ".join(_standing(texts, suggestion))
    yield texts("suggestions.answer", standing=standing, name=answer.by_name, day=_day(answer.day))
    if answer.words:
        yield texts("suggestions.words", words=_cut(answer.words))
    if not answer.is_adopted and suggestion.points:
        yield texts("suggestions.paid_though_declined")


def _cut(words: str) -> str:
    """Leave as much as the smallest screen has room for; the paper has the rest."""
    return words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN]}…"


def _day(day: str | None) -> str:
    return (day or "")[5:]
