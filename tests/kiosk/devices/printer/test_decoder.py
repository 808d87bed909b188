"""The simulated printer tells a good stream from a bad one."""

import pytest
import zxingcpp

from kiosk.devices.printer.decoder import BOX, Decoder
from kiosk.devices.printer.escpos import render
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.elements import NARROW, WIDE, Cut, Text
from kiosk.paper.slip import slip
from tests.kiosk.paper.contents import SLIP_CODE, redemption


def decoded(data: bytes, columns: int = NARROW) -> Decoder:
    """A printer that has worked off ``data``."""
    decoder = Decoder(columns, lambda _answer: None)
    decoder.take(data)
    decoder.run()
    return decoder


def test_boxes_are_printed_when_chinese_mode_was_not_switched_on() -> None:
    """The simulator is no better than a printer: GB18030 outside Chinese mode is rubbish."""
    assert decoded(b"\x1b@" + "食盐\n".encode("gb18030")).current.text == BOX * 4 + "\n"


def test_boxes_are_printed_when_four_byte_codes_arrive() -> None:
    """A printer's font has no four-byte characters."""
    assert "𠮷" not in decoded(b"\x1c&" + "𠮷\n".encode("gb18030")).current.text
    assert BOX in decoded(b"\x1c&" + "𠮷\n".encode("gb18030")).current.text


def test_a_line_goes_on_below_when_it_is_too_long() -> None:
    """A layout that counts wrongly shows as a broken line."""
    assert decoded(b"\x1c&" + ("王" * 17 + "\n").encode("gb18030")).current.text == "王" * 16 + "\n王\n"


def test_the_same_slip_comes_out_when_bytes_arrive_one_by_one() -> None:
    """Commands and double bytes may be cut anywhere by the wire."""
    data = render(slip(redemption(head="王𠮷"), Texts("zh_CN"), NARROW), NARROW)
    whole = decoded(data)
    pieces = Decoder(NARROW, lambda _answer: None)
    for byte in data:
        pieces.take(bytes((byte,)))
        pieces.run()
    assert [receipt.text for receipt in pieces.receipts] == [receipt.text for receipt in whole.receipts]
    assert len(whole.receipts) == 1


def test_nothing_is_lost_when_paper_runs_out_in_the_middle() -> None:
    """The rest stays in the memory and comes out on the new roll."""
    decoder = Decoder(NARROW, lambda _answer: None)
    decoder.lines_left = 2
    decoder.take(render([Text("一"), Text("二"), Text("三"), Cut()]))
    decoder.run()
    assert (decoder.current.text, decoder.receipts, decoder.has_paper) == ("一\n二\n", [], False)
    decoder.lines_left = None
    decoder.run()
    assert [receipt.text for receipt in decoder.receipts] == ["一\n二\n三\n"]


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_of_a_slip_is_read_when_it_comes_out_on_paper(language: str, columns: int) -> None:
    """The picture of the slip at the printer's own 203 dpi, black and white, can be scanned."""
    decoder = decoded(render(slip(redemption(), Texts(language), columns), columns), columns)
    picture = decoder.receipts[0].picture
    assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [SLIP_CODE]
    assert picture.width == columns * 12 + 80
