"""A village without a line: sealed files on a stick, out and home, any file any number of times in any order."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from county.hub import Hub, create_hub, open_engine
from county.publish import publish_file
from county.registry import decide, enrol, make_code
from county.stick import exchange_by_stick as answer_stick
from db import journal, projections
from db.engine import transaction
from db.store import own_log
from db.wire.v1.message import Enrolment
from db.wire.v1.signed import Key
from kiosk.errors import NotAllowed, NotWritable
from kiosk.health import count_unsent
from kiosk.sync.memory import County, county_of, keep_county
from kiosk.sync.stick import FOLDER, Exchanged, exchange_by_stick
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
    let_in(made, hub)
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def let_in(village: Village, hub: Hub) -> None:
    """What enrolment leaves on both sides."""
    key = Key(os.urandom(32))
    with village.store.read() as connection:
        log = own_log(connection, VILLAGE)
    with hub.write() as connection:
        code = make_code(connection, VILLAGE, hub.now(), os.urandom)
        said = Enrolment(village=VILLAGE, log=log, code=code, key=key.public, sealing=key.sealing, program="kiosk 1")
        enrol(connection, said, hub.now())
        decide(connection, VILLAGE, log, "active", hub.now())
    with transaction(village.store.engine, is_write=True) as connection:
        keep_county(connection, VILLAGE, County("", hub.key.public, hub.key.sealing, key))


def plug_in(village: Village, stick: Path) -> Exchanged:
    """The stick is at the village."""
    return exchange_by_stick(village.store, stick, os.urandom, now=village.now)


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
    with pytest.raises(NotWritable, match="file_not_written"):
        plug_in(village, stick)
