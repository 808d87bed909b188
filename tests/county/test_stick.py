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
from kiosk.health import count_unsent
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
def village(tmp_path: Path, hub: Hub) -> Iterator[Village]:
    """A village that was let in."""
    made = Village(tmp_path / "village")
    let_in_by_hand(made.store, hub)
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path, village: Village) -> Path:
    """The stick of the village, written."""
    folder = tmp_path / "stick"
    folder.mkdir()
    exchange_by_stick(village.store, folder, os.urandom, now=village.now)
    return folder


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


def test_village_is_heard_and_answered_when_its_stick_is_full_of_other_files(
    hub: Hub, village: Village, stick: Path
) -> None:
    """Folders with names of ours, files larger than any memory, names in no alphabet: each end takes its own."""
    digest, folder = "0" * 16, stick / FOLDER
    for name in (f"from-0123-7-1-{digest}", f"to-0123-0-9-{digest}", f"ask-0123-7-{digest}", f"set-up-0123-{digest}"):
        (folder / f"{name}.kiosk").mkdir()
    for name in (f"from-0123-7-2-{digest}", f"to-0123-0-8-{digest}", f"ask-0124-7-{digest}", f"set-up-0124-{digest}"):
        with (folder / f"{name}.kiosk").open("wb") as huge:
            huge.truncate(2**40)
    os.mkfifo(folder / f"from-0123-7-3-{digest}.kiosk")
    (folder / os.fsdecode(b"\xff\xfe.kiosk")).write_bytes(b"")
    (folder / "WPSettings.dat").write_bytes(b"\0" * 12)
    publish_file(hub, GOODS)
    unsent = count_unsent(village.store).lines
    done = answer_stick(hub, stick)
    assert (done.stored, {why for _name, why in done.aside}, len(done.aside)) == (unsent, {"torn"}, 5)
    home = exchange_by_stick(village.store, stick, os.urandom, now=village.now)
    assert (home.received, count_unsent(village.store).lines) == (4, 0)


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
