"""The business day: stated by a person, kept beside what the clock said, taken back by two."""

import json
from pathlib import Path
from typing import Any

import pytest

from db.journal import heads, read_since
from db.line import Stamp
from db.store import Store, own_log
from kiosk.clock import ManualClock, local_day
from kiosk.domain.period import ClockDay, clock_day, close_day, day_state, open_day
from kiosk.domain.terminal import OperatorMade, add_operator, continue_terminal
from kiosk.domain.waiting import Signature, approve_request, list_requests
from kiosk.errors import NotAllowed, Refused
from tests.recomputed import recompute
from tests.village import DAY, MORNING, VILLAGE, Village

A_DAY = 24 * 3_600_000
FAR = "2099-01-01"
FAR_AT = 4_070_908_800_000


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village whose day is open."""
    return Village(tmp_path / "desk")


def second(village: Village, role: str = "supervisor") -> OperatorMade:
    """Somebody else who may stand at the desk."""
    return add_operator(village.store, "吴监督", role, now=village.now, by=village.operator)


def last_body(store: Store) -> dict[str, Any]:
    """The body of the last line of the own log, with its version."""
    with store.read() as connection:
        log = own_log(connection, VILLAGE)
        seq = heads(connection, VILLAGE, log)[log].seq
        [line] = read_since(connection, VILLAGE, log, seq - 1, 1)
    parsed = json.loads(line)
    body: dict[str, Any] = parsed["body"]
    return body | {"kind": parsed["kind"], "kv": parsed["kv"]}


def judged(store: Store, now: Stamp) -> ClockDay:
    """What a desk thinks of its clock."""
    with store.read() as connection:
        return clock_day(connection, VILLAGE, now)


def test_a_day_is_kept_beside_what_the_clock_said_when_it_is_stated(village: Village) -> None:
    """A clock that says the same leaves no doubt; one in 1970 is kept with its doubt."""
    village.clock.advance(A_DAY)
    open_day(village.store, "2026-11-23", now=village.now, by=village.operator)
    assert last_body(village.store) == {
        "kind": "day_opened", "kv": 2, "day": "2026-11-23", "clock_day": "2026-11-23", "doubt": None, "signer": None,
        "is_verified": False,
    }  # fmt: skip
    unset = ManualClock(0, clock="u").now()
    open_day(village.store, "2026-11-24", now=unset, by=village.operator)
    stated = last_body(village.store)
    assert (stated["clock_day"], stated["doubt"]) == ("1970-01-01", "unset")


@pytest.mark.parametrize(
    ("at", "clock", "doubt"),
    [
        (MORNING + 3_600_000, "f", None),
        (MORNING + 3_600_000, "u", "unset"),
        (0, "u", "unset"),
        (MORNING - 5 * 60_000, "f", None),
        (MORNING - 15 * 60_000, "f", "behind"),
        (MORNING - A_DAY, "s", "behind"),
        (MORNING + 59 * A_DAY, "f", None),
        (MORNING + 61 * A_DAY, "f", "ahead"),
        (MORNING + 61 * A_DAY, "s", None),
        (FAR_AT, "f", "ahead"),
    ],
)
def test_a_clock_is_doubted_when_it_fits_nothing_written(
    village: Village, at: int, clock: str, doubt: str | None
) -> None:
    """Never set, before the last line, or long after it; a clock set by a network is believed about the future."""
    found = judged(village.store, ManualClock(at, clock=clock).now())
    assert (found.day, found.doubt) == (local_day(at), doubt)


def test_a_clock_stays_doubted_when_something_was_written_under_it(village: Village) -> None:
    """A line of 2099 does not vouch for 2099."""
    ahead = ManualClock(FAR_AT, clock="f").now()
    open_day(village.store, "2026-11-23", now=ahead, by=village.operator)
    assert judged(village.store, ahead) == ClockDay(FAR, "ahead")


def test_a_clock_is_doubted_when_its_day_lies_before_the_business_day(village: Village) -> None:
    """Somebody moved the day forward; the clock did not follow."""
    open_day(village.store, "2026-11-25", now=village.now, by=village.operator)
    assert judged(village.store, village.now) == ClockDay(DAY, "behind")


def test_one_person_moves_the_day_forward_when_the_clock_lags(village: Village, tmp_path: Path) -> None:
    """What was open is closed with it, and the oracle finds nothing wrong."""
    assert open_day(village.store, "2026-12-01", now=village.now, by=village.operator) == "2026-12-01"
    found = recompute(village.store, tmp_path)
    assert found.faults == []
    assert [row["day"] for row in found.village["closes"]] == [DAY]


def test_the_day_goes_back_when_a_second_person_signs(village: Village, tmp_path: Path) -> None:
    """A day of 2099, confirmed by mistake, does not bind the village for ever: the next days follow the right one."""
    signer = second(village)
    open_day(village.store, FAR, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="day_goes_back"):
        open_day(village.store, "2026-11-23", now=village.now, by=village.operator)
    open_day(village.store, "2026-11-23", signer.badge, now=village.now, by=village.operator)
    assert last_body(village.store)["signer"] == signer.operator_id
    village.clock.advance(2 * A_DAY)
    open_day(village.store, "2026-11-24", now=village.now, by=village.operator)
    with village.store.read() as connection:
        assert day_state(connection, VILLAGE).latest_day == "2026-11-24"
    assert recompute(village.store, tmp_path).faults == []


@pytest.mark.parametrize("who", ["nobody", "the same", "a volunteer"])
def test_the_day_stays_when_the_second_signature_is_none(village: Village, who: str) -> None:
    """An unknown badge, one's own, or that of somebody who may not sign."""
    open_day(village.store, "2026-11-30", now=village.now, by=village.operator)
    helper = second(village, "attendant")
    with village.store.read() as connection:
        query = "SELECT badge FROM operator WHERE operator_id = ?"
        own = connection.exec_driver_sql(query, (village.operator,)).scalar()
    badge = {"nobody": "3001230000000167", "the same": str(own), "a volunteer": helper.badge}[who]
    code = {"nobody": "badge_unknown", "the same": "signer_is_maker", "a volunteer": "right_missing"}[who]
    with pytest.raises(NotAllowed, match=code):
        open_day(village.store, "2026-11-23", badge, now=village.now, by=village.operator)
    with village.store.read() as connection:
        assert day_state(connection, VILLAGE).open_day == "2026-11-30"


def test_the_same_day_opens_again_when_it_was_closed(village: Village) -> None:
    """An evening after the close is no going back."""
    close_day(village.store, now=village.now, by=village.operator)
    assert open_day(village.store, DAY, now=village.now, by=village.operator) == DAY
    with pytest.raises(Refused, match="day_is_open"):
        open_day(village.store, DAY, now=village.now, by=village.operator)


def test_a_new_log_goes_on_at_the_day_of_the_old_one_when_it_begins(village: Village) -> None:
    """After a restore nobody opens a day that lies before what was done already."""
    continue_terminal(village.store, now=village.now)
    with village.store.read() as connection:
        state = day_state(connection, VILLAGE)
    assert (state.open_day, state.latest_day) == (None, DAY)
    with pytest.raises(Refused, match="day_goes_back"):
        open_day(village.store, "2026-11-21", now=village.now, by=village.operator)


def test_a_moved_day_waits_for_a_second_signature_when_one_person_moved_it(village: Village, tmp_path: Path) -> None:
    """Forward under a clock in 1970, marked with why; the clock's own day asks nobody, nor one that two signed."""
    signer = second(village)
    assert list_requests(village.store) == ()
    unset = ManualClock(0, clock="u").now()
    open_day(village.store, "2026-11-24", now=unset, by=village.operator)
    (moved,) = list_requests(village.store)
    assert (moved.kind, moved.meeting_day, moved.reason_code) == ("day_moved", "2026-11-24", "unset")
    open_day(village.store, "2026-11-23", signer.badge, now=village.now, by=village.operator)
    assert list_requests(village.store) == (moved,)
    approve_request(village.store, moved.request_id, Signature(signer.badge), now=village.now, by=village.operator)
    assert list_requests(village.store) == ()
    found = recompute(village.store, tmp_path)
    assert found.faults == []
    assert [(row["id"], row["state"]) for row in found.village["requests"]] == [(moved.request_id, "approved")]
