"""Points issued: by item of the scheme and by month, without what was taken back, from every log of the village."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest

from db.facts.body import transfer
from db.facts.period import DayClosed, DayOpened
from db.facts.points import PointsAwarded
from db.journal import read_since
from db.line import Fact, read
from db.store import Store
from kiosk.domain import report
from kiosk.domain.people import merge_household
from kiosk.domain.period import open_day
from kiosk.domain.report import MonthFigure, Period
from kiosk.domain.report_issued import Issued, issued_points
from kiosk.domain.reversal import reverse_entry
from tests.bodies import award, opening, reversal
from tests.kiosk.domain.office import ADVICE, LANE, LITTER, Office, office_in_memory
from tests.ledger import bring, new_store, write

YEAR = Period("2026-01-01", "2026-12-31")
NOVEMBER = Period("2026-11-01", "2026-11-30")
DECEMBER = Period("2026-12-01", "2026-12-31")


@pytest.fixture
def office() -> Office:
    """An office with secretary, volunteer and supervisor; it is 22 November."""
    return office_in_memory()


def next_day(office: Office, day: str) -> None:
    """Open a later business day."""
    open_day(office.store, day, now=office.now, by=office.operator)


def given(office: Office, household: int, item: str = ADVICE) -> int:
    """Award an item and give the entry's id."""
    entry = office.give(household, item=item).given[0].entry_id
    assert entry is not None
    return entry


def take_back(office: Office, entry: int) -> None:
    """Reverse an entry."""
    reverse_entry(office.store, entry, now=office.now, by=office.secretary)


def by_item(found: Issued) -> dict[str, tuple[int, int]]:
    """Points and entries by item, deductions among them."""
    return {source.item: (source.points, source.entries) for source in (*found.sources, *found.deductions)}


def test_sources_stand_in_the_order_of_the_scheme_when_points_were_issued(office: Office) -> None:
    """By group, as the scheme has them, and never by how much they brought; each with its labels."""
    for item in (LANE, ADVICE, "meeting_on_time", ADVICE):
        given(office, office.wang, item)
    found = issued_points(office.store, NOVEMBER)
    assert [(source.group, source.item) for source in found.sources] == [
        ("meeting", "meeting_on_time"), ("meeting", ADVICE), ("environment", LANE),
    ]  # fmt: skip
    advice = found.sources[1]
    assert (advice.label("zh_CN"), advice.label("en")) == ("建议被采纳", "Suggestion adopted")
    assert (advice.points, advice.entries) == (1_000, 2)
    assert found.points == sum(source.points for source in found.sources)


def test_deductions_stand_apart_when_points_were_taken(office: Office) -> None:
    """They are no source of points, and an account that was empty gave nothing."""
    given(office, office.wang)
    office.take(office.wang)
    office.take(office.li)
    found = issued_points(office.store, NOVEMBER)
    assert [source.item for source in found.sources] == [ADVICE]
    assert [(source.item, source.points, source.entries) for source in found.deductions] == [(LITTER, -200, 2)]
    assert (found.points, found.deducted_points) == (500, 200)
    assert found.months == (MonthFigure("2026-11", 500, 1),)


def test_award_counts_on_its_business_day_when_months_are_shown(office: Office) -> None:
    """The day that a person stated, whatever the clock says."""
    given(office, office.wang)
    next_day(office, "2026-12-01")
    given(office, office.wang)
    given(office, office.li)
    assert issued_points(office.store, YEAR).months == (
        MonthFigure("2026-11", 500, 1),
        MonthFigure("2026-12", 1_000, 2),
    )
    assert issued_points(office.store, NOVEMBER).points == 500
    assert issued_points(office.store, Period("2026-11-23", "2026-11-30")) == Issued(
        Period("2026-11-23", "2026-11-30"), (), (), ()
    )


def test_award_counts_nowhere_when_it_was_taken_back_in_another_month(office: Office) -> None:
    """Its own month and item are less by it; the month of the reversal is not."""
    entry = given(office, office.wang)
    given(office, office.wang, LANE)
    next_day(office, "2026-12-01")
    take_back(office, entry)
    given(office, office.li)
    november, december = issued_points(office.store, NOVEMBER), issued_points(office.store, DECEMBER)
    assert by_item(november) == {ADVICE: (0, 0), LANE: (500, 1)}
    assert (november.sources[0].given_points, november.sources[0].reversed_points) == (500, 500)
    assert by_item(december) == {ADVICE: (500, 1)}
    assert [month.points for month in issued_points(office.store, YEAR).months] == [500, 500]


def test_deduction_counts_nowhere_when_it_was_taken_back(office: Office) -> None:
    """What came back was never taken."""
    given(office, office.wang)
    entry = office.take(office.wang).given[0].entry_id
    assert entry is not None
    take_back(office, entry)
    assert by_item(issued_points(office.store, YEAR)) == {ADVICE: (500, 1), LITTER: (0, 0)}


def test_nothing_is_issued_when_points_only_move(office: Office) -> None:
    """A merger and a passbook bring no new points."""
    given(office, office.wang)
    write(office.store, opening(office.li, 4_000, "P-1"))
    before = issued_points(office.store, YEAR)
    merge_household(office.store, office.wang, office.li, now=office.now, by=office.operator)
    assert office.balance(office.li) == 4_500
    assert issued_points(office.store, YEAR) == before
    assert before.points == 500


def test_award_of_a_merged_household_is_taken_back_when_it_was_wrong(office: Office) -> None:
    """The reversal is booked on the household it joined, and lowers the source all the same."""
    entry = given(office, office.wang)
    given(office, office.li)
    merge_household(office.store, office.wang, office.li, now=office.now, by=office.operator)
    take_back(office, entry)
    assert by_item(issued_points(office.store, NOVEMBER)) == {ADVICE: (500, 1)}


def test_facts_of_another_desk_count_when_they_have_come_down(office: Office) -> None:
    """A report is about the village; an item that no scheme here names stands last, under its code."""
    given(office, office.wang)
    other = new_store(9)
    write(other, DayOpened(day="2026-11-23"))
    write(other, award(office.li, 200))
    strange = PointsAwarded(
        household=office.li, scheme="zhijin_household", item="of_tomorrow", points=50,
        legs=transfer("issued", office.li, 50),
    )  # fmt: skip
    write(other, strange)
    bring(other, office.store)
    found = issued_points(office.store, NOVEMBER)
    assert [(source.item, source.points) for source in found.sources] == [
        ("meeting_on_time", 200), (ADVICE, 500), ("of_tomorrow", 50),
    ]  # fmt: skip
    assert (found.sources[2].label("en"), found.sources[2].group) == ("of_tomorrow", None)


def test_what_counts_once_is_counted_once_when_two_desks_wrote_it(office: Office) -> None:
    """Two desks fulfilled one request, and two took one award back."""
    entry = given(office, office.wang)
    for log in (9, 10):
        other = new_store(log)
        write(other, award(office.wang, 500), DayOpened(day="2026-11-23"))
        write(other, award(office.li, 300, request=77), reversal(entry, office.wang, 500))
        bring(other, office.store)
    assert by_item(issued_points(office.store, YEAR)) == {ADVICE: (0, 0), "meeting_on_time": (300, 1)}


@dataclass
class Expected:
    """What the lines of all logs say, recomputed plainly: points and entries by item and by month."""

    items: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    months: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))


def recomputed(store: Store, period: Period) -> Expected:
    """Recompute a report from the lines."""
    with store.read() as connection:
        logs = [log for (log,) in connection.exec_driver_sql("SELECT DISTINCT log FROM line WHERE village = 123")]
        facts = [read(line) for log in logs for line in read_since(connection, 123, log, 0, 100_000)]
    taken = Counter(fact.body["award"] for fact in sorted(facts, key=by_rank) if fact.kind == "award_reversed")
    expected = Expected()
    for fact in facts:
        if fact.kind == "points_awarded" and fact.day is not None and period.first <= fact.day <= period.last:
            points, entries = (0, 0) if taken[fact.id] else (fact.body["points"], 1)
            for sums in (expected.items[fact.body["item"]], expected.months[fact.day[:7]]):
                sums[0] += points
                sums[1] += entries
    return expected


def by_rank(fact: Fact) -> str:
    """Give the order of facts."""
    return fact.rank


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("piece", [1, 3, 10_000])
def test_report_is_what_the_lines_say_when_it_is_read_in_pieces(
    monkeypatch: pytest.MonkeyPatch, seed: int, piece: int
) -> None:
    """Awards and reversals of three logs over a year, however small the pieces are."""
    monkeypatch.setattr(report, "PIECE", piece)
    chance, target = random.Random(seed), new_store(1)
    for log in (1, 2, 3):
        store = target if log == 1 else new_store(log)
        write(store, award(5, 10_000))  # on no business day, so that a reversal finds something to take
        awards: list[tuple[int, int]] = []
        for month in sorted(chance.sample(range(1, 13), 5)):
            day = f"2026-{month:02}-{chance.randint(1, 28):02}"
            (opened,) = write(store, DayOpened(day=day))
            for _ in range(chance.randint(1, 6)):
                points = chance.randint(1, 900)
                awards.append((write(store, award(5, points))[0].id, points))
            if chance.random() < 0.7:
                entry, points = chance.choice(awards)
                write(store, reversal(entry, 5, points))
            write(store, DayClosed(day=day, opened=opened.id))
        if log != 1:
            bring(store, target)
    told: list[int] = []
    for period in (YEAR, Period("2026-03-05", "2026-10-20")):
        found, expected = issued_points(target, period, told.append), recomputed(target, period)
        assert {source.item: [source.points, source.entries] for source in found.sources} == expected.items
        full = {month.month: [month.points, month.entries] for month in found.months}
        assert {month: sums for month, sums in full.items() if month in expected.months} == expected.months
        assert all(sums == [0, 0] for month, sums in full.items() if month not in expected.months)
        assert sum(told) == period.days
        told.clear()
