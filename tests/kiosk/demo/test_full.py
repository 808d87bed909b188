"""The demo village at its full size: how long its year takes, and whether its figures are those of a village."""

import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.demo.plan import HOUSEHOLDS, SEED, DemoPlan
from tests.kiosk.demo.lived import Lived, live


@pytest.mark.timeout(300)
def test_figures_are_those_of_a_village_when_the_whole_year_is_lived(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """About 11,900 points in about 3,700 entries, median 25 a household, about 280 visits of 1.4 lines; no fault."""
    began = time.process_time()
    lived = live(tmp_path / "demo", DemoPlan())
    seconds = time.process_time() - began
    earned = earned_by_household(lived)
    entries = len(lived.rows(EARNED))
    visits, lines = lived.one("SELECT count(*) FROM redemption"), lived.one("SELECT count(*) FROM redemption_line")
    posted = {row.account: row.points for row in lived.rows(ACCOUNTS)}
    share = posted["redeemed"] / -posted["issued"]
    meetings = lived.one("SELECT count(*) FROM meeting")
    facts = lived.one("SELECT count(*) FROM line")
    points = f"{sum(earned) / 100:.0f} points in {entries} entries"
    spread = f"median {statistics.median(earned) / 100:g}, top {max(earned) / 100:g}"
    counter = f"{visits} visits, {lines / visits:.2f} lines each"
    made = f"{facts} facts in {seconds:.0f} s of a processor, {meetings} meetings"
    counter += f", {share:.0%} of the points redeemed, {lived.one(VOIDS)} made void"
    record_property("figure", f"demo village {SEED}: {made}, {points}, {spread}, {counter}")
    assert lived.oracle.faults == []
    assert len(earned) == HOUSEHOLDS
    assert 1_100_000 < sum(earned) < 1_300_000
    assert 3_400 < entries < 4_400
    assert 2_200 < statistics.median(earned) < 2_800
    assert 240 < visits < 310
    assert 0.7 < share < 0.85
    assert 1.3 < lines / visits < 1.6
    assert 75 < meetings < 90
    lived.store.close()


EARNED = (
    "SELECT household_id, points FROM posting WHERE account = 'household' "
    "AND kind IN ('points_awarded', 'attendance_awarded', 'suggestion_awarded')"
)
"""Every entry that brought a household points."""


ACCOUNTS = "SELECT account, sum(points * is_counted) AS points FROM posting GROUP BY account"
VOIDS = "SELECT count(*) FROM redemption_void"


def earned_by_household(lived: Lived) -> list[int]:
    """What each household earned in the year, hundredths; 0 where nobody was at home."""
    earned = Counter[int]()
    for household, points in lived.rows(EARNED):
        earned[household] += points
    return [earned[row["id"]] for row in lived.oracle.village["households"]]
