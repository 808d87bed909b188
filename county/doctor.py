"""Examining a hub: what is in order, what to do soon, and what must be mended. Each check says one thing.

It reads beside the serving hub, a village at a time, and changes nothing.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from county import migrations as steps
from county.exceptions import SENTENCES, open_in
from county.finding import Finding, Level, Patient
from county.hub import PROJECTION
from county.recovery import last_backup_at, recovery_of
from county.terminal_checks import OF_TERMINALS
from county.terminal_words import DAY
from county.value import value_of
from db import engine as engines
from db import journal, migrations, projections, soundness
from db.tables.statement import table_of
from db.tables.terminal import Cursor

BACKUP_DAYS: Final = 2
LOW_DISK_BYTES: Final = 2 * 2**30
LONGEST_LAG: Final = 10_000
MOST_NAMED: Final = 5
NOT_FOLDED: Final = "line_not_folded"
"""What is not computed yet is the projector's lag, which has a check of its own."""


def examine(patient: Patient) -> list[Finding]:
    """Return what every check finds, in their order; a check that the store does not bear is a failure by itself."""
    return [_one(patient, check) for check in CHECKS_OF_HUB if not (patient.is_quick and check in _LONG)]


def worst(findings: list[Finding]) -> Level:
    """Return the worst level found."""
    order = list(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.OK)


def programs(patient: Patient) -> Finding:
    """What runs here, and whether the tables are this program's."""
    with patient.hub.read() as connection:
        engine = _engine_version(connection)
        schema = f"{migrations.current_version(connection)}.{steps.current_version(connection)}"
        held = value_of(connection, PROJECTION)
        is_current = held == projections.projection_version(connection)
    values = {"county": version("kiosk"), "engine": engine, "schema": schema, "projections": held}
    text = f"county {values['county']} on {engine}, schema {schema}"
    if not is_current:
        advice = "Tables are another version's; `county serve` computes them anew when it starts."
        return Finding("programs", Level.WARN, text, advice, values)
    return Finding("programs", Level.OK, text, values=values)


def store(patient: Patient) -> Finding:
    """Pages, append-only triggers, and the end of every chain."""
    faults: list[str] = []
    lines = 0
    with patient.hub.read() as connection:
        faults += _engine_faults(connection, is_quick=patient.is_quick)
        villages = journal.villages(connection)
    for village in villages:
        with patient.hub.read() as connection:
            for log, head in journal.heads(connection, village).items():
                faults += [f"village {village}: {each}" for each in _tail(connection, village, log, head.seq)]
                lines += head.seq
    values = {"lines": lines, "villages": len([each for each in villages if each]), "faults": faults}
    if faults:
        advice = "Stop the hub, keep its files, and `county restore` the newest backup; villages send the rest again."
        return Finding("store", Level.FAIL, f"{len(faults)} faults, first: {faults[0]}", advice, values)
    return Finding("store", Level.OK, f"{lines} lines of {values['villages']} villages, chains whole", values=values)


def tables(patient: Patient) -> Finding:
    """What must always be true of the tables; what people have to settle is counted by itself."""
    damaged, open_cases = _faults_of_tables(patient)
    if damaged:
        advice = "A table contradicts the lines: stop the hub, make a backup, and `county restore` it."
        text = f"{sum(damaged.values())} contradictions: {_counts(damaged)}"
        return Finding("tables", Level.FAIL, text, advice, {"faults": dict(damaged)})
    if open_cases:
        text = f"{sum(open_cases.values())} cases for a person: {_counts(open_cases)}"
        return Finding("tables", Level.WARN, text, "See `county exceptions list`.", {"cases": dict(open_cases)})
    return Finding("tables", Level.OK, "nothing contradicts, no open case", values={"cases": {}})


def projector(patient: Patient) -> Finding:
    """How many stored lines the tables do not know yet."""
    with patient.hub.read() as connection:
        cursor = table_of(Cursor).c
        folded = connection.execute(select(func.sum(cursor.seq))).scalar_one() or 0
        heads = [journal.heads(connection, village).values() for village in journal.villages(connection)]
    waiting = sum(head.seq for logs in heads for head in logs) - int(folded)
    text = f"{waiting} lines wait to be computed"
    if waiting > LONGEST_LAG:
        advice = "Is `county serve` running? It follows by itself; look at its journal if this does not fall."
        return Finding("projector", Level.WARN, text, advice, {"waiting": waiting})
    return Finding("projector", Level.OK, text, values={"waiting": waiting})


def recovery(patient: Patient) -> Finding:
    """Whether the hub was restored and publishes nothing yet, who has reported since, and whom it lost."""
    with patient.hub.read() as connection:
        state = recovery_of(connection)
    if state is None:
        return Finding("recovery", Level.OK, "was never restored")
    text = f"{state.reported} of {state.terminals} terminals have reported since it was restored"
    if state.holding:
        text += f"; {state.holding} hold lines of the county that it lacks"
    if state.parted:
        text += f"; {state.parted} hold other lines of the county than it has, and take nothing more from it"
    if state.is_waiting:
        advice = "When enough villages have reported, `county resume`; until then it publishes nothing."
        return Finding("recovery", Level.WARN, text, advice, asdict(state))
    advice = "It published before they had reported: set these terminals up anew." if state.parted else ""
    return Finding("recovery", Level.WARN if state.parted else Level.OK, text, advice, asdict(state))


def disk(patient: Patient) -> Finding:
    """How much the store takes and how much room is left; another machine's disk is that machine's matter."""
    folder = patient.home if patient.home.is_dir() else Path.cwd()
    free = engines.free_bytes(folder)
    with patient.hub.read() as connection:
        used = _used_bytes(connection)
    text, values = f"{used // 2**20} MB used, {free // 2**20} MB free under {folder}", {"used": used, "free": free}
    if engines.file_of(patient.hub.engine) is not None and free < max(LOW_DISK_BYTES, used):
        advice = "Make room for twice the store: a restore needs it. Reports wait at the villages meanwhile."
        return Finding("disk", Level.WARN, text, advice, values)
    return Finding("disk", Level.OK, text, values=values)


def backup(patient: Patient) -> Finding:
    """How old the newest backup is."""
    with patient.hub.read() as connection:
        made_at = last_backup_at(connection)
    advice = "Make one with `county backup`, daily, on another disk: deploy/county-backup.timer does it."
    if made_at is None:
        return Finding("backup", Level.WARN, "no backup was ever made", advice, {"made_at": None})
    days = (patient.hub.now() - made_at) // DAY
    text, values = f"the newest is {days} days old", {"made_at": made_at, "days": days}
    if days >= BACKUP_DAYS:
        return Finding("backup", Level.WARN, text, advice, values)
    return Finding("backup", Level.OK, text, values=values)


CHECKS_OF_HUB: Final[tuple[Callable[[Patient], Finding], ...]] = (
    programs,
    store,
    tables,
    projector,
    *OF_TERMINALS,
    recovery,
    disk,
    backup,
)
_LONG: Final = (tables,)


def _one(patient: Patient, check: Callable[[Patient], Finding]) -> Finding:
    try:
        return check(patient)
    except (DBAPIError, OSError) as error:
        text = str(getattr(error, "orig", None) or error)
        advice = "The store cannot be read: keep its files, and `county restore` the newest backup."
        return Finding(check.__name__, Level.FAIL, text, advice)


def _engine_faults(connection: Connection, *, is_quick: bool) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    faults = [f"{name}={value}" for name, value in engines.wrong_pragmas(connection).items()]
    faults += [f"{name} is missing" for name in engines.missing_triggers(connection)]
    if not is_quick:
        checked = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
        faults += [text for text in checked if text != "ok"]
    return faults


def _engine_version(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar_one()}"


def _used_bytes(connection: Connection) -> int:
    file = engines.file_of(connection.engine)
    if file is not None:
        return file.stat().st_size
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def _tail(connection: Connection, village: int, log: int, last: int) -> list[str]:
    return soundness.tail_faults(connection, village, log, last)


def _faults_of_tables(patient: Patient) -> tuple[Counter[str], Counter[str]]:
    """Count what contradicts the lines, and what a person settles, over all villages."""
    damaged, open_cases = Counter[str](), Counter[str]()
    with patient.hub.read() as connection:
        villages = journal.villages(connection)
    for village in villages:
        with patient.hub.read() as connection:
            for each in open_in(connection, village):
                if each.cause != NOT_FOLDED:
                    (open_cases if each.cause in SENTENCES else damaged)[each.cause] += 1
    return damaged, open_cases


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {code}" for code, count in counted.most_common(MOST_NAMED))
