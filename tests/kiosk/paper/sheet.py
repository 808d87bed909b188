"""Reads a PDF as its users do: as pages in the printer's own dots, with a barcode reader and as text."""

from itertools import groupby

import pypdfium2
import zxingcpp
from PIL import Image

from kiosk.paper.bars import modules

RESOLUTIONS = (203, 300)


def pages(pdf: bytes, dpi: int) -> list[Image.Image]:
    """Every page as a 1-bit picture at ``dpi``: what a printer without grey makes of it.

    The renderer rounds the page up to whole dots and stretches it; a scale a millionth smaller keeps the dots whole.
    """
    scale = dpi / 72 * (1 - 1e-6)
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=scale, grayscale=True).to_pil().point(black_or_white, "1") for page in document]


def black_or_white(level: float) -> int:
    """Half grey and darker is ink."""
    return 0 if level < 128 else 255


def codes(page: Image.Image) -> list[str]:
    """Every Code 128 that a reader finds on the page, sorted."""
    found = zxingcpp.read_barcodes(page.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.Code128))
    return sorted(barcode.text for barcode in found)


def codes_of(pdf: bytes, dpi: int) -> list[str]:
    """Every Code 128 in the PDF, sorted."""
    return sorted(code for page in pages(pdf, dpi) for code in codes(page))


def text_of(pdf: bytes) -> str:
    """The text of all pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def runs(page: Image.Image) -> dict[str, list[int]]:
    """For every code on the page the widths in dots of its bars and spaces, from the left, across its middle."""
    found = zxingcpp.read_barcodes(page.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.Code128))
    return {barcode.text: _runs(page, barcode.position) for barcode in found}


def _runs(page: Image.Image, place: zxingcpp.Position) -> list[int]:
    middle = (place.top_left.y + place.bottom_left.y) // 2
    row = [page.getpixel((x, middle)) == 0 for x in range(place.top_left.x - 20, place.top_right.x + 20)]
    return [len(list(run)) for _, run in groupby(row)][1:-1]


def expected_runs(code: str, module_dots: int) -> list[int]:
    """What ``runs`` gives for ``code`` when every module is so many dots wide."""
    return [len(list(run)) * module_dots for _, run in groupby(modules(code))]
