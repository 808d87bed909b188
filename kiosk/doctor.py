"""Judges a desk and advises: a list of checks, each a small function that returns one finding.

The words of check ``disk`` with state ``low`` are ``doctor.disk.low``; what to do is ``doctor.disk.low_next``.
"""

import platform
import sqlite3
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import BadInput, Refused
from kiosk.settings import Settings

if TYPE_CHECKING:
    from db.line import Stamp
    from db.progress import Advance
    from db.store import Store
    from kiosk.health import Health
    from kiosk.locale import Texts
    from kiosk.store_care import Verified

OLDEST_PYTHON: Final = (3, 11)
LOW_DISK_BYTES: Final = 512 * 2**20
LOW_MEMORY_BYTES: Final = 100 * 2**20
MOST_OUTSIDE_LINES: Final = 300
"""So many lines, some weeks of a village, may be newer than the last copy outside the machine."""
MOST_KEPT: Final = 3
CLOCK_BACK_MILLISECONDS: Final = 24 * 3600 * 1000


class Level(StrEnum):
    """How bad a finding is: nothing to do, something to do soon, or the desk must not go on."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What one check found: ``state`` names its words, ``values`` fill them."""

    check: str
    level: Level
    state: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, texts: "Texts") -> str:
        """Give the finding as a sentence."""
        return texts(f"doctor.{self.check}.{self.state}", **self.values)

    def advice(self, texts: "Texts") -> str:
        """Give what to do, or nothing where nothing is to be done."""
        return "" if self.level is Level.OK else texts(f"doctor.{self.check}.{self.state}_next", **self.values)


@dataclass(frozen=True)
class Patient:
    """A desk as the checks see it; what could not be had is None, and why stands beside it.

    ``verified`` is None where the long check was not asked for, or could not be made.
    """

    home: Path
    now: "Stamp"
    settings: Settings
    settings_trouble: Refused | None
    store: "Store | None"
    store_trouble: Refused | None
    health: "Health | None"
    verified: "Verified | None" = None
    unchecked: Refused | None = None


def examine(patient: Patient) -> list[Finding]:
    """Return what every check finds, in their order; checks that need a store are left out where there is none."""
    findings = [check(patient) for check in OF_THE_MACHINE]
    if patient.store is not None and patient.health is not None:
        findings += [check(patient) for check in OF_THE_STORE]
    if patient.unchecked is not None:
        findings.append(Finding("journal", Level.WARN, "unchecked", {"detail": str(patient.unchecked)}))
    if patient.verified is not None:
        findings += [check(patient) for check in OF_THE_COPY]
    return findings


def worst(findings: list[Finding]) -> Level:
    """Return the worst level among findings."""
    return max((finding.level for finding in findings), key=list(Level).index, default=Level.OK)


def admit(home: Path, store: "Store | None", trouble: Refused | None, *, now: "Stamp") -> Patient:
    """Measure a desk for the quick checks. Raises OSError."""
    from kiosk.health import measure
    from kiosk.settings import load_settings

    settings, settings_trouble = Settings(), None
    try:
        settings = load_settings(home)
    except BadInput as refused:
        settings_trouble = refused
    health = measure(home, store, now=now) if store is not None else None
    return Patient(home, now, settings, settings_trouble, store, trouble, health)


def with_long_check(patient: Patient, advance: "Advance") -> Patient:
    """Check everything on a copy; ``advance`` is told of every line twice. What prevents it is a finding of its own."""
    from kiosk.store_care import verify_store

    try:
        return replace(patient, verified=verify_store(patient.home, advance=advance))
    except Refused as refused:
        return replace(patient, unchecked=refused)


def python(_patient: Patient) -> Finding:
    """The interpreter is one this program runs on."""
    version = platform.python_version()
    is_right = sys.version_info >= OLDEST_PYTHON
    return Finding("python", Level.OK if is_right else Level.FAIL, "ok" if is_right else "old", {"version": version})


def sqlite(_patient: Patient) -> Finding:
    """SQLite has STRICT tables. Its version does not matter for WAL, which is not used."""
    from db.engine import OLDEST_SQLITE

    is_right = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    values = {"version": sqlite3.sqlite_version, "oldest": ".".join(map(str, OLDEST_SQLITE))}
    return Finding("sqlite", Level.OK if is_right else Level.FAIL, "ok" if is_right else "old", values)


def settings(patient: Patient) -> Finding:
    """The settings file can be read."""
    if patient.settings_trouble is None:
        return Finding("settings", Level.OK, "ok")
    return Finding("settings", Level.WARN, "unreadable", {"detail": str(patient.settings_trouble)})


def store(patient: Patient) -> Finding:
    """There is a store, it opens, and it has a layout this program knows."""
    if patient.store is None:
        state = "absent" if patient.store_trouble is None else "closed"
        return Finding("store", Level.FAIL, state, {"detail": str(patient.store_trouble), "home": str(patient.home)})
    from db.migrations import HEAD

    return Finding("store", Level.OK, "ok", {"village": patient.store.village, "schema": HEAD})


def memory(_patient: Patient) -> Finding:
    """Programs still get memory."""
    from kiosk.health import available_memory

    free = available_memory()
    if free is None:
        return Finding("memory", Level.OK, "unknown")
    is_low = free < LOW_MEMORY_BYTES
    return Finding("memory", Level.WARN if is_low else Level.OK, "low" if is_low else "ok", {"free_bytes": free})


def fonts(_patient: Patient) -> Finding:
    """The font of all paper is installed."""
    try:
        from kiosk.paper.font import font_file

        is_there = font_file().is_file()
    except ImportError:
        is_there = False
    return Finding("fonts", Level.OK if is_there else Level.WARN, "ok" if is_there else "missing")


def scanner(patient: Patient) -> Finding:
    """The serial scanner that the settings name is plugged in; a keyboard scanner needs no port."""
    port = patient.settings.scanner_port
    if not port:
        return Finding("scanner", Level.OK, "keyboard")
    from kiosk.devices.scanner.serial import first_usb_port

    found = first_usb_port()() if port == "auto" else port if Path(port).exists() else None
    if found is None:
        return Finding("scanner", Level.WARN, "missing", {"port": port})
    return Finding("scanner", Level.OK, "ok", {"port": found})


def printer(patient: Patient) -> Finding:
    """The slip printer that the settings name is there; a network printer is not asked."""
    from kiosk.health import printer_state

    line = patient.settings.slip_printer
    state = printer_state(line)
    return Finding("printer", Level.OK if state == "ok" else Level.WARN, state, {"target": line} if line else {})


def mode(patient: Patient) -> Finding:
    """The engine really uses the pragmas that were asked for."""
    from db.engine import effective_pragmas, wrong_pragmas

    with _store(patient).read() as connection:
        wrong, used = wrong_pragmas(connection), effective_pragmas(connection)
    if wrong:
        return Finding("mode", Level.FAIL, "wrong", {"pragmas": _listed(wrong)})
    return Finding("mode", Level.OK, "ok", {"pragmas": _listed(used)})


def triggers(patient: Patient) -> Finding:
    """The triggers that keep the journal append-only are all there."""
    from db.engine import missing_triggers

    with _store(patient).read() as connection:
        missing = missing_triggers(connection)
    if missing:
        return Finding("triggers", Level.FAIL, "missing", {"names": ", ".join(missing)})
    return Finding("triggers", Level.OK, "ok")


def tail(patient: Patient) -> Finding:
    """The last 1,000 lines of the own chain hold, as at every start."""
    from db.soundness import assert_sound

    found = _store(patient)
    with found.read() as connection:
        broken = [fault for fault in assert_sound(connection, found.village) if fault.code == "chain_broken"]
    if broken:
        return Finding("tail", Level.FAIL, "broken", {"first": broken[0].subject})
    return Finding("tail", Level.OK, "ok")


def tables(patient: Patient) -> Finding:
    """The tables are those of this program's version."""
    from db.projections import projection_version
    from db.store import PROJECTION_SETTING, setting

    found = _store(patient)
    with found.read() as connection:
        held, wanted = setting(connection, found.village, PROJECTION_SETTING), projection_version(connection)
    is_right = held == wanted
    return Finding("tables", Level.OK if is_right else Level.FAIL, "ok" if is_right else "old", {"version": str(held)})


def log(patient: Patient) -> Finding:
    """The device may write its log, and holds the seat of the village."""
    from db.store import is_log_ended, own_log
    from kiosk.domain.terminal import is_replaced, seat_log

    found = _store(patient)
    with found.read() as connection:
        own, is_ended = own_log(connection, found.village), is_log_ended(connection, found.village)
        holder, has_successor = seat_log(connection, found.village), is_replaced(connection, found.village, own)
    if is_ended:
        return Finding("log", Level.WARN, "ended", {"log": own})
    if has_successor:
        return Finding("log", Level.WARN, "replaced", {"log": own})
    return Finding("log", Level.OK, "seat" if holder == own else "sibling", {"log": own})


def disk(patient: Patient) -> Finding:
    """There is room; below the reserve the desk writes nothing more."""
    from db.engine import RESERVE_BYTES

    free = _health(patient).disk.free
    values = {"free_bytes": free, "store_bytes": _health(patient).disk.store, "reserve_bytes": RESERVE_BYTES}
    if free < RESERVE_BYTES:
        return Finding("disk", Level.FAIL, "reserve", values)
    return Finding(
        "disk", Level.WARN if free < LOW_DISK_BYTES else Level.OK, "low" if free < LOW_DISK_BYTES else "ok", values
    )


def clock(patient: Patient) -> Finding:
    """The wall clock was set, and does not lie before what is written already."""
    from db.store import latest_at

    if not _health(patient).is_clock_plausible:
        return Finding("clock", Level.WARN, "unset", {"now_at": patient.now.at})
    found = _store(patient)
    with found.read() as connection:
        last = latest_at(connection, found.village)
    if last is not None and last > patient.now.at + CLOCK_BACK_MILLISECONDS:
        return Finding("clock", Level.WARN, "behind", {"now_at": patient.now.at, "last_at": last})
    return Finding("clock", Level.OK, "ok", {"now_at": patient.now.at, "clock": patient.now.clock})


def backup(patient: Patient) -> Finding:
    """There is a backup in the data folder; what came since its making is said in lines, not in days."""
    saved = _health(patient).inside
    if saved.last is None:
        return Finding("backup", Level.WARN, "none", {"lines": saved.newer_lines})
    return Finding("backup", Level.OK, "ok", {"taken": shown_moment(saved.last.taken), "lines": saved.newer_lines})


def outside(patient: Patient) -> Finding:
    """There is a recent copy outside this machine."""
    from kiosk.store_care import last_outside

    held = last_outside(patient.home)
    if held is None:
        return Finding("outside", Level.WARN, "none")
    newer = _health(patient).lines - held.lines
    values = {"taken": shown_moment(held.taken), "lines": newer}
    if newer > MOST_OUTSIDE_LINES:
        return Finding("outside", Level.WARN, "old", values)
    return Finding("outside", Level.OK, "ok", values)


def slips(patient: Patient) -> Finding:
    """No confirmed slip waits for the printer."""
    from kiosk.domain.slip import slips_owed

    count = len(slips_owed(_store(patient)))
    return Finding("slips", Level.WARN if count else Level.OK, "owed" if count else "ok", {"count": count})


def kept(patient: Patient) -> Finding:
    """Stores kept by restores do not fill the disk."""
    files = [file.stat().st_size for file in patient.home.glob("store-before-restore-*.db")]
    values = {"count": len(files), "total_bytes": sum(files)}
    return Finding(
        "kept", Level.WARN if len(files) > MOST_KEPT else Level.OK, "many" if len(files) > MOST_KEPT else "ok", values
    )


def journal(patient: Patient) -> Finding:
    """Pages, every chain, the passes over the tables, and the tables against the journal: all of it, on a copy."""
    found = _verified(patient)
    if found.faults:
        return Finding("journal", Level.FAIL, "broken", {"count": len(found.faults), "first": found.faults[0]})
    return Finding("journal", Level.OK, "ok", {"lines": found.lines})


def exceptions(patient: Patient) -> Finding:
    """Nothing waits for a person to settle: overdrawn accounts, things written twice, facts of a later version."""
    found = _verified(patient).exceptions
    if found:
        first = f"{found[0].code} {found[0].subject}"
        return Finding("exceptions", Level.WARN, "open", {"count": len(found), "first": first})
    return Finding("exceptions", Level.OK, "ok")


def shown_moment(taken: str) -> str:
    """Give the moment in a backup's name as people read it: ``2026-11-22 09:03``."""
    return f"{taken[:4]}-{taken[4:6]}-{taken[6:8]} {taken[9:11]}:{taken[11:13]}"


_Check = Callable[[Patient], Finding]
OF_THE_MACHINE: Final[tuple[_Check, ...]] = (python, sqlite, settings, store, memory, fonts, scanner, printer)
OF_THE_STORE: Final[tuple[_Check, ...]] = (
    mode,
    triggers,
    tail,
    tables,
    log,
    disk,
    clock,
    backup,
    outside,
    slips,
    kept,
)
OF_THE_COPY: Final[tuple[_Check, ...]] = (journal, exceptions)


def _store(patient: Patient) -> "Store":
    if patient.store is None:
        raise TypeError("this check needs a store")
    return patient.store


def _health(patient: Patient) -> "Health":
    if patient.health is None:
        raise TypeError("this check needs a store")
    return patient.health


def _verified(patient: Patient) -> "Verified":
    if patient.verified is None:
        raise TypeError("this check needs the long one")
    return patient.verified


def _listed(pragmas: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in pragmas.items())
