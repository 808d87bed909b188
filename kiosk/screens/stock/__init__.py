"""The shelf: start in ``screen``; ``state`` is what it knows, ``errands`` what is wanted beside scanning."""

from kiosk.screens.stock.screen import StockScreen

__all__ = ["StockScreen"]
