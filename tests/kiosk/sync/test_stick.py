"""A village without a line: sealed files on a stick, out and home, any file any number of times in any order."""

import errno
import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from sqlalchemy import Connection

from county.health import list_machines
from county.hub import Hub, create_hub, open_engine
from county.publish import publish_file
from county.registry import begin_epoch
from county.stick import exchange_by_stick as answer_stick
from db import journal, projections
from db.engine import transaction
from db.store import is_log_ended
from db.wire.v1.signed import Key
from kiosk.errors import BadInput, NotAllowed, NotWritable
from kiosk.health import count_unsent, figures_of
from kiosk.sync import stick as writing
from kiosk.sync.memory import County, county_of, keep_county
from kiosk.sync.stick import FOLDER, Exchanged, Way, exchange_by_stick
from tests.sticks import let_in_by_hand
from tests.village import VILLAGE, Village, seeded

GOODS = Path(__file__).parents[3] / "docs" / "samples" / "county-goods.toml"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty hub on SQLite."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    yield made
    made.close()


@pytest.fixture
def village(tmp_path: Path, hub: Hub) -> Iterator[Village]:
    """A village of ten households, let in and never heard of."""
    made = Village(tmp_path / "village")
    for house in range(1, 11):
        made.award(made.household(1, house, "王小明"), 500)
    let_in_by_hand(made.store, hub)
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def plug_in(village: Village, stick: Path, way: Way = "both") -> Exchanged:
    """The stick is at the village."""
    return exchange_by_stick(village.store, stick, os.urandom, now=village.now, way=way)


def assert_same(hub: Hub, village: Village) -> None:
    """Both sides hold the same lines and the same tables."""
    with hub.write() as there:
        projections.project(there, VILLAGE)
    with hub.read() as there, village.store.read() as here:
        assert journal.heads(there, VILLAGE) == journal.heads(here, VILLAGE)
        assert projections.digest(there, VILLAGE) == projections.digest(here, VILLAGE)


def test_facts_go_out_and_prices_and_receipt_come_home_when_a_stick_travels(
    hub: Hub, village: Village, stick: Path
) -> None:
    """One call at each end; the next time only what is new travels."""
    unsent = count_unsent(village.store).lines
    assert plug_in(village, stick) == Exchanged(0, unsent, 0)
    publish_file(hub, GOODS, os.urandom)
    done = answer_stick(hub, stick)
    assert (done.stored, done.villages, done.skipped) == (unsent, {VILLAGE}, 0)
    assert_same(hub, village)
    assert plug_in(village, stick) == Exchanged(4, 0, 0)
    assert count_unsent(village.store).lines == 0
    village.household(2, 1, "李秀")
    assert plug_in(village, stick) == Exchanged(0, 1, 0)
    assert answer_stick(hub, stick).stored == 1
    assert_same(hub, village)


def test_county_hears_how_the_desk_is_when_a_stick_travels(hub: Hub, village: Village, stick: Path) -> None:
    """As of the day the stick was written: its clock says nothing about the hub's; the lines that came are sent."""
    exchange_by_stick(village.store, stick, os.urandom, now=village.now, figures=figures_of)
    answer_stick(hub, stick)
    with hub.read() as connection:
        [machine] = list_machines(connection)
    assert machine.health is not None
    assert (machine.health.unsent, machine.health.printer, machine.health.ahead) == (0, "unset", None)
    assert machine.known.program == f"kiosk {version('kiosk')}"


def test_nothing_is_readable_when_a_stick_is_lost(village: Village, stick: Path) -> None:
    """No name, no kind of fact, nothing but numbers in file names."""
    plug_in(village, stick)
    for file in (stick / FOLDER).iterdir():
        data = file.read_bytes()
        assert "王小明".encode() not in data
        assert b"household" not in data


def test_torn_and_foreign_files_are_left_aside_when_a_stick_is_read(hub: Hub, village: Village, stick: Path) -> None:
    """Pulled too early, renamed, somebody's photographs: skipped and counted, everything else is taken."""
    plug_in(village, stick)
    [parcel] = (stick / FOLDER).iterdir()
    (stick / FOLDER / "IMG_2044.jpg").write_bytes(b"\xff\xd8")
    whole = parcel.read_bytes()
    for content in (b"", whole[:-1], whole + b"x", whole[:200]):
        parcel.write_bytes(content)
        assert (answer_stick(hub, stick).stored, answer_stick(hub, stick).skipped) == (0, 1)
    parcel.write_bytes(whole)
    assert answer_stick(hub, stick).skipped == 0
    assert_same(hub, village)


def test_stranger_is_left_aside_when_nobody_let_it_in(hub: Hub, tmp_path: Path, stick: Path) -> None:
    """A terminal the county does not know puts nothing into the store, and gets no answer."""
    stranger = Village(tmp_path / "stranger", "stranger")
    key = Key(os.urandom(32))
    with pytest.raises(NotAllowed, match="not_enrolled"):
        plug_in(stranger, stick)
    with transaction(stranger.store.engine, is_write=True) as connection:
        keep_county(connection, VILLAGE, County("", hub.key.public, hub.key.sealing, key))
    plug_in(stranger, stick)
    done = answer_stick(hub, stick)
    assert (done.stored, done.written, done.skipped) == (0, 0, 1)
    stranger.close()


def test_answer_is_believed_only_when_the_county_signed_it(
    hub: Hub, village: Village, stick: Path, tmp_path: Path
) -> None:
    """Another hub that knows the village's key still is not the county."""
    (tmp_path / "other").mkdir()
    other = create_hub(open_engine(tmp_path / "other"), seeded("other"))
    plug_in(village, stick)
    publish_file(hub, GOODS, os.urandom)
    answer_stick(hub, stick)
    with transaction(village.store.engine, is_write=True) as connection:
        county = keep_other(connection, other)
    assert plug_in(village, stick).skipped == 1
    with transaction(village.store.engine, is_write=True) as connection:
        keep_county(connection, VILLAGE, county)
    assert plug_in(village, stick).received == 4
    other.close()


def keep_other(connection: Connection, other: Hub) -> County:
    """Let the village believe another hub; return what it believed before."""
    county = county_of(connection, VILLAGE)
    assert county is not None
    keep_county(connection, VILLAGE, County("", other.key.public, other.key.sealing, county.key))
    return county


def test_stick_is_refused_when_it_cannot_be_written(village: Village, stick: Path) -> None:
    """A file where the folder should be; nothing is half done."""
    (stick / FOLDER).write_bytes(b"")
    with pytest.raises(NotWritable, match="stick_not_usable"):
        plug_in(village, stick)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errno.ENOSPC, "stick_full"),
        (errno.EROFS, "stick_read_only"),
        (errno.EIO, "stick_pulled"),
        (errno.ELOOP, "stick_not_usable"),
    ],
)
def test_what_was_there_stays_when_a_stick_cannot_be_written(
    village: Village, stick: Path, monkeypatch: pytest.MonkeyPatch, error: int, code: str
) -> None:
    """Full, locked, pulled: each has its sentence; the parcel of before is whole, and no half of a new one is there."""
    plug_in(village, stick)
    before = {file.name: file.read_bytes() for file in (stick / FOLDER).iterdir()}
    village.household(3, 1, "赵六")

    def fail(_handle: int) -> None:
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(NotWritable, match=code):
            plug_in(village, stick, "out")
    assert {file.name: file.read_bytes() for file in (stick / FOLDER).iterdir()} == before
    assert plug_in(village, stick, "out").written == count_unsent(village.store).lines
    assert len(list((stick / FOLDER).iterdir())) == 1


def test_stick_is_refused_when_it_gives_back_something_else(
    village: Village, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worn stick that takes everything: the file is read back, and goes."""
    monkeypatch.setattr(writing, "write_durably", lambda file, data: file.write_bytes(data[:-1] + b"?"))
    with pytest.raises(NotWritable, match="stick_not_sound"):
        plug_in(village, stick, "out")
    assert list((stick / FOLDER).iterdir()) == []


def test_stick_is_refused_when_it_is_gone(village: Village, stick: Path) -> None:
    """Pulled between the question and the writing."""
    stick.rmdir()
    for way in ("out", "home"):
        with pytest.raises(NotWritable, match="stick_pulled"):
            plug_in(village, stick, "out" if way == "out" else "home")


def spoil(folder: Path, how: str) -> None:
    """Do to a stick's folder what happens to sticks."""
    homeward = list(folder.glob("to-*"))
    for file in homeward:
        if how == "torn":
            file.write_bytes(file.read_bytes()[:100])
        elif how == "another":
            file.rename(folder / file.name.replace("to-0123", "to-0124"))
        else:
            file.unlink()
    (folder / "IMG_2044.jpg").write_bytes(b"\xff\xd8")


@pytest.mark.parametrize(
    ("how", "code"),
    [("torn", "stick_torn"), ("another", "stick_of_another"), ("photographs", "stick_without_answer")],
)
def test_nothing_is_taken_when_a_stick_is_of_no_use(
    hub: Hub, village: Village, stick: Path, how: str, code: str
) -> None:
    """Each has its own sentence, and nothing here has changed."""
    with pytest.raises(BadInput, match="stick_without_answer"):
        plug_in(village, stick, "home")
    plug_in(village, stick, "out")
    publish_file(hub, GOODS, os.urandom)
    answer_stick(hub, stick)
    spoil(stick / FOLDER, how)
    unsent = count_unsent(village.store)
    with pytest.raises(BadInput, match=code):
        plug_in(village, stick, "home")
    assert count_unsent(village.store) == unsent


def test_lines_go_again_when_the_hub_was_restored(hub: Hub, village: Village, stick: Path, tmp_path: Path) -> None:
    """A hub of before in a new epoch says that lines are missing; the next stick brings them."""
    plug_in(village, stick)
    backup = (tmp_path / "county.db").read_bytes()
    answer_stick(hub, stick)
    plug_in(village, stick)
    assert count_unsent(village.store).lines == 0
    village.household(3, 2, "赵六")
    hub.engine.dispose()
    (tmp_path / "county.db").write_bytes(backup)
    with hub.write() as connection:
        hub.epoch = begin_epoch(connection, os.urandom)
    plug_in(village, stick)
    done = answer_stick(hub, stick)
    assert (done.stored, [why for _file, why in done.aside]) == (0, ["gap"])
    plug_in(village, stick)
    assert answer_stick(hub, stick).aside == []
    plug_in(village, stick)
    assert count_unsent(village.store).lines == 0
    assert_same(hub, village)


def test_own_log_is_ended_when_the_county_holds_more_of_it(hub: Hub, village: Village, stick: Path) -> None:
    """A store that was put back from a copy by hand: its log is never written a second time."""
    copy = village.file.read_bytes()
    village.household(4, 1, "孙七")
    plug_in(village, stick)
    answer_stick(hub, stick)
    village.store.engine.dispose()
    village.file.write_bytes(copy)
    plug_in(village, stick)
    with village.store.read() as connection:
        assert is_log_ended(connection, VILLAGE)
