"""Who uses a data folder: programs that work in the store share it, one that replaces the store takes it alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kiosk.errors import TryAgain

FILE_NAME: Final = "desk.lock"


class Hold:
    """A hold on a data folder, until it is let go or the process ends."""

    def __init__(self, handle: int) -> None:
        """Keep the open lock file."""
        self._handle: int | None = handle

    def let_go(self) -> None:
        """End the hold; a second time does nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def share(home: Path) -> Hold:
    """Hold a data folder together with others.

    Raises:
        TryAgain: somebody is replacing the store (`store_in_use`).
        OSError: the folder cannot be written.
    """
    return _hold(home, fcntl.LOCK_SH)


def take(home: Path) -> Hold:
    """Hold a data folder alone.

    Raises:
        TryAgain: another program works in it (`store_in_use`).
        OSError: the folder cannot be written.
    """
    return _hold(home, fcntl.LOCK_EX)


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold a data folder alone until the block ends. Raises as `take`."""
    held = take(home)
    try:
        yield
    finally:
        held.let_go()


def _hold(home: Path, kind: int) -> Hold:
    handle = os.open(home / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise TryAgain("store_in_use") from error
    return Hold(handle)
