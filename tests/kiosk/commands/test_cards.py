"""The commands about cards: PDF files whose codes a scanner reads."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from db.engine import open_sqlite
from db.facts.people import HolderKind
from db.store import open_store, store_file
from kiosk.card_papers import set_book
from kiosk.cli import app
from kiosk.domain.card_stock import Printable, printed_cards
from kiosk.domain.people import HouseholdPlace
from kiosk.errors import Refused
from kiosk.locale import Texts
from tests.kiosk.domain.office import Office, office_in
from tests.kiosk.paper.contents import card_code
from tests.kiosk.paper.sheet import codes_of, text_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An office with two households and a person."""
    office = office_in(tmp_path / "desk", Office)
    office.close()
    return office.folder


def kiosk(home: Path, *arguments: str) -> Result:
    """Run a command on a data folder."""
    return CliRunner().invoke(app, ["cards", *arguments, "--home", str(home)])


def printed(home: Path, kind: HolderKind) -> list[str]:
    """The numbers of live cards of a kind, sorted."""
    store = open_store(open_sqlite(store_file(home)))
    try:
        return sorted(card.number for card in printed_cards(store, kind))
    finally:
        store.close()


def test_book_holds_a_code_of_every_household_when_written(home: Path, tmp_path: Path) -> None:
    """A scanner reads from the paper what the store holds; a second book needs no new codes."""
    out = tmp_path / "book.pdf"
    done = json.loads(kiosk(home, "book", str(out), "--json").stdout)
    assert done == {"file": str(out), "households": 2, "issued": 2}
    assert codes_of(out.read_bytes(), 300) == printed(home, "book")
    words = text_of(out.read_bytes())
    assert [word for word in ("3组12号", "王明", "李秀", "0123住户册") if word not in words] == []
    assert "新编条码 0 个" in kiosk(home, "book", str(out)).stdout


def test_cards_are_written_once_when_everybody_got_one(home: Path, tmp_path: Path) -> None:
    """The second time only --all writes those that live."""
    out = tmp_path / "cards.pdf"
    assert json.loads(kiosk(home, "print", str(out), "--json").stdout) == {"file": str(out), "cards": 1, "issued": 1}
    assert codes_of(out.read_bytes(), 300) == printed(home, "person")
    again = kiosk(home, "print", str(out))
    assert isinstance(again.exception, Refused)
    assert again.exception.code == "cards_none"
    assert json.loads(kiosk(home, "print", str(out), "--all", "--json").stdout)["cards"] == 1
    assert json.loads(kiosk(home, "print", str(out), "--of", "households", "--json").stdout)["issued"] == 2


def test_blank_cards_are_written_when_asked_for(home: Path, tmp_path: Path) -> None:
    """So many codes, and each is a card of the store that is nobody's yet."""
    out = tmp_path / "blank.pdf"
    numbers = json.loads(kiosk(home, "blank", "12", str(out), "--json").stdout)["numbers"]
    assert codes_of(out.read_bytes(), 300) == sorted(numbers)
    assert printed(home, "blank") == sorted(numbers)


def test_book_is_refused_when_a_name_cannot_be_drawn() -> None:
    """The household and the character are named, although another program set the sheet."""
    entries = [Printable("王\U00031350", HouseholdPlace(3, 12), card_code(25, 1))]
    with pytest.raises(Refused) as refused:
        set_book(entries, "云岭村", "2026-11-22", Texts())
    assert (refused.value.code, refused.value.parameters["character"]) == ("glyph_missing", "\U00031350")
    assert "3组12号" in str(refused.value.parameters["where"])


def test_empty_village_has_no_book_when_asked_for() -> None:
    """The refusal says what to do first."""
    with pytest.raises(Refused, match="book_empty"):
        set_book([], "云岭村", "2026-11-22", Texts())
