"""A list of numbered choices for the number pad: nine to a page, 0 turns the page."""

from collections.abc import Sequence
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

    BINDINGS: ClassVar = [
        *(Binding(str(digit), f"choose({digit})", show=False) for digit in range(1, PAGE + 1)),
        Binding("0", "turn_page", show=False),
    ]

    def __init__(self, choices: Sequence[str] = (), *, turn_page: str = "") -> None:
        """Show ``choices``; ``turn_page`` is the text beside 0 when there is more than one page."""
        super().__init__(classes="takes-keys")
        self._choices = list(choices)
        self._turn_page = turn_page
        self._page = 0

    def show(self, choices: Sequence[str], turn_page: str | None = None) -> None:
        """Show other choices, from the first page."""
        self._choices = list(choices)
        self._turn_page = self._turn_page if turn_page is None else turn_page
        self._page = 0
        self._draw()

    def reword(self, choices: Sequence[str]) -> None:
        """Show other words for the same choices, on the page that is open."""
        self._choices = list(choices)
        self._draw()

    def on_mount(self) -> None:
        """Draw for the first time."""
        self._draw()

    def offers(self, action: str) -> bool:
        """Leave 0 to the screen while there is one page, and every digit while the list is hidden."""
        return self.display and (action != "turn_page" or len(self._choices) > PAGE)

    def action_choose(self, digit: int) -> None:
        """Tell which choice the digit stands for on this page."""
        index = self._page * PAGE + digit - 1
        if index < len(self._choices):
            self.post_message(self.Chosen(index))

    def action_turn_page(self) -> None:
        """Show the next page, after the last the first."""
        self._page = (self._page + 1) % -(-len(self._choices) // PAGE)
        self._draw()

    def _draw(self) -> None:
        start = self._page * PAGE
        lines = [
            Content.assemble((f" {digit} ", "reverse"), f" {choice}")
            for digit, choice in enumerate(self._choices[start : start + PAGE], start=1)
        ]
        if len(self._choices) > PAGE:
            lines.append(Content.assemble((" 0 ", "reverse"), f" {self._turn_page}"))
        is_roomy = self.app.has_class("-large") and 2 * len(lines) + OTHER_ROWS <= self.app.size.height
        gap = "\n\n" if is_roomy else "\n"
        self.update(Content(gap).join(lines))
