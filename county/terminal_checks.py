"""Examining the villages' terminals from the county: by what each said of itself last, a check for each trouble.

Their desks go on whatever is found here, so nothing of it is a failure of the hub.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any, Final

from county.finding import Finding, Level, Patient
from county.health import Machine, list_machines
from county.terminal_words import DAY, age, days, megabytes, place, program_version

LOW_DISK_BYTES: Final = 512 * 2**20
WRONG_CLOCK_MILLISECONDS: Final = 2 * 3_600_000
"""A report that is tried again for an hour tells the time at which it began."""
MOST_NAMED: Final = 5
MANY_SLIPS: Final = 3
Trouble = Callable[[Patient, Machine], str | None]
"""Says of a terminal what is the matter with it, or None."""


def terminals(patient: Patient) -> Finding:
    """Which terminals were let in and were not heard of for so many days."""
    at_work = _at_work(patient)
    programs: dict[str, int] = {}
    for machine in sorted(at_work, key=lambda each: each.known.program):
        programs[machine.known.program] = programs.get(machine.known.program, 0) + 1
    silent = _troubled(patient, at_work, _silent)
    values = {"active": len(at_work), "silent": _rows(silent), "days": patient.silent_days, "programs": programs}
    if silent:
        text = f"{len(silent)} of {len(at_work)} terminals were not heard of for {days(patient.silent_days)}"
        advice = (
            "Telephone them: is it switched on, is there a line? A stick does as well; their desks go on meanwhile."
        )
        return Finding("terminals", Level.WARN, f"{text}: {_named(silent)}", advice, values)
    named = f" ({', '.join(f'{count} with {program}' for program, count in programs.items())})" if programs else ""
    return Finding("terminals", Level.OK, f"{len(at_work)} terminals, all heard of{named}", values=values)


def enrolments(patient: Patient) -> Finding:
    """Which terminals wait for an officer."""
    waiting = [(each, "") for each in _machines(patient) if each.known.state == "pending"]
    pending = [{"village": each.known.village, "log": each.known.log} for each, _what in waiting]
    if waiting:
        text = f"{len(waiting)} wait to be let in: {_named(waiting)}"
        advice = "Compare the check digits by telephone, then `county terminal approve`."
        return Finding("enrolments", Level.WARN, text, advice, {"pending": pending})
    return Finding("enrolments", Level.OK, "nobody waits", values={"pending": []})


def damage(patient: Patient) -> Finding:
    """Which terminals found their own store damaged."""
    return _check(
        patient, "damage", _damaged, "no terminal found damage", "stores are damaged",
        "These desks write nothing more: let the village restore a backup (menu 9, 3, then 7).",
    )  # fmt: skip


def room(patient: Patient) -> Finding:
    """Which terminals run out of disk."""
    return _check(
        patient, "room", _short_of_room, "every terminal has room", "disks are nearly full",
        "Below 64 MB a desk writes nothing more: let them make a backup on a stick and clear the disk.",
    )  # fmt: skip


def clocks(patient: Patient) -> Finding:
    """Which terminals have a wrong clock."""
    return _check(
        patient, "clocks", _wrong_clock, "every clock is right", "clocks are wrong",
        "No points are lost by it, but slips carry the wrong hour: have the clock set, and its battery looked at.",
    )  # fmt: skip


def versions(patient: Patient) -> Finding:
    """Which terminals run an older program than the hub."""
    return _check(
        patient, "versions", _older_program, "no terminal has an older program", "terminals have an older program",
        "Update them when somebody is there: `git pull` and `make run`, after a backup on a stick.",
    )  # fmt: skip


def printers(patient: Patient) -> Finding:
    """Which terminals cannot print slips."""
    return _check(
        patient, "printers", _without_printer, "every set slip printer is there", "slip printers are in trouble",
        "Let them look at plug and paper; what did not come out is printed when it is back.",
    )  # fmt: skip


OF_TERMINALS: Final[tuple[Callable[[Patient], Finding], ...]] = (
    terminals,
    enrolments,
    damage,
    room,
    clocks,
    versions,
    printers,
)


def _silent(patient: Patient, machine: Machine) -> str | None:
    known, now = machine.known, patient.hub.now()
    heard = known.heard_at or known.enrolled_at
    return age(now - heard) if now - heard > patient.silent_days * DAY else None


def _damaged(_patient: Patient, machine: Machine) -> str | None:
    health = machine.health
    return f"{health.faults} faults" if health is not None and health.faults else None


def _short_of_room(_patient: Patient, machine: Machine) -> str | None:
    free = None if machine.health is None else machine.health.free
    return f"{megabytes(free)} free" if free is not None and free < LOW_DISK_BYTES else None


def _wrong_clock(_patient: Patient, machine: Machine) -> str | None:
    health = machine.health
    if health is None:
        return None
    if health.clock == "u":
        return "never set"
    if health.ahead is None or abs(health.ahead) <= WRONG_CLOCK_MILLISECONDS:
        return None
    return f"{age(abs(health.ahead))} {'ahead' if health.ahead > 0 else 'behind'}"


def _older_program(_patient: Patient, machine: Machine) -> str | None:
    said, ours = program_version(machine.known.program), program_version(f"kiosk {version('kiosk')}")
    return machine.known.program if said is not None and ours is not None and said < ours else None


def _without_printer(_patient: Patient, machine: Machine) -> str | None:
    health = machine.health
    if health is None:
        return None
    if health.printer in {"missing", "wrong"}:
        return "not there" if health.printer == "missing" else "set to what nobody knows"
    return f"{health.slips_owed} slips owed" if (health.slips_owed or 0) >= MANY_SLIPS else None


def _check(patient: Patient, name: str, trouble: Trouble, well: str, ill: str, advice: str) -> Finding:
    """Make a finding of one trouble: how many, which and how bad, and what to do."""
    at_work = _at_work(patient)
    found = _troubled(patient, at_work, trouble)
    if found:
        text = f"{len(found)} of {len(at_work)} {ill}: {_named(found)}"
        return Finding(name, Level.WARN, text, advice, {"terminals": _rows(found)})
    return Finding(name, Level.OK, well, values={"terminals": []})


def _machines(patient: Patient) -> tuple[Machine, ...]:
    with patient.hub.read() as connection:
        return list_machines(connection)


def _at_work(patient: Patient) -> list[Machine]:
    return [each for each in _machines(patient) if each.is_at_work]


def _troubled(patient: Patient, machines: Iterable[Machine], trouble: Trouble) -> list[tuple[Machine, str]]:
    return [(each, said) for each in machines if (said := trouble(patient, each)) is not None]


def _rows(found: list[tuple[Machine, str]]) -> list[dict[str, Any]]:
    return [
        {"village": each.known.village, "log": each.known.log, "heard_at": each.known.heard_at, "what": what}
        for each, what in found
    ]


def _named(found: list[tuple[Machine, str]]) -> str:
    """Name the first few with what is the matter."""
    words = [f"{place(each)} ({what})" if what else place(each) for each, what in found[:MOST_NAMED]]
    more = f" and {len(found) - MOST_NAMED} more, see `county terminal list`" if len(found) > MOST_NAMED else ""
    return ", ".join(words) + more
