"""Who wrote what, when machines are restored, copied and doubled: played with plain files, without any network.

After each: every confirmed redemption counts once, no account is spent twice at a seat, the separate program finds the
same on both sides, and whoever stands at the desk has seen one sentence that says what to do.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from db import projections
from db.facts.terminal import LogBegun
from db.invariants import find_faults
from db.journal import heads
from db.line import Stamp
from db.store import Store
from db.tables.points import Balance
from db.tables.shop import Redemption
from db.tables.statement import table_of
from kiosk.clock import ManualClock
from kiosk.continuation import go_on_in_next_log
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.card import issue_person_card
from kiosk.domain.continuation import went_on
from kiosk.domain.meeting import MeetingPlan, open_unplanned
from kiosk.domain.period import close_day, open_day
from kiosk.domain.points import Award, Earning, Recipient, award_points, post_award
from kiosk.domain.shop import redeem_basket
from kiosk.domain.sign_in import SignInMade, sign_in_card
from kiosk.domain.waiting import count_waiting
from kiosk.errors import NotAllowed, Refused
from kiosk.locale import CHINESE, ENGLISH, Texts
from kiosk.notices import Beside, look, notices_of
from kiosk.restore import restore_backup
from kiosk.store_care import back_up
from tests.files import FileCounty
from tests.ledger import copy_database, new_store
from tests.ready import LI_POINTS, WANG_POINTS, Ready, later, ready_desk
from tests.recomputed import recompute
from tests.siblings import carry
from tests.village import DAY, VILLAGE

SALT = 300
SECOND = 5
_starts = count()


@dataclass
class Machine:
    """A desk on a machine: what was confirmed at it stands in `confirmed`, by the code on the slip."""

    desk: Ready
    store: Store
    confirmed: dict[str, int] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=lambda: ManualClock(later().at, boot=3, mono=later().mono))

    @property
    def now(self) -> Stamp:
        """A second later."""
        self.clock.advance(1_000)
        return self.clock.now()

    @property
    def number(self) -> int:
        """The till number it went on with by itself."""
        with self.store.read() as connection:
            begun = went_on(connection, VILLAGE)
        assert begun is not None
        return begun.till

    def sell(self, household: int, quantity: int = 1) -> None:
        """Hand out salt and confirm it."""
        holder, basket = Holder(household, "card"), (BasketLine(self.desk.known.salt, quantity),)
        sold = redeem_basket(self.store, holder, basket, now=self.now, by=self.desk.known.operator)
        assert sold.slip_code not in self.confirmed
        self.confirmed[sold.slip_code] = sold.points

    def sentences(self, language: str = CHINESE) -> list[tuple[str, str]]:
        """What home says is the matter, and what to do."""
        texts = Texts(language)
        sight = look(self.store, self.desk.home, self.now)
        calm = replace(sight, books=replace(sight.books, slips_owed=0), free_bytes=2**40)
        told = notices_of(calm, Beside("ready", "ready", is_demo=True), texts)
        return [(notice.what, notice.next) for notice in told]


def machine_of(desk: Ready, confirmed: dict[str, int] | None = None) -> Machine:
    """Start the program on what a desk's folder holds."""
    store = desk.open(f"start {next(_starts)}")
    return Machine(desk, replace(store, continuation=go_on_in_next_log), confirmed or {})


@pytest.fixture
def county(tmp_path: Path) -> Iterator[FileCounty]:
    """A county that has heard of nobody."""
    made = FileCounty(tmp_path / "county.db", tmp_path / "post")
    yield made
    made.store.close()


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Machine]:
    """The village's till, with one redemption of last week."""
    made = machine_of(ready_desk(tmp_path / "till"))
    made.sell(made.desk.known.wang)
    yield made
    made.store.close()


def check(county: FileCounty, machine: Machine, confirmed: dict[str, int], folder: Path, overdrawn: int = 0) -> None:
    """Hold both sides against what was confirmed, against each other, and against the separate program."""
    for store in (county.store, machine.store):
        assert slips_of(store) == sorted(confirmed.items())
        found = recompute(store, folder)
        assert found.balances == balances_of(store)
        assert [fault["code"] for fault in found.faults] == ["balance_below_zero"] * overdrawn
        assert sum(found.balances.values()) == WANG_POINTS + LI_POINTS - sum(confirmed.values())
    with machine.store.read() as here:
        faults = [fault.code for fault in find_faults(here, VILLAGE)]
        assert (faults, projections.digest(here, VILLAGE)) == (["balance_overdrawn"] * overdrawn, county.digest())


def slips_of(store: Store) -> list[tuple[str, int]]:
    """Every redemption that is held, by the code on its slip."""
    row = table_of(Redemption).c
    with store.read() as connection:
        return sorted((code, points) for code, points in connection.execute(select(row.slip_code, row.points)))


def balances_of(store: Store) -> dict[int, int]:
    """Redeemable points by household, hundredths."""
    row = table_of(Balance).c
    with store.read() as connection:
        rows = connection.execute(select(row.household_id, row.redeemable_points))
        return {household: points for household, points in rows}  # noqa: C416  because a row is no pair for mypy


def test_nothing_is_lost_when_last_weeks_backup_is_restored_and_the_county_holds_more(
    county: FileCounty, till: Machine, tmp_path: Path
) -> None:
    """By the program: a new log at once; what the backup lacks comes home."""
    backup = back_up(till.desk.home, now=till.now).file.read_bytes()
    till.sell(till.desk.known.wang, 2)
    county.hear(till.store)
    till.store.close()
    till.desk.file.unlink()
    (tmp_path / "stick.db").write_bytes(backup)
    restored = restore_backup(till.desk.home, tmp_path / "stick.db", now=till.now)
    assert restored.saved == 0
    again = machine_of(till.desk, till.confirmed)
    open_day(again.store, DAY, now=again.now, by=again.desk.known.operator)
    again.sell(again.desk.known.li)
    for _ in range(2):
        county.hear(again.store)
    again.sell(again.desk.known.wang)
    county.hear(again.store)
    check(county, again, again.confirmed, tmp_path)
    again.store.close()


def test_desk_goes_on_by_itself_when_an_old_card_is_put_in_and_reports_before_it_sells(
    county: FileCounty, till: Machine, tmp_path: Path
) -> None:
    """By hand: the old store is there again. One sale is one sale, and home says what happened and what to do."""
    old = till.desk.file.read_bytes()
    till.sell(till.desk.known.wang, 2)
    county.hear(till.store)
    till.store.close()
    till.desk.file.write_bytes(old)
    again = machine_of(till.desk, till.confirmed)
    county.hear(again.store)
    assert again.sentences() == []
    again.sell(again.desk.known.wang)
    number = again.number
    assert again.sentences() == [(f"账本是旧的，已换成{number}号机接着记", "照常办；缺的账上报后会补回来")]
    assert again.sentences(ENGLISH) == [
        (f"The records were an older copy: now till {number}", "Go on; reports bring back what is missing")
    ]
    for _ in range(2):
        county.hear(again.store)
    check(county, again, again.confirmed, tmp_path)
    close_day(again.store, now=again.now, by=again.desk.known.operator)
    assert again.sentences() == []
    again.store.close()


def test_both_sales_count_and_the_overdraft_is_shown_when_a_copied_card_was_used_on_two_machines(
    county: FileCounty, till: Machine, tmp_path: Path
) -> None:
    """Both spent Li's last three points: both slips are good, the account is below zero, and a person settles that."""
    copy = ready_desk(tmp_path / "copy")
    copy.file.write_bytes(till.desk.file.read_bytes())
    other = machine_of(Ready(copy.home, till.desk.known), dict(till.confirmed))
    li, wang = till.desk.known.li, till.desk.known.wang
    till.sell(li)
    till.sell(wang)
    other.sell(li)
    county.hear(till.store)
    county.hear(other.store)
    with pytest.raises(Refused, match="log_recovered"):
        other.sell(wang)
    assert other.sentences() == [(f"这台机器被复制过，已换成{other.number}号机", "打电话给县里：只能留一台用")]
    other.sell(wang, 3)
    for each in (other, till, other):
        county.hear(each.store)
    confirmed = till.confirmed | other.confirmed
    assert balances_of(county.store)[li] == LI_POINTS - 2 * SALT == -300
    check(county, other, confirmed, tmp_path, overdrawn=1)
    check(county, till, confirmed, tmp_path, overdrawn=1)
    with pytest.raises(NotAllowed, match="terminal_replaced"):
        till.sell(wang)
    with pytest.raises(Refused, match="points_missing"):
        other.sell(li)
    other.store.close()


def test_everything_comes_again_when_the_county_is_restored_from_an_old_backup(
    county: FileCounty, till: Machine, tmp_path: Path
) -> None:
    """The terminal goes by what the county says it holds, and ends where it was."""
    county.hear(till.store)
    old = county.file.read_bytes()
    till.sell(till.desk.known.wang)
    till.sell(till.desk.known.li)
    assert county.hear(till.store) == 2
    before = county.digest()
    county.put_back(old)
    with closing(FileCounty(county.file, county.folder).store):
        assert county.digest() != before
    assert (county.hear(till.store), county.digest()) == (2, before)
    empty = FileCounty(tmp_path / "empty.db", county.folder)
    empty.hear(till.store)
    assert empty.digest() == before
    check(county, till, till.confirmed, tmp_path)
    assert till.sentences() == []
    empty.store.close()


def test_sale_is_done_when_the_county_holds_another_branch_of_a_neighbours_log(
    county: FileCounty, till: Machine, tmp_path: Path
) -> None:
    """The neighbour was copied and its copy reported first: what is held here of it goes, and is its own to report."""
    county.hear(till.store)
    second = second_machine(till)
    county.hear(second.store)
    copy = replace(new_store(SECOND), continuation=go_on_in_next_log)
    copy_database(second.store.engine, copy.engine)
    give(second.store, till, 100)
    carry(second.store, till.store)
    give(copy, till, 7)
    county.hear(copy)
    county.hear(till.store)
    till.sell(till.desk.known.wang)
    assert till.sentences()[0][0] == f"账本是旧的，已换成{till.number}号机接着记"
    county.hear(second.store)
    with pytest.raises(Refused, match="log_recovered"):
        give(second.store, till, 1)
    for store in (second.store, till.store, second.store):
        county.hear(store)
    for store in (county.store, till.store, second.store):
        assert balances_of(store)[till.desk.known.li] == LI_POINTS + 107
        assert slips_of(store) == sorted(till.confirmed.items())
        assert recompute(store, tmp_path).faults == []
    with till.store.read() as here:
        assert (find_faults(here, VILLAGE), projections.digest(here, VILLAGE)) == ([], county.digest())


def give(store: Store, till: Machine, points: int) -> None:
    """Give Li points at a desk."""
    with store.write(now=till.now, by=till.desk.known.operator) as act:
        post_award(act, till.desk.known.li, Award("zhijin_household", Earning("suggestion_adopted"), points))


def second_machine(till: Machine) -> Machine:
    """Another terminal of the village, with a log of its own, that was given the village's lines when it was set up."""
    store = new_store(SECOND)
    carry(till.store, store)
    with store.write(now=till.now, by=None) as act:
        act.append(LogBegun(till=2, program="kiosk"))
    open_day(store, DAY, now=till.now, by=till.desk.known.operator)
    return Machine(till.desk, replace(store, continuation=go_on_in_next_log))


def test_second_terminal_signs_in_and_awards_but_never_redeems(
    county: FileCounty, till: Machine, tmp_path: Path
) -> None:
    """Two logs of one village, each reported by its own machine; the account is spent at the seat alone."""
    known = till.desk.known
    card = issue_person_card(till.store, known.person, now=till.now, by=known.operator).number
    meeting = open_unplanned(till.store, MeetingPlan("villagers_meeting"), now=till.now, by=known.operator)
    county.hear(till.store)
    second = second_machine(till)
    county.hear(second.store)
    made = sign_in_card(second.store, meeting, card, VILLAGE, now=second.now, by=known.operator)
    assert isinstance(made, SignInMade)
    given = award_points(
        second.store, (Recipient(known.wang),), Earning("suggestion_adopted"), now=second.now, by=known.operator
    )
    assert given.given
    with pytest.raises(NotAllowed, match="seat_elsewhere"):
        second.sell(known.wang)
    for each in (second, till, second):
        county.hear(each.store)
    till.sell(known.wang)
    county.hear(till.store)
    county.hear(second.store)
    assert slips_of(county.store) == slips_of(second.store) == sorted(till.confirmed.items())
    found = recompute(second.store, tmp_path)
    assert (found.faults, found.balances) == ([], balances_of(county.store))
    assert found.village["seat"]["log"] != SECOND
    assert count_waiting(second.store) == count_waiting(till.store)
    with till.store.read() as here:
        assert SECOND in heads(here, VILLAGE)
        assert projections.digest(here, VILLAGE) == county.digest()
    assert second.sentences() == []
