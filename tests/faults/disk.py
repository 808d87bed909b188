"""A disk that remembers every operation, and what it may hold after the current fails.

`Disk` keeps files in memory behind a VFS of SQLite and notes each operation in order. `Survivor` then plays them again
up to any point and says what a real disk may hold there:

- what was synced is there; of what was not, each piece of 512 bytes is there or not, on its own;
- a file that was made or removed since its folder was synced is there or not;
- where nothing was written yet, a longer file holds zeros or rubbish.

Syncing does here what SQLite's own VFS for Unix does: the first sync of a fresh journal also syncs its folder, and a
removal syncs it when SQLite asks for that. Sector size and characteristics are those that VFS reports on Linux.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeAlias

import apsw

SECTOR: Final = 512
UNIX_SECTOR_SIZE: Final = 4_096


@dataclass(frozen=True, slots=True)
class Create:
    """A file appeared in the folder."""

    name: str


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes were handed to the system."""

    name: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file was given a length."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Everything written to a file is on the disk; with its name, if it is a fresh journal."""

    name: str
    with_folder: bool


@dataclass(frozen=True, slots=True)
class Delete:
    """A file went; with `is_synced` for good."""

    name: str
    is_synced: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An action was confirmed: from here on it must survive."""

    number: int


Operation: TypeAlias = Create | Write | Truncate | Sync | Delete | Confirmed


@dataclass
class Disk:
    """Files in memory, a note of every operation, and a plan of what goes wrong.

    `writes_left` counts down to the write that finds no room, and after which none does until it is set anew.
    """

    files: dict[str, bytearray] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    writes_left: int | None = None

    def note(self, operation: Operation) -> None:
        """Remember an operation."""
        self.operations.append(operation)

    def require_room(self) -> None:
        """Let a write through, or not."""
        if self.writes_left is None:
            return
        if self.writes_left == 0:
            raise apsw.FullError("no room on this disk")
        self.writes_left -= 1


class RecordingVFS(apsw.VFS):
    """The VFS through which SQLite reaches a `Disk`; names are the names of files, there are no folders."""

    def __init__(self, name: str, disk: Disk) -> None:
        """Register under `name`."""
        self.name, self.disk = name, disk
        super().__init__(name, base="")

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: N802  because SQLite names it
        """Tell whether a file is there."""
        return pathname in self.disk.files

    def xFullPathname(self, filename: str) -> str:  # noqa: N802  because SQLite names it
        """Give the name as it is."""
        return filename

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802  because SQLite calls it so
        """Remove a file."""
        if filename not in self.disk.files:
            raise apsw.IOError("not there")
        del self.disk.files[filename]
        self.disk.note(Delete(filename, bool(syncdir)))

    def xRandomness(self, numbytes: int) -> bytes:  # noqa: N802  because SQLite names it
        """Give the same nonces at every run."""
        return bytes(range(1, 256))[:numbytes]

    def xSleep(self, microseconds: int) -> int:  # noqa: N802  because SQLite names it
        """Wait for nothing."""
        return microseconds

    def xCurrentTimeInt64(self) -> int:  # noqa: N802  because SQLite names it
        """Give always the same moment."""
        return 212_000_000_000_000

    def xGetLastError(self) -> tuple[int, str]:  # noqa: N802  because SQLite names it
        """Know of none."""
        return 0, ""

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "RecordedFile":  # type: ignore[override]  # noqa: N802  because any object with the methods of a file will do, and SQLite names it
        """Open a file, making it if SQLite asks for that; one without a name is nobody's business."""
        flags[1] = flags[0]
        if name is None:
            return RecordedFile(Disk(files={"": bytearray()}), "", is_fresh_journal=False)
        text = name if isinstance(name, str) else name.filename()
        is_fresh = text not in self.disk.files
        if is_fresh:
            if not flags[0] & apsw.SQLITE_OPEN_CREATE:
                raise apsw.CantOpenError(text)
            self.disk.files[text] = bytearray()
            self.disk.note(Create(text))
        is_journal = bool(flags[0] & apsw.SQLITE_OPEN_MAIN_JOURNAL)
        return RecordedFile(self.disk, text, is_fresh_journal=is_fresh and is_journal)


class RecordedFile:
    """An open file of a `Disk`, with the methods SQLite calls."""

    def __init__(self, disk: Disk, name: str, *, is_fresh_journal: bool) -> None:
        """Keep the file's bytes; they stay with the handle though the name goes."""
        self._disk, self._name = disk, name
        self._content = disk.files[name]
        self._syncs_folder = is_fresh_journal

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802  because SQLite names it
        """Give what is there."""
        return bytes(self._content[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  because SQLite names it
        """Take bytes, if there is room."""
        self._disk.require_room()
        self._disk.note(Write(self._name, offset, bytes(data)))
        put(self._content, offset, data)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802  because SQLite names it
        """Give the file a length."""
        self._disk.note(Truncate(self._name, newsize))
        cut(self._content, newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802  because SQLite names it
        """Note that everything so far is on the disk."""
        self._disk.note(Sync(self._name, self._syncs_folder))
        self._syncs_folder = False

    def xFileSize(self) -> int:  # noqa: N802  because SQLite names it
        """Give the length."""
        return len(self._content)

    def xLock(self, level: int) -> None:  # noqa: N802  because SQLite names it
        """Lock nobody out: there is one process."""

    def xUnlock(self, level: int) -> None:  # noqa: N802  because SQLite names it
        """Let nobody in."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802  because SQLite names it
        """Know of no other process."""
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: N802  because SQLite names it
        """Understand no request beyond those above."""
        return False

    def xSectorSize(self) -> int:  # noqa: N802  because SQLite names it
        """Give what SQLite's VFS for Unix gives."""
        return UNIX_SECTOR_SIZE

    def xDeviceCharacteristics(self) -> int:  # noqa: N802  because SQLite names it
        """Give what SQLite's VFS for Unix gives on Linux."""
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xClose(self) -> None:  # noqa: N802  because SQLite names it
        """Keep nothing open."""


def put(content: bytearray, offset: int, data: bytes, filler: int = 0) -> None:
    """Write into a file in memory; a gap before `offset` is filled."""
    if len(content) < offset:
        content.extend(bytes([filler]) * (offset - len(content)))
    content[offset : offset + len(data)] = data


def cut(content: bytearray, size: int) -> None:
    """Give a file in memory a length."""
    if size < len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))


@dataclass
class _File:
    """A file as the disk has it, and what it was told since it was synced."""

    durable: bytes = b""
    pending: list[Write | Truncate] = field(default_factory=list)

    def settle(self) -> None:
        content = bytearray(self.durable)
        for change in self.pending:
            _apply(content, change)
        self.durable, self.pending = bytes(content), []


class Survivor:
    """Plays operations and says what may be left at any point between them."""

    def __init__(self, files: dict[str, bytes]) -> None:
        """Begin with files that are durable."""
        self._names = {name: _File(content) for name, content in files.items()}
        self._durable_names = dict(self._names)
        self._changes: list[tuple[str, _File | None]] = []
        self.confirmed = 0

    def play(self, operation: Operation) -> None:
        """Let one more operation happen."""
        match operation:
            case Create(name):
                self._rename(name, _File())
            case Delete(name, is_synced):
                self._rename(name, None)
                if is_synced:
                    self._sync_folder()
            case Sync(name, with_folder):
                self._names[name].settle()
                if with_folder:
                    self._sync_folder()
            case Write(name) | Truncate(name):
                self._names[name].pending.append(operation)
            case Confirmed(number):
                self.confirmed = number

    def left(self, chance: Random) -> dict[str, bytes]:
        """Give files that may be left when the current fails now."""
        names = dict(self._durable_names)
        for name, file in self._changes[: chance.randint(0, len(self._changes))]:
            _set(names, name, file)
        return {name: _torn(file, chance) for name, file in names.items()}

    def extremes(self) -> Iterator[dict[str, bytes]]:
        """Give the two plain cases: nothing of what was not synced is there, and all of it is."""
        yield {name: file.durable for name, file in self._durable_names.items()}
        found = {}
        for name, file in self._names.items():
            content = bytearray(file.durable)
            for change in file.pending:
                _apply(content, change)
            found[name] = bytes(content)
        yield found

    def _rename(self, name: str, file: _File | None) -> None:
        _set(self._names, name, file)
        self._changes.append((name, file))

    def _sync_folder(self) -> None:
        self._durable_names, self._changes = dict(self._names), []


def _set(names: dict[str, _File], name: str, file: _File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def _apply(content: bytearray, change: Write | Truncate, filler: int = 0) -> None:
    if isinstance(change, Truncate):
        cut(content, change.size)
    else:
        put(content, change.offset, change.data, filler)


def _torn(file: _File, chance: Random) -> bytes:
    """Let each piece of each change be there or not; half of the time all or nothing, as most disks do."""
    if not file.pending:
        return file.durable
    kept = chance.choice((0.0, 1.0, 0.1, 0.5, 0.9, 0.5))
    filler = chance.choice((0, 0, 0xA5))
    content = bytearray(file.durable)
    for change in file.pending:
        pieces = pieces_of(change) if isinstance(change, Write) else [change]
        for piece in pieces:
            if chance.random() < kept:
                _apply(content, piece, filler)
    return bytes(content)


def pieces_of(write: Write) -> list[Write]:
    """Cut a write at the borders of the disk's pieces."""
    pieces = []
    position, end = write.offset, write.offset + len(write.data)
    while position < end:
        border = min(end, (position // SECTOR + 1) * SECTOR)
        start = position - write.offset
        pieces.append(Write(write.name, position, write.data[start : border - write.offset]))
        position = border
    return pieces
