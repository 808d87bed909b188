"""What is wrong or left over at a desk, each with its next step, the worst first."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from db.backup import Backup
from db.facts.period import Doubt
from kiosk.domain.basket import BasketLine, Holder, KeptBasket, keep_basket
from kiosk.domain.glance import Glance
from kiosk.domain.period import ClockDay, DayState, close_day
from kiosk.errors import Refused
from kiosk.health import Saved
from kiosk.locale import LANGUAGES, Texts
from kiosk.notices import TROUBLED_PRINTER, Beside, Sight, look, notices_of
from kiosk.store_care import back_up
from tests.ready import later, ready_desk
from tests.village import DAY

TEXTS = Texts()
CALM = Glance(DayState(DAY, DAY), ClockDay(DAY, None), 0, 0, has_basket=False, meeting=None)
SAVED = Saved(Backup(Path("x"), 123, 1, "20261122T0903", 40), 5)
WELL = Sight(CALM, 2**40, SAVED, SAVED)
THERE = Beside("wedge", "ready")


def said(sight: Sight, beside: Beside = THERE) -> list[str]:
    """What is the matter, in Chinese."""
    return [notice.what for notice in notices_of(sight, beside, TEXTS)]


def test_nothing_is_said_when_all_is_well() -> None:
    """Calm is silent; so is a village without a slip printer."""
    assert said(WELL) == []
    assert said(WELL, Beside("ready", "none")) == []


def test_a_desk_is_seen_as_it_is_when_it_is_looked_at(tmp_path: Path) -> None:
    """Books, backup and disk in one reading."""
    ready = ready_desk(tmp_path / "desk")
    store = ready.open()
    seen = look(store, ready.home, later())
    assert (seen.inside, seen.outside) == (Saved(None, ready.known.lines), Saved(None, ready.known.lines))
    back_up(ready.home, now=later())
    ready.redeem(store)
    basket = KeptBasket(Holder(ready.known.wang, "card"), (BasketLine(ready.known.salt, 1),))
    keep_basket(store, basket, now=later(), by=ready.known.operator)
    seen = look(store, ready.home, later())
    assert (seen.inside.newer_lines, seen.outside.last) == (1, None)
    assert (seen.books.has_basket, seen.books.slips_owed, seen.books.days.open_day) == (True, 1, DAY)
    assert seen.free_bytes > 0
    assert said(seen) == ["有一单还没确认", "欠1张小票"]
    close_day(store, now=later(), by=ready.known.operator)
    assert look(store, ready.home, later()).books.days.open_day is None
    store.close()


def test_the_day_is_over_when_the_clock_has_passed_it() -> None:
    """Only a clock that is believed ends a day, and only one that is open."""
    tomorrow = ClockDay("2026-11-23", None)
    assert said(replace(WELL, books=replace(CALM, clock=tomorrow))) == ["营业日还是 2026-11-22"]
    closed = replace(CALM, clock=tomorrow, days=DayState(None, DAY))
    assert said(replace(WELL, books=closed)) == []
    doubted = replace(CALM, clock=ClockDay("2099-01-01", "ahead"))
    assert said(replace(WELL, books=doubted)) == ["时钟像是快了：2099-01-01"]


def test_the_worst_comes_first_when_much_is_wrong() -> None:
    """Damage before a full disk, that before what hands put right, backups last."""
    books = replace(CALM, clock=ClockDay("1970-01-01", "unset"), slips_owed=3)
    old = replace(SAVED, newer_lines=301)
    sight = Sight(books, 2**20, Saved(None, 900), old, faults=2)
    trouble = Refused("log_ended")
    found = said(sight, Beside("missing", "paper_out", trouble))
    assert found == [
        "数据有2处问题，不能记账", "磁盘只剩 1 MB", TEXTS.refusal(trouble).reason, "时钟没有校过：1970-01-01",
        "扫码枪没接上", "小票机缺纸", "欠3张小票", "还没有备份，已有 900 条",
        "U盘备份是 2026-11-22 09:03 的，之后又有 301 条",
    ]  # fmt: skip


def test_nothing_need_be_saved_when_it_is_the_demo() -> None:
    """A village that nobody lives in."""
    unsaved = replace(WELL, inside=Saved(None, 900), outside=Saved(None, 900))
    assert len(said(unsaved)) == 2
    assert said(unsaved, replace(THERE, is_demo=True)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_may_be_wrong_has_words_and_a_next_step(language: str) -> None:
    """Every doubt of the clock, every state of the printer, every other matter."""
    texts = Texts(language)
    sights = [replace(WELL, books=replace(CALM, clock=ClockDay(DAY, doubt))) for doubt in get_args(Doubt)]
    sights += [Sight(replace(CALM, has_basket=True, slips_owed=1), 1, Saved(None, 999), Saved(None, 999), faults=1)]
    sights += [replace(WELL, inside=replace(SAVED, newer_lines=999), outside=replace(SAVED, newer_lines=999))]
    besides = [Beside("missing", printer) for printer in TROUBLED_PRINTER]
    found = [notice for sight in sights for beside in besides for notice in notices_of(sight, beside, texts)]
    assert found
    assert [each for each in found if "home." in each.what + each.next or "doctor." in each.what + each.next] == []
    assert [each for each in found if not each.next or "{" in each.what + each.next] == []
