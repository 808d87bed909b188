"""A scanner and a number pad, nothing else: the hands of every story. Each scan and each key is one action."""

from dataclasses import dataclass
from typing import Final

from tests.screens import Desk

NUMBER_PAD: Final = frozenset("0123456789") | {"plus", "minus", "asterisk", "slash", "full_stop"}


@dataclass
class Hands:
    """The hands in front of a desk, and how often they did something."""

    at: Desk
    actions: int = 0

    async def scan(self, *texts: str) -> None:
        """Scan codes."""
        self.actions += len(texts)
        await self.at.scan(*texts)

    async def press(self, *names: str) -> None:
        """Press keys of the number pad."""
        assert set(names) <= NUMBER_PAD
        self.actions += len(names)
        await self.at.keys(*names)

    def missing(self, *words: str) -> list[str]:
        """Name what does not stand on the screen."""
        return [each for each in words if each not in self.at.text()]
