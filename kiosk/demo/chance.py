"""Chance that comes out the same for one seed: a stream of its own for each matter, and bytes for numbers and salts."""

import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from db.line import Entropy

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Chance:
    """Draws of one seed. What is drawn for one matter does not move what is drawn for another."""

    seed: int

    def of(self, matter: str) -> random.Random:
        """Return the stream of a matter, from its beginning."""
        return random.Random(f"{matter} of demo village {self.seed}")  # noqa: S311  because a demo must come out the same, not secret

    def entropy(self) -> Entropy:
        """Return a source of bytes that gives the same bytes every time: a demo has no secrets."""
        drawn = 0

        def draw(count: int) -> bytes:
            nonlocal drawn
            drawn += 1
            return hashlib.shake_256(f"bytes {drawn} of demo village {self.seed}".encode()).digest(count)

        return draw


def happens(chance: random.Random, probability: float) -> bool:
    """Say whether something with this probability comes about."""
    return chance.random() < probability


def rounded(chance: random.Random, expected: float) -> int:
    """Return a whole number whose mean is `expected`: 2.3 is 2, or 3 in three of ten cases."""
    whole = int(expected)
    return whole + happens(chance, expected - whole)


def one_of(chance: random.Random, shares: Sequence[tuple[Thing, float]]) -> Thing:
    """Return one of some things, each as often as its share says."""
    return chance.choices([thing for thing, _share in shares], [share for _thing, share in shares])[0]


def some_of(
    chance: random.Random, things: Iterable[Thing], count: int, weight: Callable[[Thing], float] = lambda _thing: 1.0
) -> list[Thing]:
    """Return at most `count` different things, the heavier ones sooner; one without weight never."""
    weighed = [(weight(thing), thing) for thing in things]
    drawn = [(chance.random() ** (1 / heavy), thing) for heavy, thing in weighed if heavy > 0]
    return [thing for _key, thing in sorted(drawn, key=lambda each: each[0], reverse=True)[:count]]
