"""The three reports together: of which days, and that no till waits for them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.domain import report
from kiosk.domain.report import Period, Stretch
from kiosk.domain.reports import ReportKind, Reports, read_reports, stretch_here
from tests.kiosk.domain.office import office_in, office_in_memory
from tests.kiosk.reported import DECEMBER_DAY, Reported
from tests.ledger import new_store

YEAR = Period("2026-01-01", "2026-12-31")


def test_only_what_is_asked_is_read_when_one_report_is_asked(tmp_path: Path) -> None:
    """The others are None, and the days are told once for each report that is read."""
    village = office_in(tmp_path / "desk", Reported)
    told: list[int] = []
    found = read_reports(village.store, YEAR, (ReportKind.REDEEMED,), told.append)
    assert (found.issued, found.attended, sum(told)) == (None, None, YEAR.days)
    told.clear()
    assert all(read_reports(village.store, YEAR, advance=told.append).__dict__.values())
    assert sum(told) == 3 * YEAR.days
    assert read_reports(village.store, YEAR, ()) == Reports(YEAR)


def test_month_is_that_of_the_business_day_when_the_clock_says_another(tmp_path: Path) -> None:
    """A person stated the day; today serves where nobody ever did."""
    village = office_in(tmp_path / "desk", Reported)
    assert DECEMBER_DAY.startswith("2026-12")
    assert stretch_here(village.store, Stretch.THIS_MONTH, "1970-01-01") == Period("2026-12-01", "2026-12-31")
    assert stretch_here(new_store(3), Stretch.LAST_YEAR, "2027-05-05") == YEAR
    assert stretch_here(office_in_memory().store, Stretch.THIS_MONTH, "1970-01-01").first == "2026-11-01"


@pytest.mark.parametrize("kind", ReportKind)
def test_a_till_commits_between_two_pieces_when_a_report_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: ReportKind
) -> None:
    """No cursor stays open: another process writes at every step without waiting."""
    village = office_in(tmp_path / "desk", Reported)
    monkeypatch.setattr(report, "PIECE", 1)
    steps: list[int] = []
    with closing(sqlite3.connect(village.file, timeout=0, isolation_level=None)) as till:
        till.execute("CREATE TABLE sold (step INTEGER)")

        def sell(_days: int) -> None:
            till.execute("INSERT INTO sold VALUES (?)", (len(steps),))
            steps.append(len(steps))

        found = read_reports(village.store, YEAR, (kind,), sell)
        assert till.execute("SELECT count(*) FROM sold").fetchone() == (len(steps),)
    assert len(steps) > 2
    assert found == read_reports(village.store, YEAR, (kind,))
