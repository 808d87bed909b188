"""Parcels: lines of a log in a sealed file, for a stick. Any file may come any number of times, in any order.

A parcel is signed by its sender and sealed to its receiver, because it carries names: X25519 with a fresh key, HKDF and
ChaCha20-Poly1305. Inside: the length of the signed message (four bytes), the message, and the frames of the lines. The
name carries a digest of the file, so that a torn one is known before it is opened.
"""

import hashlib
import re
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.journal import Sealed
from db.line import FIRST_PREVIOUS_HASH, chain
from db.wire.v1.frame import LARGEST_PIECE, FrameError, FrameReader, cut_lines, make_frame
from db.wire.v1.message import Parcel
from db.wire.v1.signed import Key, SignatureError, heard, read_unchecked, sealing_key

SUFFIX: Final = ".kiosk"
LARGEST_PARCEL: Final = 8 * 1024 * 1024
_MAGIC: Final = b"kiosk1 parcel\n"
_LENGTH: Final = struct.Struct(">I")
_PUBLIC_BYTES: Final = 32
_NONCE: Final = bytes(12)
_NAME: Final = re.compile(r"^(to|from)-(\d{4})-(\d{1,7})-(\d{1,16})-([0-9a-f]{16})\.kiosk$")


class ParcelError(ValueError):
    """A file that is no parcel for us; `reason` is torn, sealed, stranger, signature or content."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep the reason apart from the words."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


@dataclass(frozen=True)
class Label:
    """What a parcel's name says: whether it goes `to` a village or comes `from` it, which log, up to which seq."""

    way: str
    village: int
    log: int
    seq: int
    digest: str


@dataclass(frozen=True)
class Opened:
    """An opened parcel: what its sender says, the lines, and the signed message itself."""

    said: Parcel
    lines: tuple[Sealed, ...]
    message: bytes = b""


def read_file(file: Path, largest: int = LARGEST_PARCEL) -> bytes:
    """Return what a file on a stick holds, whoever put it there under a name of ours.

    Raises:
        ParcelError: no file, larger than any of ours, or not to be read to its end (torn). One of them stops nothing:
            whether the stick itself is still there is seen by whoever writes on it.
    """
    try:
        if not file.is_file():  # a folder, or what would be waited for for ever
            raise ParcelError("torn", "no file")
        with file.open("rb") as opened:
            data = opened.read(largest + 1)
    except OSError as error:
        raise ParcelError("torn", error.strerror or "") from error
    if len(data) > largest:
        raise ParcelError("torn", "larger than any parcel")
    return data


def make_parcel(
    key: Key, receiver: str, said: Parcel, lines: Sequence[Sealed], entropy: Callable[[int], bytes]
) -> bytes:
    """Return a parcel signed with `key` and sealed to the sealing key `receiver`."""
    message = key.say(Parcel.KIND, said)
    frames = b"".join(make_frame(piece) for piece in cut_lines(lines, LARGEST_PIECE))
    return seal(receiver, join(message, frames), entropy)


def open_parcel(
    key: Key, label: Label, data: bytes, sender_of: Callable[[Parcel], str | None], spoken: Sequence[int]
) -> Opened:
    """Return what a parcel holds, if it was sealed to `key` and signed by whom `sender_of` names for what it says.

    The lines of a sender with whom no version of the protocol `spoken` here is common are not read.

    Raises:
        ParcelError: not what its name promises (torn), sealed to another (sealed), from nobody known (stranger), not
            signed by its sender (signature), or its lines cannot be read (content). Their chain is the receiver's
            matter, who knows what is held before them.
    """
    if digest_of(data) != label.digest:
        raise ParcelError("torn", "pulled too early")
    message, frames = split(unseal(key, data))
    try:
        public = sender_of(read_unchecked(message, Parcel.KIND, Parcel))
        if public is None:
            raise ParcelError("stranger", "nobody we know")
        said = heard(message, Parcel.KIND, Parcel, public)
    except SignatureError as error:
        raise ParcelError("signature", error.reason) from error
    is_common = not set(spoken).isdisjoint(said.speaks)
    return Opened(said, read_lines(frames, said.seq - said.after) if is_common else (), message)


def name_of(way: str, village: int, said: Parcel, data: bytes) -> str:
    """Return the file name of a parcel that goes `to` a village or comes `from` it."""
    return f"{way}-{village:04}-{said.log}-{said.seq}-{digest_of(data)}{SUFFIX}"


def read_name(name: str) -> Label | None:
    """Return what a file name says, or None for a file that is no parcel."""
    found = _NAME.match(name)
    if found is None:
        return None
    way, village, log, seq, digest = found.groups()
    return Label(way, int(village), int(log), int(seq), digest)


def end_of(before: bytes | None, lines: Iterable[Sealed]) -> bytes:
    """Return the hash at which a chain ends that had reached `before`."""
    reached = before or FIRST_PREVIOUS_HASH
    for sealed in lines:
        reached = chain(reached, sealed.line)
    return reached


def read_lines(frames: bytes, count: int) -> tuple[Sealed, ...]:
    """Return the lines of whole frames. Raises ParcelError (content) where they are not `count`."""
    reader = FrameReader()
    try:
        lines: list[Sealed] = []
        for piece in reader.frames(frames):
            lines += piece
            if len(lines) > count:
                break
    except FrameError as error:
        raise ParcelError("content", error.reason) from error
    if not reader.is_at_border or len(lines) != count:
        raise ParcelError("content", "other lines than the message says")
    return tuple(lines)


def seal(receiver: str, content: bytes, entropy: Callable[[int], bytes]) -> bytes:
    """Return a content that only whoever has the sealing key `receiver` can read."""
    fresh = X25519PrivateKey.from_private_bytes(entropy(32))
    public = fresh.public_key().public_bytes_raw()
    shared = fresh.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(receiver)))
    return _MAGIC + public + ChaCha20Poly1305(_cipher_key(shared, public)).encrypt(_NONCE, content, _MAGIC)


def unseal(key: Key, data: bytes) -> bytes:
    """Return a content that was sealed to `key`. Raises ParcelError (torn, sealed)."""
    start = len(_MAGIC)
    if not data.startswith(_MAGIC) or len(data) < start + _PUBLIC_BYTES or len(data) > LARGEST_PARCEL:
        raise ParcelError("torn", "no parcel")
    public = data[start : start + _PUBLIC_BYTES]
    try:
        shared = sealing_key(key.seed).exchange(X25519PublicKey.from_public_bytes(public))
        return ChaCha20Poly1305(_cipher_key(shared, public)).decrypt(_NONCE, data[start + _PUBLIC_BYTES :], _MAGIC)
    except (InvalidTag, ValueError) as error:
        raise ParcelError("sealed", "to somebody else") from error


def join(message: bytes, frames: bytes) -> bytes:
    """Put a signed message and the frames behind it together."""
    return _LENGTH.pack(len(message)) + message + frames


def split(content: bytes) -> tuple[bytes, bytes]:
    """Take a signed message and the frames behind it apart. Raises ParcelError (content)."""
    if len(content) < _LENGTH.size:
        raise ParcelError("content", "nothing inside")
    (length,) = _LENGTH.unpack_from(content)
    return content[_LENGTH.size : _LENGTH.size + length], content[_LENGTH.size + length :]


def digest_of(data: bytes) -> str:
    """Return the digest by which a file's name tells whether the file is whole."""
    return hashlib.sha256(data).hexdigest()[:16]


def _cipher_key(shared: bytes, public: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=public, info=b"kiosk1 parcel").derive(shared)
