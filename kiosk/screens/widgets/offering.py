"""Which of its actions a screen or a widget offers at this moment."""


class Offering:
    """Answers Textual's question about an action by its name alone."""

    def offers(self, action: str) -> bool:
        """Say whether ``action`` is offered now; one that is not leaves its key to the screen below."""
        return bool(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  because Textual calls it with both
        """Ask ``offers``."""
        return self.offers(action)
