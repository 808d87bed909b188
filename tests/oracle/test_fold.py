"""What follows from facts: aspects by rank, keys that count once, anchors, requests, what is in force."""

from itertools import permutations

import pytest

from tests.oracle.chain import read_lines
from tests.oracle.desk import Ledger, entity, file_of, leg, moved
from tests.oracle.fold import read_entries
from tests.oracle.shop import price_on
from tests.oracle.strict import Json
from tests.oracle.verdict import recompute

HOUSE, ITEM = entity(7, 900), entity(7, 901)
AWARD: Json = {"household": HOUSE, "person": None, "scheme": "zhijin_household", "item": "lane", "paper": None}


def village(ledger: Ledger) -> Json:
    """What the oracle makes of the ledger's own village."""
    verdict = recompute(ledger.file(), ledger.private())
    found: Json = next(each for each in verdict["villages"] if each["village"] == ledger.village)
    return found


def balance(ledger: Ledger) -> dict[int, int]:
    """Hundredths by household."""
    return {row["household"]: row["points"] for row in village(ledger)["balances"]}


def redeemed(seat: int, quantity: int, *, each: int = 100) -> Json:
    """The body of a redemption of one item, from a balance of 100 points."""
    points = quantity * each
    line = {"item": ITEM, "quantity": quantity, "each": each, "points": points, "is_over_book": False}
    body = {"seat": seat, "till": 1, "number": 1, "slip": "0123-1-000001", "household": HOUSE, "person": None}
    body |= {"card": None, "entry": "card", "no_card_reason": None, "lines": [line], "points": points}
    return body | {"before": 10000, "after": 10000 - points, "legs": moved("redeemed", HOUSE, -points)}


def test_a_household_has_the_sum_of_its_legs_when_all_kinds_post() -> None:
    """Opening, award, redemption, merge and sweep add up; the village's accounts mirror them to zero."""
    ledger, other = Ledger(), entity(7, 902)
    ledger.add(
        "opening_balance_posted", household=HOUSE, points=10000, paper="7-1", legs=moved("opening", HOUSE, 10000)
    )
    ledger.add("points_awarded", **AWARD, points=250, request=None, legs=moved("issued", HOUSE, 250))
    ledger.add("redemption_made", **redeemed(1, 3))
    merge = [leg("household", -9950, HOUSE), leg("household", 9950, other)]
    ledger.add("household_merged", household=HOUSE, into=other, legs=merge)
    ledger.add("points_awarded", **AWARD, points=50, request=None, legs=moved("issued", HOUSE, 50))
    sweep = [leg("household", -50, HOUSE), leg("household", 50, other)]
    ledger.add("balance_swept", household=HOUSE, into=other, points=50, legs=sweep)
    assert balance(ledger) == {HOUSE: 0, other: 10000}
    expected = {"opening": -10000, "issued": -300, "redeemed": 300, "household": 10000}
    assert village(ledger)["accounts"] == expected | dict.fromkeys(("expired", "adjusted", "moved"), 0)


@pytest.mark.parametrize(
    ("kind", "key", "others", "account", "points"),
    [
        ("points_awarded", {"request": 5}, AWARD, "issued", 500),
        ("award_reversed", {"award": 5}, {"household": HOUSE}, "issued", -500),
        ("deduction_reversed", {"deduction": 5}, {"household": HOUSE}, "issued", 500),
        ("opening_balance_posted", {"paper": "7-1"}, {"household": HOUSE}, "opening", 500),
        ("opening_reversed", {"opening": 5}, {"household": HOUSE}, "opening", 500),
    ],
)
def test_the_first_counts_when_a_key_stands_twice(
    kind: str, key: Json, others: Json, account: str, points: int
) -> None:
    """Of two facts with one key the lowest rank posts: here the lower turn, though its log number is higher."""
    ledger = Ledger()
    late = ledger.add(kind, log=3, turn=9, **others | key, points=points * 2, legs=moved(account, HOUSE, points * 2))
    first = ledger.add(kind, log=8, turn=4, **others | key, points=points, legs=moved(account, HOUSE, points))
    assert balance(ledger) == {HOUSE: points}
    (once,) = village(ledger)["once"]
    assert (once["counted"], once["duplicates"]) == (first, [late])


@pytest.mark.parametrize(
    ("kind", "bodies"),
    [
        ("points_awarded", [AWARD | {"request": None}] * 2),
        ("points_awarded", [AWARD | {"request": 5}, AWARD | {"request": 6}]),
        ("award_reversed", [{"household": HOUSE, "award": 5}, {"household": HOUSE, "award": 6}]),
        ("opening_balance_posted", [{"household": HOUSE, "paper": "1"}, {"household": HOUSE, "paper": "2"}]),
        ("balance_swept", [{"household": HOUSE, "into": 9}] * 2),
    ],
)
def test_both_count_when_their_keys_differ_or_there_is_none(kind: str, bodies: list[Json]) -> None:
    """Only what the page names counts once."""
    ledger = Ledger()
    for body in bodies:
        ledger.add(kind, **body, points=100, legs=moved("issued", HOUSE, 100))
    assert balance(ledger) == {HOUSE: 200}
    assert all(each["duplicates"] == [] for each in village(ledger)["once"])


def test_an_opening_balance_counts_for_each_household_when_papers_are_numbered_alike() -> None:
    """The key is the household and its paper together."""
    ledger, other = Ledger(), entity(7, 902)
    for house in (HOUSE, other):
        ledger.add("opening_balance_posted", household=house, points=1, paper="1", legs=moved("opening", house, 1))
    assert balance(ledger) == {HOUSE: 1, other: 1}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"log": 9, "turn": 3}, {"log": 5, "turn": 4}),
        ({"log": 5, "turn": 4}, {"log": 9, "turn": 4}),
        ({"log": 9, "turn": 400}, {"log": 0, "turn": 4}),
    ],
)
def test_the_higher_rank_holds_when_two_facts_say_one_aspect(first: Json, second: Json) -> None:
    """Turn stands above log, log decides a tie of turns, the county stands above all; order never counts."""
    for order in permutations((("Ana", first), ("Bo", second))):
        ledger = Ledger()
        for name, place in order:
            ledger.add("household_renamed", **place, text=name, household=HOUSE)
        assert village(ledger)["households"][0]["name"] == "Bo"


def test_the_later_seq_holds_when_one_log_says_an_aspect_twice() -> None:
    """Within a log the last word counts."""
    ledger = Ledger()
    for state in ("lost", "live", "stopped"):
        ledger.add("card_state_changed", card=entity(7, 50), state=state)
    assert village(ledger)["cards"][0]["state"] == "stopped"


def test_name_and_place_stand_apart_when_two_desks_change_them() -> None:
    """A rename here and a move there both hold: rank is compared per aspect, not per household."""
    ledger = Ledger()
    house = ledger.add("household_registered", text="Ana", group=1, house=2, residents=3)
    ledger.add("household_moved", log=8, turn=5, household=house, group=4, house=9)
    ledger.add("household_renamed", log=9, turn=6, text="Bo", household=house)
    ledger.add("household_counted", log=9, turn=7, household=house, residents=5)
    expected = {"id": house, "group": 4, "house": 9, "residents": 5, "name": "Bo", "state": "open", "into": None}
    assert village(ledger)["households"] == [expected]


def test_a_merged_household_says_into_which_when_it_was_merged() -> None:
    """State and target are one aspect."""
    ledger = Ledger()
    ledger.add("household_merged", household=HOUSE, into=4, legs=[])
    (row,) = village(ledger)["households"]
    assert (row["state"], row["into"]) == ("merged", 4)


def test_people_are_as_last_said_when_they_were_moved_and_corrected() -> None:
    """Persons, members and operators with every aspect."""
    ledger = Ledger()
    person = ledger.add("person_registered", text="Ana", household=4, birth_year=1950, sex="f", homonym=0)
    ledger.add("person_moved", person=person, household=5)
    ledger.add("person_corrected", person=person, birth_year=1951, sex="f", homonym=1)
    ledger.add("person_renamed", person=person, text="Anna")
    member = ledger.add("member_registered", person=person, class_code="ordinary", joined_year=None)
    ledger.add(
        "member_corrected", member=member, person=person, class_code="elder", joined_year=1980, standing="probationary"
    )
    operator = ledger.add("operator_added", text="Bo", badge="3001", role="attendant", person=person)
    term: Json = {"from_day": "2026-12-01", "until_day": "2026-12-31", "reason": "absent"}
    ledger.add("operator_suspended", operator=operator, **term)
    ledger.add("suspension_lifted", operator=operator)
    ledger.add("operator_suspended", operator=operator, **term)
    ledger.add("operator_state_changed", operator=operator, state="ended")
    found = village(ledger)
    corrected = {"class_code": "elder", "joined_year": 1980, "standing": "probationary"}
    details = {"birth_year": 1951, "sex": "f", "homonym": 1}
    assert found["persons"] == [{"id": person, "household": 5, "name": "Anna"} | details]
    assert found["members"] == [{"id": member, "person": person} | corrected]
    held = {"badge": "3001", "role": "attendant", "person": person, "name": "Bo", "state": "ended"}
    assert found["operators"] == [{"id": operator} | held | term]


def test_a_card_follows_its_facts_when_it_is_bound_lost_and_replaced() -> None:
    """The old card is replaced, the new one is live, and a lost card found later is live again."""
    ledger = Ledger()
    blank = ledger.add("card_issued", number="1", holder="blank", household=None, person=None)
    ledger.add("card_bound", card=blank, holder="person", household=HOUSE, person=4)
    ledger.add("card_state_changed", card=blank, state="lost")
    lost = village(ledger)["cards"][0]["state"]
    replaced: Json = {"holder": "person", "household": HOUSE, "person": 4}
    new = ledger.add("card_replaced", card=blank, number="2", **replaced)
    assert lost == "lost"
    assert village(ledger)["cards"] == [
        {"id": blank, "number": "1", **replaced, "state": "replaced"},
        {"id": new, "number": "2", **replaced, "state": "live"},
    ]
    ledger.add("card_state_changed", log=8, turn=99, card=blank, state="live")
    assert village(ledger)["cards"][0]["state"] == "live"


def test_a_request_waits_until_the_first_answer_when_two_signers_differ() -> None:
    """The answer of lowest rank counts, for awards above the limit and for replaced cards alike."""
    ledger = Ledger()
    award = ledger.add("award_requested", **AWARD, points=500)
    card = ledger.add("card_replaced", card=4, number="2", holder="household", household=HOUSE, person=None)
    waiting = ledger.add("award_requested", **AWARD, points=700)
    ledger.add("request_answered", log=5, turn=50, request=award, is_approved=False, signer=4, is_verified=True)
    ledger.add("request_answered", log=9, turn=40, request=award, is_approved=True, signer=6, is_verified=False)
    ledger.add("request_answered", log=9, turn=41, request=card, is_approved=False, signer=6, is_verified=False)
    given = ledger.add("points_awarded", **AWARD, points=500, request=award, legs=moved("issued", HOUSE, 500))
    found = {each["id"]: each for each in village(ledger)["requests"]}
    assert {key: each["state"] for key, each in found.items()} == {
        award: "approved",
        card: "declined",
        waiting: "waiting",
    }
    assert (found[award]["kind"], found[award]["signer"], found[award]["award"]) == ("award_requested", 6, given)


def test_an_answer_is_kept_when_its_request_has_not_arrived() -> None:
    """A missing sibling log leaves a request without a kind, not a crash."""
    ledger = Ledger()
    ledger.add("request_answered", request=entity(8, 1), is_approved=True, signer=4, is_verified=True)
    (request,) = village(ledger)["requests"]
    assert (request["id"], request["kind"], request["state"]) == (entity(8, 1), None, "approved")


def test_stock_starts_from_the_latest_count_when_the_seat_has_moved() -> None:
    """The seat number stands above seq and above turn: the old seat's tail, found later, lies before the new count."""
    ledger = Ledger()
    ledger.add("stock_counted", log=7, seat=1, item=ITEM, quantity=50)
    ledger.add("redemption_made", log=7, **redeemed(1, 5))
    count = ledger.add("stock_counted", log=8, turn=3, seat=2, item=ITEM, quantity=40)
    ledger.add("redemption_made", log=8, turn=4, **redeemed(2, 1))
    ledger.add("redemption_made", log=7, turn=90, **redeemed(1, 7))
    ledger.add("stock_counted", log=7, turn=91, seat=1, item=ITEM, quantity=3)
    assert village(ledger)["stock"] == [{"item": ITEM, "quantity": 39, "anchor": count}]


def test_stock_goes_below_nothing_when_an_item_was_never_counted() -> None:
    """Book stock may be negative."""
    ledger = Ledger()
    ledger.add("redemption_made", **redeemed(1, 2))
    assert village(ledger)["stock"] == [{"item": ITEM, "quantity": -2, "anchor": None}]


def test_an_item_has_every_code_when_codes_were_added_elsewhere() -> None:
    """Codes add up; name, limit and best-before are aspects."""
    ledger = Ledger()
    item = ledger.add("item_registered", name="?", unit="piece", codes=["2", "1"], is_provisional=True)
    ledger.add("code_added", log=8, item=item, code="3")
    ledger.add("item_renamed", item=item, name="salt", unit="bag", is_provisional=False)
    ledger.add("monthly_limit_set", item=item, quantity=4)
    ledger.add("best_before_set", item=item, day="2027-01-31")
    ledger.add("best_before_set", item=item, day=None)
    said = {"name": "salt", "unit": "bag", "is_provisional": False, "monthly_limit": 4, "best_before": None}
    assert village(ledger)["items"] == [{"id": item} | said | {"codes": ["1", "2", "3"]}]


def test_the_latest_day_not_after_it_holds_when_a_price_is_asked_for() -> None:
    """First the day, then the rank: a county price that arrives late holds only for its own day."""
    ledger = Ledger()
    for log, turn, day, points in ((7, 9, "2026-03-01", 300), (7, 10, "2026-01-01", 200), (0, 1, "2026-01-01", 250)):
        ledger.add("price_set", log=log, turn=turn, item=ITEM, from_day=day, points=points)
    entries, _ = read_entries(read_lines(ledger.file())[0], {})
    days = ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2030-01-01")
    assert [price_on(entries, ITEM, day) for day in days] == [None, 250, 250, 300, 300]
    assert price_on(entries, ITEM + 1, "2030-01-01") is None
    in_force = recompute(ledger.file(), day="2026-02-28")["villages"][0]["prices_in_force"]
    assert [(row["item"], row["points"]) for row in in_force] == [(ITEM, 250)]


def test_a_price_of_the_county_holds_in_a_village_when_it_says_it_to_all() -> None:
    """Village 0 speaks to every village; its price of its own item is in force there."""
    common, ledger = Ledger(village=0), Ledger()
    item = common.add("item_registered", log=0, name="salt", unit="bag", codes=[], is_provisional=False)
    common.add("price_set", log=0, item=item, from_day="2026-01-01", points=300)
    ledger.add("log_begun", till=1, program="1", continues=None)
    verdict = recompute(common.file() + ledger.file(), day="2026-01-01")
    assert [row["points"] for row in verdict["villages"][1]["prices_in_force"]] == [300]


def test_a_scheme_is_as_last_set_when_items_and_numbers_are_dated() -> None:
    """One row an item or scheme and day."""
    ledger, day = Ledger(), "2026-01-01"
    labels: Json = {"label_zh": "扫路", "label_en": "lane", "from_day": day}
    for points in (100, 200):
        ledger.add("scheme_item_set", scheme="z", code="lane", group="tidy", position=1, points=points, **labels)
    rules = [{"name": "base", "value": 100}]
    ledger.add("scheme_loaded", scheme="z", audience="household", digest="d", items=1, rules=rules, **labels)
    found = village(ledger)
    assert [row["points"] for row in found["scheme_items"]] == [200]
    assert [row["rules"] for row in found["schemes"]] == [rules]


def test_a_day_is_open_in_its_own_log_when_another_log_closed_its_own() -> None:
    """A business day belongs to a log; closing names the opening."""
    ledger = Ledger()
    ledger.add("log_begun", till=1, program="1", continues=None)
    opened = ledger.add("day_opened", day="2026-11-22")
    ledger.add("log_begun", log=8, turn=5, till=2, program="1", continues={"log": 7, "seq": 2})
    closed = ledger.add("day_opened", log=8, turn=6, day="2026-11-22")
    ledger.add("day_closed", log=8, turn=7, day="2026-11-22", opened=closed)
    first = {"log": 7, "till": 1, "continues": None, "open_day": "2026-11-22", "opened": opened}
    second = {"log": 8, "till": 2, "continues": {"log": 7, "seq": 2}, "open_day": None, "opened": None}
    assert village(ledger)["logs"] == [first, second]


def test_the_highest_number_holds_the_seat_when_turns_say_otherwise() -> None:
    """The seat is decided by its number alone."""
    ledger = Ledger()
    taken = ledger.add("seat_taken", log=8, turn=2, seat=2)
    ledger.add("seat_taken", log=7, turn=9, seat=1)
    assert village(ledger)["seat"] == {"seat": 2, "log": 8, "fact": taken}


@pytest.mark.parametrize("is_held", [True, False])
def test_a_slip_on_paper_counts_once_when_its_redemption_is_held_or_not(*, is_held: bool) -> None:
    """The redemption of its till and number counts before any slip, whatever turn it has; else the first slip."""
    ledger = Ledger()
    ledger.add("seat_taken", seat=1)
    slip: Json = {"seat": 1, "till": 1, "number": 5, "slip": None, "household": HOUSE, "points": 200}
    for _ in range(2):
        ledger.add("slip_recovered", **slip, legs=moved("redeemed", HOUSE, -200))
    if is_held:
        sold: Json = {"before": 0, "after": -300, "lines": [], "points": 300, "legs": moved("redeemed", HOUSE, -300)}
        holder = {"person": None, "card": None, "entry": "card", "no_card_reason": None}
        ledger.add("redemption_made", log=8, turn=90, **(slip | holder | sold | {"slip": "1"}))
    assert village(ledger)["balances"] == [{"household": HOUSE, "points": -300 if is_held else -200}]


def test_the_seat_is_with_whom_the_county_named_when_it_gave_it() -> None:
    """In its own log of the village; a village's log gives nothing away."""
    ledger = Ledger()
    ledger.add("seat_taken", log=7, seat=1)
    granted = ledger.add("seat_granted", log=0, head={"body": {"log": 8, "seat": 9, "replaces": None}})
    ledger.add("seat_granted", log=7, head={"body": {"log": 6, "seat": 99, "replaces": None}})
    assert village(ledger)["seat"] == {"seat": 9, "log": 8, "fact": granted}


def test_unknown_facts_are_kept_and_shown_when_kind_version_or_body_is_new() -> None:
    """They change no figure and are no fault."""
    ledger = Ledger()
    ledger.add("weather_noted", place="hall")
    ledger.add("weather_noted", place="yard")
    ledger.add("points_awarded", **AWARD, kv=2, points=1, request=None, legs=moved("issued", HOUSE, 1))
    ledger.add("seat_taken", seat="1")
    ledger.add("seat_taken", seat=1, more=2)
    ledger.add("seat_taken")
    verdict = recompute(ledger.file())
    shown = [(row["kind"], row["kv"], row["count"], row["reason"]) for row in verdict["villages"][0]["unknown"]]
    assert shown == [
        ("points_awarded", 2, 1, "kind"),
        ("seat_taken", 1, 1, "body more is not of this kind"),
        ("seat_taken", 1, 1, "body seat is missing"),
        ("seat_taken", 1, 1, "body seat is no seat"),
        ("weather_noted", 1, 2, "kind"),
    ]
    assert (verdict["lines"], verdict["faults"], verdict["villages"][0]["balances"]) == (6, [], [])


def test_the_verdict_is_the_same_when_lines_come_in_any_order() -> None:
    """Nothing but the order of the file itself is told apart."""
    ledger = Ledger()
    house = ledger.add("household_registered", text="Ana", group=1, house=2, residents=None)
    ledger.add("household_renamed", log=8, text="Bo", household=house)
    ledger.add("redemption_made", log=9, **redeemed(1, 2))
    sorted_first = recompute(ledger.file(), ledger.private())["villages"]
    for order in permutations(ledger.lines.values()):
        assert recompute(file_of(order), ledger.private())["villages"] == sorted_first
