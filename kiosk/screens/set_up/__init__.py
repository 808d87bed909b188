"""Set-up: the screen, its steps, what a person types or scans from the sheet, and the tests of what is plugged in."""

from kiosk.screens.set_up.joining import JoinScreen
from kiosk.screens.set_up.screen import SetUpScreen

__all__ = ["JoinScreen", "SetUpScreen"]
