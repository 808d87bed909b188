"""Exceptions at the county: listed by cause, settled many at once, and open again when they stand otherwise."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from county.cli import app
from county.exceptions import Irregularity, list_exceptions, settle_exceptions
from county.hub import Hub, create_hub, open_engine
from db.facts.body import Body
from db.facts.meeting import SignedIn, SignInUndone
from db.facts.people import HouseholdRegistered
from db.journal import Writer, append
from db.line import entity_id
from tests.bodies import WeatherNoted, opening, redemption
from tests.ledger import NOW
from tests.village import seeded

FIRST, SECOND = 5, 6
HOUSE = entity_id(FIRST, 1)


def write(hub: Hub, village: int, log: int, *bodies: Body) -> None:
    """What came in from a log of a village, and waits for the projector."""
    with hub.write() as connection:
        for body in bodies:
            append(connection, Writer(village, log, NOW, None, None, seeded("village")), body)


def overdraw(hub: Hub, village: int) -> None:
    """Two tills that did not hear of each other redeem the same points; the passbook came in twice."""
    passbook = opening(HOUSE, 1_000, "P-1")
    write(hub, village, FIRST, HouseholdRegistered(group=1, house=1), passbook, redemption(HOUSE, 1, 3, 300))
    write(hub, village, SECOND, passbook, redemption(HOUSE, 1, 2, 300, seat=2))


def open_now(hub: Hub, *villages: int) -> list[tuple[int, str, str]]:
    """Village, cause and how it stands, by cause."""
    found = list_exceptions(hub, villages)
    return [(each.village, each.cause, each.detail) for same in found.values() for each in same]


def test_exceptions_are_settled_in_all_villages_when_one_cause_is_named(any_hub: Hub) -> None:
    """Two villages, two causes; each village's log 0 says what was settled there, and nothing twice."""
    for village in (123, 124):
        overdraw(any_hub, village)
    found = list_exceptions(any_hub)
    assert {cause: [each.village for each in same] for cause, same in found.items()} == {
        "balance_overdrawn": [123, 124], "written_twice": [123, 124],
    }  # fmt: skip
    assert found["balance_overdrawn"][0] == Irregularity(123, "balance_overdrawn", str(HOUSE), "-500")
    assert settle_exceptions(any_hub, "balance_overdrawn", (), "已补录") == {123: 1, 124: 1}
    assert settle_exceptions(any_hub, "balance_overdrawn", (), "已补录") == {}
    assert open_now(any_hub, 123) == [(123, "written_twice", "-")]
    assert settle_exceptions(any_hub, "written_twice", (124,), "") == {124: 1}
    assert open_now(any_hub) == [(123, "written_twice", "-")]


def test_exception_is_open_again_when_it_stands_otherwise(any_hub: Hub) -> None:
    """What was looked at was five points; one more is something new."""
    overdraw(any_hub, 123)
    settle_exceptions(any_hub, "balance_overdrawn", (123,), "")
    settle_exceptions(any_hub, "written_twice", (123,), "")
    assert open_now(any_hub) == []
    write(any_hub, 123, SECOND, redemption(HOUSE, 1, 1, 100, seat=2, number=2))
    assert open_now(any_hub) == [(123, "balance_overdrawn", "-600")]


def test_sign_in_at_two_desks_is_listed_when_none_was_undone(any_hub: Hub) -> None:
    """Twice at one desk is a card scanned again; an undone one never was."""
    came = SignedIn(meeting=HOUSE, household=HOUSE, entry="card")
    write(any_hub, 123, FIRST, came, came)
    assert open_now(any_hub) == []
    write(any_hub, 123, SECOND, came)
    assert [each.subject for each in list_exceptions(any_hub)["signed_in_at_two_desks"]] == [f"{HOUSE} {HOUSE}"]
    undone = SignInUndone(sign_in=entity_id(SECOND, 1), meeting=HOUSE, reason="wrong_card")
    write(any_hub, 123, SECOND, undone)
    assert open_now(any_hub) == []


def test_all_are_settled_when_there_are_many_of_a_cause(any_hub: Hub) -> None:
    """More than one fact holds; a kind from the future is one of them."""
    write(any_hub, 123, FIRST, *[WeatherNoted()] * 70)
    assert settle_exceptions(any_hub, "fact_not_understood", (123,), "等升级") == {123: 70}
    assert open_now(any_hub) == []


def test_officer_settles_by_command_when_a_list_was_read(tmp_path: Path) -> None:
    """List, refuse to guess where, settle, list again."""
    hub = create_hub(open_engine(tmp_path), seeded("hub"))
    overdraw(hub, 123)
    hub.close()

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["exceptions", *words, "--home", str(tmp_path)])

    assert f"0123  {HOUSE}  -500" in run("list").stdout
    refused = run("settle", "written_twice")
    assert (refused.exit_code, "Say where" in refused.stderr) == (1, True)
    assert run("settle", "written_twice", "--all", "--note", "看过").stdout == "Settled: 1 in 1 villages.\n"
    rows = json.loads(run("list", "--village", "123", "--json").stdout)
    assert [(row["cause"], row["subject"]) for row in rows] == [("balance_overdrawn", str(HOUSE))]
    assert run("settle", "balance_overdrawn", "--village", "123").exit_code == 0
    assert run("list").stdout == "Nothing is open.\n"
