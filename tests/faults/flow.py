"""A morning at the till and an evening with a meeting, recorded: what the fault tests cut, fill up and interrupt."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from db.line import Stamp
from db.store import Store
from kiosk.domain.day_close import cash_up_day
from kiosk.domain.people import HouseholdPlace, register_household
from kiosk.domain.period import open_day
from tests.faults.evening import EveningDesk, evening_desk
from tests.faults.recording import Recording, Said, listen_to, record, rows_of
from tests.ready import Ready, later, ready_desk

Action = Callable[[Store], object]


@dataclass(frozen=True)
class Recorded:
    """Recorded actions: the store's bytes before them, what was said in each, and the operations on files."""

    before: bytes
    heard: list[list[Said]]
    recording: Recording


def actions_at(desk: Ready, now: Callable[[], Stamp] = later) -> list[Action]:
    """Redeem, award, register, close and open the day, redeem again; each at the moment the clock says then."""
    by = desk.known.operator
    return [
        lambda store: desk.redeem(store, at=now()),
        lambda store: desk.award(store, at=now()),
        lambda store: desk.redeem(store, 3, at=now()),
        lambda store: register_household(store, HouseholdPlace(4, 1), "赵新", now=now(), by=by),
        lambda store: cash_up_day(store, 0, now=now(), by=by),
        lambda store: open_day(store, "2026-11-23", now=now(), by=by),
        lambda store: desk.redeem(store, at=now()),
        lambda store: desk.award(store, at=now()),
    ]


@cache
def morning() -> Recorded:
    """Record the morning, once a process, and check that both files hold the same rows in the end."""
    with TemporaryDirectory() as folder:
        desk = ready_desk(Path(folder))
        return _recorded(desk, actions_at(desk))


@cache
def evening() -> Recorded:
    """Record an evening with a meeting in the same way."""
    with TemporaryDirectory() as folder:
        desk = evening_desk(Path(folder))
        return _recorded(desk, list(desk.actions().values()))


def _recorded(desk: Ready | EveningDesk, actions: list[Action]) -> Recorded:
    before = desk.file.read_bytes()
    store = desk.open()
    heard = listen_to(store, actions)
    store.close()
    recording = record(before, heard)
    assert rows_of(recording.states[-1]) == rows_of(desk.file.read_bytes())
    return Recorded(before, heard, recording)
