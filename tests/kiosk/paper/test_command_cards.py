"""The sheet of command cards, read back with a barcode reader."""

import pytest

from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.command_cards import CommandCardFace, command_cards
from tests.kiosk.paper.contents import card_code
from tests.kiosk.paper.sheet import RESOLUTIONS, codes_of, text_of

FACES = [
    CommandCardFace(key, text, f"{text}，就这一次", card_code(29, number))
    for number, (key, text) in enumerate(
        [
            ("+", "确认兑换"),
            ("-", "撤销上一行"),
            ("F5", "重打小票"),
            ("*", "Put the basket aside until somebody comes back for it"),
        ]
    )
]


@pytest.mark.parametrize("dpi", RESOLUTIONS)
def test_every_command_is_read_when_the_sheet_is_printed(dpi: int) -> None:
    """Each card of the sheet can be scanned."""
    assert codes_of(command_cards(FACES, Texts("zh_CN")), dpi) == sorted(face.code for face in FACES)


@pytest.mark.parametrize(("language", "key"), [("zh_CN", "按键：F5"), ("en", "Key: F5")])
def test_each_card_says_what_it_does_when_read_by_people(language: str, key: str) -> None:
    """What the key does, and which key it is, stand on the card."""
    assert language in LANGUAGES
    text = text_of(command_cards(FACES, Texts(language)))
    assert key in text
    assert all(text.count(face.text) == 2 for face in FACES)
