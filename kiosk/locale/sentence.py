"""A sentence that is said later, or elsewhere, than where it was found out."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.locale import Texts


@dataclass(frozen=True)
class Sentence:
    """The key of a text, and what stands in it."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    def said(self, texts: "Texts") -> str:
        """Return the sentence in a language."""
        return texts(self.key, **self.values)
