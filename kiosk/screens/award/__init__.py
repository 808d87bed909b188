"""Awards: an item of the scheme, any number of households, one confirmation; and the statement of a household.

``pile`` is what will be booked, ``wording`` what people read about it, ``screen`` the screen itself.
"""

from kiosk.screens.award.screen import AwardScreen

__all__ = ["AwardScreen"]
