"""The vocabulary: every kind of fact this program knows, one file a family."""

import sys
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Final

from pydantic import ValidationError

from db.facts.body import Body
from db.line import Fact

# Every family once: its files here, in `db.projections` and in `db.tables` are loaded when one of its kinds is met.
FAMILIES: Final = (
    "form", "fund", "home_delivery", "meeting", "notice", "people", "period", "points", "returning", "shop",
    "suggestion", "terminal", "terms",
)  # fmt: skip
_MANY_KINDS: Final = 1_000


class UnknownFactError(ValueError):
    """A fact this program keeps but cannot read; `reason` is kind or body."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the reason apart from the words."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def family_of(body: type[Body]) -> str:
    """Return the family of a kind: the name of the file it is declared in."""
    return body.__module__.rpartition(".")[2]


@cache
def kinds_of(family: str) -> Mapping[tuple[str, int], type[Body]]:
    """Return the kinds of a family, by name and version."""
    module = import_module(f"{__name__}.{family}")
    bodies = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Body) and value.__module__ == module.__name__
    ]
    return {(body.KIND, body.VERSION): body for body in bodies}


@lru_cache(maxsize=_MANY_KINDS)
def body_of(kind: str, version: int) -> type[Body] | None:
    """Return the class of a kind's bodies, looked for in the families in use first; None if no family has it."""
    for family in sorted(FAMILIES, key=lambda family: f"{__name__}.{family}" not in sys.modules):
        found = kinds_of(family).get((kind, version))
        if found is not None:
            return found
    return None


def read_body(fact: Fact) -> Body:
    """Return the typed body of a fact.

    Raises:
        UnknownFactError: the kind or its version is unknown here, or the body does not fit its kind.
    """
    kind = body_of(fact.kind, fact.kv)
    if kind is None:
        raise UnknownFactError("kind", f"{fact.kind} {fact.kv}")
    try:
        return kind.model_validate(fact.body)
    except ValidationError as error:
        raise UnknownFactError("body", f"{fact.kind}: {error.error_count()}") from error


def write_body(body: Body) -> dict[str, object]:
    """Return the JSON object of a body, lists where the model holds tuples."""
    return body.model_dump(mode="json")
