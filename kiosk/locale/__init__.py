"""Texts of screens, refusals and paper: keys in the code, words in one file per language and area.

``texts("till.basket_empty")`` looks up ``basket_empty`` in ``kiosk/locale/<language>/till.toml``; nested tables join
with dots. Values are ``str.format`` templates. Integers are formatted by the ending of their name (see ``figures``),
so callers pass hundredths, fen and milliseconds and never a formatted figure.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errors import Refused
from kiosk.locale import figures

CHINESE: Final = "zh_CN"
ENGLISH: Final = "en"
LANGUAGES: Final = (CHINESE, ENGLISH)

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True)
class RefusalText:
    """What a refusal panel shows: why not, what to do now, and the code to read out on the telephone."""

    reason: str
    next: str
    code: str


class Texts:
    """The words of one language; which one can be switched while the terminal runs."""

    def __init__(self, language: str = CHINESE) -> None:
        """Begin in ``language``, one of LANGUAGES; anything else is Chinese."""
        self.language = CHINESE
        self._areas: dict[str, Mapping[str, str]] = {}
        self.switch(language)

    def switch(self, language: str) -> None:
        """Speak ``language`` from now on; whoever shows texts draws them again."""
        self.language = language if language in LANGUAGES else CHINESE
        self._areas = {}

    def __call__(self, key: str, /, **values: object) -> str:
        """Give the text of ``key`` filled with ``values``; an unknown key shows as itself rather than stop the desk."""
        template = self._template(key)
        if template is None:
            return key
        shown = {name: figures.shown(name, value) for name, value in values.items()}
        try:
            return template.format(**shown)
        except (KeyError, IndexError):
            return template

    def has(self, key: str) -> bool:
        """Say whether ``key`` has a text."""
        return self._template(key) is not None

    def refusal(self, refused: Refused) -> RefusalText:
        """Give reason, next step and code of a refusal; a code without words gets the general ones."""
        known = refused.code if self.has(f"refusal.{refused.code}.reason") else "unexpected"
        return RefusalText(
            reason=self(f"refusal.{known}.reason", **refused.parameters),
            next=self(f"refusal.{known}.next", **refused.parameters),
            code=refused.code,
        )

    def _template(self, key: str) -> str | None:
        area, _, rest = key.partition(".")
        if area not in self._areas:
            self._areas[area] = read_area(self.language, area)
        return self._areas[area].get(rest)


def areas(language: str) -> list[str]:
    """Name the areas that ``language`` has a file for, in alphabetical order."""
    return sorted(file.stem for file in (_FOLDER / language).glob("*.toml"))


def read_area(language: str, area: str) -> dict[str, str]:
    """Read one file into ``{dotted key: template}``; an area without a file is empty."""
    file = _FOLDER / language / f"{area}.toml"
    if not file.is_file():
        return {}
    return dict(_flatten(tomllib.loads(file.read_text("utf-8")), ""))


def _flatten(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
