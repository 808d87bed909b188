"""Code 128 as bars."""

import pytest

from kiosk.paper.bars import bars, modules
from tests.kiosk.paper.contents import card_code


def test_sixteen_digits_are_123_modules_when_drawn_in_pairs() -> None:
    """One bar is one rectangle, and the rectangles give back the modules."""
    code = card_code(25, 1)
    drawn = ["0"] * len(modules(code))
    for start, width in bars(code):
        drawn[start : start + width] = "1" * width
    assert "".join(drawn) == modules(code)
    assert len(drawn) == 123
    assert all(drawn[start + width : start + width + 1] != ["1"] for start, width in bars(code))


def test_a_code_is_refused_when_the_library_would_drop_digits() -> None:
    """A code that begins with 99 loses its first pair in the library; a wrong barcode is worse than none."""
    with pytest.raises(ValueError, match="pairs"):
        modules("9901232345678967")
