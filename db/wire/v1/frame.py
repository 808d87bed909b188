"""Frames: consecutive whole lines of one log, compressed together; a frame never splits a fact.

A frame is two numbers of four bytes, big-endian (length compressed, length inflated), then zstd data with its checksum:
a line that was changed on its way may still be one, and would be kept. Inflated it is a record for each fact (see
`record`). Where the second number has its highest bit set, the frame is linked: it was compressed against the end of
what the frames before it in the same stream hold, inflated, and says nothing without them. So small frames, of which a
cut costs little, take hardly more bytes than large ones.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

import zstandard

from db.journal import Sealed
from db.wire.v1.record import RecordError, length_of, read_records, write_records

LARGEST_COMPRESSED: Final = 640 * 1024
LARGEST_INFLATED: Final = 1024 * 1024
LARGEST_PIECE: Final = 512 * 1024
"""A piece of this size inflated fits into a frame however badly it compresses."""
MOST_RECORDS: Final = 20_000
"""No line is so short that more of them fit; a frame of line ends alone would become a million objects."""
LEVEL: Final = 6
LINKED_TO: Final = 256 * 1024
"""Bytes of what came before that a linked frame may repeat; both sides hold them while the stream lasts."""
_LINKED: Final = 1 << 31
_LENGTHS: Final = struct.Struct(">II")


class FrameError(ValueError):
    """Bytes that are no frame; `reason` is length, zstd or content. Nothing of the frame may be used."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep the reason apart from the words."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def make_frame(lines: Iterable[Sealed]) -> bytes:
    """Return the frame of some lines, which stands alone.

    Raises:
        FrameError: they are too many for one frame (length).
    """
    return _frame(write_records(lines), b"")


def make_frames(pieces: Iterable[Iterable[Sealed]]) -> Iterator[bytes]:
    """Yield the frames of one stream, each after the first linked to those before it. Raises as `make_frame`."""
    before = b""
    for lines in pieces:
        content = write_records(lines)
        yield _frame(content, before)
        before = _end(before, content)


def _frame(content: bytes, before: bytes) -> bytes:
    data = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, dict_data=_given(before)).compress(content)
    if len(content) > LARGEST_INFLATED or len(data) > LARGEST_COMPRESSED:
        raise FrameError("length", f"{len(content)} inflated, {len(data)} compressed")
    return _LENGTHS.pack(len(data), len(content) | (_LINKED if before else 0)) + data


def _given(before: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(before, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if before else None


def _end(before: bytes, content: bytes) -> bytes:
    """Return what the next frame of a stream is linked to."""
    return content[-LINKED_TO:] if len(content) >= LINKED_TO else (before + content)[-LINKED_TO:]


def cut_lines(lines: Iterable[Sealed], size: int, largest: int = 0) -> Iterator[list[Sealed]]:
    """Yield the lines in pieces of about `size` bytes inflated, at least one line each, none beyond a frame.

    With `largest` each piece is twice the one before, up to that. A piece is yielded when the line after it is asked.
    """
    size = min(size, LARGEST_PIECE)
    largest = min(max(size, largest), LARGEST_PIECE)
    piece: list[Sealed] = []
    held = 0
    for sealed in lines:
        length = length_of(sealed)
        if piece and held + length > size:
            yield piece
            piece, held, size = [], 0, min(2 * size, largest)
        piece.append(sealed)
        held += length
    if piece:
        yield piece


class FrameReader:
    """Puts frames together from bytes as they arrive."""

    def __init__(self) -> None:
        """Begin at the border of a frame."""
        self._held = bytearray()
        self._before = b""

    @property
    def is_at_border(self) -> bool:
        """Whether no part of a frame is held: a stream that ends elsewhere was cut."""
        return not self._held

    def feed(self, data: bytes) -> list[list[Sealed]]:
        """Take some bytes and return the lines of every frame that is now whole. Raises as `frames`."""
        return list(self.frames(data))

    def frames(self, data: bytes) -> Iterator[list[Sealed]]:
        """Take some bytes and yield the lines of every frame that is now whole, each inflated when it is asked for.

        A few bytes may hold a thousand frames that inflate to a megabyte each, so a hub takes them one by one.

        Raises:
            FrameError: a length is beyond the limits, or the content is no frame; the stream cannot go on.
        """
        self._held += data
        while len(self._held) >= _LENGTHS.size:
            compressed, inflated = _LENGTHS.unpack_from(self._held)
            is_linked, inflated = bool(inflated & _LINKED), inflated & ~_LINKED
            if compressed > LARGEST_COMPRESSED or inflated > LARGEST_INFLATED:
                raise FrameError("length", f"{inflated} inflated, {compressed} compressed")
            if len(self._held) < _LENGTHS.size + compressed:
                break
            data = bytes(self._held[_LENGTHS.size : _LENGTHS.size + compressed])
            del self._held[: _LENGTHS.size + compressed]
            if is_linked and not self._before:
                raise FrameError("content", "linked to nothing")
            content = _inflate(data, inflated, self._before if is_linked else b"")
            self._before = _end(self._before if is_linked else b"", content)
            yield _facts(content)


def _inflate(data: bytes, length: int, before: bytes) -> bytes:
    """Return what a frame holds; never more memory than its lengths allow, whatever the data claims."""
    try:
        if zstandard.frame_content_size(data) not in (length, -1):
            raise FrameError("length", "the data claims another length")
        if not zstandard.get_frame_parameters(data).has_checksum:
            raise FrameError("zstd", "no checksum")
        content = zstandard.ZstdDecompressor(dict_data=_given(before), max_window_size=2 * LARGEST_INFLATED).decompress(
            data, max_output_size=max(length, 1), allow_extra_data=False
        )
    except zstandard.ZstdError as error:
        raise FrameError("zstd", str(error)) from error
    if len(content) != length:
        raise FrameError("length", f"{len(content)} instead of {length}")
    return content


def _facts(content: bytes) -> list[Sealed]:
    if content.count(b"\n") > MOST_RECORDS:
        raise FrameError("content", "too many records")
    try:
        return read_records(content)
    except RecordError as error:
        raise FrameError("content", str(error)) from error
