"""A household moves: closed out at the old seat, told by the county, opened at the new one; once, whatever repeats."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from county.cli import app
from county.hub import create_hub, open_engine
from county.moves import MoveError, list_moves, relay_moves, send_move
from county.recovery import begin_recovery, end_recovery
from county.stick import exchange_by_stick as answer_stick
from db.engine import open_sqlite
from db.export import export_journal
from db.facts.body import transfer
from db.facts.people import HouseholdLeft
from db.invariants import left_accounts_empty
from db.journal import Writer, append, last_seq
from db.store import create_store, store_file
from kiosk.clock import ManualClock
from kiosk.domain.moving import Left, leave_household, list_arrivals, take_in_household
from kiosk.domain.people import HouseholdPlace, show_household
from kiosk.domain.period import open_day
from kiosk.domain.village import begin_village
from kiosk.domain.waiting import Signature
from kiosk.errors import NotAllowed, Refused
from kiosk.sync.stick import exchange_by_stick
from tests.bodies import award, redemption
from tests.hub import Served, let_in, served
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.ledger import bring, new_store, write
from tests.oracle.strict import Json
from tests.oracle.verdict import recompute
from tests.stories.test_county_says import ENOUGH_SECONDS, report
from tests.village import DAY, MORNING, VILLAGE, seeded

NEIGHBOUR = 124


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Served]:
    """A hub behind a port."""
    hub = create_hub(open_engine(tmp_path), seeded("hub"))
    with served(hub) as running:
        yield running
    hub.close()


@pytest.fixture
def office(tmp_path: Path, county: Served) -> Iterator[StaffedOffice]:
    """The old village: Wang's have five points and two cards."""
    made = office_in(tmp_path / "old", StaffedOffice)
    made.give(made.wang)
    let_in(made.store, county.hub, county.address)
    yield made
    made.close()


@pytest.fixture
def neighbour(tmp_path: Path, county: Served) -> Iterator[StaffedOffice]:
    """The new village: a secretary and an open day."""
    made = StaffedOffice.__new__(StaffedOffice)
    made.folder = tmp_path / "new"
    made.folder.mkdir()
    made.file, made.clock = store_file(made.folder), ManualClock(MORNING)
    made.store = create_store(open_sqlite(made.file), NEIGHBOUR, seeded("neighbour"))
    made.helper = begin_village(made.store, "吴会计", now=made.now)
    made.operator = made.helper.operator_id
    open_day(made.store, DAY, now=made.now, by=made.operator)
    let_in(made.store, county.hub, county.address)
    yield made
    made.close()


def leave(office: StaffedOffice, to: int = NEIGHBOUR, *, by: int | None = None, badge: str | None = None) -> Left:
    """Wang's move; the supervisor signs."""
    signature = Signature(badge or office.supervisor.badge)
    return leave_household(office.store, office.wang, to, signature, now=office.now, by=by or office.operator)


def pass_on(office: StaffedOffice, county: Served, neighbour: StaffedOffice) -> None:
    """The old village reports, the county follows, the new village reports."""
    report(office, county)
    assert county.projector.settle(ENOUGH_SECONDS)
    report(neighbour, county)


def verdict(county: Served, folder: Path) -> Json:
    """What the separate program finds in everything the hub holds."""
    assert county.projector.settle(ENOUGH_SECONDS)
    with county.hub.read() as connection:
        export_journal(connection, folder / "hub")
    return recompute((folder / "hub.lines").read_bytes(), (folder / "hub.private").read_bytes())


def moved(found: Json) -> list[int]:
    """What stands on the account `moved` of each village."""
    return [each["accounts"]["moved"] for each in found["villages"] if each["village"]]


async def test_points_are_in_the_new_village_when_a_household_has_moved(
    office: StaffedOffice, county: Served, neighbour: StaffedOffice, tmp_path: Path
) -> None:
    """Four keys and a badge at the old desk, one key and the place at the new one; nothing is lost or doubled."""
    async with office.at_desk("find") as at:
        await at.scan(office.wang_card)
        await at.keys("9", *str(NEIGHBOUR), "plus")
        assert "王明家带 5分 迁到0124村" in at.text()
        await at.scan(office.supervisor.badge)
        assert "王明家已迁出，带走 5分" in at.text()
        await at.open("till")
        await at.scan(office.wang_card)
        assert at.refusal() == "card_not_live.stopped"
    pass_on(office, county, neighbour)
    assert moved(verdict(county, tmp_path)) == [500, 0]
    async with neighbour.at_desk("home") as at:
        assert "县里有1件事要看" in at.text()
        await at.open("waiting_list")
        assert "迁入  王明  从0123村来" in at.text()
        await at.keys("plus", "2", "plus", "7", "plus")
        assert "已迁入：王明" in at.text()
        assert "没有要签字的事" in at.text()
    report(neighbour, county)
    found = verdict(county, tmp_path)
    assert (found["faults"], moved(found)) == ([], [500, -500])
    [(household, points)] = [(row["household"], row["points"]) for row in found["villages"][-1]["balances"]]
    with neighbour.store.read() as connection:
        shown = show_household(connection, NEIGHBOUR, household)
    assert (shown.name, shown.place, shown.redeemable_points, points) == ("王明", HouseholdPlace(2, 7), 500, 500)
    assert [move.state for move in list_moves(county.hub)] == ["opened"]


def test_household_is_told_once_when_everything_repeats(
    office: StaffedOffice, county: Served, neighbour: StaffedOffice, tmp_path: Path
) -> None:
    """A copy of the old seat closes it out too, reports come again, the county is asked again, two desks open it."""
    leave(office)
    pass_on(office, county, neighbour)
    copied = HouseholdLeft(
        household=office.wang, to_village=NEIGHBOUR, points=500, signer=1, legs=transfer("moved", office.wang, -500)
    )
    with county.hub.write() as connection:
        append(connection, Writer(VILLAGE, 9, office.now, None, None, seeded("copy")), copied)
    county.projector.notice(VILLAGE)
    pass_on(office, county, neighbour)
    assert relay_moves(county.hub, VILLAGE) == 0
    with county.hub.read() as connection:
        assert last_seq(connection, NEIGHBOUR, 0) == 1
    (arrival,) = list_arrivals(neighbour.store)
    place = HouseholdPlace(2, 7)
    take_in_household(neighbour.store, arrival, place, now=neighbour.now, by=neighbour.operator)
    with pytest.raises(Refused) as caught:
        take_in_household(neighbour.store, arrival, place, now=neighbour.now, by=neighbour.operator)
    assert (caught.value.code, list_arrivals(neighbour.store)) == ("arrival_taken_before", ())
    report(neighbour, county)
    found = verdict(county, tmp_path)
    assert (found["faults"], moved(found)) == ([], [500, -500])


def test_household_moves_when_only_a_stick_travels(
    office: StaffedOffice, county: Served, neighbour: StaffedOffice, tmp_path: Path
) -> None:
    """Old desk, county, new desk: three stops of one stick that has been at the new desk before."""
    stick = tmp_path / "stick"
    stick.mkdir()
    county.projector.pause(is_paused=True)
    leave(office)
    for stop in (neighbour, office):
        exchange_by_stick(stop.store, stick, os.urandom, now=stop.now)
    answer_stick(county.hub, stick)
    exchange_by_stick(neighbour.store, stick, os.urandom, now=neighbour.now)
    assert [(arrival.name, arrival.points) for arrival in list_arrivals(neighbour.store)] == [("王明", 500)]


def test_nobody_is_told_when_the_hub_was_restored(
    office: StaffedOffice, county: Served, neighbour: StaffedOffice
) -> None:
    """It first hears what it may have said before; then it passes on, once."""
    with county.hub.write() as connection:
        begin_recovery(connection, county.hub.now())
    leave(office)
    pass_on(office, county, neighbour)
    assert (relay_moves(county.hub, VILLAGE), list_arrivals(neighbour.store)) == (0, ())
    with county.hub.write() as connection:
        end_recovery(connection, county.hub.now())
    assert (relay_moves(county.hub, VILLAGE), relay_moves(county.hub, VILLAGE)) == (1, 0)
    report(neighbour, county)
    assert [arrival.points for arrival in list_arrivals(neighbour.store)] == [500]


def test_household_waits_when_its_desk_named_a_village_nobody_knows(
    office: StaffedOffice, county: Served, tmp_path: Path
) -> None:
    """The officer sends it on, here home again: it is opened under another number, once."""
    leave(office, 777)
    report(office, county)
    assert county.projector.settle(ENOUGH_SECONDS)
    assert [(move.to_village, move.told, move.state) for move in list_moves(county.hub)] == [(777, None, "unsent")]
    for village in (777, 778):
        with pytest.raises(MoveError, match="Nobody knows"):
            send_move(county.hub, VILLAGE, office.wang, village)
    officer = CliRunner()
    home = ("--home", str(tmp_path))
    listed = f"0123  {office.wang}  to 0777  5.00 points  nobody was told\n"
    assert officer.invoke(app, ["moves", "list", *home]).stdout == listed
    sent = officer.invoke(app, ["moves", "send", "123", str(office.wang), "--to", "123", *home])
    assert "0123 is told" in sent.stdout
    with pytest.raises(MoveError, match="No such household"):
        send_move(county.hub, VILLAGE, office.wang, VILLAGE)
    report(office, county)
    (arrival,) = list_arrivals(office.store)
    own = HouseholdPlace(3, 12)
    for place, by, code in (
        (HouseholdPlace(3, 13), office.operator, "household_exists"),
        (own, office.helper.operator_id, "right_missing"),
    ):
        with pytest.raises(Refused) as refused:
            take_in_household(office.store, arrival, place, now=office.now, by=by)
        assert refused.value.code == code
    shown = take_in_household(office.store, arrival, own, now=office.now, by=office.operator)
    assert (shown.name, shown.redeemable_points) == ("王明", 500)
    assert [move.state for move in list_moves(county.hub)] == ["sent"]


def test_leaving_is_refused_when_it_may_not_be(office: StaffedOffice) -> None:
    """No village, the own one, another person's signature missing, no right, below zero, twice."""
    own, helper = office.supervisor.badge, office.helper
    for to in (0, VILLAGE, 9_999):
        with pytest.raises(Refused) as refused:
            leave(office, to)
        assert refused.value.code == "village_unknown"
    for by, badge, code in (
        (helper.operator_id, own, "right_missing"), (None, helper.badge, "right_missing"), (None, "3", "badge_unknown"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed) as denied:
            leave(office, by=by, badge=badge)
        assert denied.value.code == code
    leave(office)
    with pytest.raises(Refused) as refused:
        leave(office)
    assert refused.value.code == "household_left"


async def test_volunteer_is_told_at_once_when_pressing_the_key(office: StaffedOffice) -> None:
    """Before a village is asked for, and before anybody signs."""
    async with office.at_desk("find", by=office.helper.operator_id) as at:
        await at.scan(office.wang_card)
        await at.keys("9")
        assert at.refusal() == "right_missing"


def test_household_below_zero_stays_when_a_copy_spent_its_points(office: StaffedOffice) -> None:
    """The county looks at it first."""
    copy = new_store(9)
    bring(office.store, copy)
    for store in (copy, office.store):
        write(store, redemption(office.wang, 1, 5, 100))
    bring(copy, office.store)
    with pytest.raises(Refused) as refused:
        leave(office)
    assert refused.value.code == "household_overdrawn"


def test_late_credit_is_an_exception_when_the_household_has_left(office: StaffedOffice) -> None:
    """A second desk had not heard of it: a person settles what it gave; no card and no award reaches the account."""
    leave(office)
    second = new_store(9)
    write(second, award(office.wang, 300))
    bring(second, office.store)
    with office.store.read() as connection:
        faults = left_accounts_empty(connection, VILLAGE)
    assert [(fault.code, fault.is_exception) for fault in faults] == [("left_account_has_credit", True)]
    with pytest.raises(Refused) as refused:
        office.give(office.wang)
    assert refused.value.code == "household_left"
