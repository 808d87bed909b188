"""Sticks of villages without a line: one call takes in every village's parcels and puts the answers on the stick.

A terminal that nobody knows yet puts its question there too: it waits in the register until an officer has compared
its check digits on the telephone, and is answered by the next call. What is torn, from nobody we know, or comes too
early stays where it is and is named; any file may come again.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection

from county.health import Told, note_health
from county.hub import Hub
from county.moves import pass_on
from county.recovery import note_reported, take_back
from county.registry import Known, RegistryError, adopt, enrol, find_terminal, list_terminals, note_heard
from county.succession import certify, take_question
from db.durable import write_durably
from db.journal import COMMON_VILLAGE, ForkError, GapError, last_seq, store
from db.line import COUNTY_LOG, MalformedLineError
from db.wire.v1.message import HeadSeen, Parcel
from db.wire.v1.parcel import Label, Opened, ParcelError, make_parcel, name_of, open_parcel, read_file, read_name
from db.wire.v1.restore_code import read_restore_code
from db.wire.v1.set_up import Asking, open_question, read_asking
from db.wire.v1.signed import fingerprint
from db.wire.v1.steps import SHORT_BYTES, Stretch, hash_at, held_by, lines_after
from db.wire.versions import agree

FOLDER: Final = "kiosk"
LINES_A_PARCEL: Final = 2_000
Aside: TypeAlias = Literal[
    "torn",
    "sealed",
    "signature",
    "content",
    "stranger",
    "gap",
    "fork",
    "line",
    "code_wrong",
    "log_taken",
    "founded",
    "terminal_old",
    "county_old",
]
"""Why a file was left aside."""
Advance: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True)
class Waiting:
    """A terminal that waits for an officer: the digits to compare with those the village reads out."""

    village: int
    log: int
    check: str


@dataclass
class Exchanged:
    """What a stick brought and took: lines stored, files written, the villages it was from, who waits to be let in.

    `aside` names each file that was of no use yet, and why; `parted` the logs whose lines continue others than these.
    """

    stored: int = 0
    written: int = 0
    villages: set[int] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)
    aside: list[tuple[str, Aside]] = field(default_factory=list)
    parted: set[tuple[int, int]] = field(default_factory=set)

    @property
    def skipped(self) -> int:
        """How many files were left aside."""
        return len(self.aside)


def exchange_by_stick(
    hub: Hub,
    stick: Path,
    entropy: Callable[[int], bytes] = os.urandom,
    advance: Advance = lambda _done, _total: None,
) -> Exchanged:
    """Take in what villages put on a stick and put on it what each of them lacks; `advance` is told of each file.

    Households that left a village on it are told to the one they move to before its answer is written.

    Raises:
        OSError: the stick cannot be read or written; answers of last time are still there.
    """
    folder, done = stick / FOLDER, Exchanged()
    files = sorted(folder.iterdir())
    for file in files:
        asking = read_asking(file.name)
        if asking is not None:
            _take_question(hub, file, asking, done)
    labels = [(label, file) for file in files if (label := read_name(file.name)) is not None and label.way == "from"]
    answered: dict[tuple[int, int], Parcel] = {}
    for number, (label, file) in enumerate(sorted(labels, key=lambda pair: _order(pair[0])), start=1):
        said = _take_parcel(hub, file, label, done)
        if said is not None:
            answered[said.village, said.log] = said
        advance(number, len(labels))
    for village in sorted(done.villages):
        pass_on(hub, village)
    kept: set[str] = set()
    for place, said in answered.items():
        kept |= _answer(hub, folder, said, entropy, is_parted=place in done.parted)
    done.written = len(kept)
    _clear(folder, {village for village, _log in answered}, kept)
    return done


def _order(label: Label) -> tuple[int, int, int]:
    return label.village, label.log, label.seq


def _take_question(hub: Hub, file: Path, asking: Asking, done: Exchanged) -> None:
    """Enter a terminal in the register; the question goes once it was let in."""
    try:
        said = open_question(hub.key, asking, read_file(file))
        if read_restore_code(said.code) is not None:
            known = take_question(hub, said)
        else:
            with hub.write() as connection:
                known = enrol(connection, said, hub.now())
    except ParcelError as error:
        done.aside.append((file.name, _reason(error)))
        return
    except RegistryError as error:
        why: dict[str, Aside] = {"log_taken": "log_taken", "founded": "founded"}
        done.aside.append((file.name, why.get(error.code, "code_wrong")))
        return
    if known.state == "pending":
        done.waiting.append(Waiting(known.village, known.log, fingerprint(known.public_key)))
    else:
        file.unlink()


def _take_parcel(hub: Hub, file: Path, label: Label, done: Exchanged) -> Parcel | None:
    """Store what a parcel brings and return what its sender says; None where nobody is to be answered."""
    try:
        opened = open_parcel(hub.key, label, read_file(file), lambda said: _key_of(hub, said, label), hub.speaks)
    except ParcelError as error:
        is_waiting = any((each.village, each.log) == (label.village, label.log) for each in done.waiting)
        if not is_waiting:
            done.aside.append((file.name, _reason(error)))
        return None
    done.villages.add(label.village)
    if (side := agree(opened.said.speaks, hub.speaks)) in ("terminal", "county"):
        done.aside.append((file.name, "terminal_old" if side == "terminal" else "county_old"))
        with hub.write() as connection:
            note_heard(connection, opened.said.village, opened.said.log, hub.now(), opened.said.program)
        return opened.said
    if opened.said.word is not None:
        _take_back(hub, opened, file, done)
        return None
    try:
        done.stored += _store(hub, opened)
    except (GapError, MalformedLineError) as error:
        done.aside.append((file.name, "gap" if isinstance(error, GapError) else "line"))
    except (ForkError, ParcelError) as error:
        done.aside.append((file.name, "fork" if isinstance(error, ForkError) else _reason(error)))
        done.parted.add((opened.said.village, opened.said.log))
    return opened.said


def _reason(error: ParcelError) -> Aside:
    known: dict[str, Aside] = {
        "torn": "torn", "sealed": "sealed", "stranger": "stranger", "signature": "signature", "content": "content"
    }  # fmt: skip
    return known[error.reason]


def _take_back(hub: Hub, opened: Opened, file: Path, done: Exchanged) -> None:
    """Take the county's own lines, which it lacks since it was restored; its own signature decides."""
    said = opened.said
    trouble = take_back(hub, said.village, list(opened.lines), (said.word or "").encode())
    if trouble is None:
        done.stored += len(opened.lines)
    else:
        why: dict[str, Aside] = {"gap": "gap", "fork": "fork", "line": "line"}
        done.aside.append((file.name, why.get(trouble, "signature")))


def _key_of(hub: Hub, said: Parcel, label: Label) -> str | None:
    """Return the key of a parcel's sender: of a known terminal, or of one that goes on in a new log with its key."""
    with hub.read() as connection:
        if said.word is not None and said.village in (COMMON_VILLAGE, label.village):
            every = list_terminals(connection, label.village)
            return next((each.public_key for each in every if each.public_key == said.key and each.is_heard), None)
        known = find_terminal(connection, said.village, said.log)
        if known is None:
            known = _same_machine(connection, said)
    return known.public_key if known is not None and known.is_heard else None


def _same_machine(connection: Connection, said: Parcel) -> Known | None:
    every = list_terminals(connection, said.village)
    return next((each for each in every if each.public_key == said.key and each.state == "active"), None)


def _store(hub: Hub, opened: Opened) -> int:
    said = opened.said
    with hub.write() as connection:
        if find_terminal(connection, said.village, said.log) is None:
            machine = _same_machine(connection, said)
            if machine is not None:
                with suppress(RegistryError):  # its number is kept for another: an officer has to look
                    adopt(connection, machine, said.log, machine.program, hub.now())
        note_heard(connection, said.village, said.log, hub.now(), said.program)
        if said.health:
            told = Told(said.health, said.clock, said.held, is_now=False)
            note_health(connection, said.village, said.log, told, hub.now())
        note_reported(connection, said.village, said.log, said.held)
        count = store(connection, said.village, said.log, opened.lines)
        held = hash_at(connection, said.village, said.log, said.seq)
        if opened.lines and (held is None or held.hex() != said.hash):
            raise ParcelError("content", "these lines continue others")
    return count


def _answer(hub: Hub, folder: Path, heard: Parcel, entropy: Callable[[int], bytes], *, is_parted: bool) -> set[str]:
    """Write a parcel for each log the terminal lacks something of; at least one, which is its receipt."""
    with hub.read() as connection:
        terminal = find_terminal(connection, heard.village, heard.log)
        here = held_by(connection, heard.village)
        common = [row for row in heard.held if row.l == COUNTY_LOG or not _is_other_line(connection, row)]
    if terminal is None:
        return set()
    written: set[str] = set()
    own = (heard.village, heard.log)
    there = {(row.v, row.l): row.s for row in common if not (is_parted and (row.v, row.l) == own)}
    for stretch in _lacking(here, there, own):
        written |= _write(hub, folder, terminal, stretch, heard, entropy)
    return written


def _is_other_line(connection: Connection, row: HeadSeen) -> bool:
    """Say whether another line is held here in the place of the end of a log there."""
    held = hash_at(connection, row.v, row.l, row.s)
    return held is not None and held[:SHORT_BYTES].hex() != row.h


def _lacking(here: tuple[HeadSeen, ...], there: Mapping[tuple[int, int], int], own: tuple[int, int]) -> list[Stretch]:
    """Return what is lacking there, by log: of the terminal's own one nothing, or where it has parted all of it.

    Its first other line says where the two branches part, and no journey is needed to ask for it.
    """
    lacking = [
        Stretch(row.v, row.l, there.get((row.v, row.l), 0))
        for row in here
        if row.s > there.get((row.v, row.l), 0) and ((row.v, row.l) != own or own not in there)
    ]
    return lacking or [Stretch(0, COUNTY_LOG, there.get((0, COUNTY_LOG), 0))]


def _write(
    hub: Hub, folder: Path, terminal: Known, stretch: Stretch, heard: Parcel, entropy: Callable[[int], bytes]
) -> set[str]:
    """Write what there is of a log, parcel by parcel; a receipt alone for whom no version is common with."""
    written: set[str] = set()
    after, is_common = stretch.after, isinstance(agree(heard.speaks, hub.speaks), int)
    while True:
        with hub.read() as connection:
            last = last_seq(connection, stretch.village, stretch.log)
            place = Stretch(stretch.village, stretch.log, after)
            lines = lines_after(connection, place, last, LINES_A_PARCEL) if is_common else []
            said = _say(connection, hub, terminal, place, len(lines))
            if heard.wants_certificate:
                said = said.model_copy(update={"certificate": certify(connection, hub, terminal)})
        data = make_parcel(hub.key, terminal.sealing_key, said, lines, entropy)
        name = name_of("to", terminal.village, said, data)
        write_durably(folder / name, data)
        written.add(name)
        after += len(lines)
        if after >= last or not lines:
            return written


def _say(connection: Connection, hub: Hub, terminal: Known, stretch: Stretch, count: int) -> Parcel:
    seq = stretch.after + count
    reached = hash_at(connection, stretch.village, stretch.log, seq) or bytes(32)
    return Parcel(
        village=stretch.village, log=stretch.log, after=stretch.after, seq=seq, hash=reached.hex(),
        held=held_by(connection, terminal.village), epoch=hub.epoch, speaks=hub.speaks,
    )  # fmt: skip


def _clear(folder: Path, villages: set[int], kept: set[str]) -> None:
    """Take away the answers of last time of whoever was answered now."""
    for file in folder.iterdir():
        label = read_name(file.name)
        if (
            label is not None
            and label.way == "to"
            and label.village in villages
            and file.name not in kept
            and file.is_file()
        ):
            file.unlink()
