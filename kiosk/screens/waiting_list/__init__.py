"""The waiting list: start in ``screen``; ``chores`` is what wants a figure rather than a signature."""

from kiosk.screens.waiting_list.screen import WaitingListScreen

__all__ = ["WaitingListScreen"]
