"""What is drawn before the year begins: people, members, days, chance. None of it needs a store."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from kiosk.codes import Glued, Goods, Misread, Unknown, read_code
from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import (
    days_of_year,
    exchange_day,
    is_holiday,
    is_shop_day,
    moment,
    shop_day_from,
    shop_days,
    workday_from,
)
from kiosk.demo.chance import Chance, one_of, rounded, some_of
from kiosk.demo.goods import FAULTY_CODES, catalogue
from kiosk.demo.guests import arrivals, divide
from kiosk.demo.members import draw_members
from kiosk.demo.people import Presence, draw_people
from kiosk.demo.plan import FEWEST_HOUSEHOLDS, MOST_HOUSEHOLDS
from kiosk.demo.setting_up import Home
from kiosk.domain.card import CardMade


@pytest.mark.parametrize("count", [FEWEST_HOUSEHOLDS, 40, 412, MOST_HOUSEHOLDS])
@pytest.mark.parametrize("seed", [1, 578])
def test_a_village_of_any_size_is_drawn_when_asked_for(count: int, seed: int) -> None:
    """Each place once, each head in front, every branch with cadres and members enough for a meeting."""
    households = draw_people(Chance(seed), count)
    members = draw_members(Chance(seed), households)
    assert len({household.place for household in households}) == len(households) == count
    assert all(household.head.age >= 18 and household.residents >= len(household.persons) for household in households)
    assert Counter(member.class_code for member in members)["cadre"] >= 3
    assert len({id(member.person) for member in members}) == len(members) >= 10


def test_shares_are_those_of_the_recipe_when_many_are_drawn() -> None:
    """A quarter away, three to four in a household, members about three in a hundred, a third of them away."""
    households = draw_people(Chance(578), 412)
    members = draw_members(Chance(578), households)
    people = sum(household.residents for household in households)
    assert 3.0 < people / 412 < 3.6
    assert 0.2 < sum(household.presence is Presence.AWAY for household in households) / 412 < 0.32
    assert 0.027 < len(members) / people < 0.031
    assert 0.25 < sum(member.is_away for member in members) / len(members) < 0.45


def test_other_people_are_drawn_when_the_seed_is_another() -> None:
    """And the same ones when it is the same; so with the bytes that card numbers are made of."""
    assert draw_people(Chance(5), 40) == draw_people(Chance(5), 40) != draw_people(Chance(6), 40)
    assert Chance(5).entropy()(8) == Chance(5).entropy()(8) != Chance(6).entropy()(8)


def test_one_matter_is_drawn_the_same_when_another_draws_more() -> None:
    """Each has a stream of its own."""
    chance = Chance(5)
    first = chance.of("visits").random()
    chance.of("cards").random()
    assert chance.of("visits").random() == first != chance.of("cards").random()


def test_chance_keeps_to_its_shares_when_drawn_often() -> None:
    """Means of whole numbers, shares of things, nothing without weight."""
    stream = Chance(1).of("shares")
    assert 2.2 < sum(rounded(stream, 2.3) for _ in range(2_000)) / 2_000 < 2.4
    drawn = Counter(one_of(stream, (("a", 0.9), ("b", 0.1))) for _ in range(2_000))
    assert 0.85 < drawn["a"] / 2_000 < 0.95
    assert sorted(some_of(stream, [0, 1, 2, 3], 9, float)) == [1, 2, 3]


def test_the_shop_is_closed_when_it_is_a_holiday() -> None:
    """Spring festival, first week of October; the 28th is open on whatever weekday it falls."""
    assert is_holiday(date(2021, 2, 12))
    assert is_holiday(date(2021, 10, 1))
    assert not is_shop_day(date(2021, 2, 16))
    assert is_shop_day(date(2021, 2, 28))
    assert all(day.weekday() in {1, 4} or day.day == 28 for day in shop_days())
    assert len(list(days_of_year())) == 365
    assert len(shop_days()) == 107


def test_a_day_is_put_off_when_nobody_works_on_it() -> None:
    """The theme day of January falls on a Sunday, the committee of October into the holidays."""
    assert workday_from(date(2021, 1, 10)) == date(2021, 1, 11)
    assert workday_from(date(2021, 10, 5)) == date(2021, 10, 8)
    assert exchange_day(2) == date(2021, 2, 28)
    assert shop_day_from(date(2021, 2, 10)) == date(2021, 2, 19)
    assert shop_day_from(date(2021, 12, 31)) == date(2021, 12, 31)


def test_a_minute_of_a_day_is_the_instant_in_china_when_asked_for() -> None:
    """Whatever the machine's own time zone."""
    at = datetime(2021, 3, 9, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    assert moment(date(2021, 3, 9), 8 * 60 + 30) == int(at.astimezone(UTC).timestamp() * 1_000)


def test_deeds_are_done_in_the_order_of_the_clock_when_put_in_any_order() -> None:
    """Of two at one minute the one that was put in first."""
    agenda, done = Agenda(), list[str]()
    day = date(2021, 3, 9)
    for minute, word in ((20, "c"), (10, "a"), (10, "b")):
        agenda.put(day, minute, done.append, word)
    for deed in agenda.of_day(day):
        deed.do()
    assert done == ["a", "b", "c"]
    assert agenda.of_day(date(2021, 3, 10)) == []


def test_guests_come_as_villages_do_when_a_meeting_is_held() -> None:
    """Sixty-two in a hundred in the last ten minutes, twenty late; somebody comes even in the rain."""
    stream = Chance(1).of("guests")
    home = Home(1, draw_people(Chance(1), 24)[0], (2,), "", CardMade(3, ""))
    seconds = [second for second, _guest in arrivals([home] * 4_000, stream)]
    assert seconds == sorted(seconds)
    assert 0.59 < sum(-600 <= second < 0 for second in seconds) / 4_000 < 0.65
    assert 0.17 < sum(second >= 0 for second in seconds) / 4_000 < 0.23
    assert divide([home], stream, share=0.0).coming == [home]


def test_faulty_codes_are_faulty_in_different_ways_when_read() -> None:
    """A wrong check digit, unknown goods, two in one, letters; none of them names goods of the list but by luck."""
    kinds = [type(read_code(code)) for code in FAULTY_CODES]
    assert {Misread, Goods, Glued, Unknown} == set(kinds)
    known = {item.code for item in catalogue()}
    whole = [read for code in FAULTY_CODES if isinstance(read := read_code(code), Goods)]
    assert len([read for read in whole if read.gtin not in known]) == 3
