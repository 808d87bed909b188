"""How the terminal says no, and with which number a command ends.

    Refused                 the shop says no; a code for machines, a sentence and a next step for people
    ├── BadInput            what was given cannot be read: a sheet, a settings file, a code on a command line
    ├── NotWritable         a file that was asked for cannot be written: full stick, read-only folder
    ├── StoreFailed         the store or its disk is not to be trusted
    ├── TryAgain            nothing is wrong that waiting or doing it once more does not cure
    └── NotAllowed          this operator may not do this, or not alone

A refusal never carries a sentence: the words stand in ``kiosk/locale/<language>/refusal.toml`` under its code.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """With what number every command ends; the numbers from 65 on are those of sysexits.h."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    BAD_INPUT = 65
    FAULT = 70
    CANNOT_WRITE = 73
    STORE_FAILED = 74
    TRY_AGAIN = 75
    PROTOCOL = 76
    NOT_ALLOWED = 77


class Refused(Exception):
    """The only way a domain function says no.

    ``code`` is stable and lower case with underscores, optionally with dots; ``parameters`` fill its texts. Integers
    keep the units of their names (``_points`` hundredths, ``_fen`` fen, ``_at`` milliseconds): the texts format them.
    """

    exit_code: ExitCode = ExitCode.REFUSED

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters

    def __str__(self) -> str:
        """Give code and parameters for a log line."""
        return " ".join([self.code, *(f"{name}={value!r}" for name, value in self.parameters.items())])


class BadInput(Refused):
    """What was given cannot be read."""

    exit_code = ExitCode.BAD_INPUT


class NotWritable(Refused):
    """A file that was asked for cannot be written."""

    exit_code = ExitCode.CANNOT_WRITE


class StoreFailed(Refused):
    """The store or its disk is not to be trusted."""

    exit_code = ExitCode.STORE_FAILED


class TryAgain(Refused):
    """Waiting, or doing it once more, may cure it."""

    exit_code = ExitCode.TRY_AGAIN


class NotAllowed(Refused):
    """What this operator may not do, or not alone."""

    exit_code = ExitCode.NOT_ALLOWED
