"""The disk is full at the n-th write, for every n: the action is absent, the store is whole, and goes on with room."""

from pathlib import Path

import apsw
import pytest
from sqlalchemy.exc import OperationalError

from db.store import Store
from kiosk.store_care import explain_failure
from tests.faults.disk import Disk, Write
from tests.faults.figures import Recorder
from tests.faults.flow import Recorded, evening, morning
from tests.faults.recording import NAME, Said, opened, recovered, say
from tests.ready import Ready, ready_desk


def fill_at(before: bytes, said: list[Said], write: int) -> tuple[bool, Disk]:
    """Say an action to a disk that has room for `write` writes; return whether it was confirmed, and the disk then."""
    disk = Disk({NAME: bytearray(before)})
    with opened(disk) as connection:
        disk.writes_left = write
        try:
            say(connection, said)
        except apsw.FullError:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            return False, disk
        return True, disk


def check_every_write(folder: Path, recorded: Recorded, number: int) -> int:
    """Fill the disk at every write of one recorded action, and return how many writes that are."""
    states, said = recorded.recording.states, recorded.heard[number]
    before, after = states[number], states[number + 1]
    for write in range(10_000):
        is_confirmed, disk = fill_at(before, said, write)
        left = recovered(folder, {name: bytes(content) for name, content in disk.files.items()})
        if is_confirmed:
            assert left == after
            return write
        assert left == before
        disk.writes_left = None
        with opened(disk) as connection:
            say(connection, said)
        assert bytes(disk.files[NAME]) == after
    raise AssertionError("the action never ends")


def test_redemption_is_absent_when_the_disk_fills_up_at_any_write(tmp_path: Path, record_property: Recorder) -> None:
    """Every write of one redemption; with room again the same redemption goes through."""
    writes = check_every_write(tmp_path, morning(), 0)
    record_property("figure", f"disk full: at each of {writes} writes of a redemption, 0 half-written")
    assert writes == sum(isinstance(each, Write) for each in morning().recording.operations[: first_end()])


@pytest.mark.torture
@pytest.mark.parametrize("number", range(1, 8))
def test_action_is_absent_when_the_disk_fills_up_at_any_write(tmp_path: Path, number: int) -> None:
    """Every write of the other actions of the morning."""
    assert check_every_write(tmp_path, morning(), number) > 5


@pytest.mark.torture
@pytest.mark.parametrize("number", range(12))
def test_act_of_a_meeting_is_absent_when_the_disk_fills_up_at_any_write(tmp_path: Path, number: int) -> None:
    """Every write of every act of the evening."""
    assert check_every_write(tmp_path, evening(), number) > 5


def first_end() -> int:
    """Where the first action ends among the operations."""
    return next(
        place for place, each in enumerate(morning().recording.operations) if type(each).__name__ == "Confirmed"
    )


def redeem_until_refused(desk: Ready, store: Store) -> tuple[int, str]:
    """Redeem until the store says no; return how many went through, and the code of the refusal."""
    done = 0
    try:
        while done < 10_000:
            desk.redeem(store)
            done += 1
    except OperationalError as error:
        refused = explain_failure(error)
        assert refused is not None
        return done, refused.code
    raise AssertionError("there is always room")


def test_desk_says_so_when_its_own_store_finds_no_room(tmp_path: Path) -> None:
    """Through SQLAlchemy and the domain: a refusal with its own code, nothing written, and work goes on with room."""
    desk = ready_desk(tmp_path / "desk")
    store = desk.open()
    with store.read_in_pieces() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    done, refused = redeem_until_refused(desk, store)
    assert refused == "disk_full"
    with store.read_in_pieces() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM redemption").scalar_one() == done
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    assert desk.redeem(store).number == done + 1
    store.close()
