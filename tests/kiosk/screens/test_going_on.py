"""What somebody at the desk sees when its log was ended: the job is done, and one sentence says what happened."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from db.engine import transaction
from db.fork import end_own_log, note_fork
from db.store import own_log
from kiosk.clock import ManualClock
from kiosk.domain.card import issue_person_card
from kiosk.domain.continuation import went_on
from kiosk.locale import CHINESE, ENGLISH
from kiosk.settings import Settings
from kiosk.station import Operator
from tests.ready import Ready, later, ready_desk
from tests.screens import LARGE, SMALL, Desk, desk, make_station, real_keeper
from tests.village import VILLAGE

SALT = "6990103300302"


@asynccontextmanager
async def at_till(
    ready: Ready, *, forked: bool, language: str = CHINESE, size: tuple[int, int] = SMALL
) -> AsyncIterator[tuple[Desk, str]]:
    """Stand at the till with Wang's card; a report has just ended the log."""
    store = ready.open()
    card = issue_person_card(store, ready.known.person, now=later(), by=ready.known.operator).number
    store.close()
    clock = ManualClock(later().at, boot=9, mono=later().mono + 1)
    settings = Settings(village_name="云岭村", help_phone="0857-0000000", language=language)
    station = make_station(ready.home, keeper=real_keeper(ready.home, clock), clock=clock, settings=settings)
    station.operator = Operator(ready.known.operator, "周会计")
    async with desk(station, size) as at:
        await at.open("till")
        assert station.store is not None
        with transaction(station.store.engine, is_write=True) as connection:
            if forked:
                note_fork(connection, VILLAGE, own_log(connection, VILLAGE), ready.known.lines)
            else:
                end_own_log(connection, VILLAGE)
        yield at, card


async def sell(at: Desk, card: str) -> None:
    """Card, goods, confirmed."""
    await at.scan(card, SALT)
    await at.keys("plus")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_sale_is_as_any_other_when_the_log_was_ended(tmp_path: Path, size: tuple[int, int]) -> None:
    """Two scans and a key; home says afterwards what happened and what to do."""
    ready = ready_desk(tmp_path / "desk")
    async with at_till(ready, forked=False, size=size) as (at, card):
        await sell(at, card)
        assert at.refusal() is None
        assert "已兑换" in at.text()
        at.app.go_home()
        await at.until(lambda: "账本是旧的" in at.text())
        assert re.search(r"已换成\d+号机", at.text())
        assert "缺的账上报后会补回来" in at.text()


async def test_home_says_it_in_english_when_that_is_the_language(tmp_path: Path) -> None:
    """Nothing of it is cut off."""
    ready = ready_desk(tmp_path / "desk")
    async with at_till(ready, forked=False, language=ENGLISH) as (at, card):
        await sell(at, card)
        at.app.go_home()
        await at.until(lambda: "older copy" in at.text())
        assert re.search(r"now till \d+", " ".join(at.text().split()))


async def test_sale_is_refused_once_and_done_after_the_badge_when_the_machine_was_copied(tmp_path: Path) -> None:
    """What was on the screen may have another number by now: a badge, the card again, and it is done."""
    ready = ready_desk(tmp_path / "desk")
    async with at_till(ready, forked=True) as (at, card):
        await sell(at, card)
        assert at.refusal() == "log_recovered"
        assert "请重刷工作证" in at.text()
        station = at.app.station
        assert station.operator is None
        at.app.go_home()
        await at.until(lambda: "这台机器被复制过" in at.text())
        await at.scan(ready.known.badge)
        await at.until(lambda: station.operator is not None)
        at.app.go_home()
        await at.open("till")
        await sell(at, card)
        assert "已兑换" in at.text()


def test_desk_goes_on_when_it_is_opened(tmp_path: Path) -> None:
    """At the start nobody has asked for anything: it is done before the first frame shows the books."""
    ready = ready_desk(tmp_path / "desk")
    for fork in (None, ready.known.lines):
        store = ready.open()
        with transaction(store.engine, is_write=True) as connection:
            if fork is None:
                end_own_log(connection, VILLAGE)
            else:
                note_fork(connection, VILLAGE, own_log(connection, VILLAGE), 4)
        store.close()
        opened = real_keeper(ready.home, ManualClock(later().at)).open()
        with opened.read() as connection:
            begun = went_on(connection, VILLAGE)
        assert begun is not None
        assert begun.cause == ("older" if fork is None else "copied")
        opened.close()
