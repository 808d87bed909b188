"""What every village gets once: a folder for a stick and a printed sheet, from which its terminal is set up.

Codes are made anew each time; those of before hold until they were used or are too old.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final

from county.hub import Hub
from county.recovery import require_recovered
from county.registry import CODE_LIVES_MILLISECONDS, make_code
from county.sheet import VillageSheet, set_sheets
from county.stick import FOLDER
from county.villages import Named, Service, keep_names, service_of
from db.durable import write_durably
from db.journal import COMMON_VILLAGE, last_seq
from db.line import COUNTY_LOG
from db.wire.v1.set_up import Provision, frames_of, make_set_up, set_up_name, village_of_set_up
from db.wire.v1.signed import fingerprint
from db.wire.v1.steps import Stretch, hash_at, lines_after

if TYPE_CHECKING:
    from db.journal import Sealed

SHEETS: Final = "sheets.pdf"
_CHINA: Final = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Provisioned:
    """What was written: for how many villages, and how many of the county's lines each got."""

    villages: int
    lines: int


def provision(
    hub: Hub,
    folder: Path,
    villages: Sequence[Named],
    *,
    advance: Callable[[int], None] = lambda _count: None,
    entropy: Callable[[int], bytes] = os.urandom,
) -> Provisioned:
    """Write for each village `NNNN/kiosk/set-up-....kiosk` and `NNNN.pdf`, and every sheet in `sheets.pdf`.

    `advance` is told of each village whose folder is whole. A run that was cut is made whole by the next.

    Raises:
        SheetError: a name cannot be printed; nothing is written.
        RecoveringError: the hub was restored and waits for what it said since.
        OSError: the folder cannot be written.
    """
    at = hub.now()
    with hub.write() as connection:
        require_recovered(connection)
        keep_names(connection, villages)
        service = service_of(connection)
        codes = [make_code(connection, village.number, at, entropy) for village in villages]
        sheets = [_sheet(hub, *pair, service, at) for pair in zip(villages, codes, strict=True)]
        pages = set_sheets(sheets)
    frames, end = _first_lines(hub)
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        _write(hub, folder, sheet, frames, end)
        advance(1)
    write_durably(folder / SHEETS, pages)
    return Provisioned(len(villages), end[0])


def _sheet(hub: Hub, village: Named, code: str, service: Service, at: int) -> VillageSheet:
    until = datetime.fromtimestamp((at + CODE_LIVES_MILLISECONDS) / 1000, UTC).astimezone(_CHINA)
    return VillageSheet(
        village.number, village.name, code, fingerprint(hub.key.public), service.address, service.phone,
        until.date().isoformat(),
    )  # fmt: skip


def _first_lines(hub: Hub) -> tuple[bytes, tuple[int, bytes]]:
    """Return the frames of all the county says to every village, with seq and hash of their end."""
    lines: list[Sealed] = []
    with hub.read() as connection:
        last = last_seq(connection, COMMON_VILLAGE, COUNTY_LOG)
        while len(lines) < last:
            lines += lines_after(connection, Stretch(COMMON_VILLAGE, COUNTY_LOG, len(lines)), last)
        end = hash_at(connection, COMMON_VILLAGE, COUNTY_LOG, last) or bytes(32)
    return frames_of(lines), (last, end)


def _write(hub: Hub, folder: Path, sheet: VillageSheet, frames: bytes, end: tuple[int, bytes]) -> None:
    said = Provision(
        village=sheet.village, name=sheet.name, address=sheet.address, phone=sheet.phone, code=sheet.code,
        key=hub.key.public, sealing=hub.key.sealing, seq=end[0], hash=end[1].hex(), speaks=hub.speaks,
    )  # fmt: skip
    data = make_set_up(hub.key, said, frames)
    place = folder / f"{sheet.village:04}" / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    name = set_up_name(sheet.village, data)
    write_durably(place / name, data)
    for file in place.iterdir():
        if file.name != name and village_of_set_up(file.name) is not None:
            with suppress(FileNotFoundError):
                file.unlink()
    write_durably(folder / f"{sheet.village:04}.pdf", set_sheets([sheet]))
