"""The commands about schemes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kiosk.cli import app
from kiosk.errors import BadInput


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A village that has begun."""
    home = tmp_path / "desk"
    assert kiosk(home, "init", "--village", "77", "--operator", "周会计").exit_code == 0
    return home


def kiosk(home: Path, *arguments: str) -> Result:
    """Run a command on a data folder."""
    return CliRunner().invoke(app, [*arguments, "--home", str(home)])


def test_list_names_schemes_and_items_when_asked(home: Path) -> None:
    """For a person a line each, for a program the same as JSON."""
    shown = kiosk(home, "scheme", "list").stdout
    assert "zhijin_household  2020-07-03 起" in shown
    assert "  recycling  交可回收物  0.5 分" in shown
    values = json.loads(kiosk(home, "scheme", "list", "--json").stdout)
    assert values["schemes"][0]["rules"]["base_points"] == 10_000
    assert values["items"][0]["code"] == "meeting_on_time"


def test_load_says_what_changed_when_a_file_is_given(home: Path, tmp_path: Path) -> None:
    """A dearer item from a day on; the second time nothing changes."""
    shipped = Path("db/rules/schemes/zhijin_household.toml").read_text("utf-8")
    file = tmp_path / "own.toml"
    file.write_text(shipped.replace("points = 50\n", "points = 60\n"), "utf-8")
    loaded = json.loads(kiosk(home, "scheme", "load", str(file), "--from", "2026-12-01", "--json").stdout)
    assert loaded == {
        "scheme": "zhijin_household",
        "from_day": "2026-12-01",
        "items": 25,
        "changed": 1,
        "ended": 0,
        "is_unchanged": False,
    }
    assert "什么也没改" in kiosk(home, "scheme", "load", str(file)).stdout


def test_load_is_refused_when_the_file_is_wrong(home: Path, tmp_path: Path) -> None:
    """The refusal carries the exit code of bad input."""
    refused = kiosk(home, "scheme", "load", str(tmp_path / "absent.toml"))
    assert isinstance(refused.exception, BadInput)
    assert refused.exception.code == "scheme_file_absent"
