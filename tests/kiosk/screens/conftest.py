"""What pictures of screens need: a book for each language, and colours that stand still."""

from typing import TYPE_CHECKING

import pytest

from kiosk.locale import LANGUAGES
from kiosk.screens.widgets import status_line
from tests.kiosk.screens.pictures import PictureBook

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


@pytest.fixture(params=LANGUAGES)
def book(request: pytest.FixtureRequest, snapshot: "SnapshotAssertion", monkeypatch: pytest.MonkeyPatch) -> PictureBook:
    """A book of pictures in each language; no mark of a tone comes and goes on the top line."""
    monkeypatch.setattr(status_line.StatusLine, "flash", lambda _line, _signal: None)
    return PictureBook(snapshot, request.param)
