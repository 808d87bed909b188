"""Cards for people, read back with a barcode reader."""

import pytest

from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.person_cards import PersonCardFace, person_cards
from kiosk.paper.typeset import Resolution
from tests.kiosk.paper.contents import HARD_NAMES, LONG_VILLAGE, card_code
from tests.kiosk.paper.sheet import RESOLUTIONS, codes_of, expected_runs, pages, runs, text_of

CARDS = [PersonCardFace(HARD_NAMES[n % 6], f"3组{n:03}", card_code(26, n)) for n in range(13)]


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("resolution", Resolution)
def test_every_card_is_read_when_printed(resolution: Resolution, dpi: int) -> None:
    """Ten cards on the first sheet and three on the second, all readable in black and white."""
    sheet = person_cards("青山村", CARDS, Texts("zh_CN"), resolution)
    assert codes_of(sheet, dpi) == sorted(card.code for card in CARDS)
    assert len(pages(sheet, dpi)) == 2


@pytest.mark.parametrize("resolution", Resolution)
def test_bars_are_whole_dots_when_cards_are_printed(resolution: Resolution) -> None:
    """Every bar and space of every card has exactly its modules in dots."""
    page = pages(person_cards("青山村", CARDS[:10], Texts("zh_CN"), resolution), resolution)[0]
    assert runs(page) == {card.code: expected_runs(card.code, resolution.module_dots) for card in CARDS[:10]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_text_when_a_sheet_of_cards_is_searched(language: str) -> None:
    """Name, household and village of every card can be found in the file, in both languages."""
    text = text_of(person_cards("青山村", CARDS, Texts(language)))
    for card in CARDS:
        assert card.name in text
        assert card.household in text
    assert text.count("青山村") == 13
    assert "paper." not in text


def test_a_long_village_stays_on_its_line_when_cards_are_printed() -> None:
    """It gets smaller and runs neither into the title beside it nor into the name below."""
    assert text_of(person_cards(LONG_VILLAGE, CARDS, Texts("zh_CN"))).count(LONG_VILLAGE) == 13


def test_a_card_has_the_size_of_a_bank_card_when_cut() -> None:
    """The cutting lines stand 85.6 mm apart across and 54 mm down, within one dot."""
    page = pages(person_cards("青山村", CARDS[:10], Texts("zh_CN")), 300)[0]
    left, upper, right, lower = page.convert("L").point(lambda level: 255 - level).getbbox() or (0, 0, 0, 0)
    across, down = 85.6 / 25.4 * 300, 54 / 25.4 * 300
    assert right - left == pytest.approx(2 * across, abs=3)
    assert lower - upper == pytest.approx(5 * down, abs=3)
