"""What a demo village is made from: how many households, and the seed of everything that is drawn."""

from dataclasses import dataclass
from typing import Final

HOUSEHOLDS: Final = 412
FEWEST_HOUSEHOLDS: Final = 24
MOST_HOUSEHOLDS: Final = 800
SEED: Final = 578

SETTING_UP: Final = 35
"""Steps of progress before the first day is lived, in days."""
STEPS: Final = SETTING_UP + 365
"""Steps of progress in all."""


@dataclass(frozen=True)
class DemoPlan:
    """The same plan makes the same village, line by line, wherever and whenever it is made."""

    households: int = HOUSEHOLDS
    seed: int = SEED
