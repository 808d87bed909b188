"""The vocabulary: every kind of fact this program knows, one file a family."""

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from pydantic import ValidationError

from db.facts import meeting, people, period, points, shop, suggestion, terminal
from db.facts.body import Body
from db.line import Fact

FAMILIES: Final[tuple[ModuleType, ...]] = (meeting, people, period, points, shop, suggestion, terminal)


class UnknownFactError(ValueError):
    """A fact this program keeps but cannot read; `reason` is kind or body."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the reason apart from the words."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def _kinds() -> Mapping[tuple[str, int], type[Body]]:
    bodies = [
        value
        for family in FAMILIES
        for value in vars(family).values()
        if isinstance(value, type) and issubclass(value, Body) and value.__module__ == family.__name__
    ]
    return {(body.KIND, body.VERSION): body for body in bodies}


KINDS: Final[Mapping[tuple[str, int], type[Body]]] = _kinds()


def read_body(fact: Fact) -> Body:
    """Return the typed body of a fact.

    Raises:
        UnknownFactError: the kind or its version is unknown here, or the body does not fit its kind.
    """
    kind = KINDS.get((fact.kind, fact.kv))
    if kind is None:
        raise UnknownFactError("kind", f"{fact.kind} {fact.kv}")
    try:
        return kind.model_validate(fact.body)
    except ValidationError as error:
        raise UnknownFactError("body", f"{fact.kind}: {error.error_count()}") from error


def write_body(body: Body) -> dict[str, object]:
    """Return the JSON object of a body, lists where the model holds tuples."""
    return body.model_dump(mode="json")
