"""What happens when in the year: each matter puts its deeds in, and the year is lived in their order."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial


@dataclass(frozen=True)
class Deed:
    """Something that is done at the desk at a minute of a day (counted from midnight)."""

    minute: int
    do: Callable[[], object]


class Agenda:
    """The deeds of a year by day; what is put in for a day that has begun comes too late."""

    def __init__(self) -> None:
        """Begin with an empty year."""
        self._days: dict[date, list[Deed]] = defaultdict(list)

    def put(self, day: date, minute: int, deed: Callable[..., object], *arguments: object) -> None:
        """Let something be done at a minute of a day: `deed(*arguments)`."""
        self._days[day].append(Deed(minute, partial(deed, *arguments)))

    def of_day(self, day: date) -> list[Deed]:
        """Return the deeds of a day in their order; of two at one minute the one that was put in first."""
        return sorted(self._days.get(day, ()), key=lambda deed: deed.minute)
