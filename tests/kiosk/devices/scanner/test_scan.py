"""One scan, whatever wire it came by."""

import pytest

from kiosk.devices.scanner.scan import LONGEST, Scan, Wire, make_scan


@pytest.mark.parametrize(
    ("raw", "symbology", "text"),
    [
        ("6990103300302", None, "6990103300302"),
        ("]E06990103300302", "]E0", "6990103300302"),
        ("]C1\x1d0106\x1d15", "]C1", "\x1d0106\x1d15"),
        ("\x02]E069\x00\x7f\x9b\ud80090\x03", "]E0", "6990"),
        ("]", None, "]"),
        ("]!0690", None, "]!0690"),
        ("", None, ""),
        ("张三", None, "张三"),
    ],
)
def test_a_scan_holds_text_and_identifier_when_it_is_made(raw: str, symbology: str | None, text: str) -> None:
    """Control characters go, the group separator stays, the AIM identifier stands for itself."""
    assert make_scan(raw, Wire.SERIAL, 1.5) == Scan(text, Wire.SERIAL, symbology, 1.5)


@pytest.mark.parametrize("front", ["", "]E0", "\x02"])
def test_a_scan_is_cut_when_it_is_too_long(front: str) -> None:
    """The text alone counts, whatever stood before it."""
    assert make_scan(front + "7" * 200, Wire.WEDGE, 0.0).text == "7" * LONGEST
