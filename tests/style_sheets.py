"""Style sheets read once for all apps of a test run: each app reads the same ones anew, a sixth of a screen test."""

from collections.abc import Iterator
from functools import wraps
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


@pytest.fixture(scope="session", autouse=True)
def shared_style_sheets() -> Iterator[None]:
    """Lets a style sheet remember what another has read with the same variables; nobody changes rules once read."""
    read: dict[tuple[object, ...], list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    @wraps(parse)
    def parse_once(self: Stylesheet, *said: Any, **named: Any) -> list[RuleSet]:  # noqa: ANN401  because they are Textual's own, passed on
        key = (*said, *sorted(named.items()), *sorted(self._variables.items()))
        if key not in read:
            read[key] = parse(self, *said, **named)
        return read[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield
