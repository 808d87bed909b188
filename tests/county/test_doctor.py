"""Examining a hub: what is in order says so, and whatever is planted is found by the check that is there for it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from county.backup import make_backup
from county.cli import app
from county.doctor import examine, worst
from county.exceptions import settle_exceptions
from county.finding import Finding, Level, Patient
from county.hub import Hub, create_hub, follow_program, open_engine
from county.intake import Caller
from county.projector import Projector
from county.recovery import begin_recovery
from county.registry import decide, enrol, make_code
from county.terminal_words import DAY
from county.value import set_value
from db import projections
from db.engine import transaction
from db.wire.v1.message import Enrolment
from db.wire.v1.signed import Key
from tests.bodies import award
from tests.county.restoring import lines
from tests.hub import take_frame
from tests.ledger import lines_of, new_store, write
from tests.village import VILLAGE, seeded

LOG = 77
KEY = Key(b"\x07" * 32)


def let_in(hub: Hub, state: str = "active") -> None:
    """A terminal asks to be known, and an officer decides."""
    with hub.write() as connection:
        code = make_code(connection, VILLAGE, hub.now(), seeded("code"))
        said = Enrolment(
            village=VILLAGE, log=LOG, code=code, key=KEY.public, sealing=KEY.sealing, program="kiosk 1"
        )  # fmt: skip
        enrol(connection, said, hub.now())
        if state != "pending":
            decide(connection, VILLAGE, LOG, state, hub.now())  # type: ignore[arg-type]  # because mypy sees a plain word


def project(hub: Hub) -> None:
    """Let the tables follow."""
    projector = Projector(hub)
    projector.start()
    assert projector.settle(30)
    projector.stop()


def found(hub: Hub, home: Path, *, is_quick: bool = False) -> dict[str, Finding]:
    """What each check finds."""
    return {finding.check: finding for finding in examine(Patient(hub, home, is_quick))}


def execute(hub: Hub, statement: str) -> None:
    """Plant something."""
    with hub.write() as connection:
        connection.exec_driver_sql(statement)


def test_hub_is_in_order_when_nothing_is_wrong(any_hub: Hub, tmp_path: Path) -> None:
    """With a terminal, lines, tables that follow, and a backup of today."""
    let_in(any_hub)
    take_frame(any_hub, Caller(VILLAGE, LOG), lines(VILLAGE, 5))
    project(any_hub)
    make_backup(any_hub, tmp_path / "copies", "20261122T0903")
    findings = found(any_hub, tmp_path)
    assert {check: each.text for check, each in findings.items() if each.level is not Level.OK} == {}
    assert findings["store"].values == {"lines": 5, "villages": 1, "faults": []}
    assert findings["terminals"].values["programs"] == {"kiosk 1": 1}
    assert findings["terminals"].text == "1 terminals, all heard of (1 with kiosk 1)"
    assert "tables" not in found(any_hub, tmp_path, is_quick=True)


def test_what_waits_is_named_when_an_officer_has_to_do_something(any_hub: Hub, tmp_path: Path) -> None:
    """A pending enrolment, lines not computed yet, no backup, a restore, a silent terminal, an old backup."""
    let_in(any_hub, "pending")
    take_frame(any_hub, Caller(VILLAGE, LOG), lines(VILLAGE, 5))
    with any_hub.write() as connection:
        begin_recovery(connection, 1)
    findings = found(any_hub, tmp_path)
    assert findings["enrolments"].values == {"pending": [{"village": VILLAGE, "log": LOG}]}
    assert findings["projector"].values == {"waiting": 5}
    assert {check for check, each in findings.items() if each.level is Level.WARN} == {
        "enrolments", "recovery", "backup",
    }  # fmt: skip
    with any_hub.write() as connection:
        decide(connection, VILLAGE, LOG, "active", any_hub.now())
    make_backup(any_hub, tmp_path / "copies", "20261122T0903")
    moment = any_hub.now() + 8 * DAY
    any_hub.now = lambda: moment
    findings = found(any_hub, tmp_path)
    assert findings["terminals"].text.endswith(f"0{VILLAGE}/{LOG} (8 days)")
    assert (findings["backup"].level, findings["backup"].values["days"]) == (Level.WARN, 8)
    assert worst(list(findings.values())) is Level.WARN


def test_cases_are_counted_until_a_person_settled_them(any_hub: Hub, tmp_path: Path) -> None:
    """A household below zero is nobody's damage: it is named, and no more when an officer has looked at it."""
    first, second = new_store(LOG, VILLAGE), new_store(LOG + 1, VILLAGE)
    write(first, award(9, 100))
    with first.read() as connection:
        second.receive(VILLAGE, LOG, lines_of(connection, VILLAGE, LOG))
    for store, log in ((first, LOG), (second, LOG + 1)):
        write(store, award(9, -100))
        with store.read() as connection:
            take_frame(any_hub, Caller(VILLAGE, log), lines_of(connection, VILLAGE, log))
    project(any_hub)
    assert found(any_hub, tmp_path)["tables"].values == {"cases": {"balance_overdrawn": 1}}
    assert settle_exceptions(any_hub, "balance_overdrawn", (), "看过") == {VILLAGE: 1}
    assert found(any_hub, tmp_path)["tables"].level is Level.OK


@pytest.mark.parametrize(
    ("plant", "check"),
    [
        ("UPDATE line SET hash = 'x' WHERE seq = 3", "store"),
        ("DELETE FROM line WHERE seq = 3", "store"),
        ("UPDATE balance SET redeemable_points = redeemable_points + 1", "tables"),
        ("DROP TABLE balance", "tables"),
        ("DROP TABLE cursor", "projector"),
    ],
)
def test_hub_must_be_mended_when_lines_or_tables_are_damaged(
    any_hub: Hub, tmp_path: Path, plant: str, check: str
) -> None:
    """The check that is there for it says so, and the others still speak."""
    let_in(any_hub)
    take_frame(any_hub, Caller(VILLAGE, LOG), lines(VILLAGE, 5))
    project(any_hub)
    if any_hub.engine.dialect.name == "sqlite":
        execute(any_hub, "DROP TRIGGER line_update_refused")
        execute(any_hub, "DROP TRIGGER line_delete_refused")
        with any_hub.write() as connection:
            plant = plant.replace("'x'", "x'78'")
            connection.exec_driver_sql(plant)
    else:
        execute(any_hub, plant)
    findings = found(any_hub, tmp_path)
    assert findings[check].level is Level.FAIL, findings[check]
    assert findings[check].advice
    assert len(findings) == 14


def test_tables_are_computed_anew_when_the_program_is_another(any_hub: Hub, tmp_path: Path) -> None:
    """The doctor says so before, the next start does it, and nothing is lost."""
    take_frame(any_hub, Caller(VILLAGE, LOG), lines(VILLAGE, 5))
    project(any_hub)
    with any_hub.write() as connection:
        before = projections.digest(connection, VILLAGE)
        set_value(connection, "projection_version", "0-older")
    assert found(any_hub, tmp_path)["programs"].level is Level.WARN
    execute(any_hub, "DROP TABLE balance")
    assert follow_program(any_hub)
    project(any_hub)
    assert not follow_program(any_hub)
    with any_hub.read() as connection:
        assert projections.digest(connection, VILLAGE) == before
    assert found(any_hub, tmp_path)["programs"].level is Level.OK


def test_command_ends_with_a_number_when_something_must_be_mended(tmp_path: Path) -> None:
    """0 with words or JSON, 74 when damaged; also where the file cannot be opened at all."""
    create_hub(open_engine(tmp_path), seeded("hub")).close()
    said = say(tmp_path)
    assert (said.exit_code, "county backup" in said.output) == (0, True)
    rows = json.loads(say(tmp_path, "--json", "--quick").output)
    assert (rows["level"], len(rows["findings"])) == ("warn", 13)
    with transaction(open_engine(tmp_path), is_write=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER line_update_refused")
    assert say(tmp_path).exit_code == 74
    with transaction(open_engine(tmp_path), is_write=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert "Another version" in say(tmp_path).output
    (tmp_path / "county.db").write_bytes(b"x" * 9_000)
    assert say(tmp_path).exit_code == 74


def say(home: Path, *words: str) -> Result:
    """Ask the doctor."""
    return CliRunner().invoke(app, ["doctor", "--home", str(home), *words])
