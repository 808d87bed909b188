"""Reports: the screen, what it knows, its words, and the bars people look at instead of reading."""

from kiosk.screens.report.screen import ReportScreen

__all__ = ["ReportScreen"]
