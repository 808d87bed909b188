"""Two programs of different age: a version both speak is found, or it is said which side is to be upgraded.

Version 2 is invented here: on the wire it has no form yet, so that a session in it cannot be played.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from county.hub import Hub, create_hub, open_engine
from county.provision import provision
from county.publish import publish_file
from county.stick import exchange_by_stick as answer_stick
from county.villages import Named
from db import journal
from db.line import COUNTY_LOG
from db.wire.v1.message import Answer
from db.wire.versions import agree
from kiosk.county_state import Standing, look_at_county
from kiosk.errors import ExitCode
from kiosk.set_up import find_invitations, take_invitation
from kiosk.sync import session, stick
from kiosk.sync.agreement import OutdatedError, require_common
from kiosk.sync.session import Session, report_to_county
from tests.hub import Served, let_in, served
from tests.kiosk.sync.test_stick import GOODS
from tests.sticks import plugged
from tests.village import VILLAGE, Village, seeded


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty hub on SQLite."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    yield made
    made.close()


@pytest.fixture
def county(hub: Hub) -> Iterator[Served]:
    """The hub behind a port."""
    with served(hub) as running:
        yield running


@pytest.fixture
def village(tmp_path: Path, county: Served) -> Iterator[Village]:
    """A village of two households, let in and never heard of."""
    made = Village(tmp_path / "village")
    for house in (1, 2):
        made.award(made.household(1, house, "王明"), 500)
    let_in(made.store, county.hub, county.address)
    yield made
    made.close()


def report(village: Village) -> Session:
    """The terminal reports once."""
    return report_to_county(village.store, now=village.now, advance=lambda _stage, _done, _total: None)


def held(hub: Hub) -> int:
    """How many lines of the village the hub has."""
    with hub.read() as connection:
        return sum(head.seq for head in journal.heads(connection, VILLAGE).values())


def by_stick(village: Village, folder: Path, way: stick.Way = "both") -> None:
    """The stick is at the village."""
    stick.exchange_by_stick(village.store, folder, os.urandom, now=village.now, way=way)


def county_lines(village: Village) -> int:
    """How many lines for every village are here."""
    with village.store.read() as connection:
        return journal.last_seq(connection, journal.COMMON_VILLAGE, COUNTY_LOG)


def here(village: Village) -> int:
    """How many lines the village has."""
    with village.store.read() as connection:
        return sum(head.seq for head in journal.heads(connection, VILLAGE).values())


@pytest.mark.parametrize(
    ("terminal", "county", "agreed"),
    [
        ((1,), (1,), 1),
        ((1, 2), (2, 1), 2),
        ((3, 2), (1, 2), 2),
        ((1,), (2,), "terminal"),
        ((2,), (1,), "county"),
        ((), (1,), "terminal"),
        ((1, 4), (2, 3), "county"),
    ],
)
def test_newest_common_version_is_taken_when_there_is_one(
    terminal: tuple[int, ...], county: tuple[int, ...], agreed: int | str
) -> None:
    """Where there is none, the side that knows only older ones is the one to be upgraded."""
    assert agree(terminal, county) == agreed


@pytest.mark.parametrize(("terminal", "speaks"), [((1,), (2, 1)), ((2, 1), (1,))])
def test_everything_flows_when_one_side_is_newer_and_a_version_is_common(
    hub: Hub, village: Village, terminal: tuple[int, ...], speaks: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub that was upgraded first goes on taking what the terminals of before send, and the other way round."""
    hub.speaks = speaks
    monkeypatch.setattr(session, "SPOKEN", terminal)
    assert report(village).sent == here(village)
    assert held(hub) == here(village)


@pytest.mark.parametrize(
    ("terminal", "speaks", "code"), [((1,), (2,), "protocol_terminal_old"), ((2,), (1,), "protocol_county_old")]
)
def test_side_to_be_upgraded_is_named_when_no_version_is_common(
    hub: Hub,
    village: Village,
    terminal: tuple[int, ...],
    speaks: tuple[int, ...],
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is sent and nothing is lost: after the upgrade everything arrives."""
    hub.speaks = speaks
    monkeypatch.setattr(session, "SPOKEN", terminal)
    with pytest.raises(OutdatedError) as caught:
        report(village)
    assert (caught.value.code, caught.value.exit_code, held(hub)) == (code, ExitCode.PROTOCOL, 0)
    hub.speaks = (2, 1)
    monkeypatch.setattr(session, "SPOKEN", (1,))
    report(village)
    assert held(hub) == here(village)


@pytest.mark.parametrize(
    ("terminal", "speaks", "code"), [((1,), (2,), "protocol_terminal_old"), ((2,), (1,), "protocol_county_old")]
)
def test_side_to_be_upgraded_is_named_on_a_stick_when_no_version_is_common(
    hub: Hub,
    village: Village,
    terminal: tuple[int, ...],
    speaks: tuple[int, ...],
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The officer and the desk read the same; no line is taken in on either side, and after the upgrade all of them."""
    publish_file(hub, GOODS)
    folder = village.folder.parent / "stick"
    folder.mkdir()
    hub.speaks = speaks
    monkeypatch.setattr(stick, "SPOKEN", terminal)
    by_stick(village, folder)
    done = answer_stick(hub, folder)
    assert (done.stored, [f"protocol_{why}" for _file, why in done.aside], held(hub)) == (0, [code], 0)
    for way in ("home", "both"):
        with pytest.raises(OutdatedError) as caught:
            by_stick(village, folder, way)
        assert (caught.value.code, caught.value.exit_code, county_lines(village)) == (code, ExitCode.PROTOCOL, 0)
    hub.speaks = (2, 1)
    monkeypatch.setattr(stick, "SPOKEN", (1,))
    by_stick(village, folder, "out")
    assert answer_stick(hub, folder).aside == []
    by_stick(village, folder)
    assert (held(hub), county_lines(village)) == (here(village), 4)


def test_set_up_file_is_refused_when_its_county_speaks_no_version_in_common(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new machine with a program of last year hears which side is to be upgraded, and believes nothing yet."""
    publish_file(hub, GOODS)
    hub.speaks = (2,)
    provision(hub, tmp_path / "out", [Named(VILLAGE, "云岭村")])
    plugged(tmp_path / "out" / "0123", monkeypatch)
    [invitation] = find_invitations().invitations
    new = Village(tmp_path / "new")
    with pytest.raises(OutdatedError, match="protocol_terminal_old"):
        take_invitation(new.store, invitation)
    assert (county_lines(new), look_at_county(new.store).standing) == (0, Standing.STRANGER)
    new.close()


def test_county_is_too_old_when_it_says_nothing_of_versions_and_the_terminal_left_the_first() -> None:
    """A hub of before there was anything to agree upon answers as it always did: that is version 1."""
    answer = Answer(nonce="0" * 16, status="active", epoch="0" * 16, at=1)
    require_common(answer, (1,))
    with pytest.raises(OutdatedError) as caught:
        require_common(answer, (3, 2))
    assert caught.value.code == "protocol_county_old"
