"""The name stands there before the disk has answered, and nothing is said to be done before it is."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from kiosk.app import meanings_of
from kiosk.devices.scanner.scan import Wire, make_scan
from kiosk.domain.meeting_end import end_meeting
from kiosk.domain.sign_in import sign_in_card
from kiosk.errors import Refused
from kiosk.screens.meeting import arrivals
from kiosk.station import Signal
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.meeting.assembly import Assembly, Door
from tests.screens import WAIT_SECONDS


@pytest.fixture
def hall(tmp_path: Path) -> Assembly:
    """A hall with three members."""
    return office_in(tmp_path / "hall", Assembly)


@contextmanager
def slow_disk(monkeypatch: pytest.MonkeyPatch, commit: Callable[..., Any] = sign_in_card) -> Iterator[None]:
    """Hold every sign-in up until the block ends."""
    answers = threading.Event()

    def held_up(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401  because it stands for whatever commits
        assert answers.wait(WAIT_SECONDS)
        return commit(*arguments, **named)

    monkeypatch.setattr(arrivals, "sign_in_card", held_up)
    try:
        yield
    finally:
        answers.set()


def put(door: Door, number: str) -> None:
    """Scan a card and wait for nothing."""
    for heard in meanings_of(make_scan(number, Wire.SIMULATED, monotonic())):
        door.at.app.turns.put(heard)


async def test_name_stands_there_and_nothing_is_done_while_the_commit_is_held_up(
    hall: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large and at once, over a head count that differs too; time, count and tone come with the commit."""
    hall.opened()
    async with hall.at_door() as door:
        await door.press("plus", "2", "plus")
        assert door.shows("比签到多2人")
        with slow_disk(monkeypatch):
            put(door, hall.cards[hall.wang_ming])
            await door.at.until(lambda: door.shows("王　明", "请稍等"))
            assert not door.shows("已签到")
            assert door.shows("实到0")
            assert door.at.devices.tones == []
        await door.at.settle()
        await door.rest()
        assert door.shows("王　明", "已签到 08:00", "应到3  实到1", "08:00  王明", "清点2人：按 + 结束会议")
        assert door.at.devices.tones == [Signal.CARD]
        assert not door.shows("请稍等")


async def test_second_scan_says_since_when_only_after_the_commit(
    hall: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name first, as of anybody; then that they are here already."""
    hall.opened()
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming], hall.cards[hall.wang_fang])
        with slow_disk(monkeypatch):
            put(door, hall.cards[hall.wang_ming])
            await door.at.until(lambda: door.shows("王　明", "请稍等"))
            assert not door.shows("已签到")
        await door.at.settle()
        assert door.shows("王　明", "早就签过了：08:00 已签到", "应到3  实到2")


@pytest.mark.parametrize("is_on_roll", [False, True])
async def test_name_goes_when_the_commit_is_refused(
    hall: Assembly, monkeypatch: pytest.MonkeyPatch, *, is_on_roll: bool
) -> None:
    """The refusal stands over what stood there before, the roll too, with its tone alone."""
    hall.opened()

    def refused(*_arguments: object, **_named: object) -> None:
        raise Refused("day_not_open")

    async with hall.at_door() as door:
        if is_on_roll:
            await door.press("asterisk")
        before = door.screen.desk_state
        with slow_disk(monkeypatch, refused):
            put(door, hall.cards[hall.wang_ming])
            await door.at.until(lambda: door.shows("王　明", "请稍等"))
        await door.at.settle()
        assert door.at.refusal() == "day_not_open"
        assert not door.shows("王　明")
        assert not door.shows("请稍等")
        assert door.screen.desk_state == before
        assert door.at.devices.tones == [Signal.REFUSAL]


async def test_name_goes_when_the_meeting_ends_between_name_and_commit(
    hall: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sheet of the end stands there with the refusal; nobody is told that they came."""
    meeting = hall.opened()
    hall.begin(meeting)

    def too_late(store: Any, *arguments: Any, now: Any, by: int) -> object:  # noqa: ANN401  because they are handed on
        end_meeting(store, meeting, now=now, by=by)
        return sign_in_card(store, *arguments, now=now, by=by)

    async with hall.at_door() as door:
        with slow_disk(monkeypatch, too_late):
            put(door, hall.cards[hall.wang_ming])
            await door.at.until(lambda: door.shows("王　明", "请稍等"))
        await door.at.settle()
        assert door.at.refusal() == "meeting_has_ended"
        assert door.shows("会议已结束", "缺席3")
        assert not door.shows("王　明")
