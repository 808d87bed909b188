"""Labels and price list, read back with a barcode reader at the printers' own resolutions."""

import pytest

from kiosk.codes import IN_STORE, Goods, Misread, read_code
from kiosk.errors import Refused
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.elements import Big, Code128
from kiosk.paper.labels import LabelFace, label_sheet, label_slip, price_of
from kiosk.paper.price_list import price_list
from kiosk.paper.typeset import Resolution
from tests.kiosk.paper.contents import HARD_NAMES, LONG_VILLAGE
from tests.kiosk.paper.sheet import RESOLUTIONS, codes_of, expected_runs, pages, runs, text_of

OWN = IN_STORE[1]
LABELS = [LabelFace(HARD_NAMES[n % 6], "袋", 50 * n, OWN.number(123_000_000 + n)) for n in range(1, 27)]
WEIGHED = LabelFace("土豆", "公斤", 200, "")
SALT = LabelFace("食盐 400克", "袋", None, "06990103300302")


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("resolution", Resolution)
def test_every_label_is_read_when_printed(resolution: Resolution, dpi: int) -> None:
    """Twenty-four on the first page and the rest on the second, in black and white, each what the shop reads.

    A line read askew on paper of the other resolution has a wrong check digit, and the shop asks to scan again.
    """
    sheet = label_sheet([*LABELS, WEIGHED, SALT], Texts(), resolution)
    found = [code for code in codes_of(sheet, dpi) if dpi == resolution or not isinstance(read_code(code), Misread)]
    assert found == sorted([*(label.code for label in LABELS), SALT.code])
    assert [read_code(code) for code in found[:2]] == [Goods(code, in_store=True) for code in found[:2]]
    assert len(pages(sheet, dpi)) == 2


@pytest.mark.parametrize("resolution", Resolution)
def test_bars_are_whole_dots_when_labels_are_printed(resolution: Resolution) -> None:
    """Every bar and space has exactly its modules in dots, in all three columns."""
    page = pages(label_sheet(LABELS[:24], Texts(), resolution), resolution)[0]
    assert runs(page) == {label.code: expected_runs(label.code, resolution.module_dots) for label in LABELS[:24]}


def test_a_label_lies_on_its_sticker_when_the_page_is_printed() -> None:
    """No ink within two millimetres of an edge of the 70 x 37 mm grid."""
    page = pages(label_sheet([*LABELS[:23], LabelFace("很长的名字" * 8, "袋", 100, "")], Texts()), 300)[0].convert("L")
    per_mm = 300 / 25.4
    for column in (1, 2):
        edge = column * 70 * per_mm
        assert page.crop((int(edge - 2 * per_mm), 0, int(edge + 2 * per_mm), page.height)).getextrema() == (255, 255)
    for row in range(1, 8):
        edge = row * 37 * per_mm
        assert page.crop((0, int(edge - 2 * per_mm), page.width, int(edge + 2 * per_mm))).getextrema() == (255, 255)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_prices_and_codes_are_text_when_a_sheet_is_searched(language: str) -> None:
    """A price in points for a unit, a code as it stands on goods, and what has no price says so."""
    text = text_of(label_sheet([*LABELS[:5], SALT], Texts(language)))
    for label in LABELS[:5]:
        assert label.name in text
        assert label.code[1:] in text
    assert {"zh_CN": "0.5分／袋", "en": "0.5 points / 袋"}[language] in text
    assert {"zh_CN": "还没有价", "en": "no price yet"}[language] in text
    assert "6990103300302" in text
    assert "paper." not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cheapest_stands_first_when_the_price_list_is_printed(language: str) -> None:
    """Every priced item once, over several pages with their numbers; what has no price is left out."""
    goods = [LabelFace(f"物品{n:03}", "袋", 100 * (90 - n), "") for n in range(70)]
    sheet = price_list("青山村", "2026-11-22", [*goods, SALT], Texts(language))
    text = text_of(sheet)
    assert [f"物品{n:03}" in text for n in range(70)] == [True] * 70
    assert text.index("物品069") < text.index("物品000")
    assert "食盐" not in text
    assert "青山村" in text
    assert "2026-11-22" in text
    assert {"zh_CN": "共2页", "en": "of 2"}[language] in text
    assert len(pages(sheet, 100)) == 2


def test_a_long_village_stays_on_its_line_when_prices_are_printed() -> None:
    """The title gets smaller instead of growing into the edge of the paper."""
    text = text_of(price_list(LONG_VILLAGE * 2, "2026-11-22", LABELS[:3], Texts()))
    assert f"{LONG_VILLAGE * 2}积分超市 价目表" in text


def test_printing_stops_when_no_font_has_a_character() -> None:
    """With the code and the name: an empty box would be other goods."""
    for sheet in (label_sheet, lambda labels, texts: price_list("村", "2026-11-22", labels, texts)):
        with pytest.raises(Refused, match="glyph_missing") as stopped:
            sheet([LabelFace("食盐\U0001f9c2", "袋", 300, SALT.code)], Texts())
        assert stopped.value.parameters["where"] == "6990103300302 食盐\U0001f9c2"


def test_a_label_comes_from_the_slip_printer_when_one_is_wanted() -> None:
    """Name and price large, and the code unless scales print it."""
    elements = label_slip(LABELS[0], Texts())
    assert elements[:2] == [Big(LABELS[0].name), Big(price_of(LABELS[0], Texts()))]
    assert Code128(LABELS[0].code) in elements
    assert not any(isinstance(element, Code128) for element in label_slip(WEIGHED, Texts()))
