"""The report of a closed day: added up from the books, the same however often it is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.facts.body import transfer
from db.facts.shop import BackOnShelf, RedemptionVoided, StockLowered
from db.store import Store
from kiosk.domain.day_close import cash_up_day
from kiosk.domain.day_report import DayReport, GoodsMoved, list_closes, show_day_report
from kiosk.domain.day_waits import what_waits
from kiosk.domain.period import close_day, open_day
from kiosk.domain.returning import Brought, return_goods
from kiosk.domain.slip import settle_slip
from kiosk.domain.stock import write_off
from kiosk.domain.void import void_redemption
from kiosk.domain.waiting import Signature, approve_request, list_requests
from kiosk.errors import Refused
from tests.ready import Ready, later, ready_desk
from tests.village import DAY


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


def closed(desk: Ready, store: Store, counted: int | None) -> DayReport:
    """Close the day and read its report."""
    cash_up_day(store, counted, now=later(), by=desk.known.operator)
    return show_day_report(store)


def busy_day(desk: Ready, store: Store) -> DayReport:
    """Three redemptions: one printed twice, one void, one not printed; returns, an award, salt lowered; one slip."""
    by = desk.known.operator
    made = [desk.redeem(store, quantity) for quantity in (2, 1, 4)]
    for each in made[:2]:
        settle_slip(store, each.redemption_id, now=later(), by=by)
    settle_slip(store, made[0].redemption_id, now=later(), by=by)
    void_redemption(store, made[1].redemption_id, now=later(), by=by)
    for brought in (Brought(0, 1), Brought(0, 2, "waste", "damaged")):
        return_goods(store, made[2].redemption_id, (brought,), now=later(), by=by)
    desk.award(store)
    write_off(store, desk.known.salt, 1, "damaged", now=later(), by=by)
    (request,) = list_requests(store)
    approve_request(store, request.request_id, Signature(desk.known.second_badge), now=later(), by=by)
    return closed(desk, store, 1)


def test_a_report_says_what_the_day_brought_when_it_is_closed(desk: Ready, store: Store) -> None:
    """Slips by hand and by the book, their numbers, points by source, goods out, back and lowered, who stood there."""
    report = busy_day(desk, store)
    assert (report.day, report.till, report.operators) == (DAY, 1, ("周会计",))
    assert (report.slips_counted, report.figures.slips_booked, report.difference) == (1, 2, -1)
    assert [number[-1] for number in (*report.voided, *report.unprinted, *report.copied)] == ["2", "3", "1"]
    assert [number[-1] for number in report.slips] == ["1", "2", "3"]
    assert report.goods_out == (GoodsMoved("食盐", "袋", 7, 2_100),)
    assert report.goods_back == (GoodsMoved("食盐", "袋", 1),)
    assert (report.returned, report.wasted) == (
        (GoodsMoved("食盐", "袋", 1, 300),),
        (GoodsMoved("食盐", "袋", 2, 600),),
    )
    assert (report.figures.returns, report.figures.returned_points) == (2, 900)
    assert report.lowered == (GoodsMoved("食盐", "袋", -1),)
    assert (report.figures.redemptions, report.figures.redeemed_points, report.figures.voids) == (3, 2_100, 1)
    (source,) = report.issued
    assert (source.label("zh_CN"), source.label("en"), source.count) == ("建议被采纳", "Suggestion adopted", 3)
    assert source.points == report.figures.issued_points


def test_what_two_desks_said_counts_once_when_a_day_is_added_up(desk: Ready, store: Store) -> None:
    """A copied till had made the slip void and lowered the stock before: the book took it once, and so does the day."""
    made = desk.redeem(store, 2)
    write_off(store, desk.known.salt, 1, "damaged", now=later(), by=desk.known.operator)
    (request,) = list_requests(store)
    back = transfer("redeemed", desk.known.wang, 600)
    voided = RedemptionVoided(
        seat=1, redemption=made.redemption_id, household=desk.known.wang, points=600, legs=back,
        lines=(BackOnShelf(item=desk.known.salt, quantity=2),),
    )  # fmt: skip
    lowered = StockLowered(seat=1, item=desk.known.salt, quantity=1, reason="damaged", request=request.request_id)
    for _ in range(2):
        with store.write(now=later(), by=desk.known.operator) as act:
            act.append(voided)
            act.append(lowered)
    report = closed(desk, store, None)
    assert (report.goods_back, report.lowered) == ((GoodsMoved("食盐", "袋", 2),), (GoodsMoved("食盐", "袋", -1),))
    assert (report.figures.voids, report.figures.voided_points, len(report.voided)) == (1, 600, 1)


def test_a_report_is_the_same_when_days_have_passed(desk: Ready, store: Store) -> None:
    """What happens later is in no earlier report; a day that was closed without a count has a report too."""
    first = busy_day(desk, store)
    open_day(store, DAY, now=later(), by=desk.known.operator)
    desk.redeem(store)
    close_day(store, now=later(), by=desk.known.operator)
    assert show_day_report(store, first.close_id) == first
    second = show_day_report(store)
    assert (second.slips_counted, second.figures.redemptions, len(second.slips)) == (None, 1, 1)
    assert [each.close_id for each in list_closes(store)] == [second.close_id, first.close_id]


def test_there_is_no_report_when_nothing_was_closed(desk: Ready, store: Store) -> None:
    """Neither of the last close, nor of something that is none."""
    for close_id in (None, desk.known.wang):
        with pytest.raises(Refused, match="day_never_closed"):
            show_day_report(store, close_id)


def test_what_waits_is_counted_when_something_does(desk: Ready, store: Store) -> None:
    """A signature, and goods of which more went out than the book had."""
    write_off(store, desk.known.soap, 1, "damaged", now=later(), by=desk.known.operator)
    desk.redeem(store)
    waits = what_waits(store)
    assert (waits.signatures, waits.counts, waits.provisional, waits.costs) == (1, 1, 0, 0)
