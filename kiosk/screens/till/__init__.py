"""The till: redeem, balance, forgotten card, wrong goods, slip.

``state`` is what it knows, ``moves`` what scans and keys make of it, ``face`` what people see of it, ``screen`` the
screen itself, ``chores`` what it does beside selling: paper, the basket that outlives a power cut, the list of the day.
"""

from kiosk.screens.till.screen import TillScreen

__all__ = ["TillScreen"]
