"""Paper forms: printed for hours without power, entered afterwards. `screen` asks, `entering` books, `state` knows."""

from kiosk.screens.forms.screen import FormsScreen

__all__ = ["FormsScreen"]
