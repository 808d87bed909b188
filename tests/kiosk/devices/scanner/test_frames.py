"""Bytes to scans: pieces are joined, terminators part them, noise stays bounded."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.codes import Unknown, read_code
from kiosk.devices.scanner.frames import Frames
from kiosk.devices.scanner.scan import LONGEST, Scan, Wire

SALT = "6990103300302"


def texts(scans: list[Scan]) -> list[str]:
    """What the scans say."""
    return [scan.text for scan in scans]


@given(
    st.lists(st.from_regex(r"[0-9A-Z]{1,40}", fullmatch=True), min_size=1, max_size=8),
    st.sampled_from(["\r", "\n", "\r\n", "\t", "\r\r\n\n"]),
    st.lists(st.integers(1, 20), min_size=1),
)
def test_codes_come_whole_when_reads_give_any_pieces(codes: list[str], end: str, sizes: list[int]) -> None:
    """A read returns whatever has arrived: half a code, or two and a half."""
    data = "".join(code + end for code in codes).encode()
    frames, scans, at, step = Frames(), [], 0, 0
    while at < len(data):
        size = sizes[step % len(sizes)]
        scans += frames.feed(data[at : at + size], float(step))
        at, step = at + size, step + 1
    assert texts(scans) == codes
    assert frames.settle(float(step) + 10) == []


def test_a_code_ends_by_silence_when_the_scanner_never_ended_one() -> None:
    """The scan carries the time of its last byte, not of the silence."""
    frames = Frames()
    assert frames.feed(SALT.encode(), 5.0) == []
    assert frames.settle(5.079) == []
    assert frames.settle(5.081) == [Scan(SALT, Wire.SERIAL, None, 5.0)]
    assert frames.settle(9.0) == []


def test_half_a_code_waits_for_its_rest_when_the_scanner_ends_its_codes() -> None:
    """A slow line that pauses inside a code makes no two codes of it."""
    frames = Frames()
    assert texts(frames.feed(b"first\r699010", 1.0)) == ["first"]
    assert frames.settle(1.3) == []
    assert texts(frames.feed(b"3300302\r", 1.4)) == [SALT]


def test_half_a_code_is_given_up_when_its_rest_does_not_come() -> None:
    """It is shown as it is and never joined to the next code."""
    frames = Frames()
    frames.feed(b"first\r699010", 1.0)
    assert texts(frames.settle(1.6)) == ["699010"]
    assert texts(frames.feed(SALT.encode() + b"\r", 2.0)) == [SALT]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("酱油".encode(), "酱油"),
        ("酱油".encode("gb18030"), "½´ÓÍ"),
        (b"\xff\xfe69", "ÿþ69"),
        (b"0106\x1d15", "0106\x1d15"),
        (b"\x0269\x0001\x03", "6901"),
    ],
    ids=["UTF-8", "GB18030", "no text", "group separator", "control characters"],
)
def test_a_text_is_readable_when_its_bytes_are_strange(data: bytes, text: str) -> None:
    """Nothing raises, the group separator stays, other control characters go."""
    assert texts(Frames().feed(data + b"\r", 0.0)) == [text]


def test_the_identifier_is_parted_when_the_scanner_sends_it() -> None:
    """Goods and cards are told apart by it; the wire is the one given."""
    assert Frames(Wire.SIMULATED).feed(b"]E0" + SALT.encode() + b"\r", 2.0) == [Scan(SALT, Wire.SIMULATED, "]E0", 2.0)]


@pytest.mark.parametrize("data", [b"\r\n\t\r\n", b"\x00\x02\x03\r", b""])
def test_no_scan_comes_when_there_is_no_text(data: bytes) -> None:
    """Terminators and control characters alone are no code."""
    frames = Frames()
    assert frames.feed(data, 0.0) == []
    assert frames.settle(10.0) == []


def test_one_cut_scan_comes_when_ten_kilobytes_do_not_end() -> None:
    """Noise is bounded, unknown, and gone with the next terminator."""
    frames = Frames()
    for step in range(100):
        assert frames.feed(SALT.encode() * 8, step / 100) == []
    assert len(frames._kept) <= 1024
    first, second = frames.feed(b"\r" + SALT.encode() + b"\r", 2.0)
    assert len(first.text) == LONGEST
    assert isinstance(read_code(first.text), Unknown)
    assert second.text == SALT


@given(st.binary(max_size=300), st.integers(0, 2**32))
def test_nothing_fails_when_any_bytes_arrive(data: bytes, seed: int) -> None:
    """Every scan is short and can be read as something."""
    frames, scans = Frames(), []
    pieces = random.Random(seed)
    while data:
        size = pieces.randint(1, 50)
        scans += frames.feed(data[:size], 0.0)
        data = data[size:]
    for scan in scans + frames.settle(1.0):
        assert len(scan.text) <= LONGEST
        read_code(scan.text, scan.symbology)
