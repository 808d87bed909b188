"""A sentence where there is a keyboard for one; on the number pad the number of the paper it stands on."""

from typing import ClassVar, Final

from kiosk.screens.widgets.search_entry import SearchEntry

# Signs of the number pad that mean the same on every screen.
_KEYS: Final = frozenset("+-*/")


class WordsEntry(SearchEntry, inherit_bindings=True):
    """Typed words with their punctuation: + hands them over, - takes the last sign away; an empty entry is left."""

    longest: ClassVar[int] = 200

    def accepts(self, sign: str) -> bool:
        """Take whatever can be read, but for the keys of the screen."""
        return sign.isprintable() and sign not in _KEYS
