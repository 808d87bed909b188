"""A scanner that types: tells its bursts from a person's keys by the time stamps of the presses alone.

Presses less than the gap apart are one *run*. A run of at least ``shortest`` presses, not counting a last terminator,
was not typed by a hand: it becomes scans, one for each terminator, and no key of it reaches a screen. Any other run
comes out as the keys it went in as, at the latest one gap later.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from kiosk.devices.scanner.scan import LONGEST, Scan, Wire, is_kept, make_scan

_TERMINATORS: Final = frozenset({"enter", "tab", "ctrl+j", "ctrl+m"})
_HELD_DOWN: Final = 0.02
"""Seconds: a key that repeats itself no faster than this is being held down by a person; scanners are faster."""
_LONGEST_WRITTEN: Final = 64
"""Characters that an input method may give at once."""
_SYMBOLOGY_LENGTH: Final = 3


@dataclass(frozen=True, slots=True)
class Press:
    """One key as the terminal gave it: its name, its character if it has one, and the second it was stamped with."""

    name: str
    character: str | None
    time: float


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """How this desk's scanner types. Raises ValueError for numbers that cannot tell a scan from a hand.

    ``gap`` is seconds between two keys of one scan; ``shortest`` the presses that make a run a scan; ``prefix`` and
    ``suffix`` are one character each, or none, that the scanner adds to every code.
    """

    gap: float = 0.05
    shortest: int = 4
    prefix: str = ""
    suffix: str = ""

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.gap <= 0 or self.shortest <= 1:
            raise ValueError("a gap above 0, and more presses than one")
        if len(self.prefix) > 1 or len(self.suffix) > 1:
            raise ValueError("prefix and suffix are one character each")


class Wedge:
    """Sorts presses into scans and keys, in order; nothing comes out twice and no time but the presses' own counts.

    Feed every press to ``press``. At ``deadline`` call ``settle`` with the time of the same clock, from behind the
    presses that are still waiting in the caller's queue: a timer that overtakes them cuts a scan in two.
    """

    def __init__(self, settings: WedgeSettings | None = None) -> None:
        self._settings = settings or WedgeSettings()
        self._held: list[Press] = []
        self._is_scanning = False
        self._last = 0.0

    @property
    def deadline(self) -> float | None:
        """Give the second at which what is held must be settled, or None if nothing is held."""
        return self._last + self._settings.gap if self._held else None

    def press(self, press: Press) -> list[Scan | Press]:
        """Take one press; give what has become clear by it."""
        apart = abs(press.time - self._last) >= self._settings.gap
        clear = self._close() if apart else []
        self._last = press.time
        return clear + (self._continue(press) if self._is_scanning else self._begin(press))

    def settle(self, now: float) -> list[Scan | Press]:
        """Give what is held if it has been quiet for the gap at second ``now``."""
        deadline = self.deadline
        return self._close() if deadline is not None and now >= deadline else []

    def _begin(self, press: Press) -> list[Scan | Press]:
        """A press of a run that may still be a hand's."""
        clear: list[Scan | Press] = []
        if self._is_held_down(press):
            clear, self._held = [*self._held], []
        self._held.append(press)
        if self._is_machine():
            self._is_scanning = True
            run, self._held = self._held, []
            for earlier in run:
                clear += self._continue(earlier)
        return clear

    def _continue(self, press: Press) -> list[Scan | Press]:
        """A press of a run that is a scanner's."""
        if self._ends(press):
            return self._finish(press.time)
        # three more for an AIM identifier and one for the prefix, which do not count as text
        if _text_of(press) and len(self._held) < LONGEST + _SYMBOLOGY_LENGTH + 1:
            self._held.append(press)
        return []

    def _close(self) -> list[Scan | Press]:
        """It has been quiet: end the run."""
        if self._is_scanning:
            self._is_scanning = False
            return self._finish(self._last)
        keys: list[Scan | Press] = [*self._held]
        self._held = []
        return keys

    def _finish(self, at: float) -> list[Scan | Press]:
        """One scan of what is held; nothing if a terminator was doubled or only control characters came."""
        text = "".join(map(_text_of, self._held)).removeprefix(self._settings.prefix)
        self._held = []
        return [make_scan(text, Wire.WEDGE, at)] if text else []

    def _ends(self, press: Press) -> bool:
        suffix = self._settings.suffix
        return press.name in _TERMINATORS or (suffix != "" and press.character == suffix)

    def _is_machine(self) -> bool:
        settings, held = self._settings, self._held
        if settings.prefix and held[0].character == settings.prefix:
            return True
        if len(held) - self._ends(held[-1]) < settings.shortest:
            return False
        return len(held) > _LONGEST_WRITTEN or not self._is_written()

    def _is_written(self) -> bool:
        """Characters that no scanner types: an input method gives a whole phrase in one instant."""
        characters = [_text_of(press) for press in self._held if not self._ends(press)]
        return all(map(_is_foreign, characters)) and any(unicodedata.category(each) == "Lo" for each in characters)

    def _is_held_down(self, press: Press) -> bool:
        if not self._held or _text_of(press) or press.time - self._held[-1].time < _HELD_DOWN:
            return False
        return all(earlier.name == press.name for earlier in self._held)


def _text_of(press: Press) -> str:
    """The character a press adds to a scan, or nothing: chords and named keys are no text, the group separator is."""
    character = press.character
    if character is None or len(character) != 1 or not is_kept(character):
        return ""
    is_chord = "+" in press.name and len(press.name) > 1
    return "" if is_chord and character.isprintable() else character


def _is_foreign(character: str) -> bool:
    """A character outside ASCII that is not the full-width form of a digit or letter."""
    normal = unicodedata.normalize("NFKC", character)
    return character != "" and not character.isascii() and not (normal.isascii() and normal.isalnum())
