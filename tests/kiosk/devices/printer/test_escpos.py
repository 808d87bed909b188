"""The bytes that go to a printer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.printer import glyphs
from kiosk.devices.printer.decoder import BOX, Decoder
from kiosk.devices.printer.escpos import Charset, is_known, render
from kiosk.devices.printer.receipt import Receipt
from kiosk.paper.elements import NARROW, Big, Code128, Cut, Element, Rule, Text, pair
from kiosk.paper.layout import lines_of
from kiosk.paper.width import on_paper


def printed(*elements: Element, columns: int = NARROW, charset: Charset = Charset.GBK) -> Receipt:
    """What a printer makes of the elements."""
    decoder = Decoder(columns, lambda _answer: None)
    decoder.take(render((*elements, Cut()), columns, charset))
    decoder.run()
    return decoder.receipts[0]


def test_a_line_is_gb18030_in_chinese_mode_when_rendered() -> None:
    """Reset, Chinese mode once, then the text as double bytes, a line end, and the knife."""
    assert render([Text("食盐，3分"), Cut()]) == b"\x1b@\x1c&" + "食盐，3分\n".encode("gb18030") + b"\x1dVB\x00"


def test_lone_punctuation_is_printed_when_no_chinese_character_stands_beside_it() -> None:
    """Full-width marks by themselves, where a guess per line would send question marks."""
    assert printed(Text("，。（）【】：·×")).text == "，。（）【】：·×\n"


@pytest.mark.parametrize("character", "𠮷㐂䶮")
def test_a_rare_character_is_drawn_in_its_place_when_the_printer_lacks_it(character: str) -> None:
    """The glyph comes as 24 x 24 dots inside the line, and they are its dots and no empty box."""
    receipt = printed(Text(f"王{character}明"))
    assert receipt.text == "王〓明\n"
    (image,) = receipt.images
    assert image.tobytes() == glyphs.drawn(character, 24).tobytes()
    assert image.tobytes() != glyphs.drawn("〓", 24).tobytes()


def test_columns_stay_aligned_when_a_drawn_character_stands_in_a_row() -> None:
    """A drawn character takes the two columns it was counted with."""
    lines = printed(pair("住户", "王𠮷·买买提"), pair("合计", "42.5"), Rule()).lines
    assert [sum(part.dots for part in line.parts if hasattr(part, "dots")) for line in lines] == [384, 384, 384]


def test_a_big_line_is_one_image_when_a_rare_character_stands_in_it() -> None:
    """Dots inside a line do not grow with it, so the whole line is drawn 48 dots high."""
    receipt = printed(Big("㐂村"))
    (image,) = receipt.images
    assert image.height == 48
    assert image.crop((144, 0, 240, 48)).tobytes() == glyphs.drawn("㐂村", 48).tobytes()


def test_big_text_is_doubled_for_both_alphabets_when_printed() -> None:
    """Double size holds for Chinese and Latin and ends with the line."""
    first, second = printed(Big("村A1"), Text("村A1")).lines
    assert [part.dots for part in first.parts[-3:] if hasattr(part, "dots")] == [48, 24, 24]
    assert [part.dots for part in second.parts if hasattr(part, "dots")] == [24, 12, 12]


@pytest.mark.parametrize(
    ("character", "charsets"),
    [
        ("王", {Charset.GBK, Charset.GB2312}),
        ("，", {Charset.GBK, Charset.GB2312}),
        ("é", {Charset.GBK, Charset.GB2312}),
        ("A", {Charset.GBK, Charset.GB2312}),
        ("犇", {Charset.GBK}),
        ("䶮", set()),
        ("€", set()),
        ("\ue000", set()),
    ],
)
def test_a_character_counts_as_known_when_the_printers_font_has_it(character: str, charsets: set[Charset]) -> None:
    """The charset of the setting decides what is drawn; later additions of GB18030 and private codes always are."""
    assert {charset for charset in Charset if is_known(character, charset)} == charsets


def test_a_name_is_drawn_when_the_printer_has_only_the_old_charset() -> None:
    """犇 is in GBK and not in GB2312."""
    assert printed(Text("李犇"), charset=Charset.GB2312).text == "李〓\n"
    assert printed(Text("李犇")).text == "李犇\n"


@pytest.mark.parametrize(("columns", "module_dots"), [(32, 2), (48, 3)])
def test_a_barcode_leaves_room_for_its_quiet_zones_when_printed(columns: int, module_dots: int) -> None:
    """Three dots a module on wide paper; on narrow paper only two leave ten modules of white at both sides."""
    receipt = printed(Code128("2801232345678967"), columns=columns)
    bars = receipt.lines[0].parts[0]
    assert (123 + 20) * module_dots <= columns * 12
    assert (getattr(bars, "digits", ""), getattr(bars, "module_dots", 0)) == ("2801232345678967", module_dots)
    assert receipt.lines[0].is_centred
    assert receipt.lines[1].text.strip() == "2801 2323 4567 8967"


def test_a_printer_without_a_knife_feeds_when_the_slip_ends() -> None:
    """The tear-off edge lies some lines above the head."""
    assert render([Cut()], cuts=False).endswith(b"\x1bd\x05")


@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_any_text_prints_as_laid_out_when_rendered(texts: list[str]) -> None:
    """Whatever a name or goods are called: no line wraps in the printer, no box, no stray command."""
    elements: list[Element] = [Text(text) for text in texts]
    wanted = [line for element in elements for line in lines_of(element, NARROW, on_paper)]
    shown = ["".join(c if is_known(c, Charset.GBK) else "〓" for c in line) for line in wanted]
    assert printed(*elements).text == "".join(f"{line}\n" for line in shown)
    assert BOX in "".join(texts) or BOX not in printed(*elements).text
