"""The doctor: every finding a desk can have, and words for each in both languages."""

import ast
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db import engine as engines
from db.fault import Fault
from db.line import Stamp
from db.store import Store
from kiosk import doctor, health
from kiosk.doctor import Finding, Level, Patient, admit, examine, with_long_check, worst
from kiosk.errors import NotWritable, StoreFailed
from kiosk.locale import LANGUAGES, Texts
from kiosk.settings import Settings
from kiosk.store_care import Verified, back_up
from tests.architecture.tree import tree_of
from tests.bodies import WeatherNoted
from tests.ready import Ready, later, ready_desk


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def store(desk: Ready) -> Iterator[Store]:
    """Its open store."""
    opened = desk.open()
    yield opened
    opened.close()


@pytest.fixture
def patient(desk: Ready, store: Store) -> Patient:
    """It, as the checks see it."""
    return admit(desk.home, store, None, now=later())


def states(findings: list[Finding]) -> dict[str, str]:
    """The state of each check."""
    return {finding.check: finding.state for finding in findings}


def test_healthy_desk_is_well_when_it_was_backed_up(desk: Ready, store: Store, tmp_path: Path) -> None:
    """Only what nobody has set is remarked on."""
    back_up(desk.home, now=later())
    back_up(desk.home, tmp_path / "stick", now=later())
    findings = examine(with_long_check(admit(desk.home, store, None, now=later()), lambda _count: None))
    assert {finding.check: finding.state for finding in findings if finding.level is not Level.OK} == {
        "printer": "unset"
    }
    assert states(findings)["journal"] == states(findings)["exceptions"] == "ok"
    assert worst(findings) is Level.WARN
    assert len(findings) == len({finding.check for finding in findings}) == 21


def test_checks_of_the_store_are_left_out_when_there_is_none(tmp_path: Path) -> None:
    """A new machine can be examined too."""
    findings = examine(admit(tmp_path, None, None, now=later()))
    assert states(findings)["store"] == "absent"
    assert worst(findings) is Level.FAIL
    assert "disk" not in states(findings)
    closed = examine(admit(tmp_path, None, StoreFailed("store_schema", detail="9"), now=later()))
    assert states(closed)["store"] == "closed"


def settings(**values: str) -> Callable[[Patient], Patient]:
    """Set the desk otherwise."""
    return lambda patient: replace(patient, settings=Settings().changed(**values))


def measured(**values: object) -> Callable[[Patient], Patient]:
    """Measure the desk otherwise."""

    def change(patient: Patient) -> Patient:
        assert patient.health is not None
        return replace(patient, health=replace(patient.health, **values))  # type: ignore[arg-type]  # because the fields are named by the test

    return change


def disk(free: int) -> Callable[[Patient], Patient]:
    """Leave so much room."""
    return measured(disk=health.Disk(free, 1))


def verified(*faults: str, exceptions: tuple[Fault, ...] = ()) -> Callable[[Patient], Patient]:
    """Let the long check find something."""
    return lambda patient: replace(patient, verified=Verified(7, faults, exceptions))


CASES: list[tuple[str, str, Level, Callable[[Patient], Patient]]] = [
    ("scanner", "missing", Level.WARN, settings(scanner_port="/dev/no-such-port")),
    ("scanner", "missing", Level.WARN, settings(scanner_port="auto")),
    ("scanner", "ok", Level.OK, settings(scanner_port="/dev/null")),
    ("scanner", "keyboard", Level.OK, settings()),
    ("printer", "wrong", Level.WARN, settings(slip_printer="fax:5")),
    ("printer", "missing", Level.WARN, settings(slip_printer="file:/dev/no-such-printer")),
    ("printer", "missing", Level.WARN, settings(slip_printer="usb:/dev/no-such-folder")),
    ("printer", "ok", Level.OK, settings(slip_printer="file:/dev/null")),
    ("printer", "ok", Level.OK, settings(slip_printer="tcp:127.0.0.1:9100")),
    ("settings", "unreadable", Level.WARN, lambda patient: replace(patient, settings_trouble=NotWritable("x"))),
    ("disk", "ok", Level.OK, disk(2**40)),
    ("disk", "low", Level.WARN, disk(doctor.LOW_DISK_BYTES - 1)),
    ("disk", "reserve", Level.FAIL, disk(engines.RESERVE_BYTES - 1)),
    ("clock", "unset", Level.WARN, measured(clock="u")),
    ("clock", "behind", Level.WARN, lambda patient: replace(patient, now=Stamp(1_700_000_000_000, "f", 1, 0))),
    ("journal", "broken", Level.FAIL, verified("the chain is broken")),
    ("journal", "unchecked", Level.WARN, lambda patient: replace(patient, unchecked=NotWritable("disk_reserve"))),
    ("exceptions", "open", Level.WARN, verified(exceptions=(Fault("balance_overdrawn", "7"),))),
]


@pytest.mark.parametrize(("check", "state", "level", "change"), CASES)
def test_finding_has_its_level_when_the_desk_is_so(
    patient: Patient, check: str, state: str, level: Level, change: Callable[[Patient], Patient]
) -> None:
    """Each state is brought about once."""
    [found] = [finding for finding in examine(change(patient)) if finding.check == check]
    assert (found.state, found.level) == (state, level)


@pytest.mark.parametrize(
    ("check", "state", "statement"),
    [
        ("mode", "wrong", "PRAGMA synchronous = OFF"),
        ("triggers", "missing", "DROP TRIGGER line_update_refused"),
        ("tables", "old", "UPDATE setting SET value = '0' WHERE name = 'projection_version'"),
        ("log", "ended", "UPDATE own_log SET is_ended = 1"),
        ("log", "sibling", "UPDATE seat SET holder = 7"),
        ("log", "replaced", "UPDATE seat SET replaces = holder, holder = 7"),
        ("slips", "ok", "DELETE FROM slip_owed"),
    ],
)
def test_finding_is_made_when_the_store_is_so(
    patient: Patient, store: Store, check: str, state: str, statement: str
) -> None:
    """What the store itself says, read back from it."""
    with engines.in_pieces(store.engine) as connection:
        connection.exec_driver_sql(statement)
    assert states(examine(patient))[check] == state


def test_tail_is_found_broken_when_a_late_line_was_changed(desk: Ready) -> None:
    """The same look as at every start."""
    connection = sqlite3.connect(desk.file)
    connection.execute("DROP TRIGGER line_update_refused")
    connection.execute("UPDATE line SET line = x'7b7d' WHERE seq = 9")
    connection.commit()
    connection.close()
    store = desk.open()
    found = states(examine(admit(desk.home, store, None, now=later())))
    store.close()
    assert (found["tail"], found["triggers"]) == ("broken", "missing")


def test_slips_are_owed_when_none_was_printed(desk: Ready, store: Store) -> None:
    """A confirmed redemption owes its slip until it is on paper."""
    desk.redeem(store)
    assert states(examine(admit(desk.home, store, None, now=later())))["slips"] == "owed"


def test_copy_outside_is_old_when_much_was_written_since(desk: Ready, store: Store, tmp_path: Path) -> None:
    """In lines: some weeks of a village."""
    back_up(desk.home, tmp_path / "stick", now=later())
    patient = measured(lines=desk.known.lines + doctor.MOST_OUTSIDE_LINES + 1)(
        admit(desk.home, store, None, now=later())
    )
    assert states(examine(patient))["outside"] == "old"


def test_kept_stores_are_remarked_on_when_there_are_many(patient: Patient) -> None:
    """Somebody may remove them; the program never does."""
    for number in range(doctor.MOST_KEPT + 1):
        (patient.home / f"store-before-restore-{number}.db").write_bytes(b"x")
    assert states(examine(patient))["kept"] == "many"


def test_machine_is_found_wanting_when_it_is(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old Python, old SQLite, no memory, no font."""
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (99, 0))
    monkeypatch.setattr(engines, "OLDEST_SQLITE", (99, 0, 0))
    monkeypatch.setattr(health, "available_memory", lambda: 5)
    monkeypatch.setattr("kiosk.paper.font.font_file", lambda: Path("no-such-font"))
    found = states(examine(patient))
    assert [found[name] for name in ("python", "sqlite", "memory", "fonts")] == ["old", "old", "low", "missing"]
    monkeypatch.setattr(health, "available_memory", lambda: None)
    assert states(examine(patient))["memory"] == "unknown"


def test_long_check_says_why_when_it_could_not_be_made(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is no damage of the journal."""
    monkeypatch.setattr(engines, "free_bytes", lambda _folder: 0)
    examined = examine(with_long_check(patient, lambda _count: None))
    assert states(examined)["journal"] == "unchecked"


def test_exceptions_are_found_when_facts_are_not_understood(patient: Patient, store: Store) -> None:
    """By the real long check on a real copy."""
    with store.write(now=later(), by=None) as act:
        act.append(WeatherNoted())
    found = states(examine(with_long_check(patient, lambda _count: None)))
    assert (found["journal"], found["exceptions"]) == ("ok", "open")


def every_state() -> Iterator[tuple[str, str, bool]]:
    """Yield (check, state, whether there is something to do) of every finding that stands in the code."""
    for node in ast.walk(tree_of(Path("kiosk/doctor.py"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
            check, level, state = node.args[:3]
            words = ast.unparse(level)
            for name in ast.walk(state):
                if isinstance(name, ast.Constant):
                    yield ast.literal_eval(check), str(name.value), "WARN" in words or "FAIL" in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_words_when_it_is_told(language: str) -> None:
    """What was found, and where something is to be done, what."""
    texts = Texts(language)
    found = list(every_state())
    assert len(found) > 40
    missing = [f"doctor.{check}.{state}" for check, state, _to_do in found if not texts.has(f"doctor.{check}.{state}")]
    missing += [
        f"doctor.{check}.{state}_next"
        for check, state, to_do in found
        if to_do and state not in {"ok", "unknown", "seat", "sibling"} and not texts.has(f"doctor.{check}.{state}_next")
    ]
    assert missing == []
    assert [level for level in Level if not texts.has(f"doctor.level.{level.value}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_can_be_said_when_the_desk_is_examined(patient: Patient, language: str) -> None:
    """No place for a value stays empty."""
    for finding in examine(with_long_check(patient, lambda _count: None)):
        for words in (finding.text(Texts(language)), finding.advice(Texts(language))):
            assert "{" not in words
        assert bool(finding.advice(Texts(language))) == (finding.level is not Level.OK)
