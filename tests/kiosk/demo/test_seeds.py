"""Villages of other seeds and sizes: nothing in the recipe hangs on what one seed happens to draw."""

from pathlib import Path

import pytest

from db.invariants import find_faults
from kiosk.demo.plan import FEWEST_HOUSEHOLDS, MOST_HOUSEHOLDS, DemoPlan
from kiosk.station import DEMO_VILLAGE
from tests.kiosk.demo.lived import live


@pytest.mark.torture
@pytest.mark.parametrize(
    "plan", [*(DemoPlan(FEWEST_HOUSEHOLDS, seed) for seed in range(30)), DemoPlan(MOST_HOUSEHOLDS)], ids=str
)
def test_a_year_is_lived_without_fault_when_another_village_is_drawn(tmp_path: Path, plan: DemoPlan) -> None:
    """From the smallest to the largest."""
    lived = live(tmp_path / "demo", plan)
    with lived.store.read() as connection:
        assert find_faults(connection, DEMO_VILLAGE) == []
    assert lived.oracle.faults == []
    lived.store.close()
