"""The command that hands ledgers out, as an installer and a program run it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kiosk.cli import app
from kiosk.errors import ExitCode, NotWritable
from kiosk.sheets.load import load_grids
from tests.kiosk.domain.office import office_in
from tests.kiosk.reported import Reported

YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The data folder of a village with two months behind it."""
    village = office_in(tmp_path / "desk", Reported)
    village.close()
    return village.folder


def kiosk(home: Path, *arguments: str) -> Result:
    """Run the command on a data folder."""
    return CliRunner().invoke(app, ["export", *arguments, "--home", str(home)])


def test_keys_are_stable_when_all_ledgers_are_asked_for(home: Path, tmp_path: Path) -> None:
    """Rows in hundredths, fen and grams, and the same ledgers in a file."""
    out = tmp_path / "l.xlsx"
    result = kiosk(home, *YEAR, "--excel", str(out), "--json")
    assert result.exit_code == ExitCode.DONE, result.output
    found = json.loads(result.stdout)
    assert set(found) == {"from", "to", "stock", "points", "redemptions", "fund", "file"}
    assert set(found["stock"][0]) == {"item_id", "name", "unit", "before", "changes", "after"}
    assert set(found["stock"][0]["changes"]) == {"received", "redeemed", "back", "lowered", "counted"}
    assert set(found["points"][0]) == {
        *("entry_id", "day", "at", "group", "house", "household", "kind", "label_zh", "label_en", "points"),
        *("paper_number", "operator", "is_counted"),
    }
    assert set(found["redemptions"][0]) == {
        *("number", "day", "at", "group", "house", "household", "item", "quantity", "unit", "is_weighed", "points"),
        *("entry", "proxy", "operator", "is_void", "returned", "returned_points"),
    }
    assert set(found["fund"]) == {"before_fen", "rows", "books"}
    assert [row["points"] for row in found["redemptions"]] == [350, 263, 700]
    assert [grid.name for grid in load_grids(out)] == ["库存", "积分", "兑换", "资金", "账目"]


def test_one_ledger_of_the_month_is_told_when_nothing_else_is_asked(home: Path, tmp_path: Path) -> None:
    """As text, in columns; a file that cannot be written is told."""
    lines = kiosk(home, "redemptions").stdout.splitlines()
    assert lines[0] == "0123  兑换  2026-12-01 至 2026-12-31"
    assert len(lines) == 4
    ended = kiosk(home, "fund", "--excel", str(tmp_path / "gone" / "l.xlsx")).exception
    assert isinstance(ended, NotWritable)
    assert ended.code == "sheet_not_written"
