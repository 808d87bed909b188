"""The card desk: cards given out, lost, found, replaced, handed in; the household book and blank cards on paper.

``state`` is what the desk knows at a moment, ``wording`` what people read about it, ``papers`` what it writes to a
stick, ``screen`` the screen itself.
"""

from kiosk.screens.card_desk.screen import CardDeskScreen

__all__ = ["CardDeskScreen"]
