"""What people see: few words, one figure, always the next step, in both languages."""

from dataclasses import fields, replace
from typing import Any

import pytest

from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import ItemToCount
from kiosk.domain.statement import Account, Entry, GoodsHandedOut
from kiosk.locale import CHINESE, ENGLISH, LANGUAGES, Texts
from kiosk.locale.entry import what_of
from kiosk.paper.width import columns_of, on_screen
from kiosk.screens.till import moves
from kiosk.screens.till.face import SHOWN_ROWS, Beside, Face, SlipState, amount_of, face_of
from kiosk.screens.till.figure import figure_of
from kiosk.screens.till.state import Phase, TillState
from kiosk.screens.widgets.tall import digit_rows
from tests.kiosk.screens.till.scene import POTATOES, SALT, SHELF, at, basket, found, household, offer, redeemed
from tests.village import DAY

COLUMNS = 74
"""What 80 columns leave inside the margins of a screen."""
MOST_CHARACTERS = 30
"""About twelve Chinese words."""


def entry_of(kind: str, **values: Any) -> Entry:  # noqa: ANN401  because a test names any field of it
    """An entry of 2.5 points that says nothing more than asked for."""
    empty: dict[str, Any] = {field.name: None for field in fields(Entry)}
    plain = {"entry_id": 1, "kind": kind, "day": "2026-11-20", "at": 0, "points": 250, "goods": ()}
    return Entry(**{**empty, **plain, "is_counted": True, "is_reversed": False, **values})


def done() -> TillState:
    """A till that has just confirmed."""
    state = basket(SALT)
    return moves.end_booking(moves.begin_booking(state), redeemed(state))


def member() -> TillState:
    """A till that shows a balance with its entries."""
    entry = entry_of("points_awarded", label_zh="准时到会", label_en="on time")
    account = Account(household(8), 10_000, 4_200, 14_200, None, (entry,) * 9)
    return moves.note_account(basket(), account)


TROUBLED = Beside(SlipState(2, "paper_out"), is_parked=True, to_count=3)
STATES = {
    "idle": TillState(),
    "member": member(),
    "member_lost": replace(basket(), holder=Holder(8, "book", no_card_reason="lost")),
    "basket": basket(*SHELF),
    "basket_for_nobody": basket(SALT, holder=None),
    "double": moves.add_goods(basket(SALT), offer(SALT), None, at("食盐", 1.0)).state,
    "double_for_nobody": moves.add_goods(basket(SALT, holder=None), offer(SALT), None, at("食盐", 1.0)).state,
    "first_out": moves.add_goods(basket(), offer(replace(SALT, best_before="2026-12-05")), None, at("食盐")).state,
    "too_few": replace(basket(SALT), household=household(8, 100)),
    "removed": moves.press_minus(basket(SALT, POTATOES)).state,
    "typed": moves.type_digit(TillState(), "3").state,
    "typed_with_card": moves.type_digit(basket(SALT), "3").state,
    "house": TillState(group=3),
    "quantity": moves.press_star(TillState(typed="3")).state,
    "confirm": moves.begin_booking(basket(SALT)),
    "done": done(),
    "parked": moves.note_parked(),
    "provisional": moves.note_provisional(TillState(), SALT),
    "unknown": moves.note_unknown(basket(), "06990101100102", at("unknown")).state,
}


def chinese(text: str) -> int:
    """Count Chinese characters."""
    return sum("\u4e00" <= character <= "\u9fff" for character in text)


def seen(name: str, language: str, beside: Beside) -> Face:
    """A state as it is shown."""
    return face_of(STATES[name], beside, Texts(language))


@pytest.mark.parametrize("beside", [Beside(), TROUBLED], ids=["well", "troubled"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STATES)
def test_every_state_names_the_next_step_and_fits_when_shown(name: str, language: str, beside: Beside) -> None:
    """No state leaves the attendant standing there, and nothing is cut off on the smallest screen."""
    face = seen(name, language, beside)
    assert face.next
    lines = [face.who, face.message, face.next, *face.rows, *figure_of(face).plain.splitlines()]
    assert [line for line in lines if columns_of(line, on_screen) > COLUMNS or "{" in line] == []
    assert len(face.rows) <= SHOWN_ROWS
    assert "till." not in "".join(lines)


@pytest.mark.parametrize("name", STATES)
def test_few_words_change_when_a_state_is_shown(name: str) -> None:
    """About twelve words beside the name of the household: what a newcomer reads while somebody waits."""
    face = seen(name, CHINESE, Beside())
    assert chinese(face.label + face.unit + face.message + face.next) <= MOST_CHARACTERS


def test_the_figures_of_a_balance_are_explained_when_a_card_is_shown() -> None:
    """What can be redeemed, the sum, and the base that cannot; then the last five entries."""
    face = seen("member", CHINESE, Beside())
    assert (face.label, face.figure, face.unit) == ("可兑换", "42", "分")
    assert face.message == "总分142 = 基础100 + 42"
    assert face.rows == ("11-20     +2.5  准时到会",) * 5


def test_what_is_left_and_what_was_added_are_shown_when_goods_are_scanned() -> None:
    """The figure is what the household will have."""
    face = seen("basket", CHINESE, Beside())
    assert (face.label, face.figure) == ("还剩", "33")
    assert face.message == "土豆 1公斤 3.5分"
    assert face.rows == ("      3  食盐  1袋", "    2.5  香皂  1袋", "    3.5  土豆  1公斤")


def test_the_day_that_goes_first_is_said_when_goods_end_soon() -> None:
    """As it stands on the packs, until the next scan; nothing where the pack's own code says it is that one."""
    assert seen("first_out", CHINESE, Beside()).message == "食盐 1袋 3分，先发2026-12-05到期的"
    assert seen("first_out", ENGLISH, Beside()).message == "食盐, 1 袋, 3 points; first hand out 2026-12-05"
    soon = offer(replace(SALT, best_before="2026-12-05"))
    for pack_day, first in (("2026-12-05", None), ("2026-12-06", "2026-12-05")):
        state = moves.add_goods(STATES["first_out"], soon, None, at("食盐", 50.0), pack_day).state
        assert state.told.first_out == first


@pytest.mark.parametrize(
    ("day", "stock", "first"),
    [
        ("2026-12-22", 9, "2026-12-22"),
        ("2026-12-23", 9, None),
        (DAY, 9, DAY),
        ("2026-11-21", 9, None),
        ("2026-12-05", 0, None),
        (None, 9, None),
    ],
)
def test_only_what_ends_within_the_term_goes_first_when_goods_are_scanned(
    day: str | None, stock: int, first: str | None
) -> None:
    """Thirty days, as in the list of what ends soon; what has ended is asked about, and never goes first."""
    assert offer(replace(SALT, best_before=day, stock=stock)).first_out(None) == first


def test_how_many_are_missing_is_the_figure_when_points_are_not_enough() -> None:
    """In the colour of refusals, with the key that helps."""
    face = seen("too_few", CHINESE, Beside())
    assert (face.label, face.figure, face.tone, face.next) == ("还差", "2", "refusal", "按 - 撤一样")


def test_the_double_is_the_figure_when_one_item_was_read_twice() -> None:
    """Large, in a colour of its own."""
    face = seen("double", CHINESE, Beside())
    assert (face.label, face.figure, face.tone) == ("连读两次", "x2", "double")
    assert face.message == "食盐 共2袋 6分"
    assert seen("double_for_nobody", CHINESE, Beside()).tone == "double"


def test_what_was_taken_back_is_named_when_minus_was_pressed() -> None:
    """已撤：土豆, and what is left."""
    face = seen("removed", CHINESE, Beside())
    assert (face.message, face.label, face.figure) == ("已撤：土豆", "还剩", "39")


@pytest.mark.parametrize(
    ("slips", "step"),
    [
        (SlipState(0, "none"), "请下一户刷卡"),
        (SlipState(0, "ready"), "请取小票"),
        (SlipState(1, "paper_out"), "缺纸：装纸后按【重打】，兑换已成功"),
        (SlipState(1, "cover_open"), "盖没关：关好后按【重打】，兑换已成功"),
        (SlipState(1, "offline"), "小票机没接上：接好后按【重打】，兑换已成功"),
        (SlipState(1, "silent"), "小票机没应答：重开后按【重打】，兑换已成功"),
    ],
)
def test_the_sale_stands_and_the_slip_is_named_when_done(slips: SlipState, step: str) -> None:
    """已兑换3分, 剩39; whatever the printer does, the sale is not in doubt."""
    face = seen("done", CHINESE, Beside(slips))
    assert (face.message, face.label, face.figure, face.next) == ("已兑换3分", "还剩", "39", step)


def test_what_waits_beside_the_sale_is_listed_when_idle() -> None:
    """Slips, the parked basket, goods to be counted, and what to do without a card."""
    rows = seen("idle", CHINESE, Beside(SlipState(2, "ready"), is_parked=True, to_count=3)).rows
    assert rows[1:] == ("欠2张小票：按 . 重打", "有一单挂着：按 / 取回", "明天要点数：3种物品（按 / 看）")
    assert "住户册" in rows[0]
    assert len(seen("idle", ENGLISH, Beside()).rows) == 1


def test_the_person_stands_beside_the_household_when_the_card_is_a_persons() -> None:
    """The attendant sees whether this can be the person; the head of the household is not named twice."""
    other = replace(found(8), person_name="陈芳")
    assert face_of(moves.show_card(TillState(), other, at("c")).state, Beside(), Texts()).who == "户8家  3组8号  陈芳"
    head = replace(found(8), person_name="户8")
    assert face_of(moves.show_card(TillState(), head, at("c")).state, Beside(), Texts()).who == "户8家  3组8号"


def test_the_first_lines_give_way_when_the_basket_is_long() -> None:
    """The last ones are what the eye looks for; the number of the hidden ones is said."""
    goods = {number: replace(SALT, item_id=number, name=f"物品{number}") for number in range(1, 10)}
    state = TillState(goods=goods, steps=tuple(BasketLine(number, 1) for number in goods))
    rows = face_of(state, Beside(), Texts()).rows
    assert rows[0] == "　……还有4样"
    assert rows[-1].endswith("物品9  1袋")
    assert len(rows) == SHOWN_ROWS


def test_amounts_are_written_in_pieces_or_kilograms_when_shown() -> None:
    """A pound is half a kilogram; the book's figure may be below zero."""
    texts = Texts()
    assert amount_of(SALT, 2, texts) == "2袋"
    assert amount_of(replace(POTATOES, unit="斤"), 750, texts) == "0.75公斤"
    assert amount_of(ItemToCount(1, "土豆", "公斤", -500), -500, texts) == "-0.5公斤"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_entry_has_words_when_listed(language: str) -> None:
    """Label of the item, goods, or the kind; what a later version brings is at least not nothing."""
    texts = Texts(language)
    bare = entry_of("points_awarded")
    kinds = ("points_awarded", "points_deducted", "award_reversed", "deduction_reversed", "opening_balance_posted")
    words = [what_of(replace(bare, kind=kind), texts) for kind in (*kinds, "household_merged", "balance_swept", "new")]
    assert len(set(words)) == len(words)
    assert not any("till." in word for word in words)
    goods = (GoodsHandedOut("食盐", 1, "袋"), GoodsHandedOut("香皂", 1, "块"))
    assert "食盐" in what_of(replace(bare, kind="redemption_made", goods=goods), texts)


def test_a_figure_is_three_rows_of_one_width_when_drawn() -> None:
    """Digits, minus, point and x; no row is longer than another, so nothing shifts."""
    rows = digit_rows("x-12.5")
    assert len({len(row) for row in rows}) == 1
    assert rows[2][-4] == "."
    assert digit_rows("") == ("", "", "")


def test_confirming_shows_the_same_figure_when_the_store_is_slow() -> None:
    """Nothing jumps while somebody waits for the disk."""
    state = basket(SALT)
    assert state.phase is Phase.BASKET
    assert face_of(moves.begin_booking(state), Beside(), Texts()).figure == face_of(state, Beside(), Texts()).figure
