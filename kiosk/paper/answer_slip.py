"""The slip that tells a villager what became of a suggestion."""

from dataclasses import dataclass

from kiosk.domain.suggestion_list import SuggestionShown
from kiosk.locale import Texts
from kiosk.locale.figures import points
from kiosk.paper.elements import Align, Big, Cut, Element, Feed, Rule, Text, pair
from kiosk.paper.slip import Household, shown_household


@dataclass(frozen=True)
class AnswerContent:
    """What the slip of an answer says; days as ISO text, points in hundredths, 0 where it brought none (yet).

    `topic` and `reply` are codes of the lists, `words` what was typed beside the reply. `waits` says that points want
    a second signature.
    """

    village: str
    household: Household
    topic: str
    paper: str | None
    submitted_day: str
    answered_day: str
    is_adopted: bool
    reply: str
    words: str
    points: int
    waits: bool


def answer_content(suggestion: SuggestionShown, village: str, texts: Texts) -> AnswerContent:
    """Say what the slip of an answered suggestion says; `village` is a ready text.

    Raises:
        ValueError: it has no answer.
    """
    answer = suggestion.answer
    if answer is None:
        raise ValueError("a suggestion without an answer has no slip")
    place = texts("till.place", group=suggestion.place.group, house=suggestion.place.house)
    return AnswerContent(
        village, Household(place, suggestion.name), suggestion.topic, suggestion.paper, suggestion.day or "",
        answer.day or "", answer.is_adopted, answer.reply, answer.words, suggestion.points, suggestion.waits,
    )  # fmt: skip


def answer_slip(content: AnswerContent, texts: Texts) -> list[Element]:
    """Give the slip of an answer: whose suggestion about what, yes or no with the reply, the points it brought."""
    state = "adopted" if content.is_adopted else "declined"
    return [
        Big(content.village),
        Text(texts("paper.answer.title"), Align.CENTRE),
        Feed(),
        pair(texts("paper.answer.household"), shown_household(content.household)),
        pair(texts("paper.answer.topic"), texts(f"suggestions.topic.{content.topic}")),
        *([pair(texts("paper.answer.paper"), content.paper)] if content.paper else []),
        pair(texts("paper.answer.submitted"), content.submitted_day),
        pair(texts("paper.answer.answered"), content.answered_day),
        Rule(),
        Big(texts(f"suggestions.state.{state}")),
        Text(texts(f"suggestions.reply.{content.reply}"), Align.CENTRE),
        *([Text(content.words)] if content.words else []),
        *([pair(texts("paper.answer.points"), f"+{points(content.points)}")] if content.points else []),
        *([Text(texts("paper.answer.waits"))] if content.waits else []),
        Rule(),
        Text(texts("paper.answer.thanks")),
        Cut(),
    ]
