"""What is wrong with a store: a stable code and what it concerns. `soundness` and `invariants` look for it."""

from dataclasses import dataclass
from typing import Final

EXCEPTIONS: Final = frozenset(
    {
        *("balance_overdrawn", "merged_account_has_credit", "written_twice", "card_number_twice"),
        *("left_account_has_credit", "form_entered_twice"),
        *("meeting_figures_differ", "attendance_without_sign_in", "two_meetings_open", "fact_not_understood"),
    }
)
"""What journals bring about together (a copied device, a late sibling, a desk that erred); a person settles it."""


@dataclass(frozen=True)
class Fault:
    """Something that should not be: a stable code and what it concerns (an id, a number, a key)."""

    code: str
    subject: str

    @property
    def is_exception(self) -> bool:
        """Whether a person settles it; anything else means that the store is damaged."""
        return self.code in EXCEPTIONS
