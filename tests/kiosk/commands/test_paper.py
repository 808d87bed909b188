"""The commands about labels, prices and the day report: PDF files and text that say what the shop holds."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kiosk.cli import app
from kiosk.codes import CommandCard, read_code
from kiosk.domain.day_close import cash_up_day
from kiosk.domain.label import give_own_code, register_uncoded
from kiosk.errors import ExitCode, Refused
from kiosk.keys import ACTIONS, action, action_of_card
from kiosk.locale import Texts
from tests.kiosk.domain.office import Office, office_in
from tests.kiosk.paper.sheet import codes, pages, text_of
from tests.village import DAY

SALT = "06990103300302"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office that sells salt, and soap with a code of its own."""
    office = office_in(tmp_path / "desk", Office)
    office.goods("食盐", SALT, 300)
    soap = office.goods("香皂", "06990102200207", 1_234_550)
    give_own_code(office.store, soap, now=office.now, by=office.secretary)
    register_uncoded(office.store, "新货", now=office.now, by=office.secretary)
    return office


def kiosk(office: Office, *arguments: str) -> Result:
    """Run a command on the data folder."""
    office.store.close()
    return CliRunner().invoke(app, ["paper", *arguments, "--home", str(office.folder)])


def test_labels_are_written_for_what_was_asked_when_goods_have_codes(office: Office, tmp_path: Path) -> None:
    """All goods, or those whose code is the shop's."""
    out = tmp_path / "labels.pdf"
    assert json.loads(kiosk(office, "labels", str(out), "--json").stdout) == {"file": str(out), "labels": 3}
    assert SALT[1:] in text_of(out.read_bytes())
    assert json.loads(kiosk(office, "labels", str(out), "--own", "--json").stdout)["labels"] == 2
    own = text_of(out.read_bytes())
    assert ("香皂" in own, "新货" in own, "食盐" in own) == (True, True, False)


def test_prices_are_written_when_goods_have_one(office: Office, tmp_path: Path) -> None:
    """Of the business day, with the number of a village that nobody named; goods without a price are left out."""
    out = tmp_path / "prices.pdf"
    assert "共 2 种" in kiosk(office, "prices", str(out)).stdout
    text = text_of(out.read_bytes())
    assert [words for words in ("0123积分超市", DAY, "食盐", "12345.5") if words not in text] == []
    assert "新货" not in text


def test_every_command_has_a_card_when_they_are_written(tmp_path: Path) -> None:
    """What is scanned from the paper is the action that stands on it; no village is needed."""
    out = tmp_path / "commands.pdf"
    assert CliRunner().invoke(app, ["paper", "commands", str(out)]).exit_code == ExitCode.DONE
    (first, *_) = codes(pages(out.read_bytes(), 203)[0])
    code = read_code(first)
    assert isinstance(code, CommandCard)
    assert action_of_card(code.command) == action("shell.accept")
    words = Texts()
    text = text_of(out.read_bytes())
    shown = [each for each in ACTIONS if each.card is not None]
    assert [each.id for each in shown if words(each.label) not in text or words(each.tip) not in text] == []


def test_the_day_report_is_told_when_a_day_was_closed(office: Office) -> None:
    """As it stands on paper, and its figures for programs; before the first close there is none."""
    result = kiosk(office, "day")
    assert isinstance(result.exception, Refused)
    assert result.exception.code == "day_never_closed"
    cash_up_day(office.store, 0, now=office.now, by=office.secretary)
    shown = kiosk(office, "day")
    assert shown.exit_code == ExitCode.DONE
    assert [words for words in ("积分超市 日结单", DAY, "书记签字") if words not in shown.stdout] == []
    found = json.loads(kiosk(office, "day", "--json").stdout)
    assert (found["day"], found["difference"], found["figures"]["redemptions"]) == (DAY, 0, 0)
