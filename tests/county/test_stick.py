"""A stick at the county: what cannot be used is named with its reason; what was on it stays until there is better."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from county import stick as answering
from county.cli import app
from county.hub import Hub, create_hub, open_engine
from county.publish import publish_file
from county.stick import exchange_by_stick as answer_stick
from kiosk.sync.stick import FOLDER, exchange_by_stick
from tests.sticks import let_in_by_hand
from tests.village import Village, seeded

GOODS = Path(__file__).parents[2] / "docs" / "samples" / "county-goods.toml"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty hub."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path, hub: Hub) -> Iterator[Path]:
    """A stick of a village that was let in."""
    folder = tmp_path / "stick"
    folder.mkdir()
    village = Village(tmp_path / "village")
    let_in_by_hand(village.store, hub)
    exchange_by_stick(village.store, folder, os.urandom, now=village.now)
    yield folder
    village.close()


def test_answers_of_before_stay_when_the_stick_cannot_be_written(
    hub: Hub, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full or pulled in the middle: no half file, and what the village can read already is still there."""
    answer_stick(hub, stick)
    before = {file.name for file in (stick / FOLDER).iterdir()}
    publish_file(hub, GOODS)

    def fail(_file: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(answering, "write_durably", fail)
        with pytest.raises(OSError, match="No space"):
            answer_stick(hub, stick)
    assert {file.name for file in (stick / FOLDER).iterdir()} == before
    answer_stick(hub, stick)
    assert {file.name for file in (stick / FOLDER).iterdir()} != before


def test_officer_reads_what_to_do_when_a_stick_is_of_no_use(hub: Hub, stick: Path, tmp_path: Path) -> None:
    """A stick without the folder, a torn file among photographs, a stick that is in order: a sentence each."""
    hub.engine.dispose()

    def run(folder: Path) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["stick", str(folder)], env={"COUNTY_HOME": str(tmp_path)})
        return done.exit_code, done.output

    code, said = run(tmp_path / "village")
    assert (code, "not a stick of a village" in said) == (1, True)
    (stick / FOLDER / "IMG_2044.jpg").write_bytes(b"\xff\xd8")
    [parcel] = (stick / FOLDER).glob("from-*")
    whole = parcel.read_bytes()
    parcel.write_bytes(whole[:-1])
    code, said = run(stick)
    assert (code, "Villages: none" in said, f"Left aside: {parcel.name}: not whole" in said) == (0, True, True)
    parcel.write_bytes(whole)
    code, said = run(stick)
    assert (code, "Villages: 0123" in said, "The stick may be pulled" in said) == (0, True, True)
