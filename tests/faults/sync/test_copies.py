"""A terminal is not what the county knows: its image was copied, or an older copy was put back."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from db.store import Store
from kiosk.continuation import go_on_in_next_log
from kiosk.errors import Refused
from tests.faults.sync.ends import Ends, ends_in
from tests.ready import Ready


def going_on(desk: Ready) -> Store:
    """Open a desk's store as the program does, which goes on by itself where its log was ended."""
    return replace(desk.open(), continuation=go_on_in_next_log)


def redeem(desk: Ready, times: int, quantity: int = 1) -> None:
    """Redeem so often at a desk that goes on by itself."""
    store = going_on(desk)
    for _ in range(times):
        desk.redeem(store, quantity)
    store.close()


def redemptions(desk: Ready) -> int:
    """How many redemptions a desk knows of."""
    store = desk.open()
    with store.read() as connection:
        count: int = connection.exec_driver_sql("SELECT count(*) FROM redemption").scalar_one()
    store.close()
    return count


@pytest.mark.parametrize(("original", "clone"), [(3, 1), (1, 3), (2, 2)], ids=["shorter", "longer", "as long"])
def test_every_sale_counts_once_when_the_image_of_a_terminal_was_copied(
    tmp_path: Path, original: int, clone: int
) -> None:
    """The second to report is told with 76, goes on in a log of its own, and both branches are there, once."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        ends.settle()
        copied = Ends(Ready(Path(shutil.copytree(ends.desk.home, tmp_path / "clone")), ends.desk.known), ends.county)
        redeem(ends.desk, original)
        redeem(copied.desk, clone, quantity=2)
        assert ends.sync().code == 0
        said = copied.sync()
        assert (said.code, said.refusal) == (76, "log_forked")
        with pytest.raises(Refused, match="log_recovered"):
            redeem(copied.desk, 1)
        redeem(copied.desk, 1)
        copied.settle()
        ends.settle()
        copied.settle()
        assert redemptions(ends.desk) == redemptions(copied.desk) == original + clone + 1


def test_every_sale_counts_once_when_an_older_copy_was_put_back(tmp_path: Path) -> None:
    """The lost lines come back, the next sale begins a log by itself, and nothing is written twice."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        ends.settle()
        older = ends.desk.file.read_bytes()
        redeem(ends.desk, 3)
        ends.settle()
        ends.desk.file.write_bytes(older)
        assert ends.sync().values["is_ended"]
        redeem(ends.desk, 2)
        ends.settle()
        assert redemptions(ends.desk) == 5


def test_tables_are_the_same_when_the_older_copy_sold_before_it_reported(tmp_path: Path) -> None:
    """An older copy that went on writing is a second branch: told with 76, kept, and counted once."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        ends.settle()
        older = ends.desk.file.read_bytes()
        redeem(ends.desk, 3)
        ends.settle()
        ends.desk.file.write_bytes(older)
        redeem(ends.desk, 1, quantity=2)
        assert ends.sync().code == 76
        with pytest.raises(Refused, match="log_recovered"):
            redeem(ends.desk, 1)
        ends.settle()
        assert redemptions(ends.desk) == 4
