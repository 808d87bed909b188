"""Importing as a whole: differences only, all or nothing, who may, who signed, and what the closing fact says."""

from pathlib import Path

import pytest

from db.engine import open_sqlite
from db.invariants import find_faults
from db.store import create_store, store_file
from kiosk.clock import ManualClock
from kiosk.domain.goods import find_items, price_of
from kiosk.domain.importing import EARLIEST_YEAR, Imported, apply_import, plan_import
from kiosk.domain.people import rename_household
from kiosk.domain.period import close_day
from kiosk.domain.village import begin_village
from kiosk.domain.waiting import Signature, approve_request, decline_request, list_requests
from kiosk.errors import BadInput, NotAllowed
from kiosk.sheets.problem import Fault, Problem, fate_of
from kiosk.sheets.rows import SheetKind, SheetReading
from tests.kiosk.domain.office import Office, office_in
from tests.kiosk.domain.rows import (
    SHEET,
    bring,
    changes,
    facts_of,
    goods,
    house,
    length,
    member,
    person,
    plan,
    seat_moves,
    sheet_of,
    written_by,
)
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, seeded

ROWS = (house(1, 1, "张三", residents=4, opening_points=4_250, passbook="P-1"), house(1, 2, "李四"))
BAD = Problem(SHEET, "C9", "两分", Fault.NUMBER_UNREADABLE, fate_of(Fault.NUMBER_UNREADABLE))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with secretary, volunteer and supervisor; households 3-12 and 3-13."""
    return office_in(tmp_path / "desk", Office)


def test_every_kind_is_written_when_sheets_come_in_their_order(office: Office, tmp_path: Path) -> None:
    """Households, persons, members and goods; the separate program finds the same figures."""
    assert bring(office, *ROWS) == Imported(SheetKind.HOUSEHOLDS, 2, 0, 0, 0, 3, 1, 4_250, waits_for_signature=True)
    assert bring(office, person(1, 1, "张三"), person(1, 2, "李四", sex="f")).new == 2
    assert bring(office, member(1, 2, "李四", class_code="elder", joined_year=1990)).new == 1
    assert bring(office, goods(stock=40, monthly_limit=2, best_before_on="2027-05-31")).facts == 5
    found = recompute(office.store, tmp_path)
    assert found.faults == []
    assert list(found.balances.values()) == [4_250]
    assert list(found.stock.values()) == [40]
    names = {row["name"] for row in found.rows("persons").values()}
    assert {"张三", "李四"} <= names
    assert [row["class_code"] for row in found.rows("members").values()] == ["elder"]
    sizes = {row["name"]: row["residents"] for row in found.rows("households").values()}
    assert (sizes["张三"], sizes["李四"]) == (4, None)


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        (person(3, 12, "王小"), person(3, 12, "王小", homonym=1), person(3, 13, "李大", sex="m")),
        (
            goods(stock=40, monthly_limit=2, unit="袋"),
            goods("土豆", 600, ("42",), unit="公斤", unit_grams=1000, stock=900),
        ),
    ],
)
def test_nothing_is_written_when_the_same_rows_come_twice(office: Office, rows: tuple[object, ...]) -> None:
    """Not even the fact that closes an import."""
    first = bring(office, *rows)  # type: ignore[arg-type]  # because a parameter has no type of its own
    before = length(office.store)
    second = bring(office, *rows)  # type: ignore[arg-type]  # because a parameter has no type of its own
    assert (first.new, second.new, second.changed, second.unchanged) == (len(rows), 0, 0, len(rows))
    assert (second.facts, second.waits_for_signature, length(office.store)) == (0, False, before)


def test_the_closing_fact_counts_rows_and_names_the_file_when_something_changed(office: Office) -> None:
    """Digest, rows seen, what was new, changed and left out, and how many facts stand before it."""
    reading = sheet_of(house(3, 12, "王强"), *ROWS)
    written = written_by(
        office.store,
        lambda: apply_import(
            office.store, plan_import(office.store, reading, office.now), now=office.now, by=office.operator
        ),
    )
    kinds = ["household_renamed", "household_registered", "opening_balance_posted", "household_registered"]
    assert [fact.kind for fact in written] == [*kinds, "people_imported"]
    assert dict(written[-1].body) == {
        "sheet": "households", "digest": reading.digest, "rows": 3, "added": 2, "changed": 1, "skipped": 0, "facts": 4,
        "openings": 1, "opening_points": 4_250, "signer": None,
    }  # fmt: skip
    assert {fact.op for fact in written} == {office.operator}


def test_no_day_stands_in_imported_facts_when_a_day_is_open(office: Office) -> None:
    """Opening balances are no part of the day's work, so no day report counts them."""
    written = written_by(office.store, lambda: bring(office, *ROWS))
    assert {fact.day for fact in written} == {None}
    assert office.award(office.wang, 100)
    assert facts_of(office.store)[-1].day == DAY


def test_nothing_is_imported_when_anything_is_wrong(office: Office) -> None:
    """One faulty cell stops the sheet; the refusal counts the rows."""
    reading = sheet_of(*ROWS, problems=[BAD])
    found = plan_import(office.store, reading, office.now)
    before = length(office.store)
    with pytest.raises(BadInput) as refused:
        apply_import(office.store, found, now=office.now, by=office.operator)
    assert (refused.value.code, refused.value.parameters) == ("sheet_has_problems", {"count": 1})
    assert length(office.store) == before


def test_the_rest_is_imported_when_bad_rows_are_left_out_on_purpose(office: Office) -> None:
    """Rows that the tables refuse are left out like those that could not be read."""
    rows = (person(3, 12, "王小"), person(9, 9, "王大"))
    found = plan(office, *rows).leaving_out_bad_rows()
    done = apply_import(office.store, found, now=office.now, by=office.operator)
    assert (done.new, done.left_out) == (1, 1)
    assert plan(office, *rows).wrong == 1


def test_an_unreadable_file_is_one_thing_wrong_when_planned(office: Office) -> None:
    """A fault of a whole file counts too, so nobody imports nothing by leaving it out unseen."""
    broken = Problem("", "", "x.xlsx", Fault.FILE_UNREADABLE, fate_of(Fault.FILE_UNREADABLE))
    found = plan_import(office.store, SheetReading(SheetKind.GOODS, "x.xlsx", problems=(broken,)), office.now)
    assert (found.wrong, found.new, found.may_be_written) == (1, 0, False)


def test_the_latest_state_is_compared_when_the_desk_went_on_after_the_plan(office: Office) -> None:
    """What was planned is planned again inside the action: nobody's rename is taken back by an older look."""
    found = plan(office, house(3, 12, "王强"), house(1, 1, "张三"))
    rename_household(office.store, office.wang, "王强", now=office.now, by=office.operator)
    office.household(1, 1, "张三")
    done = apply_import(office.store, found, now=office.now, by=office.operator)
    assert (found.new, found.changed) == (1, 1)
    assert (done.new, done.changed, done.unchanged, done.facts) == (0, 0, 2, 0)


def test_only_the_secretary_imports_when_rights_are_asked(office: Office) -> None:
    """A volunteer may not; the installer, who is no operator, may."""
    found = plan(office, *ROWS)
    with pytest.raises(NotAllowed) as refused:
        apply_import(office.store, found, now=office.now, by=office.helper.operator_id)
    assert refused.value.code == "right_missing"
    assert apply_import(office.store, found, now=office.now, by=None).new == 2
    assert facts_of(office.store)[-1].op is None


def test_opening_balances_carry_the_second_signature_when_a_badge_was_given(office: Office) -> None:
    """The signer stands in each of them, marked unverified, and nothing waits."""
    written = written_by(office.store, lambda: bring(office, *ROWS, badge=office.supervisor.badge))
    opening = next(fact for fact in written if fact.kind == "opening_balance_posted")
    assert (opening.body["signer"], opening.body["is_verified"]) == (office.supervisor.operator_id, False)
    assert written[-1].body["signer"] == office.supervisor.operator_id
    assert list_requests(office.store) == ()


@pytest.mark.parametrize(
    ("who", "code"), [("secretary", "signer_is_maker"), ("helper", "right_missing"), ("nobody", "badge_unknown")]
)
def test_nothing_is_imported_when_the_signature_is_no_good(office: Office, who: str, code: str) -> None:
    """Whoever imports cannot sign, nor somebody without the right, nor a badge nobody has."""
    badges = {"secretary": secretary_badge(office), "helper": office.helper.badge, "nobody": "3001230000000000"}
    before = length(office.store)
    with pytest.raises(NotAllowed) as refused:
        bring(office, *ROWS, badge=badges[who])
    assert refused.value.code == code
    assert length(office.store) == before


def secretary_badge(office: Office) -> str:
    """The badge of whoever is at the desk."""
    found = next(fact for fact in facts_of(office.store) if fact.id == office.operator)
    badge: str = found.body["badge"]
    return badge


def test_a_second_signature_is_not_looked_at_when_there_are_no_balances(office: Office) -> None:
    """Names and places need no second hand."""
    assert bring(office, house(1, 1, "张三"), badge="3001230000000000").new == 1


def test_opening_balances_stand_on_the_waiting_list_until_somebody_signs(office: Office) -> None:
    """One entry for the sheet, with how many and how much; whoever imported cannot sign it."""
    bring(office, *ROWS, house(1, 3, "赵五", opening_points=50, passbook="P-3"))
    (waiting,) = list_requests(office.store)
    assert (waiting.kind, waiting.quantity, waiting.points) == ("opening_balances", 2, 4_300)
    with pytest.raises(NotAllowed) as refused:
        approve_request(office.store, waiting.request_id, now=office.now, by=office.operator)
    assert refused.value.code == "signer_is_maker"
    signature = Signature(office.supervisor.badge)
    approve_request(office.store, waiting.request_id, signature, now=office.now, by=office.operator)
    assert list_requests(office.store) == ()
    with office.store.read() as connection:
        assert find_faults(connection, VILLAGE) == []


def test_opening_balances_are_taken_back_when_the_signature_is_refused(office: Office, tmp_path: Path) -> None:
    """As far as they were not redeemed; other balances and an earlier import stay."""
    bring(office, house(1, 5, "钱七", opening_points=700, passbook="P-5"), badge=office.supervisor.badge)
    bring(office, *ROWS, house(1, 3, "赵五", opening_points=50, passbook="P-3"))
    homes = {row["name"]: row["id"] for row in recompute(office.store, tmp_path).rows("households").values()}
    office.award(homes["李四"], 300)
    office.take(homes["赵五"])
    (waiting,) = list_requests(office.store)
    signature = Signature(office.supervisor.badge)
    decline_request(office.store, waiting.request_id, signature, now=office.now, by=office.operator)
    found = recompute(office.store, tmp_path)
    assert found.faults == []
    names = ("张三", "李四", "赵五", "钱七")
    assert [found.balances.get(homes[name], 0) for name in names] == [0, 300, 0, 700]
    with office.store.read() as connection:
        assert find_faults(connection, VILLAGE) == []


def test_stock_is_not_counted_when_the_seat_is_elsewhere(office: Office) -> None:
    """Counts belong to the seat; names and prices may be imported anywhere."""
    seat_moves(office)
    before = length(office.store)
    with pytest.raises(NotAllowed) as refused:
        bring(office, goods(stock=40))
    assert (refused.value.code, length(office.store)) == ("seat_elsewhere", before)
    assert bring(office, goods(points=400)).new == 1


def test_prices_hold_from_the_day_that_is_asked_when_there_is_one(office: Office) -> None:
    """A named day, else the open one, else the last one there was."""
    assert plan(office, goods(), from_day="2026-12-01").from_day == "2026-12-01"
    assert plan(office, goods()).from_day == DAY
    close_day(office.store, now=office.now, by=office.operator)
    assert plan(office, goods()).from_day == DAY


def test_prices_hold_always_when_no_day_was_ever_opened(tmp_path: Path) -> None:
    """Whichever day a village opens first, its goods have a price on it, whatever a wrong clock said at the import."""
    store = create_store(open_sqlite(store_file(tmp_path)), VILLAGE, seeded("first"))
    clock = ManualClock(0)
    by = begin_village(store, "周会计", now=clock.now()).operator_id
    found = plan_import(store, sheet_of(goods()), clock.now())
    apply_import(store, found, now=clock.now(), by=by)
    with store.read() as connection:
        (item,) = find_items(connection, VILLAGE, "06990103300302")
        assert price_of(connection, VILLAGE, item, "2021-01-01") == 300
    assert found.this_year == EARLIEST_YEAR


def test_every_change_is_named_when_a_plan_is_shown(office: Office) -> None:
    """What, of whom, before and after: a person sees what + would do."""
    bring(office, house(1, 1, "张三", residents=4, opening_points=100, passbook="P-1"))
    found = plan(office, house(1, 1, "张大", residents=5), house(2, 1, "张三", opening_points=50, passbook="P-2"))
    assert changes(found) == [
        ("head", "1-1", {"before": "张三", "after": "张大"}),
        ("residents", "1-1", {"before": 4, "after": 5}),
        ("household_new", "2-1", {"name": "张三"}),
        ("opening", "2-1", {"points": 50, "passbook": "P-2"}),
    ]
    assert (found.new, found.changed, found.unchanged, found.wrong) == (1, 1, 0, 0)
    assert found.openings == (50,)


def test_how_far_it_is_is_told_when_a_long_sheet_is_written(office: Office) -> None:
    """Piece by piece, and all facts in the end."""
    rows = [house(4, number, f"赵{chr(0x4E00 + number)}") for number in range(1, 1_101)]
    heard: list[int] = []
    found = plan_import(office.store, sheet_of(*rows), office.now)
    done = apply_import(office.store, found, None, heard.append, now=office.now, by=office.operator)
    assert done.new == 1_100
    assert heard == [500, 500, 100]
