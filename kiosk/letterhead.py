"""What stands at the head of paper: what the village is called, and what day it is."""

from typing import TYPE_CHECKING

from kiosk.clock import local_day

if TYPE_CHECKING:
    from kiosk.station import Station


def village_of(station: "Station") -> str:
    """Give the name of the village; where nobody gave one its number, and "" without a store.

    Paper of the practice desk has the word for that instead, so that nobody takes it for a real one.
    """
    if station.coach is not None:
        return station.texts("common.status.practice")
    return station.settings.village_name or ("" if station.store is None else f"{station.store.village:04}")


def today_of(station: "Station") -> str:
    """Give the open business day, else the day that the clock shows, as ISO text."""
    return station.day or local_day(station.clock.now().at)
