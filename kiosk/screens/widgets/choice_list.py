"""A list of numbered choices for the number pad: nine to a page, 0 turns the page, - turns it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from kiosk.screens.widgets.offering import TakesKeys

PAGE: Final = 9
# Rows of a screen that stand around a list, a refusal among them.
OTHER_ROWS: Final = 12


class ChoiceList(TakesKeys, Static, can_focus=True, inherit_bindings=False):
    """Choices that are taken by one digit. Texts are given ready; the answer is a position in the list."""

    @dataclass
    class Chosen(Message):
        """Somebody pressed the number of choice ``index`` (from 0, counted over all pages)."""

        index: int

    @dataclass
    class Barred(Message):
        """Somebody pressed the number of choice ``index``, which is not theirs to take."""

        index: int

    BINDINGS: ClassVar = [
        *(Binding(str(digit), f"choose({digit})", show=False) for digit in range(1, PAGE + 1)),
        Binding("0", "turn_page", show=False),
        Binding("minus", "turn_back", show=False),
    ]

    def __init__(self, choices: Sequence[str] = (), *, turn_page: str = "", turn_back: str = "") -> None:
        """Show ``choices``; ``turn_page`` is the text beside 0 when there is more than one page.

        With ``turn_back``, the text beside -, that key leads back to the page before; on the first one it is the
        screen's.
        """
        super().__init__(classes="takes-keys")
        self._choices = list(choices)
        self._barred: Mapping[int, str] = {}
        self._turn_back = turn_back
        self._turn_page = turn_page
        self._page = 0

    def show(self, choices: Sequence[str], turn_page: str | None = None) -> None:
        """Show other choices, from the first page."""
        self._choices, self._barred = list(choices), {}
        self._turn_page = self._turn_page if turn_page is None else turn_page
        self._page = 0
        self._draw()

    def bar(self, barred: Mapping[int, str]) -> None:
        """Grey choices that whoever stands here may not take; each position has the word for who may."""
        if barred != self._barred:
            self._barred = dict(barred)
            self._draw()

    def reword(self, choices: Sequence[str]) -> None:
        """Show other words for the same choices, on the page that is open."""
        self._choices = list(choices)
        self._draw()

    def on_mount(self) -> None:
        """Draw for the first time."""
        self._draw()

    def offers(self, action: str) -> bool:
        """Leave 0 to the screen while there is one page, - on the first one, and every digit while this is hidden."""
        if action == "turn_back":
            return self.display and self._page > 0 and bool(self._turn_back)
        return self.display and (action != "turn_page" or len(self._choices) > PAGE)

    def action_choose(self, digit: int) -> None:
        """Tell which choice the digit stands for on this page."""
        index = self._page * PAGE + digit - 1
        if index < len(self._choices):
            self.post_message(self.Barred(index) if index in self._barred else self.Chosen(index))

    def action_turn_page(self) -> None:
        """Show the next page, after the last the first."""
        self._turn_to((self._page + 1) % -(-len(self._choices) // PAGE))

    def action_turn_back(self) -> None:
        """Show the page before."""
        self._turn_to(self._page - 1)

    def _turn_to(self, page: int) -> None:
        self._page = page
        self._draw()
        self.screen.refresh_bindings()

    def _draw(self) -> None:
        start = self._page * PAGE
        lines = [
            self._line(digit, choice, self._barred.get(start + digit - 1))
            for digit, choice in enumerate(self._choices[start : start + PAGE], start=1)
        ]
        if len(self._choices) > PAGE:
            back = (("  ", ""), (" - ", "reverse"), f" {self._turn_back}") if self.offers("turn_back") else ()
            lines.append(Content.assemble((" 0 ", "reverse"), f" {self._turn_page}", *back))
        is_roomy = self.app.has_class("-large") and 2 * len(lines) + OTHER_ROWS <= self.app.size.height
        gap = "\n\n" if is_roomy else "\n"
        self.update(Content(gap).join(lines))

    def _line(self, digit: int, choice: str, who_may: str | None) -> Content:
        if who_may is None:
            return Content.assemble((f" {digit} ", "reverse"), f" {choice}")
        return Content.assemble((f" {digit}  {choice}  [{who_may}]", "$quiet"))
