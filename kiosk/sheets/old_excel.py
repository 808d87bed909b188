"""Reads an old .xls in a process of its own, with a limit on memory and time.

A damaged one can make the library ask for all memory there is or run for ever, and a till must survive that.
"""

import pickle
import resource
import subprocess
import sys
from typing import Final

from kiosk.sheets.grid import Grid
from kiosk.sheets.problem import Fault
from kiosk.sheets.workbook import UnreadableFile, read_workbook

MEMORY_BYTES: Final = 1024**3
SECONDS: Final = 60

_SECTOR_BYTES: Final = 512


def read_old_workbook(content: bytes) -> list[Grid]:
    """Read every tab of an .xls. Raises UnreadableFile, also if the process had to be given up."""
    command = [sys.executable, "-m", "kiosk.sheets.old_excel"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=True)
        answer = pickle.loads(done.stdout)  # noqa: S301 because these bytes come from this very program
    except (subprocess.SubprocessError, OSError, pickle.UnpicklingError, EOFError) as failed:
        raise UnreadableFile(Fault.FILE_UNREADABLE) from failed
    if isinstance(answer, Fault):
        raise UnreadableFile(answer)
    return list(answer)


def main() -> None:
    """Read an .xls from standard input and answer with its grids, or with the fault that stopped it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: list[Grid] | Fault
    try:
        answer = read_workbook(whole_sectors(sys.stdin.buffer.read()), {})
    except UnreadableFile as unreadable:
        answer = unreadable.fault
    sys.stdout.buffer.write(pickle.dumps(answer))


def whole_sectors(content: bytes) -> bytes:
    """Fill up the last sector of a file, which some programs write short and calamine stumbles over."""
    return content + bytes(-len(content) % _SECTOR_BYTES)


if __name__ == "__main__":
    main()
