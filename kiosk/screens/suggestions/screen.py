"""Suggestions: for the volunteer who writes down what a villager proposes, and for the secretary who answers.

A card starts a suggestion of its owner and shows the answers to earlier ones; a digit of the list shows one.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import BookCode, Card, HouseholdCard, PersonCard
from kiosk.domain.find import people_of
from kiosk.domain.meeting import meeting_here
from kiosk.domain.points import Recipient, recipient_of_card
from kiosk.domain.suggestion import SuggestionGiven, submit_suggestion
from kiosk.domain.suggestion_list import list_suggestions, show_speaker, show_suggestion
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.find_household import FindHouseholdModal, found_line
from kiosk.screens.suggestions import answering, wording
from kiosk.screens.suggestions.state import TOPICS, Drafting, Listing, Reading, Speaking, paper_or_words
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.search_entry import SearchEntry
from kiosk.screens.widgets.words_entry import WordsEntry
from kiosk.shell import DeskScreen
from kiosk.station import Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from db.facts.suggestion import Topic
    from kiosk.domain.suggestion_list import Speaker
    from kiosk.screens.suggestions.state import View
    from kiosk.station import Heard, Station


class SuggestionsScreen(DeskScreen, inherit_bindings=False):
    """The list; card, topic and + write one down; on one of the list + adopts, / declines, * notes a discussion."""

    # A full page of suggestions leaves room for a refusal on the smallest screen.
    CSS = """
    SuggestionsScreen RefusalPanel { padding: 0 1; margin: 0; }
    #suggestions-hint { margin-bottom: 1; }
    SuggestionsScreen ChoiceList { text-wrap: nowrap; text-overflow: ellipsis; }
    """
    # The view says what takes keys; while a suggestion is read nothing does.
    AUTO_FOCUS: ClassVar[str | None] = ""
    BINDINGS: ClassVar = keys.bindings(
        "suggestions.confirm", "suggestions.adopt", "suggestions.decline", "suggestions.discuss", "suggestions.find",
        "suggestions.print", "shell.back",
    )  # fmt: skip
    takes = (PersonCard, HouseholdCard, BookCode)

    def __init__(self, station: "Station") -> None:
        """Begin with nothing read."""
        super().__init__(station)
        self._view: View = Listing()
        self._notice: tuple[str, dict[str, Any]] | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, what is known, the main figure, the next step, and what is chosen or typed."""
        yield Static("", id="suggestions-title", classes="title", markup=False)
        yield Static("", id="suggestions-lines", classes="line", markup=False)
        yield Figure()
        yield Static("", id="suggestions-notice", classes="line", markup=False)
        yield WordsEntry(self.say("suggestions.typed"))
        yield Static("", id="suggestions-hint", classes="quiet", markup=False)
        yield ChoiceList(turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))

    def on_mount(self) -> None:
        """Read the list."""
        self.draw()
        self.work(self.show_list())

    @property
    def view(self) -> "View":
        """What is on show."""
        return self._view

    def change(self, view: "View", notice: str = "", **values: object) -> None:
        """Show something else, with a sentence that stays until the next action."""
        self._view = view
        self._notice = (notice, values) if notice else None
        self.draw()

    def draw(self) -> None:
        """Put the view on the widgets."""
        view, texts = self._view, self.station.texts
        self._put("title", wording.title(texts, view))
        self._put("lines", "\n".join(wording.lines(texts, view)))
        self._put("notice", "" if self._notice is None else self.say(self._notice[0], **self._notice[1]))
        self._put("hint", wording.hint(texts, view))
        self._draw_figure()
        choices, entry = self.query_one(ChoiceList), self.query_one(WordsEntry)
        choices.show(self._choices())
        choices.display, entry.display = isinstance(view, Listing | Speaking), isinstance(view, Drafting)
        self.set_focus(entry if isinstance(view, Drafting) else choices if choices.display else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what means something where the suggestion stands."""
        view = self._view
        is_open = isinstance(view, Reading) and view.suggestion.answer is None
        return {
            "confirm": isinstance(view, Drafting),
            "adopt": is_open,
            "decline": is_open,
            "discuss": is_open,
            "find": isinstance(view, Listing | Speaking),
            "print": isinstance(view, Reading) and view.suggestion.answer is not None,
        }.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Let whose card it is speak; a draft of somebody else is neither confirmed nor thrown away by it."""
        if not isinstance(heard.code, Card):
            return
        recipient = await self.station.read(recipient_of_card, heard.code.number, heard.code.village)
        if isinstance(self._view, Drafting):
            if not _is_by(self._view.speaker, recipient):
                raise Refused("suggestion_not_confirmed")
            self.acknowledge(Signal.DOUBLE)
        else:
            await self._let_speak(recipient)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Show a suggestion of the list, or begin one about a topic."""
        view = self._view
        if isinstance(view, Speaking):
            self.work(self._begin(view.speaker, TOPICS[message.index]))
        elif isinstance(view, Listing) and view.page is not None:
            self.work(self.show_one(view.page.suggestions[message.index].suggestion_id))

    @on(SearchEntry.Entered)
    def take_text(self, message: SearchEntry.Entered) -> None:
        """Write the suggestion down with the number of its paper, or with its words."""
        self.work(self._submit(message.text))

    def action_confirm(self) -> None:
        """Write the suggestion down with its topic alone."""
        self.work(self._submit(""))

    def action_find(self) -> None:
        """Let somebody speak who came without a card."""
        self.work(self._find())

    def action_adopt(self) -> None:
        """Ask for the reply and adopt."""
        self.work(answering.answer(self, is_adopted=True))

    def action_decline(self) -> None:
        """Ask for the reply and decline."""
        self.work(answering.answer(self, is_adopted=False))

    def action_discuss(self) -> None:
        """Ask where it was discussed."""
        self.work(answering.discuss(self))

    def action_print(self) -> None:
        """Print the answer; nobody waits for the printer."""
        if self.station.slips.state == "none":
            self.refuse(Refused("answer_printer_missing"))
        elif isinstance(self._view, Reading):
            self.run_worker(answering.print_answer(self, self._view), group="slip")

    def action_back(self) -> None:
        """From a draft to the topics, from anything else to the list, from there to the menu."""
        view = self._view
        if isinstance(view, Drafting):
            self.change(Speaking(view.speaker))
        elif isinstance(view, Listing):
            self.dismiss()
        else:
            self.work(self.show_list())

    async def show_list(self, notice: str = "", **values: object) -> None:
        """Read the list and show it."""
        self.change(Listing(await self.station.read(list_suggestions)), notice, **values)

    async def show_one(self, suggestion_id: int, notice: str = "", **values: object) -> None:
        """Read one suggestion and show it."""
        self.change(Reading(await self.station.read(show_suggestion, suggestion_id)), notice, **values)

    async def _let_speak(self, recipient: Recipient) -> None:
        person_id = recipient.person_id
        if person_id is None:
            people = await self.station.read(people_of, recipient.household_id)
            chosen: int | None = 0
            if len(people) > 1:
                choices = [found_line(self.station.texts, each) for each in people]
                chosen = await self.ask(ChoiceModal(self.station, self.say("suggestions.ask_who"), choices))
            if chosen is None:
                return
            person_id = people[chosen].person_id if people else None
        self.change(Speaking(await self.station.read(show_speaker, recipient.household_id, person_id)))

    async def _find(self) -> None:
        household_id = await self.ask(FindHouseholdModal(self.station))
        if household_id is not None:
            await self._let_speak(Recipient(household_id))

    async def _begin(self, speaker: "Speaker", topic: "Topic") -> None:
        self.query_one(WordsEntry).clear()
        self.change(Drafting(speaker, topic, await self.station.read(meeting_here)))

    async def _submit(self, typed: str) -> None:
        view = self._view
        if not isinstance(view, Drafting):
            return
        paper, words = paper_or_words(typed)
        meeting_id = None if view.meeting is None else view.meeting.meeting_id
        speaker = view.speaker
        given = SuggestionGiven(speaker.household_id, view.topic, speaker.person_id, meeting_id, paper, words)
        await self.station.do(submit_suggestion, given)
        topic = self.say(f"suggestions.topic.{view.topic}")
        await self.show_list("suggestions.noted", name=speaker.name, topic=topic)

    def _choices(self) -> list[str]:
        view, texts = self._view, self.station.texts
        if isinstance(view, Speaking):
            return [self.say(f"suggestions.topic.{topic}") for topic in TOPICS]
        listed = view.page.suggestions if isinstance(view, Listing) and view.page is not None else ()
        return [wording.row(texts, each) for each in listed]

    def _draw_figure(self) -> None:
        figure, view = self.query_one(Figure), self._view
        replied = view.replied if isinstance(view, Reading) else None
        figure.display = replied is not None and replied.points > 0
        if replied is not None and replied.after_points is not None:
            unit = self.say("suggestions.has_now", after_points=replied.after_points)
            figure.show(figures.points(replied.points), self.say("suggestions.brings"), unit)

    def _put(self, name: str, text: str) -> None:
        widget = self.query_one(f"#suggestions-{name}", Static)
        widget.update(text)
        widget.display = bool(text)


def _is_by(speaker: "Speaker", recipient: Recipient) -> bool:
    """Say whether a card is of who speaks: theirs, or their household's."""
    is_same_person = recipient.person_id in (None, speaker.person_id)
    return recipient.household_id == speaker.household_id and is_same_person
