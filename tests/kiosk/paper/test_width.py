"""Columns of characters on paper and on the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.paper.width import UNKNOWN, columns_of, on_paper, on_screen, plain


@pytest.mark.parametrize("character", "王，（【·×—“…①é𠮷〓")
def test_a_character_takes_two_columns_on_paper_when_it_is_no_single_byte(character: str) -> None:
    """Every double-byte character has the cell of a Chinese one, even where a terminal draws it narrow."""
    assert on_paper(character) == 2
    assert len(character.encode("gb18030")) > 1


@pytest.mark.parametrize(("character", "columns"), [("王", 2), ("，", 2), ("·", 1), ("a", 1), ("\u0301", 0)])
def test_a_character_takes_its_terminal_width_when_it_is_shown(character: str, columns: int) -> None:
    """A slip shown on the screen is measured as the terminal draws it."""
    assert on_screen(character) == columns


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("王\u200b小\ufeff明", "王小明"),
        ("葛\U000e0100城", "葛城"),
        ("5\u00a0¥", "5 ￥"),
        ("a\r\n\x1b@b\x00", "a@b"),
        ("cafe\u0301", "café"),
        ("\ud840x", f"{UNKNOWN}x"),
    ],
)
def test_invisible_characters_go_when_a_text_is_made_plain(text: str, kept: str) -> None:
    """What has no width on paper must not take part in counting, and no control byte may reach a printer."""
    assert plain(text) == kept


def test_a_name_stays_as_it_is_when_unicode_would_unify_it() -> None:
    """A compatibility character of a name is not replaced by its normal form."""
    assert plain("郎\uf92c") == "郎\uf92c"


@given(st.text())
def test_every_text_can_be_encoded_for_the_printer_when_plain(text: str) -> None:
    """No text of the world raises on its way to the printer, and none carries a control byte."""
    kept = plain(text)
    assert columns_of(kept, on_paper) >= len(kept)
    assert min(kept.encode("gb18030"), default=0x20) >= 0x20
