"""A terminal in words for an officer: where it is, how old a word of it is, and how it was."""

import re
from typing import Any, Final

from county.health import Health, Machine

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
"""Milliseconds."""
_MEGABYTE: Final = 2**20
_CLOCKS: Final = {"u": "clock never set", "f": "clock runs free", "s": "clock set by a network"}
_PRINTERS: Final = {
    "ok": "printer there", "unset": "no printer set", "missing": "printer not there", "wrong": "printer set wrongly",
}  # fmt: skip
_PROGRAM: Final = re.compile(r"kiosk (\d+(?:\.\d+)*)")


def place(machine: Machine) -> str:
    """Name a terminal by village and log, and the village's name where it is known."""
    return f"{machine.known.village:04}/{machine.known.log} {machine.village_name}".rstrip()


def days(count: int) -> str:
    """Give a number of days."""
    return f"{count} day" if count == 1 else f"{count} days"


def age(milliseconds: int) -> str:
    """Say about how long that is: minutes, hours or days."""
    if milliseconds < HOUR:
        return f"{max(0, milliseconds) // MINUTE} min"
    return f"{milliseconds // HOUR} h" if milliseconds < 2 * DAY else days(milliseconds // DAY)


def megabytes(size: int) -> str:
    """Give bytes in MB."""
    return f"{size // _MEGABYTE} MB"


def program_version(program: str) -> tuple[int, ...] | None:
    """Return the version of a program as it names itself, to be compared; None for any other program."""
    found = _PROGRAM.fullmatch(program)
    return None if found is None else tuple(map(int, found.group(1).split(".")))


def heard(machine: Machine, now: int) -> str:
    """Say when a terminal was heard of last; `now` is the hub's time."""
    at = machine.known.heard_at
    return "never heard of" if at is None else f"heard {age(now - at)} ago"


def condition(health: Health) -> list[str]:
    """Say how a terminal was, as far as it told."""
    words = []
    if health.unsent is not None:
        words.append(f"{health.unsent} unsent")
    if health.free is not None:
        words.append(f"{megabytes(health.free)} free")
    if health.printer is not None:
        words.append(_PRINTERS[health.printer])
    if health.slips_owed:
        words.append(f"{health.slips_owed} slips owed")
    if health.clock is not None:
        words.append(_CLOCKS[health.clock])
    if health.faults:
        words.append(f"{health.faults} faults in its store")
    return words


def in_line(machine: Machine, check: str, now: int) -> str:
    """Give a terminal as a line of the list; `check` are the digits to compare on the telephone."""
    known = machine.known
    state = known.state if machine.goes_on_as is None else f"goes on as {machine.goes_on_as}"
    words = [heard(machine, now), *([] if machine.health is None else condition(machine.health)), known.program]
    return f"{known.village:04}/{known.log}  {state}  {check}  {', '.join(words)}  {machine.village_name}".rstrip()


def in_values(machine: Machine, check: str, now: int) -> dict[str, Any]:
    """Give a terminal for machines: times in the hub's milliseconds, sizes in bytes, null where it did not say."""
    known, health = machine.known, machine.health
    said = {
        name: None if health is None else getattr(health, name)
        for name in (
            "told_at", "unsent", "free", "faults", "unsaved_outside", "slips_owed", "printer", "clock", "ahead",
        )
    }  # fmt: skip
    return {
        "village": known.village, "name": machine.village_name, "log": known.log, "state": known.state,
        "goes_on_as": machine.goes_on_as, "check": check, "program": known.program, "till": known.till,
        "heard_at": known.heard_at, "silent_milliseconds": None if known.heard_at is None else now - known.heard_at,
        **said,
    }  # fmt: skip
