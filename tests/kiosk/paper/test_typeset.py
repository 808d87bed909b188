"""Typesetting: one font, checked characters, the same bytes."""

import pytest

from kiosk.errors import Refused
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.person_cards import PersonCardFace, person_cards
from kiosk.paper.typeset import Resolution
from tests.kiosk.paper.contents import HARD_NAMES, card_code
from tests.kiosk.paper.sheet import text_of


def cards(*names: str) -> list[PersonCardFace]:
    """Cards of people with these names."""
    return [PersonCardFace(name, f"3组{number:03}", card_code(26, number)) for number, name in enumerate(names)]


def test_the_sheet_stops_with_the_character_and_the_household_when_no_glyph_exists() -> None:
    """An empty box in a name would be somebody else's name."""
    with pytest.raises(Refused) as caught:
        person_cards("青山村", cards("王小明", "李\U00031350"), Texts("zh_CN"))
    assert caught.value.code == "glyph_missing"
    assert caught.value.parameters == {"character": "\U00031350", "where": "3组001 李\U00031350"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_refusal_names_character_and_place_when_shown(language: str) -> None:
    """Both languages have words for a missing character."""
    refused = Refused("glyph_missing", character="\U00031350", where="3组001")
    shown = Texts(language).refusal(refused)
    assert "\U00031350" in shown.reason
    assert "3组001" in shown.reason
    assert shown.next


def test_invisible_characters_do_not_stop_a_sheet_when_a_name_was_pasted() -> None:
    """A zero-width space from a copied table is left out and not refused."""
    assert "王小明" in text_of(person_cards("青山村", cards("王\u200b小\ufeff明"), Texts("zh_CN")))


def test_the_same_content_gives_the_same_bytes_when_set_twice() -> None:
    """No date and no chance is in the file, so a sheet can be compared with its copy."""
    first = person_cards("青山村", cards(*HARD_NAMES), Texts("zh_CN"))
    assert first == person_cards("青山村", cards(*HARD_NAMES), Texts("zh_CN"))
    assert first != person_cards("青山村", cards(*HARD_NAMES), Texts("zh_CN"), Resolution.LABEL)


def test_marks_of_the_typesetter_are_plain_text_when_they_stand_in_a_name() -> None:
    """Data is never read as markup."""
    assert '#let x = *"王"* $' in text_of(person_cards("青山村", cards('#let x = *"王"* $'), Texts("zh_CN")))
