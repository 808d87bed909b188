"""A file that is on its disk, whole, when the call returns: settings, sheets and reports on a stick.

Whatever is cut meanwhile, under its name stands the file of before or the new one, never half of either.
"""

import os
from contextlib import suppress
from pathlib import Path


def write_durably(file: Path, content: bytes) -> None:
    """Write ``content`` beside ``file``, give it the file's name, and wait until both are on the disk.

    Raises OSError; what was there before stays, and no unfinished file is left beside it.
    """
    unfinished = file.with_name(f"{file.name}.part")
    try:
        with unfinished.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(file)
        sync_folder(file.parent)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
