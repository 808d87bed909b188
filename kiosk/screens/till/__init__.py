"""The till: redeem, balance, forgotten card, wrong goods, slip.

``state`` is what it knows, ``moves`` what scans and keys make of it, ``face`` what people see of it, ``screen`` the
screen itself; ``arrivals`` is what comes across the counter, ``errands`` what is wanted beside selling, ``chores``
what nobody waits for: paper, and the basket that outlives a power cut.
"""

from kiosk.screens.till.screen import TillScreen

__all__ = ["TillScreen"]
