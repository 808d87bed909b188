"""Numbered paper forms and what is entered from them: each once, whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.facts.form import FormsPrinted
from db.store import Store
from kiosk.domain.basket import BasketLine, KeptBasket, keep_basket, kept_basket
from kiosk.domain.day_close import cash_up_day
from kiosk.domain.form import FormNumber, forms_left, issue_forms, read_number, show_form
from kiosk.domain.form_entry import (
    RedemptionForm,
    SignInForm,
    ended_meetings,
    enter_redemption_form,
    enter_sign_in_form,
)
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.period import close_day
from kiosk.domain.price import DatedPrice, set_price
from kiosk.domain.slip import slips_owed
from kiosk.domain.waiting import list_requests
from kiosk.errors import Refused
from tests.kiosk.domain.hall import Hall
from tests.kiosk.domain.office import office_in
from tests.kiosk.domain.rows import length
from tests.ready import Ready, later, ready_desk
from tests.recomputed import recompute
from tests.village import DAY

YESTERDAY = "2026-11-21"


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def store(desk: Ready) -> Iterator[Store]:
    """Its open store."""
    store = desk.open()
    yield store
    store.close()


def issue(desk: Ready, store: Store, count: int = 3) -> tuple[FormNumber, ...]:
    """Print forms for redemptions."""
    return issue_forms(store, "redemption", count, now=later(), by=desk.known.operator).numbers


def enter(desk: Ready, store: Store, number: FormNumber, quantity: int = 1, day: str = YESTERDAY, who: int = 0) -> int:
    """Enter a form for salt; give the points it cost."""
    form = RedemptionForm(number, day, who or desk.known.wang, (BasketLine(desk.known.salt, quantity),))
    return enter_redemption_form(store, form, now=later(), by=desk.known.operator).points


def test_a_number_is_read_as_it_was_printed_when_its_digits_are_right() -> None:
    """One wrong digit, two swapped ones, one too few are told apart from another form."""
    number = FormNumber(1, 12)
    assert number.shown == f"1-00012-{number.digits[-1]}"
    assert read_number(number.digits) == number
    assert read_number(FormNumber(12, 99_999).digits) == FormNumber(12, 99_999)
    digits = number.digits
    wrong = {digits[:place] + other + digits[place + 1 :] for place in range(7) for other in "0123456789"} - {digits}
    wrong |= {digits[:5] + digits[6] + digits[5]} - {digits}
    for typed in (*wrong, digits[1:], "", "٣٣٣٣٣٣٣"):
        with pytest.raises(Refused, match="form_number_wrong"):
            read_number(typed)


def test_no_number_is_printed_twice_when_forms_are_printed_again(desk: Ready, store: Store) -> None:
    """Whatever they are for; those for redemptions number the goods that have a price."""
    first = issue_forms(store, "redemption", 3, now=later(), by=desk.known.operator)
    second = issue_forms(store, "sign_in", 2, now=later(), by=desk.known.operator)
    numbers = [each.number for each in (*first.numbers, *second.numbers)]
    assert numbers == [1, 2, 3, 4, 5]
    assert ([goods.name for goods in first.goods], second.goods) == (["食盐", "香皂"], ())
    assert (forms_left(store, "redemption"), forms_left(store, "sign_in")) == (first.numbers, second.numbers)
    with pytest.raises(Refused, match="number_out_of_range"):
        issue(desk, store, 0)


def test_a_form_is_booked_on_the_open_day_when_it_is_of_another(desk: Ready, store: Store, tmp_path: Path) -> None:
    """Marked as from paper, its own day kept, no slip owed, the basket of the till untouched; the oracle agrees."""
    basket = KeptBasket(None, (BasketLine(desk.known.soap, 1),))
    keep_basket(store, basket, now=later(), by=desk.known.operator)
    first, second, _ = issue(desk, store)
    assert enter(desk, store, second, 4) == 1_200
    assert (slips_owed(store), kept_basket(store)) == ((), basket)
    assert [each.number for each in forms_left(store, "redemption")] == [first.number, 3]
    found = recompute(store, tmp_path)
    assert found.faults == []
    (row,) = found.village["redemptions"]
    assert (row["day"], found.balances[desk.known.wang]) == (DAY, 420_000 - 1_200)


def test_goods_keep_their_numbers_when_prices_and_names_change(desk: Ready, store: Store) -> None:
    """A form printed last month means what stood on it; what it costs is the open day's price."""
    (number, *_) = issue(desk, store)
    set_price(store, desk.known.salt, DatedPrice(DAY, 500, "cost"), now=later(), by=desk.known.operator)
    assert [goods.name for goods in show_form(store, number, "redemption").goods] == ["食盐", "香皂"]
    assert enter(desk, store, number) == 500


@pytest.mark.parametrize(
    ("code", "of", "day", "quantity"),
    [
        ("form_not_issued", FormNumber(1, 4), YESTERDAY, 1),
        ("form_not_issued", FormNumber(2, 1), YESTERDAY, 1),
        ("form_of_other_use", FormNumber(1, 3), YESTERDAY, 1),
        ("form_entered_before", FormNumber(1, 1), YESTERDAY, 1),
        ("form_day_ahead", FormNumber(1, 2), "2026-11-23", 1),
        ("form_points_missing", FormNumber(1, 2), YESTERDAY, 2),
        ("number_out_of_range", FormNumber(1, 2), YESTERDAY, 0),
    ],
)
def test_nothing_is_written_when_a_form_cannot_be_entered(
    desk: Ready, store: Store, code: str, of: FormNumber, day: str, quantity: int
) -> None:
    """Another's form, another kind, entered before, tomorrow's, too dear, without goods: a sentence, and no line."""
    issue(desk, store, 2)
    issue_forms(store, "sign_in", 1, now=later(), by=desk.known.operator)
    enter(desk, store, FormNumber(1, 1))
    before = length(store)
    with pytest.raises(Refused, match=code):
        enter(desk, store, of, quantity, day, desk.known.li)
    assert length(store) == before


def test_a_number_of_two_desks_is_entered_only_when_both_forms_mean_the_same(desk: Ready, store: Store) -> None:
    """A copied till printed 1 and 2 too, with other goods on 1: who holds that form decides, no program does."""
    first, second, _ = issue(desk, store)
    salt, soap = desk.known.salt, desk.known.soap
    with store.write(now=later(), by=desk.known.operator) as act:
        for number, goods in ((1, (soap, salt)), (2, (salt, soap))):
            act.append(FormsPrinted(use="redemption", till=1, first=number, count=1, goods=goods))
        act.append(FormsPrinted(use="sign_in", till=1, first=2, count=1, goods=()))
    assert [each.number for each in forms_left(store, "redemption")] == [1, 2, 3]
    with pytest.raises(Refused, match="form_printed_twice"):
        show_form(store, first, "redemption")
    with pytest.raises(Refused, match="form_printed_twice"):
        enter(desk, store, first)
    assert enter(desk, store, second) == 300
    with pytest.raises(Refused, match="form_entered_before"):
        show_form(store, second, "sign_in")


def test_nothing_is_written_when_the_day_is_closed(desk: Ready, store: Store) -> None:
    """A form waits for the next open day."""
    (number, *_) = issue(desk, store)
    close_day(store, now=later(), by=desk.known.operator)
    with pytest.raises(Refused, match="day_not_open"):
        enter(desk, store, number)


def test_forms_are_no_slips_when_the_box_is_counted(desk: Ready, store: Store, tmp_path: Path) -> None:
    """Two forms and no slip: the box holds none, and the forms are named beside it."""
    for number in issue(desk, store)[:2]:
        enter(desk, store, number)
    figures = cash_up_day(store, 0, now=later(), by=desk.known.operator).figures
    assert (figures.redemptions, figures.slips_booked, figures.slips_missing, figures.forms) == (2, 0, 0, 2)
    assert recompute(store, tmp_path).faults == []


def test_a_line_of_a_paper_list_waits_for_a_signature_when_it_is_entered(tmp_path: Path) -> None:
    """With its number and mark, once; the same person twice is told, and the second form stays."""
    hall = office_in(tmp_path / "hall", Hall)
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    hall.end(meeting)
    first, second = issue_forms(hall.store, "sign_in", 2, now=hall.now, by=hall.operator).numbers
    (listed,) = ended_meetings(hall.store)
    assert (listed.meeting_id, listed.day) == (meeting, DAY)
    form = SignInForm(first, meeting, Comer(hall.li, hall.li_xiuying), is_late=True)
    enter_sign_in_form(hall.store, form, now=hall.now, by=hall.operator)
    (waiting,) = list_requests(hall.store)
    assert (waiting.kind, waiting.paper_number, waiting.is_late) == ("late_sign_in", first.shown, True)
    again = SignInForm(second, meeting, Comer(hall.li, hall.li_xiuying))
    with pytest.raises(Refused, match="sign_in_asked_before"):
        enter_sign_in_form(hall.store, again, now=hall.now, by=hall.operator)
    assert forms_left(hall.store, "sign_in") == (second,)
    assert recompute(hall.store, tmp_path).faults == []
