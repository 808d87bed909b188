"""Who holds the seat: by taking it, by the county's order, and who does not get it back by a restore."""

from pathlib import Path

import pytest

from db.engine import open_sqlite
from db.facts.terminal import TILLS_APART, SeatGranted
from db.journal import Writer, append, heads
from db.line import COUNTY_LOG
from db.store import Store, own_log
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.period import open_day
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.terminal import begin_by_county_order, continue_terminal, is_replaced, seat_log
from kiosk.errors import NotAllowed, Refused
from tests.ledger import IN_MEMORY, NOW, copy_database, lines_of, new_store
from tests.siblings import Sibling, restored_desk, second_desk
from tests.village import DAY, VILLAGE, Village, seeded

OTHER = 5
"""The log of the second desk."""


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village whose first desk holds the seat."""
    return Village(tmp_path)


def order(*desks: Village | Sibling, log: int = OTHER, seat: int = 101, replaces: int | None = None) -> None:
    """The county gives the seat to a log; these desks read it."""
    county = new_store(9, VILLAGE)
    with county.read() as connection:
        assert not heads(connection, VILLAGE)
    with county.write(now=NOW, by=None) as act:
        writer = Writer(VILLAGE, COUNTY_LOG, NOW, None, None, seeded("county"))
        append(act.connection, writer, SeatGranted(log=log, seat=seat, replaces=replaces))
    with county.read() as connection:
        lines = lines_of(connection, VILLAGE, COUNTY_LOG)
    for desk in desks:
        desk.store.receive(VILLAGE, COUNTY_LOG, lines)


def redeem(desk: Village | Sibling, household: int, item: int) -> Redeemed:
    """A household redeems one piece."""
    basket = (BasketLine(item, 1),)
    return redeem_basket(desk.store, Holder(household, "card"), basket, now=desk.now, by=desk.operator)


def refused(desk: Village | Sibling, household: int, item: int) -> str:
    """The code with which a redemption is refused."""
    with pytest.raises(NotAllowed) as caught:
        redeem(desk, household, item)
    return caught.value.code


def replaced_at(desk: Village | Sibling) -> bool:
    """Whether a desk knows that another took its place."""
    with desk.store.read() as connection:
        return is_replaced(connection, VILLAGE, own_log(connection, VILLAGE))


def test_no_slip_has_the_number_of_another_when_one_copy_was_restored_twice(village: Village) -> None:
    """Neither knows of the other, nor of what the first desk sold since; the county's own tills are left free."""
    household, salt = village.household(1, 1, "王明"), village.goods("食盐", "06990103300302", 300)
    village.award(household, 10_000)
    copies = []
    for seed in range(3):
        engine = open_sqlite(IN_MEMORY)
        copy_database(village.store.engine, engine)
        copies.append(Sibling(Store(engine, VILLAGE, seeded(f"copy {seed}")), village))
    printed = [redeem(village, household, salt).shown_number]
    for copy in copies:
        for _again in range(2):
            continue_terminal(copy.store, now=copy.now)
            open_day(copy.store, DAY, now=copy.now, by=copy.operator)
            made = [redeem(copy, household, salt) for _piece in range(2)]
            assert all(each.till % TILLS_APART != 1 for each in made)
            printed += [each.shown_number for each in made]
    assert len(set(printed)) == len(printed) == 13


def test_seat_moves_when_the_county_gives_it_to_the_second_terminal(village: Village) -> None:
    """The second redeems with its own till number; the first refuses, and awards as before."""
    household, salt = village.household(1, 1, "王明"), village.goods("食盐", "06990103300302", 300)
    village.award(household, 1_000)
    second = second_desk(village)
    assert refused(second, household, salt) == "seat_elsewhere"
    order(village, second)
    assert (redeem(second, household, salt).till, replaced_at(village)) == (2, False)
    assert refused(village, household, salt) == "seat_elsewhere"
    village.award(household, 100)
    village.close()


def test_replaced_terminal_refuses_when_it_reads_the_order(village: Village) -> None:
    """Its own refusal says what to do; it still awards."""
    household, salt = village.household(1, 1, "王明"), village.goods("食盐", "06990103300302", 300)
    village.award(household, 1_000)
    redeem(village, household, salt)
    with village.store.read() as connection:
        own = own_log(connection, VILLAGE)
    order(village, log=77, replaces=own)
    assert (refused(village, household, salt), replaced_at(village)) == ("terminal_replaced", True)
    village.award(household, 100)
    village.close()


def test_copy_is_told_when_its_restored_copy_took_the_seat(village: Village) -> None:
    """Nobody ordered it: a backup was restored on another machine, which goes on in its place."""
    household, salt = village.household(1, 1, "王明"), village.goods("食盐", "06990103300302", 300)
    village.award(household, 1_000)
    restored = restored_desk(village)
    restored.tell()
    redeem(restored, household, salt)
    assert refused(village, household, salt) == "terminal_replaced"
    village.close()


@pytest.mark.parametrize("replaces", [True, False])
def test_seat_is_not_taken_back_when_the_terminal_without_it_is_restored(village: Village, *, replaces: bool) -> None:
    """A restore of the one that was replaced, or whose seat was moved, goes on without the seat."""
    with village.store.read() as connection:
        own = own_log(connection, VILLAGE)
    order(village, replaces=own if replaces else None)
    restored = restored_desk(village)
    with restored.store.read() as connection:
        assert seat_log(connection, VILLAGE) == OTHER
    assert replaced_at(restored) == replaces
    village.close()


def test_seat_is_kept_when_the_terminal_that_was_given_it_is_restored(village: Village) -> None:
    """Twice from one backup, as may happen: each goes on for the one before it."""
    with village.store.read() as connection:
        own = own_log(connection, VILLAGE)
    order(village, log=own)
    restored = restored_desk(village)
    restored.tell()
    again = continue_terminal(village.store, now=village.now)
    with village.store.read() as connection:
        assert seat_log(connection, VILLAGE) == again.log
    village.close()


def test_log_continues_the_dead_one_when_the_county_ordered_it(village: Village) -> None:
    """The till number is the county's, the seat is not taken here; a second beginning is refused."""
    new = new_store(77, VILLAGE)
    with village.store.read() as connection:
        own = own_log(connection, VILLAGE)
        lines = lines_of(connection, VILLAGE, own)
    new.receive(VILLAGE, own, lines)
    begun = begin_by_county_order(new, 11, own, now=NOW)
    assert (begun.log, begun.till) == (77, 11)
    with new.read() as connection:
        [row] = connection.exec_driver_sql("SELECT continues_log, continues_seq FROM log_begun WHERE log = 77")
        assert (tuple(row), seat_log(connection, VILLAGE)) == ((own, len(lines)), own)
    with pytest.raises(Refused, match="terminal_has_begun"):
        begin_by_county_order(new, 11, own, now=NOW)
    open_day(new, DAY, now=NOW, by=village.operator)
    village.close()
