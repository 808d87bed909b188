"""What must hold of every demo village, whatever was drawn: held against the oracle and against the tables."""

from collections import Counter
from pathlib import Path

import pytest

from db.engine import open_sqlite
from db.invariants import find_faults
from db.store import open_store, store_file
from kiosk.demo.village import make_demo
from kiosk.domain.attendance import show_attendance
from kiosk.domain.fund import show_fund
from kiosk.domain.ledgers import LedgerKind, read_ledgers
from kiosk.domain.report import Period
from kiosk.domain.slip import slips_owed
from kiosk.domain.waiting import count_waiting
from kiosk.station import DEMO_VILLAGE
from tests.kiosk.demo.lived import SMALL, Lived, digest, small

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(300)]


@pytest.fixture
def lived() -> Lived:
    """The small village."""
    return small()


def test_the_village_is_the_same_line_by_line_when_the_seed_is(lived: Lived, tmp_path: Path) -> None:
    """Exports are compared by their bytes, texts and heads included."""
    make_demo(tmp_path / "again", SMALL)
    store = open_store(open_sqlite(store_file(tmp_path / "again")))
    assert digest(store, tmp_path / "a") == digest(lived.store, tmp_path / "b")
    store.close()


def test_nothing_is_wrong_when_the_year_is_over(lived: Lived) -> None:
    """Neither in the tables nor in the journal."""
    with lived.store.read() as connection:
        assert find_faults(connection, DEMO_VILLAGE) == []
    assert lived.oracle.faults == []
    assert lived.oracle.village["unknown"] == []


def test_every_balance_is_the_sum_of_its_entries_when_the_year_is_over(lived: Lived) -> None:
    """Three ways: as stored, summed from the tables, recomputed from the lines; and all accounts sum to zero."""
    stored = dict(lived.rows("SELECT household_id, redeemable_points FROM balance"))
    summed = dict(lived.rows("SELECT household_id, sum(points) FROM posting WHERE account = 'household' GROUP BY 1"))
    assert stored == summed == lived.oracle.balances
    assert min(stored.values()) >= 0
    assert sum(lived.oracle.village["accounts"].values()) == 0


def test_every_line_of_a_redemption_moved_goods_when_the_year_is_over(lived: Lived) -> None:
    """The same goods and quantity, by the same fact; each came in a delivery of which the cost is known or follows."""
    lines = "SELECT log, seq, item_id, -quantity FROM redemption_line"
    moved = "SELECT log, seq, item_id, quantity FROM stock_movement WHERE quantity < 0 AND once_key IS NULL"
    assert Counter(lived.rows(lines)) == Counter(lived.rows(moved))
    assert len(lived.rows(lines)) > 20
    assert dict(lived.rows("SELECT item_id, quantity FROM stock")) == lived.oracle.stock


def test_the_books_of_the_fund_balance_when_the_year_is_over(lived: Lived) -> None:
    """By the tables and by the lines, to the fen; the cash never ran out, and little was lost."""
    fund, oracle = show_fund(lived.store), lived.oracle.village["books"]
    books = fund.books
    assert books.is_balanced
    assert oracle["missing"] == 0
    names = ("received", "given", "spent", "shelf", "redeemed", "lost")
    assert {name: getattr(books, f"{name}_fen") for name in names} == {name: oracle[name] for name in names}
    ledger = read_ledgers(lived.store, Period("2021-01-01", "2021-12-31"), (LedgerKind.FUND,)).fund
    assert ledger is not None
    assert min(row.cash_fen for row in ledger.rows) >= 0
    assert {row.source for row in ledger.rows if not row.is_purchase} == {"grant", "village", "donation"}
    assert 0 < books.lost_fen < 60_000
    assert not fund.is_short


def test_every_barcode_has_its_check_digit_when_goods_are_registered(lived: Lived) -> None:
    """Weights 3 and 1 from the right over all digits make a multiple of ten."""
    codes = [code for item in lived.oracle.village["items"] for code in item["codes"]]
    sums = [sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(code)) for code in codes]
    assert len(codes) == 41
    assert {len(code) for code in codes} == {14}
    assert {total % 10 for total in sums} == {0}


def test_no_two_live_cards_have_one_number_when_the_year_is_over(lived: Lived) -> None:
    """However many were lost and replaced."""
    live_ones = [card["number"] for card in lived.oracle.village["cards"] if card["state"] == "live"]
    assert len(live_ones) == len(set(live_ones)) > 80
    states = Counter(card["state"] for card in lived.oracle.village["cards"])
    assert {"live", "lost", "replaced", "stopped"} == set(states)


def test_every_attendance_is_recomputed_when_the_year_is_over(lived: Lived) -> None:
    """Each ended meeting: expected, present, late, leave, absent, observers, by three programs."""
    names = ("expected", "present", "late", "leave", "absent", "observers")
    ended = [row for row in lived.oracle.village["meetings"] if row["state"] == "ended"]
    assert len(ended) > 55
    for row in ended:
        tally = show_attendance(lived.store, row["id"]).tally
        assert {name: getattr(tally, name) for name in names} == {name: row[name] for name in names}


def test_points_of_meetings_are_recomputed_when_the_year_is_over(lived: Lived) -> None:
    """What was given for coming and for suggestions is what the lines say; no entry is older than its meeting."""
    posted = "SELECT coalesce(sum(points), 0) FROM posting WHERE account = 'household' AND kind = '{}'"
    assert lived.one(posted.format("attendance_awarded")) == sum(
        row["points"] or 0 for row in lived.oracle.village["meetings"]
    )
    assert lived.one(posted.format("suggestion_awarded")) == sum(
        row["points"] for row in lived.oracle.village["suggestions"]
    )
    begun = dict(lived.rows("SELECT meeting_id, at FROM meeting_act WHERE act = 'begun'"))
    awarded = lived.rows("SELECT once_key, at FROM posting WHERE kind = 'attendance_awarded'")
    assert len(awarded) > 200
    assert all(at > begun[int(key.split(":")[1])] for key, at in awarded)


def test_redemptions_and_requests_are_those_of_the_lines_when_the_year_is_over(lived: Lived) -> None:
    """Each redemption once, with its points; what waits waits there too, and nobody for a slip."""
    held = {(row.log, row.seq): row.points for row in lived.rows("SELECT log, seq, points FROM redemption")}
    assert held == {(row["log"], row["seq"]): row["points"] for row in lived.oracle.village["redemptions"]}
    states = Counter(row["state"] for row in lived.oracle.village["requests"])
    assert states["waiting"] == count_waiting(lived.store) >= 2
    assert states["approved"] > 3
    assert slips_owed(lived.store) == ()
