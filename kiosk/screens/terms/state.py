"""What the screen of terms knows between two scans, as one value."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.domain.terms import GeneralTerms, Terms


@dataclass(frozen=True)
class TermsState:
    """The goods that were scanned with their terms, or what holds of all goods; `told` is what was set last."""

    terms: "Terms | None" = None
    told: str = ""
    general: "GeneralTerms | None" = None
