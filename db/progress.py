"""How a long pass over a store tells what it has done; what is shown of it is the caller's matter."""

from collections.abc import Callable
from typing import TypeAlias

Advance: TypeAlias = Callable[[int], None]
"""Called with how many were done since the last call."""


def unseen(_count: int) -> None:
    """Tell nobody."""
