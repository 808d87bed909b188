"""Goods of a sheet held against the goods that are known."""

from pathlib import Path
from random import Random

import pytest

from db.facts.shop import CodeAdded, ItemRegistered, PriceSet
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import GRAMS, Goods, find_items, register_provisional, show_goods
from kiosk.domain.importing import apply_import, plan_import
from kiosk.domain.shop import redeem_basket
from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.vocabulary import unit_grams
from tests.kiosk.domain.office import Office, office_in
from tests.kiosk.domain.rows import SALT, bring, changes, goods, plan, sheet_of, told, written_by
from tests.ledger import bring as bring_lines
from tests.ledger import new_store, write
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE

SOAP = ("06990102200207",)
WHOLE = goods(
    "食盐",
    300,
    SALT,
    spec="400克",
    unit="袋",
    stock=50,
    best_before_on="2027-05-31",
    monthly_limit=2,
    unit_cost_fen=200,
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office without goods."""
    return office_in(tmp_path / "desk", Office)


def known(office: Office, code: str = SALT[0], day: str = DAY) -> Goods:
    """The goods of a code."""
    with office.store.read() as connection:
        (item,) = find_items(connection, VILLAGE, code)
        return show_goods(connection, VILLAGE, item, day)


def sell(office: Office, pieces: int) -> None:
    """Let the household of Wang redeem salt."""
    office.award(office.wang, 300 * pieces)
    basket = (BasketLine(known(office).item_id, pieces),)
    redeem_basket(office.store, Holder(office.wang, "card"), basket, now=office.now, by=office.operator)


def test_goods_are_known_with_all_the_sheet_says_when_they_are_new(office: Office) -> None:
    """Name with size, unit, price from the day on, limit, best-before and a count at the seat."""
    written = written_by(office.store, lambda: bring(office, WHOLE))
    assert [fact.kind for fact in written] == [
        *("item_registered", "price_set", "monthly_limit_set", "best_before_set", "stock_counted", "goods_imported")
    ]
    found = known(office)
    assert (found.name, found.unit, found.points, found.stock) == ("食盐 400克", "袋", 300, 50)
    assert (found.best_before, found.monthly_limit, found.is_provisional) == ("2027-05-31", 2, False)
    assert (written[1].body["from_day"], written[4].body["seat"]) == (DAY, 1)


def test_only_what_differs_is_written_when_goods_are_known(office: Office) -> None:
    """A new price holds from its day; the price before it holds until then."""
    bring(office, WHOLE)
    row = goods("食盐", 400, SALT, spec="400克", unit="袋", stock=60, best_before_on="2027-08-31", monthly_limit=3)
    found = plan_import(office.store, sheet_of(row), office.now, "2026-12-01")
    assert changes(found) == [
        ("price", "食盐 400克", {"before_points": 300, "after_points": 400}),
        ("limit", "食盐 400克", {"before": 2, "after": 3, "unit": "袋"}),
        ("best_before", "食盐 400克", {"before": "2027-05-31", "after": "2027-08-31"}),
        ("stock", "食盐 400克", {"before": 50, "after": 60, "unit": "袋"}),
    ]
    apply_import(office.store, found, now=office.now, by=office.operator)
    assert (known(office).points, known(office, day="2026-12-01").points) == (300, 400)
    again = plan_import(office.store, sheet_of(row), office.now, "2026-12-01")
    assert again.unchanged == 1


def test_an_empty_cell_says_nothing_when_goods_are_known(office: Office) -> None:
    """Limit, best-before day, stock and unit stay."""
    bring(office, WHOLE)
    assert plan(office, goods("食盐", 300, SALT, spec="400克")).unchanged == 1


def test_another_name_and_another_code_are_taken_over_when_a_code_is_known(office: Office) -> None:
    """The barcode is the key; two barcodes in one cell name one thing."""
    bring(office, goods())
    row = goods("碘盐", 300, (*SALT, *SOAP), unit="包")
    assert changes(plan(office, row)) == [
        ("item_name", "碘盐", {"before": "食盐/件", "after": "碘盐/包"}),
        ("code", "碘盐", {"code": SOAP[0]}),
    ]
    bring(office, row)
    assert known(office).item_id == known(office, SOAP[0]).item_id
    assert bring(office, row).facts == 0


def test_provisional_goods_are_goods_like_others_when_the_sheet_names_them(office: Office) -> None:
    """What the desk took in with a number only gets name and price."""
    register_provisional(office.store, SALT[0], "未知", now=office.now, by=office.operator)
    bring(office, goods())
    assert (known(office).name, known(office).is_provisional, known(office).points) == ("食盐", False, 300)


def test_goods_handed_out_stay_out_of_the_book_when_an_old_count_comes_again(office: Office, tmp_path: Path) -> None:
    """The same stock as at the last count is the last count; another number is a new one."""
    bring(office, WHOLE)
    sell(office, 2)
    found = plan(office, WHOLE)
    assert [(problem.code, problem.raw, problem.other) for problem in found.problems][-1] == (
        Fault.STOCK_AS_COUNTED,
        "50袋",
        "48袋",
    )
    assert bring(office, WHOLE).facts == 0
    assert known(office).stock == 48
    bring(office, goods("食盐", 300, SALT, spec="400克", unit="袋", stock=46))
    assert known(office).stock == 46
    assert list(recompute(office.store, tmp_path).stock.values()) == [46]


def test_a_first_count_is_taken_when_goods_were_only_handed_out(office: Office) -> None:
    """A book below zero that nobody ever counted is put right by the sheet."""
    bring(office, goods())
    sell(office, 2)
    assert changes(plan(office, goods(stock=10))) == [("stock", "食盐", {"before": -2, "after": 10, "unit": "件"})]
    bring(office, goods(stock=10))
    assert known(office).stock == 10


def test_weights_are_grams_when_a_unit_is_a_weight(office: Office) -> None:
    """Price for a unit, stock and limit in grams; the note tells kilograms."""
    row = goods("土豆", 600, ("42",), unit="公斤", unit_grams=1_000, stock=12_500, monthly_limit=5_000)
    assert changes(plan(office, row))[-1] == ("weight", "土豆", {"before_grams": None, "after_grams": 12_500})
    bring(office, row)
    found = known(office, "42")
    assert (found.is_weighed, found.per, found.stock, found.monthly_limit) == (True, 1_000, 12_500, 5_000)
    assert bring(office, row).facts == 0


def test_amounts_stand_in_the_unit_of_the_sheet_when_goods_are_weighed(office: Office) -> None:
    """A limit that changes is told in kilograms, a count that is not new in the pounds that were typed."""
    row = goods("土豆", 300, SALT, unit="斤", unit_grams=500, stock=12_750, monthly_limit=5_000)
    bring(office, row)
    sell(office, 750)
    again = plan(office, goods("土豆", 300, SALT, unit="斤", unit_grams=500, stock=12_750, monthly_limit=2_500))
    assert changes(again) == [("limit_weight", "土豆", {"before_grams": 5_000, "after_grams": 2_500})]
    (problem,) = again.problems
    assert (problem.code, problem.raw, problem.other) == (Fault.STOCK_AS_COUNTED, "25.5斤", "24斤")


@pytest.mark.parametrize(
    "row",
    [
        goods(unit="公斤", unit_grams=1_000),
        goods("土豆", 600, SOAP, stock=3),
        goods("土豆", 600, SOAP, monthly_limit=3),
    ],
)
def test_a_row_is_refused_when_it_would_turn_pieces_into_weight(office: Office, row: object) -> None:
    """The book counts one or the other; a count without a unit may be either."""
    bring(office, goods(unit="袋"), goods("土豆", 600, SOAP, unit="公斤", unit_grams=1_000))
    (problem,) = plan(office, row).refused  # type: ignore[arg-type]  # because a parameter has no type of its own
    assert problem.code is Fault.WEIGHT_OR_PIECES


def test_units_by_weight_mean_the_same_when_a_sheet_and_the_till_read_them() -> None:
    """One table of the sheets, one of the shop: a unit of one is a unit of the other."""
    assert dict(unit_grams()) == dict(GRAMS)


def test_a_row_is_refused_when_its_codes_do_not_agree(office: Office) -> None:
    """A code shared by several goods, codes of two goods in one cell, two rows for one thing."""
    bring(office, goods(), goods("香皂", 300, SOAP), goods("毛巾", 600, ("06990102200900",)))
    item = known(office).item_id
    with office.store.write(now=office.now, by=office.operator) as act:
        act.append(CodeAdded(item=item, code="06990102200900"))
        act.append(CodeAdded(item=item, code="06990104400407"))
    assert told(plan(office, goods("毛巾", 600, ("06990102200900",))))[0][0] is Fault.CODE_NAMES_SEVERAL
    assert told(plan(office, goods("盐皂", 300, (*SALT, *SOAP))))[0][0] is Fault.CODES_OF_SEVERAL
    twice = plan(office, goods(), goods("食盐", 400, ("06990104400407",)))
    assert told(twice) == [(Fault.ITEM_TWICE, twice.reading.rows[1].where.cell("code"), "K2")]


def test_notes_are_told_when_goods_are_too_old_or_have_a_cost(office: Office) -> None:
    """A best-before day that has passed; one note for the column of costs."""
    found = plan(
        office, goods(best_before_on="2026-11-21", unit_cost_fen=200), goods("香皂", 300, SOAP, unit_cost_fen=9)
    )
    assert [(problem.code, problem.fate) for problem in found.problems] == [
        (Fault.COST_NOT_KEPT, Fate.NOTED),
        (Fault.BEST_BEFORE_PAST, Fate.NOTED),
    ]
    assert found.new == 2


def test_goods_of_the_county_keep_their_name_when_a_sheet_calls_them_otherwise(office: Office) -> None:
    """A village says price, limit and stock of them, not what they are called."""
    county = new_store(0, village=0)
    (item,) = write(county, ItemRegistered(name="食盐(县)", unit="袋", codes=SALT))
    write(county, PriceSet(item=item.id, from_day="2026-01-01", points=300))
    bring_lines(county, office.store)
    assert bring(office, goods("食盐", 350, SALT, unit="袋", stock=5, monthly_limit=1)).changed == 1
    found = known(office)
    assert (found.name, found.points, found.stock, found.monthly_limit) == ("食盐(县)", 350, 5, 1)


def test_every_line_can_be_read_by_others_when_random_goods_come_in(office: Office, tmp_path: Path) -> None:
    """A seeded heap of goods: what the separate program finds is what the sheet said."""
    random = Random(5)
    rows = [
        goods(
            f"物品{n}",
            random.randrange(50, 9_000, 50),
            (f"{n:05}",),
            stock=random.choice((None, 0, random.randrange(99))),
        )
        for n in range(1, 40)
    ]
    bring(office, *rows)
    found = recompute(office.store, tmp_path)
    assert found.faults == []
    stock = {row["codes"][0]: found.stock.get(item) for item, row in found.rows("items").items()}
    assert stock == {row.codes[0]: row.stock for row in rows}
