"""The hub is silent for as long as it likes, at every wait of a report: the till sells meanwhile.

A stall ends as soon as the sale that was made meanwhile has been committed, so that the test waits for nothing else.
"""

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from county.hub import open_engine, open_hub
from tests.faults.figures import Recorder
from tests.faults.sync.ends import Ends, ends_in, publish, read_end
from tests.hub import wait_until
from tests.line import LOCAL, Line, Stall
from tests.live import Live
from tests.village import VILLAGE

WAITS = 6
"""Hello, push and pull, each on the way there and on the way back; a pull may be more than one call."""
_SYN_SENT = "02"


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[Ends]:
    """A desk and a county that serves and has said something."""
    with ends_in(tmp_path) as made:
        hub = open_hub(open_engine(made.county.home))
        publish(hub, VILLAGE)
        hub.close()
        made.county.start()
        yield made


@pytest.mark.parametrize("first", [0, 50], ids=["before anything came", "when a part has come"])
def test_sale_is_committed_when_the_hub_is_silent_at_any_wait(
    ends: Ends, first: int, record_property: Recorder
) -> None:
    """A real till sells beside a real report, at each of its waits; the report ends well, and everything arrives."""
    stall, sold = Stall(first=first), 0
    store = ends.store()
    with Line(ends.county.port, stall) as line:
        running = ends.begin_sync(line.address)
        while is_silent_again(stall, sold + 1, running):
            sold += 1
            assert ends.desk.redeem(store).number == sold
            assert running.is_running
            stall.go_on(sold)
        said = read_end(running.wait())
    store.close()
    assert (said.code, sold >= WAITS) == (0, True)
    ends.settle()
    record_property("figure", f"hub silent at each of {sold} waits of a report: {sold} sales committed meanwhile")


def is_silent_again(stall: Stall, count: int, running: Live) -> bool:
    """Wait until the report waits for the hub once more, or has ended; say which."""
    wait_until(lambda: stall.reached >= count or not running.is_running)
    return stall.reached >= count


def test_sale_is_committed_when_the_hub_does_not_even_take_the_call(ends: Ends) -> None:
    """The connection is not taken up: the till sells, and the report ends with 75 when it is refused at last."""
    store = ends.store()
    with ExitStack() as stack:
        deaf = stack.enter_context(closing(socket.socket()))
        deaf.bind((LOCAL, 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        for _ in range(2):
            waiting = stack.enter_context(closing(socket.socket()))
            waiting.settimeout(0)
            waiting.connect_ex((LOCAL, port))
        running = ends.begin_sync(f"http://{LOCAL}:{port}")
        wait_until(lambda: knocking(port) >= 1)
        assert ends.desk.redeem(store).number == 1
        assert running.is_running
    said = read_end(running.wait())
    store.close()
    assert (said.code, said.refusal) == (75, "county_not_reached")
    ends.settle()


def test_till_is_not_held_up_when_a_report_is_killed_in_a_write(ends: Ends) -> None:
    """Killed between two frames it was storing: the next sale finds no lock, and the next report the rest."""
    store = ends.store()
    stall = Stall([("down", 4)])
    with Line(ends.county.port, stall) as line:
        running = ends.begin_sync(line.address)
        stall.wait_until_reached()
        assert running.end(signal.SIGKILL).code == -signal.SIGKILL
        assert ends.desk.redeem(store).number == 1
        stall.go_on()
    store.close()
    ends.settle()


def knocking(port: int) -> int:
    """How many connections to a port are asked for and not taken up."""
    rows = (row.split() for row in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:])
    return sum(row[2].endswith(f":{port:04X}") and row[3] == _SYN_SENT for row in rows)
