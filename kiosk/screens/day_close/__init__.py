"""Closing the day: for whoever stood at the desk. `screen` asks, `state` is what it knows, `wording` says it."""

from kiosk.screens.day_close.screen import DayCloseScreen

__all__ = ["DayCloseScreen"]
