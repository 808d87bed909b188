"""The weekly spot count: which goods, when, and what a count of them writes."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import count_stock, items_to_count
from kiosk.domain.period import close_day, open_day
from kiosk.domain.shop import redeem_basket
from kiosk.domain.spot_count import Skipped, SpotEntry, count_spot, draw, skip_spot, spot_to_count
from kiosk.domain.waiting import list_requests
from kiosk.errors import Refused
from tests.kiosk.domain.office import Office, office_in
from tests.kiosk.domain.rows import length, seat_moves
from tests.recomputed import recompute
from tests.village import DAY

A_DAY = 24 * 3_600_000
NAMES = ("食盐", "香皂", "大米", "菜籽油")


class Shelf(Office):
    """A village whose shelf holds four kinds of goods, some days after its first one."""

    def __init__(self, folder: Path) -> None:
        """Lay it out: oil is worth most by far."""
        super().__init__(folder)
        self.day = DAY
        self.items = [
            self.goods(name, f"0699010330{number:04}", 300 + number * number * 2_000)
            for number, name in enumerate(NAMES)
        ]
        for item in self.items:
            count_stock(self.store, item, 10, now=self.now, by=self.operator)

    def go_on(self, days: int) -> None:
        """Close the day and open one so many days later."""
        close_day(self.store, now=self.now, by=self.operator)
        self.clock.advance(days * A_DAY)
        self.day = (date.fromisoformat(self.day) + timedelta(days=days)).isoformat()
        open_day(self.store, self.day, now=self.now, by=self.operator)

    def asked(self, by: int | None = None) -> list[str] | None:
        """The names of what is to be counted."""
        found = spot_to_count(self.store, by or self.operator)
        return None if found is None else [goods.name for goods in found.goods]

    def count(self, *entries: SpotEntry) -> None:
        """Count."""
        count_spot(self.store, entries, now=self.now, by=self.operator)


def week_old(folder: Path, days: int = 7) -> Shelf:
    """A copy of the shelf so many days after its first."""
    shelf = office_in(folder, Shelf)
    shelf.go_on(days)
    return shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """The shelf of a week."""
    return week_old(tmp_path / "desk")


def test_the_same_goods_are_asked_when_the_day_is_the_same(shelf: Shelf, tmp_path: Path) -> None:
    """Three different ones, by another desk alike."""
    asked = shelf.asked()
    assert asked is not None
    assert len(set(asked)) == 3
    assert shelf.asked() == asked
    assert week_old(tmp_path / "copy").asked() == asked


def test_worth_decides_how_often_goods_are_drawn_when_days_differ() -> None:
    """Over a thousand draws each comes as often as its weight says; what is worth nothing never comes."""
    drawn = [draw({1: 10, 2: 30, 3: 60, 4: 0}, f"123:{number}", 1)[0] for number in range(1_000)]
    assert [round(drawn.count(key) / 100) for key in (1, 2, 3, 4)] == [1, 3, 6, 0]
    assert sorted(draw({1: 10, 2: 30, 4: 0}, "seed", 5)) == [1, 2]


def test_goods_sold_beyond_the_book_come_first_when_goods_are_chosen(shelf: Shelf) -> None:
    """Eleven bags of salt went out of ten, and salt is worth least."""
    shelf.award(shelf.wang, 10_000)
    salt = (BasketLine(shelf.items[0], 11),)
    redeem_basket(shelf.store, Holder(shelf.wang, "card"), salt, now=shelf.now, by=shelf.operator)
    asked = shelf.asked()
    assert asked is not None
    assert asked[0] == "食盐"


@pytest.mark.parametrize(("days", "is_asked"), [(6, False), (7, True), (20, True)])
def test_nothing_is_asked_when_a_week_has_not_passed(tmp_path: Path, days: int, *, is_asked: bool) -> None:
    """Since the first day, and then since the last count."""
    shelf = week_old(tmp_path / "desk", days)
    assert (shelf.asked() is not None) == is_asked
    if days == 7:
        shelf.count(SpotEntry(shelf.items[0], 10, 10))
        assert shelf.asked() is None


def test_a_count_sets_the_book_or_asks_when_it_was_written(shelf: Shelf, tmp_path: Path) -> None:
    """One right, one more, one less: two hold at once, the third waits; the oracle finds each in its place."""
    salt, soap, rice, _ = shelf.items
    shelf.count(SpotEntry(salt, 10, 10), SpotEntry(soap, 12, 10), SpotEntry(rice, 7, 10))
    (waiting,) = list_requests(shelf.store)
    assert (waiting.kind, waiting.quantity) == ("stock_lowering", 3)
    found = recompute(shelf.store, tmp_path)
    assert found.faults == []
    assert [found.stock[item] for item in (salt, soap, rice)] == [10, 12, 10]
    assert items_to_count(shelf.store) == ()


def test_the_next_close_asks_again_and_says_why_when_nobody_counted(shelf: Shelf, tmp_path: Path) -> None:
    """Skipping is no count; holding one ends it."""
    skip_spot(shelf.store, shelf.items[:3], "no_time", now=shelf.now, by=shelf.operator)
    found = spot_to_count(shelf.store, shelf.operator)
    assert found is not None
    assert found.skipped == Skipped("2026-11-29", "no_time")
    shelf.count(SpotEntry(shelf.items[0], 10, 10))
    assert shelf.asked() is None
    assert recompute(shelf.store, tmp_path).faults == []


def test_nothing_is_half_counted_when_one_number_cannot_be(shelf: Shelf) -> None:
    """The first entry is not kept without the second."""
    before = length(shelf.store)
    for entries in ((SpotEntry(shelf.items[0], 10, 10), SpotEntry(shelf.items[1], 1_000_000, 10)), ()):
        with pytest.raises(Refused):
            shelf.count(*entries)
    assert length(shelf.store) == before


def test_nobody_is_asked_when_they_may_not_count_or_the_seat_is_elsewhere(shelf: Shelf) -> None:
    """A supervisor closes without it; a second terminal has no shelf."""
    assert shelf.asked(shelf.supervisor.operator_id) is None
    assert shelf.asked() is not None
    seat_moves(shelf)
    assert shelf.asked() is None
