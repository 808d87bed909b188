"""What no desk may have written is found, and nothing else is."""

import pytest

from tests.oracle.desk import Ledger, entity, leg, moved
from tests.oracle.strict import Json
from tests.oracle.verdict import recompute

HOUSE, ITEM = entity(7, 900), entity(7, 901)


def bought(**changes: object) -> Json:
    """A right redemption of 2 x 3 points of a balance of 10, with changes."""
    line = {"item": ITEM, "quantity": 2, "each": 300, "points": 600, "is_over_book": False}
    body = {"seat": 1, "till": 1, "number": 1, "slip": "0123-1-000001", "household": HOUSE, "person": None}
    body |= {"card": None, "entry": "book", "no_card_reason": "forgotten", "lines": [line], "points": 600}
    return body | {"before": 1000, "after": 400, "legs": moved("redeemed", HOUSE, -600)} | changes


def shop(*, points: int = 1000) -> Ledger:
    """A village with a seat and one household that has points."""
    ledger = Ledger()
    ledger.add("seat_taken", seat=1)
    opening = moved("opening", HOUSE, points)
    ledger.add("opening_balance_posted", household=HOUSE, points=points, paper="1", legs=opening)
    return ledger


def faults(ledger: Ledger) -> list[tuple[str, int | None, int | None]]:
    """Code, log and seq of every fault."""
    return [(each["code"], each["log"], each["seq"]) for each in recompute(ledger.file())["faults"]]


def test_nothing_is_found_when_everything_is_right() -> None:
    """The redemption that the following tests break one figure of."""
    ledger = shop()
    ledger.add("redemption_made", **bought())
    assert faults(ledger) == []


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"legs": [leg("household", -600, HOUSE), leg("redeemed", 500)]}, ["legs_unbalanced"]),
        ({"legs": moved("redeemed", HOUSE, -500)}, ["before_after_differ", "points_differ"]),
        ({"before": 900}, ["before_after_differ"]),
        ({"after": 500}, ["before_after_differ"]),
        ({"points": 500}, ["points_differ", "lines_differ"]),
        ({"lines": []}, ["lines_differ"]),
        ({"before": 500, "after": -100}, ["redeemed_below_zero"]),
        ({"seat": 2}, ["off_the_seat"]),
        (
            {"lines": [{"item": ITEM, "quantity": 3, "each": 300, "points": 600, "is_over_book": False}]},
            ["line_differs"],
        ),
        (
            {"legs": [leg("household", -600, HOUSE), leg("household", 600)]},
            ["leg_misplaced"],
        ),
        (
            {"legs": [leg("household", -600, HOUSE), leg("redeemed", 600, HOUSE + 1)]},
            ["leg_misplaced"],
        ),
    ],
)
def test_a_redemption_is_told_when_one_figure_is_wrong(changes: Json, codes: list[str]) -> None:
    """Legs, before and after, lines and points must agree with each other."""
    ledger = shop()
    ledger.add("redemption_made", **bought(**changes))
    assert faults(ledger) == [(code, 7, 3) for code in codes]


def test_a_household_is_told_when_its_balance_is_below_zero() -> None:
    """Two redemptions that each looked right at their own desk overspent the household."""
    ledger = shop()
    ledger.add("redemption_made", **bought())
    ledger.add("redemption_made", **bought())
    verdict = recompute(ledger.file())
    (fault,) = verdict["faults"]
    assert (fault["code"], fault["village"]) == ("balance_below_zero", 123)
    assert fault["detail"] == f"household {HOUSE} has -200"
    assert verdict["villages"][0]["balances"] == [{"household": HOUSE, "points": -200}]


@pytest.mark.parametrize(("points", "expected"), [(500, []), (499, [("points_differ", 7, 3)])])
def test_an_award_is_told_when_it_posts_other_points_than_it_names(
    points: int, expected: list[tuple[str, int, int]]
) -> None:
    """The points that people read are the points that count."""
    ledger = shop()
    award: Json = {"household": HOUSE, "person": None, "scheme": "z", "item": "lane", "paper": None, "request": None}
    ledger.add("points_awarded", **award, points=points, legs=moved("issued", HOUSE, 500))
    assert faults(ledger) == expected


@pytest.mark.parametrize(
    ("asked", "points", "expected"),
    [(500, 500, []), (900, 500, []), (400, 500, ["deducted_too_much"]), (500, 400, ["points_differ"])],
)
def test_a_deduction_is_told_when_it_takes_other_points_than_it_says(
    asked: int, points: int, expected: list[str]
) -> None:
    """It may take less than was asked, never more, and takes what it names."""
    ledger = shop()
    taken: Json = {"household": HOUSE, "person": None, "scheme": "z", "item": "litter", "quantity": 1, "paper": None}
    ledger.add("points_deducted", **taken, asked=asked, points=points, legs=moved("issued", HOUSE, -500))
    assert faults(ledger) == [(code, 7, 3) for code in expected]


def test_a_duplicate_is_judged_too_when_its_legs_do_not_balance() -> None:
    """Legs sum to zero in every fact, whether it counts or not."""
    ledger = shop()
    ledger.add("opening_balance_posted", household=HOUSE, points=5, paper="1", legs=[leg("household", 5, HOUSE)])
    assert faults(ledger) == [("legs_unbalanced", 7, 3)]


def test_a_redemption_is_told_when_its_log_holds_no_seat() -> None:
    """A seat that another log took, or that this log took only later, is not the log's own."""
    ledger = shop()
    ledger.add("redemption_made", log=8, turn=50, **bought())
    ledger.add("seat_taken", log=8, turn=51, seat=2)
    ledger.add("redemption_made", log=8, turn=52, **bought(seat=2, before=400, after=-200))
    found = faults(ledger)
    assert [each for each in found if each[0] == "off_the_seat"] == [("off_the_seat", 8, 1)]


def test_a_redemption_is_right_when_the_seat_moved_after_it() -> None:
    """The old seat's tail stays right, whatever turn it has: its log held that seat."""
    ledger = shop(points=1200)
    ledger.add("seat_taken", log=8, turn=3, seat=2)
    ledger.add("redemption_made", turn=70, **bought(before=1200, after=600))
    ledger.add("redemption_made", log=8, turn=4, **bought(seat=2, before=600, after=0))
    assert faults(ledger) == []


def test_a_log_redeems_for_its_highest_seat_when_it_took_several() -> None:
    """The number decides, not the last one said."""
    ledger = shop()
    ledger.add("seat_taken", seat=3)
    ledger.add("seat_taken", seat=2)
    ledger.add("redemption_made", **bought(seat=3))
    assert faults(ledger) == []


def test_a_seat_number_is_told_when_two_logs_took_it() -> None:
    """A copied device shows itself."""
    ledger = shop()
    ledger.add("seat_taken", log=8, seat=1)
    assert faults(ledger) == [("seat_taken_twice", 8, 1)]


def test_a_redemption_is_right_when_the_county_gave_its_log_the_seat() -> None:
    """From the line on that had read the order; before it the log has no seat, and after it the old one none."""
    ledger = shop(points=1200)
    ledger.add("seat_granted", log=0, turn=60, head={"body": {"log": 8, "seat": 9, "replaces": 7}})
    ledger.add("redemption_made", log=8, turn=61, **bought(seat=9, before=1200, after=600))
    ledger.add("redemption_made", log=8, turn=62, head={"ref": [0, 1]}, **bought(seat=9, before=600, after=0))
    assert faults(ledger) == [("off_the_seat", 8, 1)]


@pytest.mark.parametrize(("state", "expected"), [("live", ["card_number_twice"]), ("returned", []), ("lost", [])])
def test_a_card_number_is_told_when_it_is_live_twice(state: str, expected: list[str]) -> None:
    """One number opens one household; a card that is not live does not count."""
    ledger = Ledger()
    ledger.add("card_issued", number="260123", holder="household", household=HOUSE, person=None)
    card = ledger.add("card_issued", log=8, number="260123", holder="person", household=HOUSE, person=4)
    ledger.add("card_state_changed", log=8, card=card, state=state)
    assert [code for code, _, _ in faults(ledger)] == expected


def test_a_day_is_told_when_the_next_was_opened_before_it_was_closed() -> None:
    """A log has one open day; a day closed first leaves nothing behind."""
    ledger = Ledger()
    first = ledger.add("day_opened", day="2026-11-21")
    ledger.add("day_closed", day="2026-11-21", opened=first)
    ledger.add("day_opened", day="2026-11-22")
    assert faults(ledger) == []
    ledger.add("day_opened", day="2026-11-23")
    assert faults(ledger) == [("day_left_open", 7, 4)]


def test_the_county_is_told_when_it_makes_something_inside_a_village() -> None:
    """Its id would mean what village 0 holds under the same number."""
    ledger = Ledger()
    ledger.add("card_issued", log=0, number="1", holder="blank", household=None, person=None)
    ledger.add("price_set", log=0, item=ITEM, from_day="2026-01-01", points=1)
    assert faults(ledger) == [("county_entity", 0, 1)]


def test_a_turn_is_told_when_it_does_not_rise_in_its_log() -> None:
    """What had seen another fact ranks after it, its own log above all."""
    ledger = Ledger()
    ledger.add("day_opened", turn=5, day="2026-11-21")
    ledger.add("day_closed", turn=5, day="2026-11-21", opened=entity(7, 1))
    assert faults(ledger) == [("turn_not_rising", 7, 2)]


def test_a_day_is_told_when_it_goes_back_and_nobody_signed() -> None:
    """One hand states the day, two take it back; each log has days of its own."""
    ledger = Ledger()
    stated: Json = {"clock_day": "1970-01-01", "doubt": "unset", "is_verified": False, "kv": 2}
    for day, signer in (("2099-01-01", None), ("2026-11-22", 9), ("2026-11-23", None), ("2026-11-21", None)):
        opened = ledger.add("day_opened", day=day, signer=signer, **stated)
        ledger.add("day_closed", day=day, opened=opened)
    ledger.add("day_opened", log=8, day="2026-01-01")
    assert faults(ledger) == [("day_went_back", 7, 7)]


def test_a_close_is_told_when_it_says_other_than_its_log_did() -> None:
    """Redemptions since the last close, and no more slips than redemptions since the box was counted."""
    ledger = shop(points=3_000)

    def close(redemptions: int, slips: int, counted: int | None) -> None:
        day: Json = {"day": "2026-11-22", "kv": 2}
        opened = ledger.add("day_opened", day="2026-11-22")
        said: Json = {"redemptions": redemptions, "slips_booked": slips, "slips_counted": counted}
        ledger.add("day_closed", opened=opened, **day, **said)

    for before, redemptions, slips, counted in (
        (3_000, 1, 1, None), (2_400, 1, 2, 2), (1_800, 2, 1, None), (1_200, 1, 3, None),
    ):  # fmt: skip
        ledger.add("redemption_made", **bought(before=before, after=before - 600))
        close(redemptions, slips, counted)
    assert faults(ledger) == [("close_differs", 7, 11), ("too_many_slips", 7, 14)]


def test_a_spot_count_is_a_fault_when_its_goods_were_not_counted() -> None:
    """Right: a count that sets the stock and one that is short and asks; wrong: nothing, or the other of the two."""
    right, wrong = Ledger(), Ledger()
    for ledger, counted in ((right, 7), (wrong, 10)):
        ledger.add("stock_counted", turn=1, seat=1, item=5, quantity=12)
        ledger.add("stock_lowering_requested", turn=2, item=6, quantity=3, reason="counted", counted=7)
        goods = [{"item": 5, "booked": 10, "counted": 12}, {"item": 6, "booked": 10, "counted": counted}]
        ledger.add("spot_counted", turn=3, goods=goods)
    assert [each["code"] for each in recompute(right.file())["faults"]] == []
    assert [each["code"] for each in recompute(wrong.file())["faults"]] == ["spot_uncounted"]


def test_a_form_is_a_fault_when_it_was_not_printed_or_is_entered_twice() -> None:
    """Printed and entered once is right; a number nobody printed, one printed twice, and one entered twice are not."""
    ledger = Ledger()
    asked: Json = {"meeting": 3, "household": 7, "reason": "power"}
    ledger.add("forms_printed", turn=1, use="sign_in", till=1, first=1, count=2)
    first = ledger.add("sign_in_requested", turn=2, **asked)
    ledger.add("form_entered", turn=3, use="sign_in", till=1, number=1, form_day="2026-11-22", of=first)
    assert recompute(ledger.file())["faults"] == []
    ledger.add("form_entered", turn=4, use="sign_in", till=1, number=1, form_day="2026-11-22", of=first)
    ledger.add("form_entered", turn=5, use="sign_in", till=1, number=3, form_day="2026-11-22", of=999)
    ledger.add("forms_printed", turn=6, use="redemption", till=1, first=2, count=1)
    codes = [each["code"] for each in recompute(ledger.file())["faults"]]
    assert codes == ["form_entered_twice", "form_not_printed", "form_of_nothing", "form_printed_twice"]


def test_a_delivery_is_told_when_its_cost_does_not_fall_on_its_goods() -> None:
    """A figure for each kind, and their sum is what it cost, said at once or later."""
    ledger = Ledger()
    ledger.add("seat_taken", seat=1)
    for item in (ITEM, ITEM + 1):
        ledger.add("goods_received", seat=1, item=item, quantity=2)
    said: Json = {"source": "purchase", "kinds": 2, "kv": 2}
    delivery = ledger.add("delivery_received", cost=500, costs=[300, 100], **said)
    ledger.add("delivery_cost_set", kv=2, delivery=delivery, cost=400, costs=[400])
    ledger.add("delivery_cost_set", kv=2, delivery=delivery, cost=400, costs=[150, 250])
    assert faults(ledger) == [("delivery_costs_differ", 7, 4), ("delivery_costs_differ", 7, 5)]
