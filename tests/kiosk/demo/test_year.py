"""What a year of the demo village has in it: everything that somebody may want to see on a desk."""

from collections import Counter
from datetime import date

import pytest

from db.names import names_of
from kiosk.demo.calendar import is_shop_day
from kiosk.demo.year import NOT_CLOSED
from kiosk.domain.find import search_people
from kiosk.domain.goods import items_to_count, price_of, provisional_items
from kiosk.domain.roster import read_households, read_persons
from kiosk.domain.waiting import list_requests
from tests.kiosk.demo.lived import Lived, small

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(300)]
LAST_DAY = "2021-12-31"


@pytest.fixture
def lived() -> Lived:
    """The small village."""
    return small()


def test_the_shop_keeps_its_hours_when_the_year_is_lived(lived: Lived) -> None:
    """Tuesday, Friday and the 28th; nothing goes over the counter on a holiday, nothing before or after the year."""
    opened = [row.day for row in lived.rows("SELECT day FROM day_act WHERE act = 'opened' ORDER BY day")]
    assert (opened[0], opened[-1]) == ("2021-01-05", LAST_DAY)
    assert len(opened) == len(set(opened))
    served = {row.day for row in lived.rows("SELECT DISTINCT day FROM redemption")}
    assert all(is_shop_day(date.fromisoformat(day)) for day in served)
    assert not {day for day in opened if "2021-02-11" <= day <= "2021-02-17"}


def test_a_day_is_closed_by_the_next_when_nobody_closed_it(lived: Lived) -> None:
    """Two evenings were forgotten; every other day was closed by somebody who counted the slips."""
    closes = lived.oracle.village["closes"]
    counted = {row["day"] for row in closes if row["slips_counted"] is not None}
    assert {day.isoformat() for day in NOT_CLOSED} == {row["day"] for row in closes} - counted
    assert len(counted) > 120


def test_people_who_are_hard_to_write_are_there_when_the_roster_is_read(lived: Lived) -> None:
    """Characters of four bytes, a middle dot, three pairs of namesakes, and nobody under fifteen by name."""
    with lived.store.read() as connection:
        households = read_households(connection, lived.store.village)
        persons = read_persons(connection, lived.store.village)
    heads = [household.head for household in households.values()]
    assert {"石𫖯", "阮𠮷", "木朵·阿禾"} <= set(heads)
    assert len([name for name, count in Counter(person.name for person in persons).items() if count == 2]) == 3
    assert max(person.birth_year or 0 for person in persons) <= 2006
    assert search_people(lived.store, "𫖯")[0].name == "石𫖯"
    assert sum(household.residents or 0 for household in households.values()) > len(persons)


def test_members_have_classes_and_standings_when_the_branch_is_read(lived: Lived) -> None:
    """Cadres, elders, those who are away; one is on probation."""
    members = lived.oracle.village["members"]
    assert {"cadre", "elder", "mobile", "hub_household", "grid_lead", "ordinary"} == {
        member["class_code"] for member in members
    }
    assert Counter(member["standing"] for member in members)["probationary"] == 1


def test_the_shelf_is_as_after_a_year_when_it_is_looked_at(lived: Lived) -> None:
    """Much of what is asked for, five kinds sold out, one with more gone than the book had, two past their day."""
    stock = {row["id"]: lived.oracle.stock.get(row["id"], 0) for row in lived.oracle.village["items"]}
    named = {row["name"]: stock[row["id"]] for row in lived.oracle.village["items"] if not row["is_provisional"]}
    for name in ("食盐 400克", "香皂", "洗洁精 1.3公斤", "洗衣粉 1.6公斤", "大米 5公斤", "菜籽油 5升"):
        assert 40 <= named[name] <= 60
    assert {name for name, count in named.items() if count == 0} >= {"暖手宝", "蚊香", "毛毯", "电热水壶"}
    assert [(item.name, item.stock) for item in items_to_count(lived.store)] == [("垃圾袋", -1)]
    days = sorted(row["best_before"] for row in lived.oracle.village["items"] if row["best_before"])
    assert len([day for day in days if day < LAST_DAY]) == 2
    assert len([day for day in days if LAST_DAY <= day <= "2022-01-31"]) == 3
    assert len(provisional_items(lived.store)) == 1


def test_a_redemption_costs_what_was_in_force_when_it_was_made(lived: Lived) -> None:
    """Prices changed in the year; each line keeps the one of its day."""
    oil = next(row["id"] for row in lived.oracle.village["items"] if row["name"] == "菜籽油 5升")
    lines = lived.rows("SELECT day, item_id, each_points FROM redemption_line")
    with lived.store.read() as connection:
        prices = [price_of(connection, lived.store.village, oil, day) for day in ("2021-02-28", "2021-03-01", LAST_DAY)]
        for day, item, each in lines:
            assert price_of(connection, lived.store.village, item, day) == each
    assert prices == [6_200, 6_500, 6_800]


def test_households_come_in_many_ways_when_they_redeem(lived: Lived) -> None:
    """With the card, by the book, by somebody who comes for them; slips are numbered without a gap."""
    redemptions = lived.oracle.village["redemptions"]
    assert {"card", "found"} <= {row["entry"] for row in redemptions}
    assert "proxy" in {row["no_card_reason"] for row in redemptions}
    assert [row["number"] for row in redemptions] == list(range(1, len(redemptions) + 1))


def test_entries_are_of_every_kind_when_the_year_is_over(lived: Lived) -> None:
    """Awards by several items, deductions, some taken back, opening balances, meetings, suggestions."""
    kinds = {row.kind for row in lived.rows("SELECT DISTINCT kind FROM posting WHERE account = 'household'")}
    assert kinds >= {
        "points_awarded", "points_deducted", "award_reversed", "opening_balance_posted", "redemption_made",
        "attendance_awarded", "suggestion_awarded", "household_merged",
    }  # fmt: skip
    items = {
        row.item_code for row in lived.rows("SELECT DISTINCT item_code FROM posting WHERE kind = 'points_awarded'")
    }
    assert items >= {"yard_clean", "yard_cleanest", "public_cleaning", "volunteering", "recycling"}
    assert "contribution_on_time" in items


def test_somebody_still_has_to_sign_when_the_year_is_over(lived: Lived) -> None:
    """A card replaced before the year's end, and an honour of the county; what came earlier has its answer."""
    waiting = list_requests(lived.store)
    assert {"card_reissued", "award_over_limit"} <= {each.kind for each in waiting}
    assert all((each.day or "") >= "2021-12-14" for each in waiting)


def test_one_household_joined_another_when_the_year_is_over(lived: Lived) -> None:
    """With its points; one has a new head, one another house."""
    merged = [row for row in lived.oracle.village["households"] if row["state"] == "merged"]
    assert len(merged) == 1
    assert lived.oracle.balances.get(merged[0]["id"], 0) == 0
    assert merged[0]["into"] is not None
    with lived.store.read() as connection:
        renamed = names_of(connection, lived.store.village, [row["id"] for row in lived.oracle.village["households"]])
    now = {row["id"]: row["name"] for row in lived.oracle.village["households"]}
    assert len([key for key, name in now.items() if renamed[key] != name]) == 1


def test_meetings_went_as_they_do_when_the_year_is_over(lived: Lived) -> None:
    """Every kind; one broken off because too few came, one begun late, one ended days later, one corrected."""
    meetings = lived.oracle.village["meetings"]
    assert Counter(row["template"] for row in meetings) == {
        "committee_meeting": 12, "theme_day": 12, "group_meeting": 12, "members_meeting": 5, "party_lecture": 4,
        "villagers_meeting": 14,
    }  # fmt: skip
    assert [row["template"] for row in meetings if row["state"] == "cancelled"] == ["members_meeting"]
    acts = {(row.meeting_id, row.act): (row.day, row.at) for row in lived.rows("SELECT * FROM meeting_act")}
    late = [
        row["id"]
        for row in meetings
        if (row["id"], "begun") in acts and acts[row["id"], "begun"][1] - acts[row["id"], "opened"][1] > 45 * 60_000
    ]
    assert len(late) == 1
    ended_later = [key for key, act in acts if act == "ended" and acts[key, act][0] > acts[key, "opened"][0]]
    assert len(ended_later) == 1
    assert lived.one("SELECT count(*) FROM sign_in_undo") == 1
    assert lived.one("SELECT count(*) FROM sign_in WHERE request_id IS NOT NULL") == 1
    assert lived.one("SELECT count(*) FROM sign_in WHERE is_fast = 1") >= 2
    assert lived.one("SELECT count(*) FROM sign_in WHERE is_late = 1") > 10
    assert {row.reason_code for row in lived.rows("SELECT DISTINCT reason_code FROM leave")} >= {"farm", "away"}


def test_suggestions_were_heard_when_the_year_is_over(lived: Lived) -> None:
    """Discussed by the committee, then answered."""
    suggestions = lived.oracle.village["suggestions"]
    assert {"adopted"} <= {row["state"] for row in suggestions}
    assert all(row["discussed"] for row in suggestions if row["answer"] is not None)
