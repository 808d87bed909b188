"""Any delivered set of lines gives equal tables, however it was delivered, live or rebuilt, on both engines.

Equal is not enough: the tables of the whole story also hold the values that a person would work out by hand.
"""

from functools import cache
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from db.facts import read_body
from db.facts.points import AwardReversed, OpeningBalancePosted
from db.invariants import find_faults
from db.line import parse
from db.tables.notice import Message, MessageMark, RuleValue, Settled
from db.tables.people import Arrival, Card, CardBar, Household, Leaving
from db.tables.points import Balance, Posting
from db.tables.shop import Item, Price, RedemptionLine, Stock
from db.tables.terminal import Cursor, Unprojected
from tests.ledger import VILLAGE, new_store
from tests.postgres import ONE_WORKER
from tests.properties.delivery import (
    VILLAGES,
    Digests,
    Target,
    deliver_at_random,
    deliver_in_order,
    sqlite_target,
    values,
)
from tests.properties.scene import COUNTY, A, B, C, D, Lines, scene

if TYPE_CHECKING:
    from db.journal import Sealed

ORDERS: Final = 200
ORDERS_ON_POSTGRESQL: Final = 60
AT_ONCE: Final = 20
PREFIXES: Final = 12


@cache
def delivered_set(number: int) -> Lines:
    """Set 0 is everything; in the others each log ends somewhere, and some have not arrived at all."""
    if number == 0:
        return scene().lines
    random = Random(number)
    ends = {
        place: random.choice((0, len(lines), random.randint(0, len(lines)))) for place, lines in scene().lines.items()
    }
    return {place: scene().lines[place][:end] for place, end in ends.items()}


@cache
def expected(number: int) -> Digests:
    """The tables of a set when every log is delivered whole, one after the other, on SQLite."""
    target = sqlite_target()
    deliver_in_order(target, delivered_set(number))
    return target.digests()


def check(target: Target, seed: int) -> None:
    """Deliver one set in one order and compare tables, lines and texts; a failure names the seed."""
    number = 0 if seed % 2 else seed // 2 % PREFIXES
    lines = delivered_set(number)
    deliver_at_random(target, lines, Random(seed))
    assert target.digests() == expected(number), f"seed {seed}"
    assert target.lines() == {place: held for place, held in lines.items() if held}, f"seed {seed}"


@pytest.mark.parametrize("first", range(0, ORDERS, AT_ONCE))
def test_tables_are_equal_when_lines_come_in_any_order(sqlite: Target, first: int) -> None:
    """On SQLite, twenty orders a test."""
    for seed in range(first, first + AT_ONCE):
        check(sqlite, seed)


@ONE_WORKER
@pytest.mark.parametrize("first", range(ORDERS, ORDERS + ORDERS_ON_POSTGRESQL, AT_ONCE))
def test_tables_are_equal_when_lines_come_in_any_order_on_postgresql(postgresql: Target, first: int) -> None:
    """On PostgreSQL, other orders, and equal to SQLite."""
    for seed in range(first, first + AT_ONCE):
        check(postgresql, seed)


@pytest.mark.parametrize("seed", range(5))
def test_tables_of_a_terminal_are_equal_when_it_receives_lines_in_any_order(seed: int) -> None:
    """A till takes foreign lines with guards and all, and ends with the tables of the hub."""
    store, random = new_store(77), Random(seed)
    queues = {place: list(lines) for place, lines in scene().lines.items()}
    while open_logs := sorted(place for place, left in queues.items() if left):
        place = random.choice(open_logs)
        piece = random.randint(1, 9)
        store.receive(*place, queues[place][:piece])
        del queues[place][:piece]
    assert Target(store.engine).digests() == expected(0)


def test_sets_differ_when_lines_are_missing() -> None:
    """The comparison compares something: every set has tables of its own, and each of the five logs matters."""
    assert len({expected(number) for number in range(PREFIXES)}) == PREFIXES
    target = sqlite_target()
    for place in scene().lines:
        deliver_in_order(target, scene().lines | {place: []})
        assert target.digests() != expected(0)


@pytest.fixture
def whole(target: Target) -> Target:
    """The whole story, delivered in some order, on each of the two engines."""
    if target.digests() != expected(0):
        deliver_at_random(target, scene().lines, Random(2_026))
    return target


def balance(target: Target, household: str) -> object:
    """Redeemable points of one of the four households."""
    return values(target, Balance, "redeemable_points", household_id=scene().id_of(household))[0][0]


def price_on(target: Target, day: str) -> object:
    """The price of rice in force on a day: latest day first, then the highest rank."""
    found = values(target, Price, "from_day", "rank", "points", item_id=scene().id_of("rice"))
    return max(row for row in found if str(row[0]) <= day)[2]


def test_card_is_live_when_lost_at_one_desk_and_found_at_another_after_a_restore(whole: Target) -> None:
    """The desk that found it had seen that it was lost."""
    assert values(whole, Card, "state", card_id=scene().id_of("card")) == [("live",)]


def test_household_has_new_name_and_new_place_when_renamed_here_and_moved_there(whole: Target) -> None:
    """Neither desk knew of the other, and nothing is lost."""
    columns = ("name_id", "group_number", "house_number", "state")
    expected_row = (scene().id_of("renamed"), 5, 9, "open")
    assert values(whole, Household, *columns, household_id=scene().id_of("wang")) == [expected_row]


def test_opening_balance_counts_once_when_two_desks_imported_it(whole: Target) -> None:
    """Passbook P-7 with 120 points at desk A, with 100 at desk B: the first by rank counts, the other stays visible.

    12,000 and passbook P-8 with 500, less 9,300 in the dead desk's tail and 6,000 at the restored one: overdrawn, and
    nothing is floored.
    """
    rows = values(whole, Posting, "log", "points", "is_counted", kind="opening_balance_posted", account="household")
    assert rows == [(B, 10_000, 0), (B, 500, 1), (A, 12_000, 1)]
    assert balance(whole, "li") == 12_000 + 500 - 9_300 - 6_000 - 200 == -3_000


def test_slip_on_paper_counts_once_when_its_redemption_arrives_or_it_is_entered_twice(whole: Target) -> None:
    """Number 3 is held by the dead desk's tail; of number 4, on paper alone, the first counts."""
    rows = values(whole, Posting, "points", "is_counted", kind="slip_recovered", account="household")
    assert rows == [(-300, 0), (-200, 1), (-200, 0)]


def test_award_is_taken_back_once_when_two_seats_reversed_it(whole: Target) -> None:
    """Once in the tail of the dead desk, once at the restored desk that did not know."""
    rows = values(whole, Posting, "log", "points", "is_counted", kind="award_reversed", account="household")
    assert sorted(rows) == sorted([(A, -2_000, rows[0][2]), (C, -2_000, rows[1][2])])
    assert sum(int(str(row[2])) for row in rows) == 1
    assert balance(whole, "wang") == 5_000 + 2_000 - 2_000 - 1_200 - 600 == 3_200


def test_first_by_rank_counts_when_it_may_count_once(whole: Target) -> None:
    """Worked out from the lines alone, without a table."""
    facts = [
        parse(line.line) for line in scene().lines[VILLAGE, A] + scene().lines[VILLAGE, B] + scene().lines[VILLAGE, C]
    ]
    for kind, key in ((AwardReversed, "award"), (OpeningBalancePosted, "paper")):
        chosen: dict[object, tuple[int, int, int]] = {}
        for fact in facts:
            if fact.kind == kind.KIND:
                place = (fact.turn, fact.log, fact.seq)
                name = getattr(read_body(fact), key)
                chosen[name] = min(chosen.get(name, place), place)
        counted = values(whole, Posting, "log", "seq", kind=kind.KIND, account="household", is_counted=1)
        assert sorted(counted) == sorted((log, seq) for _, log, seq in chosen.values())


def test_stock_begins_at_the_new_seat_when_the_tail_of_the_old_one_is_found(whole: Target) -> None:
    """60 counted at seat 2, less 2 and 20; what the dead desk sold and even counted after its backup lies before.

    It lies before by seat number, although the dead desk had counted at a higher rank.
    """
    counts = [
        parse(line.line) for log in (A, C) for line in scene().lines[VILLAGE, log] if b'"stock_counted"' in line.line
    ]
    assert counts[1].rank > counts[2].rank
    assert values(whole, Stock, "quantity", item_id=scene().id_of("rice")) == [(60 - 2 - 20,)]


def test_price_changes_and_past_redemptions_do_not_when_the_county_price_arrives_late(target: Target) -> None:
    """The county's price of the first of November stands above the desk's of the same day once it is here."""
    late = (VILLAGE, COUNTY)
    deliver_in_order(target, scene().lines | {late: []})
    assert (price_on(target, "2026-10-31"), price_on(target, "2026-11-22")) == (300, 310)
    sold, wang = values(target, RedemptionLine, "each_points", "points"), balance(target, "wang")
    deliver_at_random(target, scene().lines, Random(7))
    assert (price_on(target, "2026-10-31"), price_on(target, "2026-11-22")) == (300, 250)
    assert values(target, RedemptionLine, "each_points", "points") == sold
    assert {each for each, _ in sold} == {300}
    assert balance(target, "wang") == wang


def test_credit_stays_on_the_merged_account_until_it_is_swept(target: Target) -> None:
    """The second terminal awarded a household that had joined another meanwhile."""
    until_swept: list[Sealed] = scene().lines[VILLAGE, C][: scene().facts["swept"].seq - 1]
    deliver_at_random(target, scene().lines | {(VILLAGE, C): until_swept}, Random(8))
    assert (balance(target, "zhao"), balance(target, "zhou")) == (700, 400 + 9_000)
    deliver_at_random(target, scene().lines, Random(9))
    assert (balance(target, "zhao"), balance(target, "zhou")) == (0, 400 + 9_000 + 700)
    columns = ("state", "merged_into_id")
    assert values(target, Household, *columns, household_id=scene().id_of("zhao")) == [
        ("merged", scene().id_of("zhou"))
    ]


def test_request_is_fulfilled_once_when_two_desks_did_it(whole: Target) -> None:
    """9,000 in the dead desk's tail and again at the restored desk."""
    rows = values(
        whole, Posting, "log", "is_counted", once_key=f"request:{scene().id_of('request')}", account="household"
    )
    assert rows == [(A, 1), (C, 0)]


def test_aspects_of_goods_come_from_whoever_ranks_highest_when_desk_and_county_set_them(whole: Target) -> None:
    """The name from the tail, the limit from the county although the desk set one later, the day from the desk."""
    columns = ("name", "monthly_limit", "best_before")
    assert values(whole, Item, *columns, item_id=scene().id_of("rice")) == [("新米", 40, "2027-01-31")]


def test_unknown_facts_are_kept_aside_and_cursors_stand_at_the_end_when_all_is_delivered(whole: Target) -> None:
    """Two kinds of strangers in four logs; every log is projected to its end."""
    aside = values(whole, Unprojected, "log", "kind", "reason")
    assert sorted(aside) == sorted(
        [(log, "weather_noted", "kind") for log in (COUNTY, D, A)] + [(log, "points_awarded", "body") for log in (B, C)]
    )
    ends = sorted((log, len(lines)) for (village, log), lines in scene().lines.items() if village == VILLAGE)
    assert values(whole, Cursor, "log", "seq") == ends


def test_word_of_the_county_holds_when_all_is_received(whole: Target) -> None:
    """One number barred, one cleared; a limit, something settled, something read."""
    assert values(whole, CardBar, "number", "is_barred") == [("2601239999999999", 1), ("2701231234567891", 0)]
    assert values(whole, RuleValue, "name", "value") == [("award_limit_points", 900)]
    assert values(whole, Settled, "cause", "subject") == [("written_twice", "P-7")]
    assert [row[0] for row in values(whole, Message, "kind")] == ["sent", "settled"]
    assert values(whole, MessageMark, "is_common", "message_seq") == [(0, 9), (1, 5)]


def test_household_moves_once_when_all_is_received(whole: Target) -> None:
    """Left by the seat and its copy, announced twice, opened twice: the points moved once each way."""
    assert values(whole, Household, "state", household_id=scene().id_of("chen")) == [("left",)]
    moved = values(whole, Posting, "points", account="moved", kind="household_left", is_counted=1)
    moved += values(whole, Posting, "points", account="moved", kind="household_arrived", is_counted=1)
    assert (moved, balance(whole, "chen")) == ([(600,), (-800,)], 0)
    assert (balance(whole, "arrived"), balance(whole, "arrived_again")) == (800, 0)
    assert len(values(whole, Arrival, "points")) == len(values(whole, Leaving, "points")) == 2


def test_invariants_name_exactly_what_went_wrong_when_all_is_received() -> None:
    """What guards would have refused stands here for a person to settle."""
    store = new_store(77)
    for place, lines in scene().lines.items():
        store.receive(*place, lines)
    with store.read() as connection:
        codes = [fault.code for village in VILLAGES for fault in find_faults(connection, village)]
    assert sorted(set(codes)) == ["balance_overdrawn", "fact_not_understood", "written_twice"]
    assert (codes.count("balance_overdrawn"), codes.count("written_twice"), codes.count("fact_not_understood")) == (
        1,
        5,
        6,
    )


def test_all_postings_sum_to_zero_when_any_set_is_delivered() -> None:
    """Counted or not: every fact brings both sides."""
    target = sqlite_target()
    for number in range(PREFIXES):
        deliver_in_order(target, delivered_set(number))
        for counted in (0, 1):
            points = [row[0] for row in values(target, Posting, "points", is_counted=counted)]
            assert sum(int(str(each)) for each in points) == 0
