"""Local time is China's, on every machine."""

import time

import pytest

from kiosk.clock import local_day
from kiosk.zone import local_time

LATE_IN_LONDON = 1_795_363_200_000
"""2026-11-22 16:00 UTC: midnight in China."""


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_day_and_time_are_those_of_china_when_a_machine_was_left_in_another_zone(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cheap board shows UTC until somebody sets it; the village does not go by it."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert (local_day(LATE_IN_LONDON - 1), local_day(LATE_IN_LONDON)) == ("2026-11-22", "2026-11-23")
        assert local_time(LATE_IN_LONDON).hour == 0
    finally:
        monkeypatch.undo()
        time.tzset()
