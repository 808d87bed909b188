"""Projections of many logs: ranks, what counts once, seats, strangers, batches, versions; on both engines."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, event, func, select, text

from db import journal, projections
from db.engine import transaction
from db.facts.body import LARGEST_AMOUNT, Body
from db.facts.people import (
    HouseholdMoved,
)
from db.facts.shop import (
    PriceSet,
    StockCounted,
)
from db.line import LARGEST_INTEGER, LARGEST_LOG, Fact, rank, render
from db.projections import digest, fold
from db.projections.batch import Batch
from db.store import Store
from db.tables.people import Household, Person
from db.tables.points import Balance, Posting
from db.tables.shop import Stock
from db.tables.statement import table_of
from db.tables.terminal import Cursor, Unprojected
from tests.bodies import AwardToNobody, WeatherNoted, award, merge, opening, redemption, reversal, sweep
from tests.ledger import NOW, VILLAGE, bring, lines_of, new_store, write

LOG = 11


def selected(connection: Connection, table: Table, *names: str) -> list[tuple[object, ...]]:
    """The named columns of every row of a table, in the order of its key."""
    statement = select(*(table.c[name] for name in names)).order_by(*table.primary_key)
    return [tuple(row) for row in connection.execute(statement)]


def delivered(hub: Engine, *stores: Store) -> None:
    """Bring every store's own lines to a hub and project them, one village after the other."""
    with transaction(hub, is_write=True) as connection:
        for store in stores:
            with store.read() as source:
                for log in journal.heads(source, VILLAGE):
                    journal.store(connection, VILLAGE, log, lines_of(source, VILLAGE, log))
            projections.project(connection, VILLAGE)


def balances(hub: Engine) -> dict[object, object]:
    """Redeemable points by household."""
    with transaction(hub, is_write=False) as connection:
        return {row[0]: row[1] for row in selected(connection, table_of(Balance), "household_id", "redeemable_points")}


def counted(hub: Engine) -> list[tuple[object, ...]]:
    """Which household legs count, by log and seq."""
    with transaction(hub, is_write=False) as connection:
        found = selected(connection, table_of(Posting), "log", "seq", "is_counted", "household_id")
    return [row[:3] for row in found if row[3] is not None]


Writing = Callable[[], Sequence[Body]]
ONCE: dict[str, Writing] = {
    "opening": lambda: (opening(77, 500, "P-1"), opening(77, 500, "P-1")),
    "reversal": lambda: (reversal(999, 77, -500), reversal(999, 77, -500)),
    "request": lambda: (award(77, 500, request=999), award(77, 500, request=999)),
}


@pytest.mark.parametrize("kind", ONCE)
@pytest.mark.parametrize("order", [1, -1])
def test_first_by_rank_counts_when_two_logs_write_what_counts_once(hub: Engine, kind: str, order: int) -> None:
    """Log 12 wrote later, with a higher turn; whichever arrives first, log 13's fact is the one."""
    earlier, later = new_store(13), new_store(12)
    first, second = ONCE[kind]()
    write(earlier, first)
    write(later, WeatherNoted(), second)
    delivered(hub, *(earlier, later)[::order])
    assert counted(hub) == [(12, 2, 0), (13, 1, 1)]
    assert balances(hub) == {77: 500}


def test_what_counts_once_counts_apart_when_its_key_differs(hub: Engine) -> None:
    """Two passbooks of a household, one number in two households, two awards, two requests."""
    store = new_store(LOG)
    write(store, opening(77, 1, "P-1"), opening(77, 2, "P-2"), opening(78, 4, "P-1"))
    write(store, award(77, 8, request=1), award(77, 16, request=2), award(77, 32), award(77, 64))
    write(store, reversal(1, 77, -128), reversal(2, 77, -256))
    delivered(hub, store)
    assert balances(hub) == {77: 1 + 2 + 8 + 16 + 32 + 64 + 128 + 256, 78: 4}


def test_every_household_of_a_key_is_recomputed_when_another_fact_comes_first(hub: Engine) -> None:
    """The fact displaced had credited one household, the one that counts credits another."""
    earlier, later = new_store(13), new_store(12)
    write(earlier, award(78, 500, request=999))
    write(later, WeatherNoted(), award(77, 500, request=999))
    delivered(hub, later)
    assert balances(hub) == {77: 500}
    delivered(hub, earlier)
    assert balances(hub) == {77: 0, 78: 500}


def test_aspect_keeps_the_highest_rank_when_logs_arrive_in_any_order(hub: Engine) -> None:
    """The county stands above, then turn, then log."""
    low, high, county = new_store(13), new_store(12), new_store(0)
    write(low, HouseholdMoved(household=77, group=1, house=1))
    write(high, WeatherNoted(), HouseholdMoved(household=77, group=2, house=2))
    write(county, HouseholdMoved(household=77, group=3, house=3))
    for store, expected in ((high, 2), (low, 2), (county, 3)):
        delivered(hub, store)
        with transaction(hub, is_write=False) as connection:
            assert selected(connection, table_of(Household), "group_number") == [(expected,)]


def test_stock_begins_at_the_latest_count_when_seats_have_changed(hub: Engine) -> None:
    """Seat number first, then seq: the old seat's tail, whenever it is found, lies before the new seat's count."""
    old, new = new_store(13), new_store(12)
    write(old, WeatherNoted(), WeatherNoted(), StockCounted(seat=1, item=5, quantity=100), award(77, 900))
    write(new, award(77, 900), StockCounted(seat=2, item=5, quantity=40), redemption(77, 5, 1, 100, seat=2))
    delivered(hub, new)
    delivered(hub, old)
    assert stock(hub) == {5: 39}
    write(old, redemption(77, 5, 3, 100, seat=1))
    delivered(hub, old)
    assert stock(hub) == {5: 39}


def test_one_count_is_the_anchor_when_two_logs_counted_at_the_same_place(hub: Engine) -> None:
    """Two copies of one device both took seat 2: the counts do not add up, the higher log's is the one."""
    for log, quantity in ((12, 40), (13, 70)):
        copy = new_store(log)
        write(copy, StockCounted(seat=2, item=5, quantity=quantity), award(77, 900))
        write(copy, redemption(77, 5, 1, 100, seat=2))
        delivered(hub, copy)
    assert stock(hub) == {5: 68}


def test_stock_is_negative_when_nothing_was_counted(hub: Engine) -> None:
    """Book stock says what is known."""
    store = new_store(LOG)
    write(store, award(77, 900), redemption(77, 5, 3, 100), redemption(77, 6, 1, 100))
    delivered(hub, store)
    assert stock(hub) == {5: -3, 6: -1}


def stock(hub: Engine) -> dict[object, object]:
    """Book stock by item."""
    with transaction(hub, is_write=False) as connection:
        return {row[0]: row[1] for row in selected(connection, table_of(Stock), "item_id", "quantity")}


def test_credit_stays_visible_when_the_household_was_merged_before_it_came(hub: Engine) -> None:
    """It moves on by a fact of its own."""
    seat, other = new_store(LOG), new_store(12)
    write(seat, award(77, 100), merge(77, 78, 100))
    write(other, award(77, 50))
    delivered(hub, seat, other)
    assert balances(hub) == {77: 50, 78: 100}
    bring(other, seat)
    write(seat, sweep(77, 78, 50))
    delivered(hub, seat)
    assert balances(hub) == {77: 0, 78: 150}


def test_fact_is_kept_aside_when_kind_version_or_body_is_unknown(hub: Engine) -> None:
    """It says why, moves the cursor, and has no other consequence."""

    class LaterAward(AwardToNobody):
        """A version of a known kind that this program does not know."""

        VERSION = 2

    store = new_store(LOG)
    write(store, WeatherNoted(), AwardToNobody(), LaterAward(), award(77, 100))
    delivered(hub, store)
    with transaction(hub, is_write=False) as connection:
        assert selected(connection, table_of(Unprojected), "seq", "kind", "kv", "reason") == [
            (1, "weather_noted", 1, "kind"), (2, "points_awarded", 1, "body"), (3, "points_awarded", 2, "kind"),
        ]  # fmt: skip
        assert selected(connection, table_of(Cursor), "log", "seq") == [(LOG, 4)]
    assert balances(hub) == {77: 100}


def extreme(seq: int, kind: str, body: dict[str, Any]) -> Fact:
    """A well-formed fact of another program, at the limits of the format."""
    return Fact(
        village=VILLAGE, log=LOG, seq=seq, turn=LARGEST_INTEGER, kind=kind, kv=1, op=LARGEST_INTEGER, day=None,
        at=LARGEST_INTEGER, clock="u", boot=0, mono=0, ref=(0, 0), body=body, private=None,
    )  # fmt: skip


def test_largest_numbers_fold_when_a_well_formed_line_holds_them(hub: Engine) -> None:
    """A projection never refuses: what the kinds take, the engine can hold and add up a million times."""
    most = LARGEST_AMOUNT
    legs = [{"account": "household", "household": 77, "points": most}, {"account": "issued", "points": -most}]
    given = {"household": 77, "scheme": "s", "item": "i", "points": most, "legs": legs}
    facts = [
        *(extreme(seq, "points_awarded", given) for seq in range(1, 41)),
        *(extreme(seq, "stock_counted", {"seat": LARGEST_LOG, "item": 5, "quantity": most}) for seq in (41, 42)),
        extreme(43, "points_awarded", given | {"points": most + 1}),
        extreme(44, "stock_counted", {"seat": 1, "item": 5, "quantity": LARGEST_INTEGER}),
        extreme(45, "stock_counted", {"seat": LARGEST_LOG + 1, "item": 5, "quantity": 1}),
    ]
    lines = [journal.Sealed(render(fact)) for fact in facts]
    with transaction(hub, is_write=True) as connection:
        journal.store(connection, VILLAGE, LOG, lines)
        projections.project(connection, VILLAGE)
        assert selected(connection, table_of(Unprojected), "seq", "reason") == [
            (43, "body"),
            (44, "body"),
            (45, "body"),
        ]
    assert balances(hub) == {77: 40 * most}
    assert stock(hub) == {5: most}
    assert most * 1_000_000 < 2**63


@pytest.mark.parametrize(
    "legs",
    [
        [{"account": "pocket", "points": 1}],
        [{"account": "household", "household": 77, "points": True}],
        [{"account": "household", "household": 0, "points": 1}],
    ],
)
def test_fact_is_kept_aside_when_a_leg_is_no_leg(hub: Engine, legs: list[dict[str, Any]]) -> None:
    """The chart of accounts is fixed, and numbers are numbers."""
    body = {"household": 77, "scheme": "s", "item": "i", "points": 1, "legs": legs}
    with transaction(hub, is_write=True) as connection:
        journal.store(connection, VILLAGE, LOG, [journal.Sealed(render(extreme(1, "points_awarded", body)))])
        projections.project(connection, VILLAGE)
        assert selected(connection, table_of(Unprojected), "seq", "reason") == [(1, "body")]
        assert selected(connection, table_of(Posting), "n") == []


@pytest.mark.parametrize("day", ["２０２６-11-22", "2026-11-22\n", "2026-1-2", "22.11.2026"])
def test_fact_is_kept_aside_when_its_day_is_spelled_otherwise(hub: Engine, day: str) -> None:
    """Days are compared as text, so there is one spelling."""
    with transaction(hub, is_write=True) as connection:
        lines = [journal.Sealed(render(extreme(1, "price_set", {"item": 5, "from_day": day, "points": 1})))]
        journal.store(connection, VILLAGE, LOG, lines)
        projections.project(connection, VILLAGE)
        assert selected(connection, table_of(Unprojected), "reason") == [("body",)]


def test_lines_are_folded_once_when_projected_again(hub: Engine) -> None:
    """The cursor says how far each log has come, in pieces of any size."""
    store = new_store(LOG)
    write(store, *(award(77, 1) for _ in range(5)))
    with transaction(hub, is_write=True) as connection, store.read() as source:
        journal.store(connection, VILLAGE, LOG, lines_of(source, VILLAGE, LOG)[:3])
        assert projections.project(connection, VILLAGE) == 3
        assert projections.project(connection, VILLAGE) == 0
        journal.store(connection, VILLAGE, LOG, lines_of(source, VILLAGE, LOG))
        assert projections.project(connection, VILLAGE) == 2
    assert balances(hub) == {77: 5}


def test_tables_are_equal_when_folded_in_pieces_of_any_size(hub: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is a matter of speed."""
    store = new_store(LOG)
    write(store, *(award(70 + seq % 3, seq, request=seq // 2 + 1) for seq in range(1, 12)))
    digests = set()
    for pieces in (1, 2, 5, 1_000):
        monkeypatch.setattr(projections, "FACTS_AT_ONCE", pieces)
        delivered(hub, store)
        with transaction(hub, is_write=True) as connection:
            digests.add(digest(connection, VILLAGE))
            projections.clear(connection, VILLAGE)
    assert len(digests) == 1


def test_recomputation_takes_all_keys_when_a_batch_touches_very_many(store: Store) -> None:
    """More households, and more keys that count once, than one statement takes."""
    write(store, *(award(household, household, request=household) for household in range(1, 1_001)))
    with store.read() as connection:
        table = table_of(Balance)
        summed = connection.execute(select(func.count(), func.sum(table.c.redeemable_points))).one()
    assert tuple(summed) == (1_000, 500_500)


def test_other_villages_stay_when_one_is_cleared_or_projected(hub: Engine) -> None:
    """A village's tables are its own: `project` and `clear` touch no other."""
    here, there = new_store(LOG), new_store(LOG, village=124)
    write(here, award(77, 100))
    write(there, award(77, 900))
    with transaction(hub, is_write=True) as connection:
        for store in (here, there):
            with store.read() as source:
                journal.store(connection, store.village, LOG, lines_of(source, store.village, LOG))
        assert projections.project(connection, VILLAGE) == 1
        empty = digest(connection, 124)
        assert projections.project(connection, 124) == 1
        full, other = digest(connection, VILLAGE), digest(connection, 124)
        assert len({empty, full, other}) == 3
        projections.clear(connection, 124)
        assert (digest(connection, VILLAGE), digest(connection, 124)) == (full, empty)


def test_digest_changes_when_any_value_changes(hub: Engine) -> None:
    """One column of one row is enough."""
    store = new_store(LOG)
    write(store, award(77, 100))
    delivered(hub, store)
    with transaction(hub, is_write=True) as connection:
        before = digest(connection, VILLAGE)
        connection.execute(text("UPDATE posting SET paper_number = 'P-1' WHERE n = 1"))
        assert digest(connection, VILLAGE) != before


def test_version_changes_when_a_table_or_an_index_changes(hub: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of an older program is rebuilt, and has the indexes this one relies on."""
    with transaction(hub, is_write=False) as connection:
        before = projections.projection_version(connection)
        assert projections.projection_version(connection) == before
        monkeypatch.setattr(projections, "FOLD_VERSION", projections.FOLD_VERSION + 1)
        assert projections.projection_version(connection) != before
        monkeypatch.undo()
        (index,) = (each for each in table_of(Person).indexes if each.name == "person_household")
        monkeypatch.setattr(table_of(Person), "indexes", table_of(Person).indexes - {index})
        assert projections.projection_version(connection) != before


def test_fold_does_nothing_when_there_are_no_facts(hub: Engine) -> None:
    """An empty batch leaves no row behind."""
    with transaction(hub, is_write=True) as connection:
        before = digest(connection, VILLAGE)
        fold(connection, VILLAGE, [])
        Batch(connection, VILLAGE).flush()
        assert digest(connection, VILLAGE) == before


def test_projecting_reads_no_other_table_than_its_own_rows(store: Store) -> None:
    """No projection looks up a price, a rule, a limit or a workspace row."""
    said: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *arguments: said.append(arguments[2]))
    with store.write(now=NOW, by=None) as act:
        act.append(PriceSet(item=5, from_day="2026-11-22", points=300))
        act.append(award(77, 900))
        said.clear()
        fact = journal.append(act.connection, act.writer, redemption(77, 5, 1, 250))
        said.clear()
        fold(act.connection, VILLAGE, [fact])
    folded = [statement for statement in said if statement.split()[0] in ("INSERT", "UPDATE", "SELECT", "DELETE")]
    tables = {
        table.name for table in projections.tables() for statement in folded if f" {table.name} " in f" {statement} "
    }
    own = {"redemption", "redemption_line", "stock_movement", "stock", "slip_recovered", "posting", "balance"}
    assert tables == own | {"cursor"}
    assert rank(LOG, 1, 1) < rank(0, 1, 1)
