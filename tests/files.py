"""A county that is reached by plain files alone: what each side does next is the protocol's, what travels is a folder.

No socket, no clock, no process: the steps of both sides from `db/wire`, and a file of frames for each log that goes
from one to the other.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from db import journal, projections
from db.engine import open_sqlite, transaction
from db.fork import end_own_log, note_fork
from db.hub import create_hub_store
from db.journal import Sealed
from db.store import Store, own_log
from db.wire.v1.frame import LARGEST_PIECE, FrameReader, cut_lines, make_frame
from db.wire.v1.message import Answer, HeadSeen, Hello
from db.wire.v1.parting import compare, marks_between, narrowed, partings
from db.wire.v1.steps import Stretch, held_by, lines_after, plan_session
from tests.village import VILLAGE

_NONCE: Final = "0" * 16


@dataclass
class FileCounty:
    """The county's store in a file, and the folder in which logs come and go."""

    file: Path
    folder: Path

    def __post_init__(self) -> None:
        """Lay the store out where there is none."""
        self.folder.mkdir(exist_ok=True)
        is_new = not self.file.exists()
        self.store = Store(open_sqlite(self.file), VILLAGE)
        if is_new:
            create_hub_store(self.store.engine)

    def put_back(self, content: bytes) -> None:
        """Be again what the store's file held once."""
        self.store.close()
        self.file.write_bytes(content)

    def digest(self) -> str:
        """What the tables of the village hold."""
        with self.store.read() as connection:
            return projections.digest(connection, VILLAGE)

    def hear(self, terminal: Store) -> int:
        """Take from a terminal what is lacking here, give it what it lacks, and return how many lines went up."""
        log, answer = self._ask(terminal)
        with transaction(terminal.engine, is_write=True) as connection:
            parted = partings(connection, VILLAGE, answer)
            plan = plan_session(connection, VILLAGE, log, answer)
            if plan.trouble == "ended" and log not in parted:
                end_own_log(connection, VILLAGE)
        for stretch in (*plan.before, *([plan.push] if plan.push and log not in parted else [])):
            self._take(self._write(terminal, stretch))
        for stretch in plan.pull:
            if stretch.log not in parted:
                terminal.receive(stretch.village, stretch.log, self._read(self._write(self.store, stretch)))
        for of, beyond in parted.items():
            common = self._common(terminal, of, beyond)
            with transaction(terminal.engine, is_write=True) as connection:
                note_fork(connection, VILLAGE, of, common)
        return 0 if plan.push is None or parted else self._has(plan.push) - plan.push.after

    def _ask(self, terminal: Store, marks: tuple[HeadSeen, ...] = ()) -> tuple[int, Answer]:
        with terminal.read() as connection:
            log, held = own_log(connection, VILLAGE), held_by(connection, VILLAGE)
        said = Hello(village=VILLAGE, log=log, nonce=_NONCE, program="kiosk", held=held, marks=marks)
        with self.store.read() as connection:
            same, parted = compare(connection, said)
            held = held_by(connection, VILLAGE)
        return log, Answer(
            nonce=_NONCE, status="active", epoch=_NONCE, at=0, held=held, same=same, parted=parted,
        )  # fmt: skip

    def _common(self, terminal: Store, log: int, beyond: int) -> int:
        low = 0
        while beyond - low > 1:
            with terminal.read() as connection:
                marks = marks_between(connection, VILLAGE, log, low, beyond)
            low, beyond = narrowed(self._ask(terminal, marks)[1], log, low, beyond)
        return low

    def _write(self, store: Store, stretch: Stretch) -> Path:
        """Write all that a store holds of a stretch into a file."""
        file = self.folder / f"{stretch.village}-{stretch.log}-{stretch.after}.frames"
        lines: list[Sealed] = []
        with store.read() as connection:
            last = journal.last_seq(connection, stretch.village, stretch.log)
            while more := lines_after(connection, replace(stretch, after=stretch.after + len(lines)), last):
                lines += more
        file.write_bytes(b"".join(make_frame(piece) for piece in cut_lines(lines, LARGEST_PIECE)))
        return file

    def _read(self, file: Path) -> list[Sealed]:
        return [line for piece in FrameReader().feed(file.read_bytes()) for line in piece]

    def _take(self, file: Path) -> None:
        """Store what a file holds, and compute the village's tables."""
        village, log, _after = map(int, file.stem.split("-"))
        with transaction(self.store.engine, is_write=True) as connection:
            journal.store(connection, village, log, self._read(file))
            projections.project(connection, village)

    def _has(self, stretch: Stretch) -> int:
        with self.store.read() as connection:
            return journal.last_seq(connection, stretch.village, stretch.log)
