"""On what terms goods are handed out: start in ``screen``; ``pricing`` and ``limiting`` ask for and set them."""

from kiosk.screens.terms.screen import TermsScreen

__all__ = ["TermsScreen"]
