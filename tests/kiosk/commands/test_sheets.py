"""The commands about sheets, and the demo village, as an installer runs them."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kiosk.cli import app
from kiosk.errors import BadInput, ExitCode, NotAllowed, NotWritable, Refused
from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import SheetKind
from tests.kiosk.sheets.books import GOODS_HEADINGS, HOUSEHOLD_HEADINGS, PERSON_HEADINGS, Tab, write_xlsx
from tests.terminal import Terminal

HOUSEHOLDS = (("一组", 1, "张三", 4, "42.5", "P-1"), ("一组", 2, "李四", 3, "", ""))
GOODS = (
    ("6990103300302", "食盐", "400克", "袋", 3, 50, "", 2, 2.0),
    ("6990103300303", "香皂", "", "块", 3, 9, "", "", ""),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A village that has begun; its first badge stands in `badge`."""
    home = tmp_path / "desk"
    begun = values(kiosk(home, "init", "--village", "77", "--operator", "周会计", "--json"))
    (home / "badge").write_text(begun["badge"])
    return home


@pytest.fixture
def households(tmp_path: Path) -> Path:
    """Two households, one with a passbook."""
    return write_xlsx(tmp_path / "households.xlsx", Tab([HOUSEHOLD_HEADINGS, *HOUSEHOLDS]))


@pytest.fixture
def goods(tmp_path: Path) -> Path:
    """Two kinds of goods, one with a wrong barcode."""
    return write_xlsx(tmp_path / "goods.xlsx", Tab([GOODS_HEADINGS, *GOODS]))


def kiosk(home: Path, *arguments: str) -> Result:
    """Run a command on a data folder."""
    return CliRunner().invoke(app, [*arguments, "--home", str(home)])


def values(result: Result) -> dict[str, Any]:
    """What a command reported as JSON."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refusal(result: Result) -> Refused:
    """What ended a command."""
    assert isinstance(result.exception, Refused)
    return result.exception


def test_the_report_names_all_a_program_needs_when_a_sheet_is_imported(home: Path, households: Path) -> None:
    """File, sheets, rows, problems, counts, every change, and what was written."""
    found = values(kiosk(home, "import", "households", str(households), "--json"))
    assert {name: found[name] for name in ("file", "kind", "sheets", "seen", "accepted", "problems")} == {
        "file": "households.xlsx", "kind": "households", "sheets": ["表一"], "seen": 2, "accepted": 2, "problems": [],
    }  # fmt: skip
    assert [found[name] for name in ("new", "changed", "unchanged", "wrong")] == [2, 0, 0, 0]
    assert found["changes"][1] == {
        "sheet": "表一", "row": 2, "what": "opening", "subject": "1-1", "points": 4_250, "passbook": "P-1",
    }  # fmt: skip
    assert found["written"] == {
        "new": 2, "changed": 0, "unchanged": 0, "left_out": 0, "facts": 3, "openings": 1, "opening_points": 4_250,
        "waits_for_signature": True,
    }  # fmt: skip


def test_people_read_what_happened_when_a_sheet_is_imported_twice(home: Path, households: Path) -> None:
    """A line of counts, what was done, and what waits; the second time that nothing changed."""
    first = kiosk(home, "import", "households", str(households)).stdout
    assert "新 2　改 0　不变 0　错 0" in first
    assert "1 户的期初积分共 42.5 分等第二个人签字" in first
    second = kiosk(home, "import", "households", str(households)).stdout
    assert "新 0　改 0　不变 2　错 0" in second
    assert "什么也没有改" in second


def test_the_installer_signs_with_a_badge_when_there_is_one(home: Path, households: Path) -> None:
    """An operator signs what the installer brought; whoever imports by badge cannot sign alone."""
    badge = (home / "badge").read_text()
    alone = kiosk(home, "import", "households", str(households), "--badge", badge, "--signer", badge)
    assert (refusal(alone).code, refusal(alone).exit_code) == ("signer_is_maker", ExitCode.NOT_ALLOWED)
    signed = values(kiosk(home, "import", "households", str(households), "--signer", badge, "--json"))
    assert signed["written"]["waits_for_signature"] is False


def test_a_badge_nobody_has_is_refused_when_it_imports(home: Path, households: Path) -> None:
    """Before anything is read."""
    result = kiosk(home, "import", "households", str(households), "--badge", "3000770000000000")
    assert isinstance(result.exception, NotAllowed)
    assert result.exception.code == "badge_unknown"


def test_nothing_is_imported_when_a_row_is_wrong(home: Path, goods: Path) -> None:
    """Sheet, cell, value and what to do on the screen, exit code of bad input, and an empty shop."""
    result = kiosk(home, "import", "goods", str(goods))
    assert isinstance(result.exception, BadInput)
    assert result.exception.exit_code == ExitCode.BAD_INPUT
    assert "表一 A3　没有读入：条码“6990103300303”的校验位不对" in result.stdout
    assert "用扫码枪扫一下" in result.stdout
    assert values(kiosk(home, "import", "goods", str(goods), "--dry-run", "--json"))["new"] == 1


def test_the_rest_is_imported_when_bad_rows_are_skipped(home: Path, goods: Path) -> None:
    """What was left out is counted."""
    found = values(kiosk(home, "import", "goods", str(goods), "--skip-bad", "--json"))
    assert (found["written"]["new"], found["written"]["left_out"], found["wrong"]) == (1, 1, 1)
    assert [problem["code"] for problem in found["problems"] if problem["fate"] == "refused"] == ["code_check_digit"]


def test_nothing_is_written_when_somebody_only_looks(home: Path, households: Path) -> None:
    """Every change in a line; afterwards everything is still new."""
    for _ in range(2):
        shown = kiosk(home, "import", "households", str(households), "--dry-run").stdout
        assert "新的一户 1-1　张三" in shown
        assert "1-1　存折 P-1 转入 42.5 分" in shown
        assert "新 2" in shown
        assert "什么也没有写" in shown


def test_reasons_stand_beside_the_rows_when_a_copy_is_asked_for(home: Path, tmp_path: Path) -> None:
    """Also those that only the tables could tell: a person whose household is missing."""
    persons = write_xlsx(tmp_path / "p.xlsx", Tab([PERSON_HEADINGS, ("九组", 9, "张三", "男", 1960, "户主", "")]))
    result = kiosk(home, "import", "persons", str(persons), "--reasons", str(tmp_path / "out.xlsx"))
    assert refusal(result).code == "sheet_has_problems"
    copy = read_sheet(tmp_path / "out.xlsx", SheetKind.PERSONS)
    assert [row.name for row in copy.persons] == ["张三"]
    from kiosk.sheets.load import load_grids

    cells = [str(cell) for row in load_grids(tmp_path / "out.xlsx")[0].rows for cell in row]
    assert any("没有9-9这一户" in cell and "先导入户主花名册" in cell for cell in cells)


def test_nothing_is_imported_when_the_copy_cannot_be_written(home: Path, households: Path, tmp_path: Path) -> None:
    """The stick is full or gone: said before anything changes."""
    result = kiosk(home, "import", "households", str(households), "--reasons", str(tmp_path / "no" / "out.xlsx"))
    assert isinstance(result.exception, NotWritable)
    assert values(kiosk(home, "import", "households", str(households), "--dry-run", "--json"))["new"] == 2


@pytest.mark.parametrize("file", ["absent.xlsx", "notes.doc"])
def test_one_problem_is_told_when_the_file_is_no_sheet(home: Path, tmp_path: Path, file: str) -> None:
    """A file that is not there, or something else."""
    (tmp_path / "notes.doc").write_bytes(b"notes")
    result = kiosk(home, "import", "goods", str(tmp_path / file), "--json")
    assert refusal(result).exit_code == ExitCode.BAD_INPUT
    (problem,) = values(result)["problems"]
    assert problem["code"] in {Fault.FILE_MISSING.value, Fault.FILE_KIND.value}
    assert problem["fate"] == Fate.REFUSED.value


def test_prices_hold_from_the_named_day_when_it_is_a_day(home: Path, goods: Path) -> None:
    """Any other word is refused."""
    found = values(kiosk(home, "import", "goods", str(goods), "--skip-bad", "--from-day", "2027-01-01", "--json"))
    assert found["from_day"] == "2027-01-01"
    wrong = kiosk(home, "import", "goods", str(goods), "--from-day", "27.1.1")
    assert refusal(wrong).code == "date_unreadable"


def test_a_kind_nobody_knows_is_a_mistake_of_usage(home: Path, households: Path) -> None:
    """The command ends as Typer ends wrong usage."""
    assert kiosk(home, "import", "cattle", str(households)).exit_code == ExitCode.USAGE


@pytest.mark.parametrize("kind", list(SheetKind))
def test_a_template_is_an_empty_sheet_of_its_kind_when_written(tmp_path: Path, kind: SheetKind) -> None:
    """Its example row is passed over, so that nothing comes in by it."""
    out = tmp_path / "empty.xlsx"
    result = CliRunner().invoke(app, ["template", kind.value, str(out), "--json"])
    assert json.loads(result.stdout) == {"file": str(out), "kind": kind.value}
    reading = read_sheet(out, kind)
    assert (reading.rows, [problem.code for problem in reading.problems]) == ((), [Fault.ROW_EXAMPLE])


def test_words_are_english_when_the_machine_speaks_it(home: Path, goods: Path) -> None:
    """Problems, counts and refusal in the second language."""
    environment = {**os.environ, "KIOSK_LANG": "en", "KIOSK_HOME": str(home)}
    with Terminal([sys.executable, "-m", "kiosk", "import", "goods", str(goods)], env=environment) as terminal:
        assert terminal.wait_for_end() == ExitCode.BAD_INPUT
        assert "1 new, 0 changed, 0 unchanged, 1 wrong" in terminal.text()
        assert "Not one row was imported." in terminal.text()
