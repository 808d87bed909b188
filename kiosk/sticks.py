"""Sticks: the folders under which the machine shows what somebody plugged in. Nothing here mounts or ejects."""

from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mounts")
_ROOTS: Final = ("/media/", "/run/media/", "/mnt/")


def find_sticks(mounts: Path = _MOUNTS) -> list[Path]:
    """Return the folders of the sticks that are plugged in, in the order of their names; none where nobody can say."""
    try:
        lines = mounts.read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    folders = (_unescaped(line.split(" ")[1]) for line in lines if " " in line)
    return sorted(Path(folder) for folder in folders if folder.startswith(_ROOTS))


def _unescaped(field: str) -> str:
    """Undo how the kernel writes spaces and the like in a path: as three octal digits after a backslash."""
    first, *rest = field.split("\\")
    return first + "".join(chr(int(part[:3], 8)) + part[3:] for part in rest)
