"""Reports as pictures, in both languages; a change is looked at before it is accepted."""

from pathlib import Path

import pytest

from tests.kiosk.domain.office import office_in
from tests.kiosk.reported import Reported
from tests.kiosk.screens.pictures import PictureBook
from tests.screens import SMALL

PICTURES = {"sources": "15", "months": "152", "goods": "25", "meetings": "35", "persons": "352", "nothing": "26"}


@pytest.mark.parametrize("is_large", [False, True])
async def test_report_looks_as_it_was_looked_at_when_nothing_changed_it(
    tmp_path: Path, book: PictureBook, *, is_large: bool
) -> None:
    """Title, the figure three rows high, the digits of the views, bars with their figures."""
    village = office_in(tmp_path / "desk", Reported)
    async with village.at_desk("reports", book.language, SMALL, is_large=is_large) as at:
        for name, keys in PICTURES.items():
            await at.keys(*keys)
            book.look(at, f"{name}-{book.language}{'-large' if is_large else ''}")
            await at.keys("minus", "minus")
