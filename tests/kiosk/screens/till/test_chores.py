"""What nobody waits for: the basket is written down in the end as it is, and never after it was booked."""

import asyncio
from typing import TYPE_CHECKING, cast

import pytest

from kiosk.domain.basket import BasketLine, KeptBasket
from kiosk.errors import NotAllowed, Refused
from kiosk.screens.till import chores
from kiosk.screens.till.chores import EMPTY, BasketKeeper

if TYPE_CHECKING:
    from kiosk.station import Station


def basket(count: int) -> KeptBasket:
    """A basket of so many steps."""
    return KeptBasket(None, (BasketLine(1, 1),) * count)


class SlowStore:
    """A station whose store takes its time and remembers what it was told to write."""

    def __init__(self, refusal: Refused | None = None) -> None:
        """Refuse every write, or none."""
        self.written: list[KeptBasket] = []
        self.refusal = refusal

    async def finish(self, _function: object, kept: KeptBasket) -> None:
        """Write slowly."""
        await asyncio.sleep(0.02)
        if self.refusal is not None:
            raise self.refusal
        self.written.append(kept)


def keeper_of(store: SlowStore, told: list[Refused]) -> BasketKeeper:
    """A keeper over that store."""
    return BasketKeeper(cast("Station", store), told.append)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames are fast here."""
    monkeypatch.setattr(chores, "KEEP_AFTER_SECONDS", 0.005)


async def test_the_latest_basket_is_written_when_scans_are_faster_than_the_disk() -> None:
    """Not every one in between, but always the last one, and one at a time."""
    store = SlowStore()
    keeper = keeper_of(store, [])
    for count in range(1, 21):
        keeper.keep(basket(count))
        await asyncio.sleep(0.003)
    await asyncio.sleep(0.1)
    assert store.written[-1] == basket(20)
    assert len(store.written) < 10


async def test_nothing_is_written_after_a_redemption_when_one_was_still_to_be_written() -> None:
    """What was booked must not come back: the keeper is settled before, and knows that nothing is kept after."""
    store = SlowStore()
    keeper = keeper_of(store, [])
    keeper.keep(basket(1))
    keeper.keep(basket(2))
    await keeper.settle()
    held = len(store.written)
    keeper.found(EMPTY)
    await asyncio.sleep(0.06)
    assert len(store.written) == held
    keeper.keep(EMPTY)
    await keeper.settle()
    assert len(store.written) == held


async def test_settling_waits_for_no_timer_when_a_scan_came_just_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Confirming right after a scan is not slowed down by what was put off."""
    monkeypatch.setattr(chores, "KEEP_AFTER_SECONDS", 60.0)
    keeper = keeper_of(SlowStore(), [])
    keeper.keep(basket(1))
    await asyncio.wait_for(keeper.settle(), 1)


async def test_a_refusal_is_told_and_the_next_change_tries_again_when_writing_failed() -> None:
    """A full disk is said, and does not end the keeping."""
    store, told = SlowStore(NotAllowed("operator_missing")), list[Refused]()
    keeper = keeper_of(store, told)
    keeper.keep(basket(1))
    await asyncio.sleep(0.06)
    assert [refused.code for refused in told] == ["operator_missing"]
    store.refusal = None
    keeper.keep(basket(1))
    await asyncio.sleep(0.06)
    assert store.written == [basket(1)]
