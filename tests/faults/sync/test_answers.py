"""What answers is late, doubled, old, out of order or somebody else: nothing counts twice, nobody else is believed."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from county.hub import Hub
from county.value import set_value
from db.journal import Sealed, heads
from db.wire.v1.frame import FrameReader, make_frame
from db.wire.v1.signed import Key
from kiosk.errors import TryAgain
from kiosk.sync import client
from tests.faults.sync.bench import Bench
from tests.faults.sync.ends import FACTS, Ends, ends_in, publish
from tests.faults.sync.wire import InProcess, body_of
from tests.line import Line, Portal, Stall, answered, doubled, page

HUGE = 50 * 2**20
KEY_NAME = "key"
"""Under this name the hub keeps its own key."""


PAGES = {
    "welcome": page("200 OK", b"<html>Welcome to the free network</html>"),
    "redirect": page("302 Found", b""),
    "log in": page("401 Unauthorized", b"<html>Please log in</html>"),
    "forbidden": page("403 Forbidden", b"revoke"),
    "proxy": page("407 Proxy Authentication Required", b""),
    "conflict": page("409 Conflict", b"<html></html>"),
    "gateway": page("502 Bad Gateway", b"<html></html>"),
    "huge": page("200 OK", b"x" * HUGE),
    "huge no": page("403 Forbidden", b"x" * HUGE),
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "nothing": b"",
}
"""What answers in the county's place."""


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[Ends]:
    """A desk and a county that serves."""
    with ends_in(tmp_path) as made:
        made.county.start()
        yield made


def recorded(ends: Ends) -> dict[int, bytes]:
    """What the hub answers in a session that goes well, by exchange: hello, push, and two calls to pull."""
    hub = ends.hub()
    publish(hub, 0)
    hub.close()
    with Line(ends.county.port) as line:
        assert ends.sync(line.address).code == 0
        return line.heard


def test_lines_count_once_when_answers_come_late(ends: Ends) -> None:
    """The answer to the push comes when the terminal has been killed for its patience; the next report is told."""
    stall = Stall([("down", 2)])
    with Line(ends.county.port, stall) as line:
        running = ends.begin_sync(line.address)
        stall.wait_until_reached()
        running.end()
        stall.go_on()
    assert ends.held().popitem()[1] == FACTS
    assert ends.settle().values["sent"] == 0


def test_lines_count_once_when_every_answer_comes_twice(ends: Ends) -> None:
    """The second copy is an answer to nothing: whatever the terminal makes of it, the next report finds all there."""
    with Line(ends.county.port, doubled) as line:
        assert ends.sync(line.address).code in (0, 75)
    assert ends.settle().code == 0


def test_old_answers_are_no_answers_when_they_come_again(ends: Ends) -> None:
    """Everything the hub said last time, word by word: the first of them does not repeat the number of this hello."""
    answers = recorded(ends)
    ends.award()
    with Portal(*answers.values()) as portal:
        said = ends.sync(portal.address)
        assert portal.asked == 1
    assert (said.code, said.refusal) == (75, "county_not_itself")
    assert ends.settle().values["sent"] == 1


def test_answers_are_not_believed_when_they_come_in_another_order(ends: Ends) -> None:
    """What belongs to the push answers the hello, and so on: each kind is signed for what it is."""
    answers = recorded(ends)
    for order in ((2, 1), (3, 1), (4, 2)):
        with Portal(*(answers[number] for number in order)) as portal:
            said = ends.sync(portal.address)
        assert (said.code, said.refusal) == (75, "county_not_itself")
    assert ends.settle().values["sent"] == 0


def test_nothing_is_believed_when_a_portal_answers(ends: Ends) -> None:
    """Any page at all is no answer of the county: try again, and it is told whether nobody or somebody else answers."""
    for name, answer in PAGES.items():
        with Portal(answer) as portal:
            said = ends.sync(portal.address)
        assert (said.code, said.refusal in ("county_not_itself", "county_not_reached")) == (75, True), name
    assert ends.settle().values["sent"] == FACTS


def in_no_time() -> None:
    """Let a report last a quarter of a second at most."""
    client.LONGEST_SECONDS = 0.25  # type: ignore[misc]  # because a test does not wait for hours


def test_report_ends_when_an_answer_drips_for_ever(ends: Ends) -> None:
    """Byte after byte, never silent for long: the next report must be able to begin."""
    with Portal(page("200 OK", b"x" * 100_000), drips=True) as portal:
        said = ends.sync(portal.address, in_no_time)
    assert (said.code, said.refusal) == (75, "county_not_reached")
    ends.settle()


def test_nothing_is_believed_when_another_hub_answers(ends: Ends) -> None:
    """It knows the terminal, its village and its log, and says everything rightly, but with another key."""
    hub = ends.hub()
    with hub.write() as connection:
        set_value(connection, KEY_NAME, Key(b"\x05" * 32).seed.hex())
    hub.close()
    ends.county.restart()
    said = ends.sync()
    assert (said.code, said.refusal) == (75, "county_not_itself")


class Stale(InProcess):
    """Somebody on the line who gives the first answer to a push again and again."""

    def __init__(self, hub: Hub) -> None:
        """Know no answer yet."""
        super().__init__(hub)
        self.first: httpx.Response | None = None
        self.again = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a push as the first one was answered."""
        if request.method == "PUT" and self.first is not None:
            self.again += 1
            return copy_of(self.first, request)
        answer = super().handle_request(request)
        self.first = copy_of(answer, request) if request.method == "PUT" else self.first
        return answer


def copy_of(answer: httpx.Response, request: httpx.Request) -> httpx.Response:
    """The same answer once more."""
    body, headers = b"".join(body_of(answer)), answer.headers.multi_items()
    return httpx.Response(answer.status_code, headers=headers, stream=httpx.ByteStream(body), request=request)


def test_report_ends_when_an_answer_of_before_comes_for_ever() -> None:
    """The county's own words, that it holds what it held then: no reason to send the same again without an end."""
    bench = Bench.laid_out(is_published=False)
    stale, honest = Stale(bench.hub), InProcess(bench.hub)
    bench.report(stale)
    bench.desk.award(bench.store)
    with pytest.raises(TryAgain, match="county_not_itself"):
        bench.report(stale)
    assert stale.again == 1
    bench.report(honest)
    bench.assert_equal()
    for way in (stale, honest):
        way.shut()


class Forger(InProcess):
    """Somebody on the line who changes what the county says, and keeps its word for it."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Put another number into each line that comes down."""
        answer = super().handle_request(request)
        body = b"".join(body_of(answer))
        if request.method != "GET" or not body:
            return answer
        [lines] = FrameReader().feed(body)
        forged = [Sealed(each.line.replace(b'"value":1', b'"value":9'), each.private) for each in lines]
        assert forged != lines
        headers = [(name, value) for name, value in answer.headers.multi_items() if name != "content-length"]
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(make_frame(forged)), request=request)


def test_lines_of_the_county_are_not_taken_when_somebody_changed_them() -> None:
    """Each stays one line of the right log; but their end is not what the county vouches for."""
    bench = Bench.laid_out(is_published=True)
    forger, honest = Forger(bench.hub), InProcess(bench.hub)
    with pytest.raises(TryAgain, match="county_not_itself"):
        bench.report(forger)
    with bench.store.read() as connection:
        assert heads(connection, 0) == {}
    bench.report(honest)
    bench.assert_equal()
    for way in (forger, honest):
        way.shut()


def test_push_is_not_believed_when_a_portal_comes_between(ends: Ends) -> None:
    """The hello was the county's and what follows is not: a page for the push, a page for the lines to pull."""
    portals = (page("200 OK", b"<html>"), page("401 Unauthorized", b"<html>"), page("403 Forbidden", b"revoked"))
    for answer in portals:
        with Line(ends.county.port, answered(2, answer)) as line:
            said = ends.sync(line.address)
        assert said.code == 75, said.complained
        ends.award()
    assert ends.settle().code == 0
