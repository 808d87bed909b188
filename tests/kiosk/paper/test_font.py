"""The font of the project and what it can draw."""

import pytest

from kiosk.paper.font import COLUMN_FACE, FACE, FAMILY, drawable, font_file, missing_in
from tests.kiosk.paper.contents import HARD_NAMES


def test_rare_names_can_be_drawn_when_set_in_our_font() -> None:
    """Names with characters of the extensions A and B, and the punctuation of Uyghur names, have glyphs."""
    assert [missing_in(name) for name in HARD_NAMES] == [None] * len(HARD_NAMES)


@pytest.mark.parametrize("character", ["\U00031350", "\ue000", "ᠠ"])
def test_the_character_is_named_when_the_font_lacks_it(character: str) -> None:
    """Extension H, private use and Mongolian are not in the font."""
    assert missing_in(f"王{character}明") == character


def test_face_numbers_mean_the_simplified_faces_when_the_package_changes() -> None:
    """The numbers point at the families that templates and slips ask for."""
    from fontTools.ttLib import TTFont

    names = []
    for face in (FACE, COLUMN_FACE):
        with TTFont(font_file(), fontNumber=face, lazy=True) as font:
            names.append(font["name"].getDebugName(1))
    assert names == [FAMILY, "Noto Sans Mono CJK SC"]
    assert len(drawable()) > 40_000
