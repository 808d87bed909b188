"""Templates: what they ask for is what is read, in both languages, and their example never becomes a person."""

from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import load_workbook

from kiosk.locale import LANGUAGES, Texts
from kiosk.sheets.problem import Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import SheetKind
from kiosk.sheets.template import write_template
from kiosk.sheets.vocabulary import meanings, plain, unit_grams, vocabulary
from tests.kiosk.sheets.books import faults

BOTH = [(kind, language) for kind in SheetKind for language in LANGUAGES]


@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_an_empty_template_is_read_without_a_row_when_nothing_was_filled_in(
    tmp_path: Path, kind: SheetKind, language: str
) -> None:
    """All columns are known, none is missing, and the example is passed over."""
    write_template(kind, tmp_path / "t.xlsx", Texts(language))
    reading = read_sheet(tmp_path / "t.xlsx", kind)
    assert faults(reading) == [("A3", Fault.ROW_EXAMPLE)]
    assert set(reading.tabs[0].columns) == set(vocabulary(kind).first_words)
    assert reading.rows == ()


@pytest.mark.parametrize(("kind", "language"), BOTH)
def test_the_example_would_be_read_when_it_were_no_example(tmp_path: Path, kind: SheetKind, language: str) -> None:
    """What the example shows is right: without its mark it is a row without a problem."""
    write_template(kind, tmp_path / "t.xlsx", Texts(language))
    with load_workbook(str(tmp_path / "t.xlsx")) as book:
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    with xlsxwriter.Workbook(str(tmp_path / "filled.xlsx")) as filled:
        sheet = filled.add_worksheet()
        for number, row in enumerate((rows[1][:-1], rows[2][:-1])):
            sheet.write_row(number, 0, row)
    reading = read_sheet(tmp_path / "filled.xlsx", kind)
    assert len(reading.rows) == 1
    assert reading.problems == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", ["sex", "standing", "class"])
def test_every_choice_of_a_list_is_understood_when_chosen(language: str, field: str) -> None:
    """A drop-down never offers what an import would refuse."""
    choices = Texts(language)(f"sheet.choices.{field}").split("|")
    assert [choice for choice in choices if plain(choice) not in meanings(field)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_offer_a_head_and_units_by_weight_when_chosen(language: str) -> None:
    """The head of a household and goods by weight mean something to the import."""
    relations = Texts(language)("sheet.choices.relation").split("|")
    assert plain(relations[0]) in meanings("head")
    assert set(Texts(language)("sheet.choices.unit").split("|")) & set(unit_grams())


def test_codes_are_text_when_typed_into_a_template(tmp_path: Path) -> None:
    """Barcodes, cards, passbooks and household numbers keep their zeros."""
    write_template(SheetKind.GOODS, tmp_path / "t.xlsx", Texts())
    with load_workbook(str(tmp_path / "t.xlsx")) as book:
        assert book.get_sheet_by_index(0).to_python()[2][0] == "6990103300302"
