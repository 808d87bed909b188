"""The question which stick: only asked where there is a choice."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kiosk import sticks
from kiosk.errors import NotWritable
from kiosk.screens.modals.stick import ask_stick
from tests.screens import make_station

if TYPE_CHECKING:
    from kiosk.screens.modals.choice import ChoiceModal
    from kiosk.station import Station


class Asker:
    """Stands for a screen: remembers what it is asked and gives an answer made ready."""

    def __init__(self, station: "Station", answer: int | None) -> None:
        """Answer `answer`."""
        self.station, self.answer = station, answer
        self.asked: list[ChoiceModal] = []

    def say(self, key: str, **values: object) -> str:
        """Give a text."""
        return self.station.texts(key, **values)

    async def ask(self, question: Any) -> int | None:  # noqa: ANN401  because it stands for any question
        """Remember and answer."""
        self.asked.append(question)
        return self.answer


@pytest.mark.parametrize(
    ("names", "answer", "chosen", "is_asked"),
    [(["A"], None, "A", False), (["A", "B"], 1, "B", True), (["A", "B"], None, None, True)],
)
async def test_stick_is_asked_for_when_there_are_several(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    answer: int | None,
    chosen: str | None,
    *,
    is_asked: bool,
) -> None:
    """One stick is taken as it is; of two a digit decides, or nobody."""
    folders = [tmp_path / name for name in names]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr(sticks, "find_sticks", lambda: folders)
    asker = Asker(make_station(tmp_path / "home"), answer)
    given = await ask_stick(asker)  # type: ignore[arg-type]  # because it stands for a screen
    assert given == (None if chosen is None else tmp_path / chosen)
    assert bool(asker.asked) == is_asked


async def test_stick_is_missed_when_none_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is gone is no stick."""
    monkeypatch.setattr(sticks, "find_sticks", lambda: [tmp_path / "gone"])
    asker = Asker(make_station(tmp_path / "home"), 0)
    with pytest.raises(NotWritable, match="stick_absent"):
        await ask_stick(asker)  # type: ignore[arg-type]  # because it stands for a screen
