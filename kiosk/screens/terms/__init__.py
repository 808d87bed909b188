"""On what terms goods are handed out: start in ``screen``; ``pricing`` is how a price is asked for and set."""

from kiosk.screens.terms.screen import TermsScreen

__all__ = ["TermsScreen"]
