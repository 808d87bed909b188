"""Which of its actions a screen or a widget offers at this moment, and which widget keys go to."""

from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from textual.events import Hide


class Offering:
    """Answers Textual's question about an action by its name alone."""

    def offers(self, action: str) -> bool:
        """Say whether ``action`` is offered now; one that is not leaves its key to the screen below."""
        return bool(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  because Textual calls it with both
        """Ask ``offers``."""
        return self.offers(action)


class TakesKeys(Offering):
    """What widgets share that keys go to while they are on show."""

    def on_hide(self, event: "Hide") -> None:
        """Keep the keys if this is on show again by now: word that it was hidden comes late on a busy machine."""
        if isinstance(self, Widget) and all(
            each.display for each in self.ancestors_with_self if isinstance(each, Widget)
        ):
            event.prevent_default()
