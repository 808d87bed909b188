"""Two terminals of a village do anything in any order, one dies and is restored, lines travel or do not.

After every step the tables of each hold what a plain Python model says, all postings sum to zero, and in the end
everybody who has read everything has the same tables, live or rebuilt.
"""

from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, func, select

from db.engine import open_sqlite
from db.facts.body import Body
from db.facts.people import HouseholdRegistered
from db.facts.shop import StockCounted
from db.facts.terminal import LogBegun, Place, SeatTaken
from db.guard import GuardError
from db.invariants import find_faults
from db.journal import Sealed, heads, verify
from db.line import Fact, entity_id
from db.projections import digest
from db.store import Store, begin_own_log, rebuild
from db.tables.guard import BALANCE_NOT_NEGATIVE
from db.tables.points import Balance, Posting
from db.tables.shop import Stock
from db.tables.statement import table_of
from tests.bodies import WeatherNoted, award, merge, opening, redemption, reversal, sweep
from tests.ledger import IN_MEMORY, NOW, VILLAGE, copy_database, lines_of, new_store
from tests.properties.ledger_model import Entry, balances, held, stock

if TYPE_CHECKING:
    from db.facts.body import Leg

SEAT_LOG: Final = 800_000
SIBLING_LOG: Final = 5
ITEMS: Final = (1, 2)
EXPECTED_FAULTS: Final = {"balance_overdrawn", "written_twice", "fact_not_understood", "merged_account_has_credit"}
HOUSEHOLDS: Final = (1, 2, 3)
HOUSEHOLD = st.sampled_from([entity_id(SEAT_LOG, house + 1) for house in HOUSEHOLDS])
AMOUNTS = st.integers(1, 2_000)


@cache
def engine_of(role: str) -> Engine:
    """One engine a role for all examples: statements are prepared once."""
    return open_sqlite(IN_MEMORY)


@cache
def blank(log: int) -> Engine:
    """An empty store that writes `log`."""
    return new_store(log).engine


class LedgerMachine(RuleBasedStateMachine):
    """The seat, a second terminal, the seat's last backup, and the lines that dead seats left behind."""

    awards = Bundle("awards")

    @initialize()
    def begin(self) -> None:
        """Two terminals that know nothing of each other."""
        self.entries: list[Entry] = []
        self.seat, self.sibling = (Store(engine_of(role), VILLAGE, Random(1).randbytes) for role in ("seat", "sibling"))
        copy_database(blank(SEAT_LOG), self.seat.engine)
        copy_database(blank(SIBLING_LOG), self.sibling.engine)
        self.seat_log, self.seat_number = SEAT_LOG, 1
        self.left_behind: dict[int, list[Sealed]] = {}
        self.merged: dict[int, int] = {}
        self.write(self.seat, LogBegun(till=1, program="kiosk"))
        self.write(self.sibling, LogBegun(till=2, program="kiosk"))
        for house in HOUSEHOLDS:
            self.write(self.seat, HouseholdRegistered(group=1, house=house))
        self.back_up()

    @rule(target=awards, here=st.booleans(), household=HOUSEHOLD, points=AMOUNTS)
    def award(self, *, here: bool, household: int, points: int) -> tuple[int, int, int]:
        """Points at either terminal, also for a household it has not heard of and for one merged meanwhile."""
        fact = self.write(self.at(here=here), award(household, points))
        return fact.id, household, points

    @rule(here=st.booleans())
    def note(self, *, here: bool) -> None:
        """Something no program knows yet."""
        self.write(self.at(here=here), WeatherNoted())

    @rule(here=st.booleans(), household=HOUSEHOLD, points=AMOUNTS, request=st.sampled_from((901, 902)))
    def fulfil(self, *, here: bool, household: int, points: int, request: int) -> None:
        """An award that counts once for the request it names."""
        self.write(self.at(here=here), award(household, points, request=request), once=("request", request))

    @rule(here=st.booleans(), household=HOUSEHOLD, points=AMOUNTS)
    def open_passbook(self, *, here: bool, household: int, points: int) -> None:
        """A passbook is imported, perhaps not for the first time and not as it was."""
        self.write(self.at(here=here), opening(household, points, "P-1"), once=("opening", household))

    @rule(award=awards)
    def reverse(self, award: tuple[int, int, int]) -> None:
        """The seat takes an award back, perhaps one that it has not heard of, perhaps again."""
        award_id, household, points = award
        self.attempt(reversal(award_id, household, points), once=("reverse", award_id))

    @rule(household=HOUSEHOLD, item=st.sampled_from(ITEMS), quantity=st.integers(1, 9), each=st.integers(1, 400))
    def redeem(self, household: int, item: int, quantity: int, each: int) -> None:
        """Goods at the seat; more than the balance is refused."""
        self.attempt(redemption(household, item, quantity, each, seat=self.seat_number), moved={item: -quantity})

    @rule(household=HOUSEHOLD, item=st.sampled_from(ITEMS))
    def redeem_all(self, household: int, item: int) -> None:
        """Exactly what is there."""
        points = self.balance(household)
        if points > 0:
            self.attempt(redemption(household, item, 1, points, seat=self.seat_number), moved={item: -1})

    @rule(item=st.sampled_from(ITEMS), quantity=st.integers(0, 99))
    def count(self, item: int, quantity: int) -> None:
        """The shelf is counted at the seat."""
        self.write(
            self.seat, StockCounted(seat=self.seat_number, item=item, quantity=quantity), counted={item: quantity}
        )

    @rule(household=HOUSEHOLD, into=HOUSEHOLD)
    def merge(self, household: int, into: int) -> None:
        """A household joins another with all it has; the account itself may still be credited elsewhere."""
        if household == into or household in self.merged or self.balance(household) < 0:
            return
        self.attempt(merge(household, into, self.balance(household)))
        self.merged[household] = into

    @rule()
    def sweep(self) -> None:
        """The seat moves on what reached merged accounts."""
        for household, into in self.merged.items():
            if self.balance(household) > 0:
                self.attempt(sweep(household, into, self.balance(household)))

    @rule(to_seat=st.booleans(), most=st.integers(1, 12))
    def deliver(self, *, to_seat: bool, most: int) -> None:
        """Some lines of the other terminal arrive."""
        source, target = (self.sibling, self.seat) if to_seat else (self.seat, self.sibling)
        with source.read() as connection:
            logs = {log: lines_of(connection, VILLAGE, log) for log in heads(connection, VILLAGE)}
        for log, lines in logs.items():
            self.hand_over(target, log, lines, most)

    @precondition(lambda self: self.left_behind)
    @rule(data=st.data(), to_seat=st.booleans(), most=st.integers(1, 12))
    def find_dead_disk(self, data: st.DataObject, *, to_seat: bool, most: int) -> None:
        """Lines that a dead seat wrote after its last backup turn up."""
        log = data.draw(st.sampled_from(sorted(self.left_behind)))
        self.hand_over(self.seat if to_seat else self.sibling, log, self.left_behind[log], most)

    @rule()
    def back_up(self) -> None:
        """The seat's store is copied."""
        copy_database(self.seat.engine, engine_of("backup"))
        self.backed_up = self.seat_log, self.seat_number

    @rule()
    def restore(self) -> None:
        """The seat dies; its backup goes on in a new log, with the next seat number."""
        with self.seat.read() as connection:
            self.left_behind[self.seat_log] = lines_of(connection, VILLAGE, self.seat_log)
        copy_database(engine_of("backup"), self.seat.engine)
        old, number = self.backed_up[0], self.seat_number + 1
        self.seat_log, self.seat_number = SEAT_LOG - number, number
        continued = self.heads_of(self.seat).get(old, 0)
        with self.seat.write(now=NOW, by=None) as act:
            begin_own_log(act.connection, VILLAGE, self.seat_log)
        self.write(self.seat, LogBegun(till=number, program="kiosk", continues=Place(log=old, seq=continued)))
        self.write(self.seat, SeatTaken(seat=number))

    @rule(here=st.booleans())
    def rebuild(self, *, here: bool) -> None:
        """The tables are thrown away and folded again."""
        store = self.at(here=here)
        before = self.digest(store)
        rebuild(store)
        assert self.digest(store) == before

    @invariant()
    def tables_hold_what_the_model_says(self) -> None:
        """Balances and stock of both terminals, each by what it holds; all postings sum to zero."""
        for store in (self.seat, self.sibling):
            known = held(self.entries, self.heads_of(store))
            with store.read() as connection:
                posting, balance, shelf = table_of(Posting).c, table_of(Balance).c, table_of(Stock).c
                assert connection.execute(select(func.coalesce(func.sum(posting.points), 0))).scalar_one() == 0
                accounts = connection.execute(select(balance.household_id, balance.redeemable_points)).all()
                assert sorted(map(tuple, accounts)) == sorted(balances(known).items())
                shelves = connection.execute(select(shelf.item_id, shelf.quantity)).all()
                assert sorted(map(tuple, shelves)) == sorted(stock(known).items())

    def teardown(self) -> None:
        """Everybody reads everything: equal tables, live and rebuilt, sound chains, no fault but those to be had."""
        if not hasattr(self, "backed_up"):
            return
        for log, lines in self.left_behind.items():
            for store in (self.seat, self.sibling):
                self.hand_over(store, log, lines, len(lines))
        self.deliver(to_seat=True, most=10_000)
        self.deliver(to_seat=False, most=10_000)
        assert self.heads_of(self.seat) == self.heads_of(self.sibling)
        expected = self.digest(self.seat)
        assert self.digest(self.sibling) == expected
        self.tables_hold_what_the_model_says()
        rebuild(self.sibling)
        assert self.digest(self.sibling) == expected
        for store in (self.seat, self.sibling):
            with store.read() as connection:
                assert {fault.code for fault in find_faults(connection, VILLAGE)} <= EXPECTED_FAULTS
                assert [said for log in heads(connection, VILLAGE) for said in verify(connection, VILLAGE, log)] == []

    def at(self, *, here: bool) -> Store:
        """The seat or the second terminal."""
        return self.seat if here else self.sibling

    def heads_of(self, store: Store) -> dict[int, int]:
        """How far a store holds each log."""
        with store.read() as connection:
            return {log: head.seq for log, head in heads(connection, VILLAGE).items()}

    def digest(self, store: Store) -> str:
        """The digest of a store's tables."""
        with store.read() as connection:
            return digest(connection, VILLAGE)

    def balance(self, household: int) -> int:
        """What the model says a household has, as the seat sees it."""
        return balances(held(self.entries, self.heads_of(self.seat))).get(household, 0)

    def write(self, store: Store, body: Body, **meaning: Any) -> Fact:  # noqa: ANN401  because it is passed to Entry
        """Write a fact and tell the model what it was meant to do."""
        with store.write(now=NOW, by=None) as act:
            fact = act.append(body)
        self.entries.append(self.entry(body, fact.log, fact.turn, fact.seq, **meaning))
        return fact

    def entry(self, body: Body, log: int, turn: int, seq: int, **meaning: Any) -> Entry:  # noqa: ANN401  because it is passed to Entry
        """What a fact at a place means."""
        points: dict[int, int] = {}
        legs: tuple[Leg, ...] = getattr(body, "legs", ())
        for leg in legs:
            if leg.household is not None:
                points[leg.household] = points.get(leg.household, 0) + leg.points
        return Entry(log, turn, seq, points, seat=self.seat_number, **meaning)

    def attempt(self, body: Body, **meaning: Any) -> None:  # noqa: ANN401  because it is passed to Entry
        """Write a debit at the seat if the model allows it, or see it refused."""
        before = self.heads_of(self.seat)
        meant = self.entry(body, self.seat_log, 2**60, before[self.seat_log] + 1, **meaning)
        after = balances([*held(self.entries, before), meant])
        if all(after[household] >= 0 for household, points in meant.points.items() if points < 0):
            self.write(self.seat, body, **meaning)
            return
        with pytest.raises(GuardError) as caught:
            self.write(self.seat, body, **meaning)
        assert caught.value.name == BALANCE_NOT_NEGATIVE
        assert self.heads_of(self.seat) == before

    def hand_over(self, target: Store, log: int, lines: list[Sealed], most: int) -> None:
        """Give a store up to `most` lines of a log beyond what it holds, with one that it holds already."""
        has = self.heads_of(target).get(log, 0)
        piece = lines[max(0, has - 1) : has + most]
        if piece:
            target.receive(VILLAGE, log, piece)


@pytest.mark.timeout(400)  # a failure is made short for up to five minutes before it is shown
class TestLedger(LedgerMachine.TestCase):  # type: ignore[misc, valid-type]  # because Hypothesis makes the class at run time
    """Run the machine: a third of the usual number of examples, each of thirty steps."""

    settings = settings(max_examples=settings().max_examples * 3 // 10, stateful_step_count=30)
