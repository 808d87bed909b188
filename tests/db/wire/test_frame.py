"""Frames: what goes in comes out, byte for byte, and rubbish never does."""

import struct
import tracemalloc
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as some

from db.journal import Sealed
from db.line import Private
from db.wire.v1.frame import (
    LARGEST_COMPRESSED,
    LARGEST_INFLATED,
    FrameError,
    FrameReader,
    cut_lines,
    make_frame,
    make_frames,
)

LINES = some.lists(
    some.builds(
        Sealed,
        some.text(some.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"]), max_size=60).map(
            lambda text: b"{" + text.encode()
        ),
        some.none()
        | some.builds(
            Private,
            some.binary(min_size=16, max_size=16),
            some.text(some.characters(exclude_characters="\n\0", exclude_categories=["Cs"]), max_size=40),
        ),
    ),
    min_size=1,
    max_size=20,
)


@given(LINES, some.integers(1, 40))
def test_lines_come_out_as_they_went_in_when_bytes_arrive_in_any_pieces(lines: list[Sealed], step: int) -> None:
    """A frame is put together from whatever the line lets through."""
    data = make_frame(lines) + make_frame(lines[:1])
    reader, found = FrameReader(), []
    for start in range(0, len(data), step):
        found += reader.feed(data[start : start + step])
    assert found == [lines, lines[:1]]
    assert reader.is_at_border


@given(some.lists(LINES, min_size=1, max_size=5), some.integers(1, 40))
def test_lines_come_out_as_they_went_in_when_frames_are_linked(pieces: list[list[Sealed]], step: int) -> None:
    """The same, where each frame of a stream leans on those before it."""
    data = b"".join(make_frames(pieces))
    reader, found = FrameReader(), []
    for start in range(0, len(data), step):
        found += reader.feed(data[start : start + step])
    assert found == pieces


def test_linked_frame_is_refused_when_the_frames_before_it_are_missing_or_others() -> None:
    """It says nothing alone, nor after frames of another stream; and it is far shorter than one that stands alone."""
    pieces = [[Sealed(b'{"seq":%d,"who":"%d"}' % (n, n * n)) for n in range(300)]] * 2
    first, linked = make_frames(pieces)
    assert len(linked) < len(first) / 10
    with pytest.raises(FrameError, match="content"):
        FrameReader().feed(linked)
    with pytest.raises(FrameError):
        FrameReader().feed(make_frame([Sealed(b'{"seq":%d}' % n) for n in range(300)]) + linked)


@given(LINES, some.integers(1, 2_000))
def test_every_line_is_in_one_piece_when_a_log_is_cut(lines: list[Sealed], size: int) -> None:
    """No fact is split, none is lost, and the order stays."""
    pieces = list(cut_lines(lines, size))
    assert [line for piece in pieces for line in piece] == lines
    assert all(pieces)


@given(some.binary(max_size=200))
def test_rubbish_is_refused_when_it_is_fed(data: bytes) -> None:
    """Any bytes end in lines or in a refusal, never in another failure."""
    with suppress(FrameError):
        FrameReader().feed(data)


def test_flipped_byte_is_noticed_when_a_frame_arrives() -> None:
    """The hub would keep a line that is still one; so a frame either comes as it was sent, or not at all."""
    lines = [Sealed(b'{"seq":%d}' % number) for number in range(50)]
    data = make_frame(lines)
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 0x41
        with suppress(FrameError):
            assert FrameReader().feed(bytes(broken)) == []


def test_frame_is_refused_when_it_has_no_checksum() -> None:
    """Whoever leaves it out is no program of ours."""
    content = b'{"seq":1}\n'
    data = zstandard.ZstdCompressor().compress(content)
    with pytest.raises(FrameError, match="zstd"):
        FrameReader().feed(struct.pack(">II", len(data), len(content)) + data)


def test_frames_are_inflated_one_by_one_when_many_come_at_once() -> None:
    """A thousand megabytes in a few bytes are never held together; line ends alone are no lines."""
    ends = b"\n" * LARGEST_INFLATED
    data = zstandard.ZstdCompressor(write_checksum=True).compress(ends)
    bomb = struct.pack(">II", len(data), len(ends)) + data
    first = make_frame([Sealed(b'{"seq":1}')])
    frames = FrameReader().frames(first + 1_000 * bomb)
    assert next(frames) == [Sealed(b'{"seq":1}')]
    tracemalloc.start()
    with pytest.raises(FrameError, match="content"):
        next(frames)
    assert tracemalloc.get_traced_memory()[1] < 16 * LARGEST_INFLATED
    tracemalloc.stop()


def test_bomb_is_refused_when_it_claims_or_hides_its_size() -> None:
    """A gigabyte of zeros never takes a gigabyte."""
    bomb = zstandard.ZstdCompressor().compress(bytes(64 * LARGEST_INFLATED))
    for claimed in (10, LARGEST_INFLATED):
        with pytest.raises(FrameError, match="length"):
            FrameReader().feed(struct.pack(">II", len(bomb), claimed) + bomb)
    hidden = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(64 * LARGEST_INFLATED))
    with pytest.raises(FrameError):
        FrameReader().feed(struct.pack(">II", len(hidden), LARGEST_INFLATED) + hidden)


def test_length_is_refused_when_it_is_beyond_the_limits() -> None:
    """Before a byte of the content is waited for."""
    with pytest.raises(FrameError, match="length"):
        FrameReader().feed(struct.pack(">II", LARGEST_COMPRESSED + 1, 1))
    with pytest.raises(FrameError, match="length"):
        FrameReader().feed(struct.pack(">II", 1, LARGEST_INFLATED + 1))


@pytest.mark.parametrize("content", [b'{"a":1}', b"+00 text\n", b"{}\n+zz text\n", b"{}\n+" + b"0" * 32 + b" \xff\n"])
def test_content_is_refused_when_it_is_no_list_of_facts(content: bytes) -> None:
    """A line that is cut, a text without its line, a salt that is none, a text that is no text."""
    data = zstandard.ZstdCompressor(write_checksum=True).compress(content)
    with pytest.raises(FrameError, match="content"):
        FrameReader().feed(struct.pack(">II", len(data), len(content)) + data)
