"""A new volunteer practises: six things one by one, on a desk of its own, with nothing but the number pad."""

import sys
from functools import partial
from pathlib import Path

import pytest

from db.store import store_file
from kiosk import launch
from kiosk.bootstrap import build_practice
from kiosk.coach import STEPS
from kiosk.demo.practice import open_practice, practice_home, what_was_done
from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.errors import ExitCode
from kiosk.screens.widgets import coach_line
from kiosk.station import Station
from tests.kiosk.screens.till.counter import PrintingDevices
from tests.screens import Desk, desk

# Enter stands for a scan where there is no paper to scan from.
DEEDS = (
    ("enter",),
    ("enter",),
    ("enter", "enter", "plus"),
    ("enter", "enter", "minus"),
    ("1", "enter", "2", "plus"),
)


def asks(at: Desk, place: int) -> bool:
    """Say whether the menu is there and the coach asks for the thing at this place."""
    return f"练习 {place}/{len(STEPS)}" in at.text() and "要做什么" in at.text() and "对了" not in at.text()


def digit_of(at: Desk, words: str) -> str:
    """Say which digit stands before words of the menu."""
    return next(line.strip()[0] for line in at.lines() if words in line and line.strip()[0].isdigit())


async def test_six_things_are_learned_when_they_are_done_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is praised when it was right, then the next is asked; at the end a paper says so."""
    monkeypatch.setattr(coach_line, "PRAISE_SECONDS", 0.05)
    monkeypatch.setattr(coach_line, "LOOK_SECONDS", 0.05)
    home = tmp_path / "home"
    station = build_practice(home)
    with TcpPrinter() as paper:
        station.devices = PrintingDevices(SlipPrinter(paper.target))
        async with desk(station) as at:
            for place, keys in enumerate(DEEDS, start=1):
                await at.until(partial(asks, at, place))
                await at.keys(*keys)
            await at.until(partial(asks, at, len(STEPS)))
            await at.keys("9")
            await at.keys(digit_of(at, "进货"), "enter", "1", "0", "plus", "plus")
            await at.until(lambda: "会了" in at.text())
            await at.until(lambda: any("村支书签字" in receipt for receipt in paper.receipts))
            await at.keys("minus", "minus", "0")
            await at.until(lambda: "练习到这里，回到真柜台？" in at.text())
    assert not store_file(home).exists()
    store = open_practice(practice_home(home))
    done = what_was_done(store)
    store.close()
    assert (done["signed_in"], done["redemption_made"], done["redemption_voided"], done["delivery_received"]) == (
        1,
    ) * 4
    assert len(STEPS) == len(DEEDS) + 1


def test_the_real_desk_is_closed_and_opened_again_when_somebody_practises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real, practice, real, end: each is a program run of its own, and the practice folder is never the real one."""
    opened: list[str] = []

    def run(station: Station) -> bool:
        opened.append(station.home.name)
        station.close()
        return len(opened) == 1

    monkeypatch.setattr(launch, "_run", run)
    monkeypatch.setattr(sys, "__stdin__", Terminal())
    monkeypatch.setattr(sys, "__stderr__", Terminal())
    assert launch.open_terminal(tmp_path / "home") is ExitCode.DONE
    assert opened == ["home", "practice", "home"]


class Terminal:
    """Something to draw on."""

    def isatty(self) -> bool:
        """Say so."""
        return True
