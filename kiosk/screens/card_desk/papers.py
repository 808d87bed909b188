"""What the card desk prints on A4: household book, first, blank and command cards; and what it stops by the sheet."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from kiosk.card_papers import set_book, set_cards, set_command_cards
from kiosk.domain.card_stock import (
    Printable,
    book_entries,
    issue_blank_cards,
    issue_book_codes,
    issue_first_household_cards,
    issue_first_person_cards,
    printed_cards,
    renew_book_codes,
    stop_blank_cards,
)
from kiosk.letterhead import today_of, village_of
from kiosk.locale import Texts
from kiosk.locale.sentence import Sentence
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.outlet import ask_outlet
from kiosk.screens.modals.quantity import QuantityModal

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from db.facts.people import HolderKind
    from kiosk.outlet import Queue, Stick
    from kiosk.shell import Listener

CARDS_A_PAGE: Final = 10
MOST_PAGES: Final = 50


class Papers:
    """The paper work of one visit to the card desk."""

    def __init__(self, screen: "Listener[Any]", working: Callable[[], None]) -> None:
        """Ask on ``screen``; ``working`` shows that the pages are being set."""
        self._screen = screen
        self._station = screen.station
        self._say = screen.say
        self._working = working

    async def choose(self) -> Sentence | None:
        """Ask what to print or stop, do it, and say what came of it; None if the person went back.

        Raises Refused: no stick, a name that cannot be drawn, a stick that is full.
        """
        tasks: dict[str, Callable[[], Awaitable[Sentence | None]]] = {
            "book": self._book,
            "blank": self._blank,
            "first_persons": lambda: self._first(issue_first_person_cards, "person"),
            "first_households": lambda: self._first(issue_first_household_cards, "household"),
            "renew_book": self._renew_book,
            "stop_blanks": self._stop_blanks,
            "commands": self._commands,
        }
        titles = [self._say(f"card_desk.papers.{name}") for name in tasks]
        index = await self._screen.ask(ChoiceModal(self._station, self._say("card_desk.papers.title"), titles))
        return None if index is None else await list(tasks.values())[index]()

    async def _book(self) -> Sentence | None:
        outlet = await ask_outlet(self._screen)
        if outlet is None:
            return None
        await self._station.do(issue_book_codes)
        return await self._write_book(outlet)

    async def _renew_book(self) -> Sentence | None:
        outlet = await ask_outlet(self._screen)
        question = ConfirmModal(self._station, self._say("card_desk.papers.confirm_renew"))
        if outlet is None or not await self._screen.ask(question):
            return None
        await self._station.do(renew_book_codes)
        return await self._write_book(outlet)

    async def _blank(self) -> Sentence | None:
        outlet = await ask_outlet(self._screen)
        if outlet is None:
            return None
        title, unit = self._say("card_desk.papers.pages"), self._say("card_desk.papers.page_unit")
        pages = await self._screen.ask(QuantityModal(self._station, title, unit, MOST_PAGES))
        if pages is None:
            return None
        made = await self._station.do(issue_blank_cards, pages * CARDS_A_PAGE)
        return await self._write_cards(outlet, "blank", [Printable("", None, card.number) for card in made])

    async def _first(self, issue: Callable[..., Any], kind: "HolderKind") -> Sentence | None:
        outlet = await ask_outlet(self._screen)
        if outlet is None:
            return None
        fresh = {made.number for made in await self._station.do(issue)}
        cards = await self._station.read(printed_cards, kind)
        chosen = [card for card in cards if card.number in fresh]
        if not chosen and cards:
            question = self._say("card_desk.papers.reprint", count=len(cards))
            if not await self._screen.ask(ConfirmModal(self._station, question)):
                return None
            chosen = list(cards)
        return await self._write_cards(outlet, "cards", chosen)

    async def _stop_blanks(self) -> Sentence | None:
        question = ConfirmModal(self._station, self._say("card_desk.papers.confirm_stop_blanks"))
        if not await self._screen.ask(question):
            return None
        return Sentence("card_desk.done.blanks_stopped", {"count": await self._station.do(stop_blank_cards)})

    async def _commands(self) -> Sentence | None:
        outlet = await ask_outlet(self._screen)
        if outlet is None:
            return None
        self._working()
        sheet = await self._station.aside(set_command_cards, self._texts())
        return Sentence("card_desk.done.commands", await self._put_out(outlet, "commands", sheet))

    async def _write_book(self, outlet: "Queue | Stick") -> Sentence:
        entries = await self._station.read(book_entries)
        self._working()
        station = self._station
        sheet = await station.aside(set_book, entries, village_of(station), today_of(station), self._texts())
        values = await self._put_out(outlet, "book", sheet)
        return Sentence("card_desk.done.book", values | {"count": len(entries)})

    async def _write_cards(self, outlet: "Queue | Stick", name: str, cards: Sequence[Printable]) -> Sentence:
        self._working()
        sheet = await self._station.aside(set_cards, cards, village_of(self._station), self._texts())
        values = await self._put_out(outlet, name, sheet)
        return Sentence("card_desk.done.cards", values | {"count": len(cards)})

    async def _put_out(self, outlet: "Queue | Stick", name: str, sheet: bytes) -> dict[str, str]:
        """Let the pages go, and give what to say of it."""
        file = f"{self._say(f'card_desk.file.{name}')}-{today_of(self._station)}.pdf"
        return {"where": self._say(outlet.told), "file": await self._station.aside(outlet.put, file, sheet)}

    def _texts(self) -> Texts:
        return Texts(self._station.settings.language)
