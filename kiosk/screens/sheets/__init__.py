"""Import from sheets: the screen, what it shows, and what it lets the store's thread do."""

from kiosk.screens.sheets.screen import SheetsScreen

__all__ = ["SheetsScreen"]
