"""Search keys of names: the name itself, its pinyin and its initials, for every reading its characters may have.

`python -m db.pinyin` reads a JSON list of names and writes a JSON list of key lists. The dictionary of readings takes
tens of megabytes, so a desk lets that program make the keys and never loads it.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, product
from typing import Final, TypeAlias

Syllables: TypeAlias = tuple[str, ...]

MOST_READINGS: Final = 12
"""Readings of one name that get keys, the usual ones first."""

_DOTS: Final = "·•‧・･∙⋅᛫."
_DROPPED: Final = str.maketrans("", "", _DOTS + "'’-")
_UMLAUT: Final = str.maketrans("üǖǘǚǜ", "vvvvv")
_BETWEEN_PARTS: Final = re.compile(rf"[\s{re.escape(_DOTS)}]+")
_WORD: Final = re.compile(r"[a-z0-9]+|.")


def plain(text: str) -> str:
    """Return a name, or what was typed to find it, as the two are compared: no spaces, dots, tones or capitals."""
    lower = unicodedata.normalize("NFKC", text).lower().translate(_UMLAUT)
    apart = unicodedata.normalize("NFD", lower)
    bare = unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign)))
    return "".join(bare.split()).translate(_DROPPED)


def keys_of(name: str) -> tuple[str, ...]:
    """Return the keys of a name, each once: the plain name, then pinyin and initials, the usual reading first.

    The later parts of a name with a dot in it have keys of their own. A character that nobody knows how to read stands
    in some keys as itself and is left out of others, so that the name is found by what is known.
    """
    parts = [part for part in map(plain, _BETWEEN_PARTS.split(name)) if part]
    words = [_WORD.findall(part) for part in parts]
    whole = list(chain.from_iterable(words))
    spelled = (key for group in (whole, *words[1:]) for reading in _readings(group) for key in _spellings(reading))
    return tuple(dict.fromkeys(["".join(parts), *spelled])) if parts else ()


def _spellings(syllables: Syllables) -> Iterator[str]:
    """Full pinyin, initials, and whole syllables of the surname followed by initials where that is something else."""
    initials = [syllable[0] for syllable in syllables]
    yield "".join(syllables)
    yield "".join(initials)
    for whole in range(1, min(3, len(syllables) - 1)):
        yield "".join([*syllables[:whole], *initials[whole:]])


def _readings(words: Sequence[str]) -> list[Syllables]:
    """Every reading of the first character with the usual one of the rest, then with each other one of the rest."""
    if not words:
        return []
    known = [_syllables(word) for word in words]
    usual = [readings[0] for readings in known]
    rests = [tuple(usual[1:])]
    for place, readings in enumerate(known[1:], start=1):
        rests += [(*usual[1:place], other, *usual[place + 1 :]) for other in readings[1:]]
    found = [(first, *rest) for rest, first in product(rests, known[0])][:MOST_READINGS]
    readable = [tuple(syllable for syllable in reading if syllable.isascii()) for reading in found]
    return list(dict.fromkeys(reading for reading in [*found, *readable] if reading))


@cache
def _syllables(word: str) -> list[str]:
    """Return the readings of one character, the usual one first; letters and unknown characters read as themselves."""
    from pypinyin import Style, pinyin

    known = pinyin(word, style=Style.NORMAL, heteronym=True)[0]
    return [plain(syllable) for syllable in known if plain(syllable)] or [word]


def main() -> None:
    """Answer one list of names."""
    names: list[str] = json.load(sys.stdin)
    json.dump([keys_of(name) for name in names], sys.stdout)


if __name__ == "__main__":
    main()
