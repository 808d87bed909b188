"""Kinds of meetings a village holds, read from `db/rules/meeting_templates.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from db.facts.meeting import Counts
from kiosk.errors import Refused


@dataclass(frozen=True)
class Template:
    """A kind of meeting: what it counts, whose roster is expected, whether coming brings points."""

    code: str
    zh: str
    en: str
    counts: Counts
    audience: Literal["villagers", "members", "committee"]
    asks_group: bool
    earns: bool

    def label(self, language: str) -> str:
        """Return the name in a language, Chinese unless it begins with en."""
        return self.en if language.startswith("en") else self.zh


@cache
def templates() -> Mapping[str, Template]:
    """Return every template by its code, in the order of the screen."""
    text = (resources.files("db.rules") / "meeting_templates.toml").read_text("utf-8")
    return {code: Template(code, **values) for code, values in tomllib.loads(text).items()}


def require_template(code: str) -> Template:
    """Return a template. Raises Refused (`meeting_template_unknown`)."""
    found = templates().get(code)
    if found is None:
        raise Refused("meeting_template_unknown", template=code)
    return found


def label_of(code: str, language: str) -> str:
    """Return a template's name in a language; a code of a later program stands for itself."""
    found = templates().get(code)
    return code if found is None else found.label(language)
