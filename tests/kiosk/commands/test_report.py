"""The command about reports, as an installer and a program run it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kiosk.cli import app
from kiosk.errors import BadInput, ExitCode, NotWritable, Refused
from kiosk.sheets.load import load_grids
from tests.kiosk.domain.office import office_in
from tests.kiosk.reported import Reported

YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The data folder of a village with two months behind it; its last business day is 10 December 2026."""
    village = office_in(tmp_path / "desk", Reported)
    village.close()
    return village.folder


def kiosk(home: Path, *arguments: str) -> Result:
    """Run the command on a data folder."""
    return CliRunner().invoke(app, ["report", *arguments, "--home", str(home)])


def values(result: Result) -> dict[str, Any]:
    """What it reported as JSON."""
    assert result.exit_code == ExitCode.DONE, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_keys_are_stable_when_all_reports_are_asked_for(home: Path) -> None:
    """Points are hundredths; what a program reads is named once and stays."""
    found = values(kiosk(home, *YEAR, "--json"))
    assert set(found) == {"from", "to", "issued", "redeemed", "attendance", "file"}
    assert (found["from"], found["to"], found["file"]) == ("2026-01-01", "2026-12-31", None)
    issued, redeemed, attendance = found["issued"], found["redeemed"], found["attendance"]
    assert set(issued) == {"points", "deducted_points", "sources", "deductions", "months"}
    assert set(issued["sources"][0]) == {
        "scheme", "item", "group", "label_zh", "label_en", "entries", "given_points", "reversed_points", "points",
    }  # fmt: skip
    assert (issued["points"], issued["deducted_points"]) == (3_800, 200)
    assert issued["months"] == [
        {"month": "2026-11", "points": 2_600, "entries": 7}, {"month": "2026-12", "points": 1_200, "entries": 2},
    ]  # fmt: skip
    assert set(redeemed) == {"points", "redemptions", "goods", "months"}
    assert set(redeemed["goods"][0]) == {"item_id", "name", "unit", "is_weighed", "quantity", "points"}
    assert (redeemed["points"], redeemed["redemptions"]) == (1_313, 2)
    assert set(attendance) == {"meetings", "persons", "households", "unfinished"}
    counted = {"expected", "present", "late", "leave", "absent", "observers"}
    assert set(attendance["meetings"][0]) == {"meeting_id", "day", "template", "topic", *counted}
    assert set(attendance["persons"][0]) == {"person_id", "household_id", "name", "group", "house", *counted}
    assert [each["name"] for each in attendance["persons"]] == ["王明", "王芳", "李秀英"]


def test_one_report_of_the_month_is_told_when_nothing_else_is_asked(home: Path) -> None:
    """The month of the business day, whatever the clock of the machine says."""
    found = values(kiosk(home, "redeemed", "--json"))
    assert (found["from"], found["to"]) == ("2026-12-01", "2026-12-31")
    assert (found["issued"], found["attendance"]) == (None, None)
    assert found["redeemed"]["points"] == 700


def test_lists_stand_under_each_other_when_a_person_asks(home: Path) -> None:
    """Columns meet although a Chinese character is two wide."""
    lines = kiosk(home, "attendance", *YEAR).stdout.splitlines()
    assert lines[0] == "0123  会议  2026-01-01 至 2026-12-31"
    assert lines[2] == "2026-11-22  支部党员大会        3     2     0     0     1     0"
    assert lines[3] == "2026-11-22  群众会              3     1     0     0     2     0"
    assert "3   12    王明    2     2     0     0     0     0" in lines


def test_workbook_is_written_when_a_file_is_named(home: Path, tmp_path: Path) -> None:
    """The same figures, and the name of the file is told."""
    out = tmp_path / "r.xlsx"
    found = values(kiosk(home, "issued", *YEAR, "--excel", str(out), "--json"))
    assert found["file"] == str(out)
    assert [grid.name for grid in load_grids(out)] == ["积分发放", "积分扣除", "按月"]
    assert str(out) in kiosk(home, *YEAR, "--excel", str(out)).stdout


@pytest.mark.parametrize(
    ("arguments", "kind", "code"),
    [
        (("--from", "2026-13-01"), BadInput, "date_unreadable"),
        (("--to", "yesterday"), BadInput, "date_unreadable"),
        (("--from", "2027-01-01"), Refused, "period_backwards"),
        ((*YEAR, "--excel", "gone/r.xlsx"), NotWritable, "sheet_not_written"),
    ],
)
def test_command_is_refused_when_it_cannot_be_done(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], kind: type[Refused], code: str
) -> None:
    """Each with its own number at the end."""
    named = tuple(str(tmp_path / word) if word.endswith(".xlsx") else word for word in arguments)
    ended = kiosk(home, *named).exception
    assert type(ended) is kind
    assert ended.code == code


def test_command_is_refused_when_there_is_no_store(tmp_path: Path) -> None:
    """A wrong folder is told as such."""
    ended = kiosk(tmp_path / "nowhere").exception
    assert isinstance(ended, BadInput)
    assert ended.code == "store_absent"
