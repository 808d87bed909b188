"""Redeeming: what is read again, what is refused, what is booked, and that it is booked once."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from db.facts.people import CardStateChanged
from db.facts.shop import Entry
from db.facts.terminal import SeatTaken
from kiosk.domain.basket import BasketLine, Holder, KeptBasket, keep_basket, kept_basket
from kiosk.domain.goods import NewItem, register_item, register_provisional, set_monthly_limit, show_goods
from kiosk.domain.people import balance_of, merge_household
from kiosk.domain.period import close_day, open_day
from kiosk.domain.redemption import redemptions_of_day, show_redemption
from kiosk.domain.shop import MOST_LINES, Redeemed, redeem_basket
from kiosk.domain.slip import slips_owed
from kiosk.errors import NotAllowed, Refused
from tests.recomputed import recompute
from tests.village import VILLAGE, Village

if TYPE_CHECKING:
    from db.facts.shop import NoCardReason


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village with a household that has 42 points."""
    return Village(tmp_path / "desk")


@pytest.fixture
def wang(village: Village) -> int:
    """The household."""
    wang = village.household(3, 12, "王明")
    village.award(wang, 4_200)
    return wang


@pytest.fixture
def salt(village: Village) -> int:
    """Salt at 3 points."""
    return village.goods("食盐", "06990103300302", 300)


def redeem(village: Village, holder: Holder, *lines: tuple[int, int]) -> Redeemed:
    """Redeem items and quantities."""
    basket = tuple(BasketLine(item, quantity) for item, quantity in lines)
    return redeem_basket(village.store, holder, basket, now=village.now, by=village.operator)


def refusal(village: Village, holder: Holder, *lines: tuple[int, int]) -> tuple[str, dict[str, Any]]:
    """Redeem, which is refused, and give code and parameters; nothing of it is booked."""
    before = len(redemptions_of_day(village.store))
    with pytest.raises(Refused) as refused:
        redeem(village, holder, *lines)
    assert len(redemptions_of_day(village.store)) == before
    return refused.value.code, refused.value.parameters


def test_lines_of_one_item_are_one_line_when_redeemed(village: Village, wang: int, salt: int) -> None:
    """The same bag scanned twice is one line of two, so that limits and stock see both."""
    redeemed = redeem(village, Holder(wang, "card"), (salt, 1), (salt, 1))
    assert [(line.quantity, line.points) for line in redeemed.lines] == [(2, 600)]
    assert redeemed.after_points == 3_600


def test_goods_by_weight_cost_their_grams_when_redeemed(village: Village, wang: int, tmp_path: Path) -> None:
    """Price of a kilogram, quantity in grams, points rounded once and stored; the oracle finds nothing wrong."""
    item = NewItem("土豆", "公斤", ("02100042000000",), 350)
    potatoes = register_item(village.store, item, now=village.now, by=village.operator)
    redeemed = redeem(village, Holder(wang, "card"), (potatoes, 750))
    line = redeemed.lines[0]
    assert (line.quantity, line.each_points, line.per, line.points, line.is_weighed) == (750, 350, 1_000, 263, True)
    found = recompute(village.store, tmp_path)
    assert found.faults == []
    assert (found.balances[wang], found.stock[potatoes]) == (4_200 - 263, -750)


def test_an_empty_basket_is_refused_when_confirmed(village: Village, wang: int) -> None:
    """There is nothing to book."""
    assert refusal(village, Holder(wang, "card")) == ("basket_empty", {})


def test_too_many_kinds_are_refused_when_confirmed(village: Village, wang: int) -> None:
    """A redemption fits one line of the journal, whatever is in the shop."""
    lines = [(item, 1) for item in range(1, MOST_LINES + 2)]
    assert refusal(village, Holder(wang, "card"), *lines) == ("basket_full", {"most": MOST_LINES})


@pytest.mark.parametrize("quantity", [0, -1, 1_000_000])
def test_a_quantity_nobody_means_is_refused_when_confirmed(
    village: Village, wang: int, salt: int, quantity: int
) -> None:
    """A quantity is at least one and no slip of the finger."""
    assert refusal(village, Holder(wang, "card"), (salt, quantity))[0] == "number_out_of_range"


def test_redemption_is_refused_when_no_day_is_open(village: Village, wang: int, salt: int) -> None:
    """Every slip stands on a day that a person stated."""
    close_day(village.store, now=village.now, by=village.operator)
    assert refusal(village, Holder(wang, "card"), (salt, 1)) == ("day_not_open", {})


def test_redemption_is_refused_when_the_seat_is_elsewhere(village: Village, wang: int, salt: int) -> None:
    """Only one terminal of a village redeems: points cannot be spent at two desks."""
    with village.store.write(now=village.now, by=village.operator) as act:
        own = act.log
        act.change_log(own + 1)
        act.append(SeatTaken(seat=2))
    with pytest.raises(NotAllowed, match="seat_elsewhere"):
        redeem(village, Holder(wang, "card"), (salt, 1))


def test_redemption_is_refused_when_the_household_joined_another(village: Village, wang: int, salt: int) -> None:
    """Its points are with the other household now."""
    li = village.household(3, 13, "李秀")
    merge_household(village.store, wang, li, now=village.now, by=village.operator)
    assert refusal(village, Holder(wang, "card"), (salt, 1)) == ("household_merged", {})
    assert refusal(village, Holder(7, "card"), (salt, 1)) == ("household_unknown", {})


def test_redemption_is_refused_when_the_card_died_since_it_was_shown(village: Village, wang: int, salt: int) -> None:
    """The card is read again inside the transaction, and must still be this household's."""
    person = village.person(wang, "王明")
    card = village.card(person)
    holder = Holder(wang, "card", person, card.card_id)
    redeem(village, holder, (salt, 1))
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(CardStateChanged(card=card.card_id, state="lost"))
    assert refusal(village, holder, (salt, 1)) == ("card_not_live.lost", {})
    li = village.household(3, 13, "李秀")
    other = village.card(village.person(li, "李秀"))
    assert refusal(village, Holder(wang, "card", None, other.card_id), (salt, 1)) == ("card_unknown", {})


def test_goods_are_refused_when_they_have_no_price(village: Village, wang: int) -> None:
    """Provisional goods and goods whose price begins later are not given away."""
    made = register_provisional(village.store, "06990101100102", "临时物品", now=village.now, by=village.operator)
    assert refusal(village, Holder(wang, "card"), (made.item_id, 1))[0] == "item_provisional"
    assert refusal(village, Holder(wang, "card"), (99, 1)) == ("item_unknown", {})


def test_what_is_missing_is_said_when_points_are_not_enough(village: Village, wang: int, salt: int) -> None:
    """The attendant reads a figure aloud, not a rule."""
    assert refusal(village, Holder(wang, "card"), (salt, 15)) == ("points_missing", {"missing_points": 300})


def test_what_is_left_and_from_when_is_said_when_the_month_is_used_up(village: Village, wang: int, salt: int) -> None:
    """The limit counts by calendar month, household and item, over several redemptions."""
    set_monthly_limit(village.store, salt, 3, now=village.now, by=village.operator)
    redeem(village, Holder(wang, "card"), (salt, 2))
    said = {"item": "食盐", "limit": 3, "left": 1, "month": 12}
    assert refusal(village, Holder(wang, "card"), (salt, 1), (salt, 1)) == ("monthly_limit_reached", said)
    redeem(village, Holder(wang, "card"), (salt, 1))
    open_day(village.store, "2026-12-01", now=village.now, by=village.operator)
    assert redeem(village, Holder(wang, "card"), (salt, 3)).points == 900


def test_a_limit_by_weight_speaks_in_grams_when_reached(village: Village, wang: int) -> None:
    """Goods by weight count by weight, also in what is said."""
    item = NewItem("土豆", "公斤", ("02100042000000",), 350)
    potatoes = register_item(village.store, item, now=village.now, by=village.operator)
    set_monthly_limit(village.store, potatoes, 2_000, now=village.now, by=village.operator)
    said = {"item": "土豆", "limit_grams": 2_000, "left_grams": 2_000, "month": 12}
    holder = Holder(wang, "card")
    assert refusal(village, holder, (potatoes, 2_500)) == ("monthly_limit_reached_by_weight", said)


@pytest.mark.parametrize(
    ("entry", "code", "limit"),
    [("book", "no_card", 5_000), ("found", "no_card", 5_000), ("typed", "typed_card", 2_000)],
)
def test_a_household_without_its_card_has_a_lower_limit_a_day_when_redeeming(
    village: Village, wang: int, salt: int, entry: Entry, code: str, limit: int
) -> None:
    """A forgotten card does not empty an account, not in small pieces either; the card itself has no such limit."""
    village.award(wang, 6_000)
    reason: NoCardReason | None = None if entry == "typed" else "forgotten"
    most = limit // 300
    redeem(village, Holder(wang, entry, no_card_reason=reason), (salt, most - 1))
    said = {"limit_points": limit, "left_points": limit - 300 * (most - 1)}
    assert refusal(village, Holder(wang, entry, no_card_reason=reason), (salt, 2)) == (f"{code}_limit", said)
    assert redeem(village, Holder(wang, "card"), (salt, 10)).points == 3_000
    assert redeem(village, Holder(wang, entry, no_card_reason=reason), (salt, 1)).points == 300


def test_numbers_rise_by_one_when_redemptions_follow_each_other(village: Village, wang: int, salt: int) -> None:
    """Slips of a till are numbered without gaps, across days."""
    numbers = [redeem(village, Holder(wang, "card"), (salt, 1)).number]
    open_day(village.store, "2026-11-23", now=village.now, by=village.operator)
    numbers += [redeem(village, Holder(wang, "card"), (salt, 1)).number for _ in range(2)]
    assert numbers == [1, 2, 3]


def test_the_basket_on_the_counter_ends_and_a_slip_is_owed_when_a_redemption_commits(
    village: Village, wang: int, salt: int
) -> None:
    """Both in the transaction of the redemption: a power cut afterwards brings no basket back and forgets no slip."""
    holder, steps = Holder(wang, "card"), (BasketLine(salt, 1),)
    keep_basket(village.store, KeptBasket(holder, steps), now=village.now, by=village.operator)
    refusal(village, holder, (salt, 99))
    assert kept_basket(village.store) == KeptBasket(holder, steps)
    assert slips_owed(village.store) == ()
    redeemed = redeem(village, holder, (salt, 1))
    assert kept_basket(village.store) is None
    assert slips_owed(village.store) == (redeemed.redemption_id,)


def test_a_redemption_is_shown_as_it_was_booked_when_it_is_read_again(village: Village, wang: int, salt: int) -> None:
    """A slip printed later says what the first one would have said."""
    person = village.person(wang, "王明")
    card = village.card(person)
    holder = Holder(wang, "card", person, card.card_id)
    redeemed = redeem(village, holder, (salt, 2))
    shown = show_redemption(village.store, redeemed.redemption_id)
    assert shown.redeemed == redeemed
    assert (shown.household.name, shown.household.place.group) == ("王明", 3)
    assert redeemed.shown_number == "0123-1-000001"
    with pytest.raises(Refused, match="redemption_unknown"):
        show_redemption(village.store, redeemed.redemption_id + 1)


def test_the_newest_comes_first_when_the_day_is_listed(village: Village, wang: int, salt: int) -> None:
    """Whoever lost a slip comes soon after; yesterday's are not in the way, but stay after the day was closed."""
    redeem(village, Holder(wang, "card"), (salt, 1))
    open_day(village.store, "2026-11-23", now=village.now, by=village.operator)
    assert redemptions_of_day(village.store) == ()
    for quantity in (1, 2):
        redeem(village, Holder(wang, "card"), (salt, quantity))
    close_day(village.store, now=village.now, by=village.operator)
    listed = redemptions_of_day(village.store)
    assert [(each.shown_number, each.points) for each in listed] == [("0123-1-000003", 600), ("0123-1-000002", 300)]
    assert listed[0].household.name == "王明"


def test_a_redemption_reads_and_writes_little_when_it_is_booked(village: Village, wang: int, salt: int) -> None:
    """Statements are what a slow desk waits for; their number does not grow with what the store holds."""
    redeem(village, Holder(wang, "card"), (salt, 1))
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: Sequence[object]) -> None:
        statements.append(statement)

    event.listen(village.store.engine, "before_cursor_execute", note)
    redeem(village, Holder(wang, "card"), (salt, 1))
    event.remove(village.store.engine, "before_cursor_execute", note)
    assert len([each for each in statements if each.startswith("SELECT")]) <= 6
    assert len(statements) <= 21


def test_stock_and_balance_are_the_same_when_many_redemptions_follow(village: Village, wang: int, salt: int) -> None:
    """Stock is added to, not summed: the sum of what was booked is what the tables say."""
    for quantity in (1, 2, 3):
        redeem(village, Holder(wang, "card"), (salt, quantity))
    with village.store.read() as connection:
        assert show_goods(connection, VILLAGE, salt, "2026-11-22").stock == -6
        assert balance_of(connection, VILLAGE, wang) == 4_200 - 1_800
