"""Suggestions: a card and a topic write one down, the list below leads to answers, an answer prints its slip.

``state`` is what is on show, ``wording`` what people read about it, ``answering`` the questions of an answer,
``screen`` the screen itself.
"""

from kiosk.screens.suggestions.screen import SuggestionsScreen

__all__ = ["SuggestionsScreen"]
