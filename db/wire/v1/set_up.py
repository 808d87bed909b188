"""The beginning of a village without a line: what the county puts on a stick for it, and how its terminal asks.

A set-up file holds the county's keys, the village's number and name, its one-time code and the county's first lines
for everybody. Nothing in it is about a person, so it is signed and not sealed; what the county says to the village
alone follows in parcels, sealed to the key that the terminal makes. The terminal's question is sealed to the county.

The printed sheet says the same to whoever has no stick: 28 digits in one barcode, the county's address in another.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from urllib.parse import urlsplit

from db.journal import Sealed
from db.wire.v1.frame import LARGEST_PIECE, cut_lines, make_frame
from db.wire.v1.message import Enrolment, Message, Seq, Speaks, Village, Whole, Words
from db.wire.v1.parcel import SUFFIX, ParcelError, digest_of, end_of, join, read_lines, seal, split, unseal
from db.wire.v1.signed import Key, SignatureError, fingerprint, heard

SHEET_TYPE: Final = "24"
CODE_DIGITS: Final = 10
CHECK_DIGITS: Final = 12
LARGEST_SET_UP: Final = 64 * 1024 * 1024
_MAGIC: Final = b"kiosk1 set-up\n"
_SET_UP: Final = re.compile(r"^set-up-(\d{4})-([0-9a-f]{16})\.kiosk$")
_ASKING: Final = re.compile(r"^ask-(\d{4})-(\d{1,7})-([0-9a-f]{16})\.kiosk$")
_SHEET: Final = re.compile(rf"^{SHEET_TYPE}(\d{{4}})(\d{{{CODE_DIGITS}}})(\d{{{CHECK_DIGITS}}})$")
_ADDRESS: Final = re.compile(r"^(0|1)(\d{3})(\d{3})(\d{3})(\d{3})(\d{5})$")
_SCHEMES: Final = ("http", "https")
_PORTS: Final = {"http": 80, "https": 443}


class Provision(Message):
    """What the county says to a terminal that begins: its keys, the village, the code, and how far its lines reach."""

    KIND: ClassVar[str] = "provision"
    village: Village
    name: Words
    address: Words
    phone: Words
    code: Words
    key: Whole
    sealing: Whole
    seq: Seq
    hash: Whole
    speaks: Speaks = (1,)


@dataclass(frozen=True)
class SetUp:
    """An opened set-up file: what the county says, and its first lines for all villages."""

    said: Provision
    lines: tuple[Sealed, ...]

    @property
    def fingerprint(self) -> str:
        """The county's check digits, which stand on the village's sheet."""
        return fingerprint(self.said.key)


@dataclass(frozen=True)
class SheetCode:
    """What the barcode of a village's sheet says; `check` are the county's twelve check digits."""

    village: int
    code: str
    check: str


@dataclass(frozen=True)
class Asking:
    """What the name of a terminal's question says."""

    village: int
    log: int
    digest: str


def frames_of(lines: Sequence[Sealed]) -> bytes:
    """Return the frames of the county's first lines, which are the same for every village."""
    return b"".join(make_frame(piece) for piece in cut_lines(lines, LARGEST_PIECE))


def make_set_up(key: Key, said: Provision, frames: bytes) -> bytes:
    """Return the set-up file of a village."""
    return _MAGIC + join(key.say(Provision.KIND, said), frames)


def open_set_up(name: str, data: bytes, spoken: Sequence[int]) -> SetUp:
    """Return what a set-up file says, if it is whole and signed by the key it names.

    Whose key that is only its check digits tell: a person compares them with the sheet. Its lines are not read where no
    version of the protocol `spoken` here is common.

    Raises:
        ParcelError: not what its name promises (torn), wrongly signed (signature), or other lines than it says
            (content).
    """
    found = _SET_UP.match(name)
    if found is None or digest_of(data) != found.group(2) or not data.startswith(_MAGIC):
        raise ParcelError("torn", "pulled too early")
    message, frames = split(data[len(_MAGIC) :])
    try:
        said = heard(message, Provision.KIND, Provision)
    except SignatureError as error:
        raise ParcelError("signature", error.reason) from error
    lines = () if set(spoken).isdisjoint(said.speaks) else read_lines(frames, said.seq)
    if said.village != int(found.group(1)) or (lines and end_of(None, lines).hex() != said.hash):
        raise ParcelError("content", "other lines than the message says")
    return SetUp(said, lines)


def set_up_name(village: int, data: bytes) -> str:
    """Return the name of a set-up file."""
    return f"set-up-{village:04}-{digest_of(data)}{SUFFIX}"


def village_of_set_up(name: str) -> int | None:
    """Return for which village a set-up file is, or None for another file."""
    found = _SET_UP.match(name)
    return None if found is None else int(found.group(1))


def make_question(key: Key, hub_sealing: str, said: Enrolment, entropy: Callable[[int], bytes]) -> tuple[str, bytes]:
    """Return name and content of a terminal's question to be known, which only the county can read."""
    data = seal(hub_sealing, key.say(Enrolment.KIND, said), entropy)
    return f"ask-{said.village:04}-{said.log}-{digest_of(data)}{SUFFIX}", data


def open_question(key: Key, asking: Asking, data: bytes) -> Enrolment:
    """Return a terminal's question. Raises ParcelError (torn, sealed, signature, content)."""
    if digest_of(data) != asking.digest:
        raise ParcelError("torn", "pulled too early")
    try:
        said = heard(unseal(key, data), Enrolment.KIND, Enrolment)
    except SignatureError as error:
        raise ParcelError("signature", error.reason) from error
    if (said.village, said.log) != (asking.village, asking.log):
        raise ParcelError("content", "another terminal than its name says")
    return said


def read_asking(name: str) -> Asking | None:
    """Return what the name of a question says, or None for another file."""
    found = _ASKING.match(name)
    return None if found is None else Asking(int(found.group(1)), int(found.group(2)), found.group(3))


def sheet_digits(village: int, code: str, check: str) -> str:
    """Return what the barcode of a sheet says: an even number of digits, of a length no other code has."""
    return f"{SHEET_TYPE}{village:04}{code}{check}"


def read_sheet(text: str) -> SheetCode | None:
    """Return what the scanned barcode of a sheet says, or None for anything else."""
    found = _SHEET.match(text)
    return None if found is None else SheetCode(int(found.group(1)), found.group(2), found.group(3))


def read_address(text: str) -> str | None:
    """Return the county's address as it was scanned, or typed as 18 digits; None for anything else."""
    typed = _ADDRESS.match(text)
    if typed is not None:
        scheme, *numbers, port = typed.groups()
        text = f"{_SCHEMES[int(scheme)]}://{'.'.join(str(int(number)) for number in numbers)}:{int(port)}"
    try:
        parts = urlsplit(text.strip())
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return text.strip() if parts.scheme.lower() in _SCHEMES and has_host else None


def address_digits(address: str) -> str:
    """Return an address as digits for a number pad, or nothing where it has a name or a path and must be scanned."""
    parts = urlsplit(address)
    numbers = (parts.hostname or "").split(".")
    if len(numbers) != 4 or not all(each.isdigit() for each in numbers) or parts.path.strip("/"):  # noqa: PLR2004  because an address of the Internet has four numbers
        return ""
    port = parts.port or _PORTS[parts.scheme]
    return f"{_SCHEMES.index(parts.scheme)}{''.join(f'{int(each):03}' for each in numbers)}{port:05}"
