"""The papers of the practice desk: codes a scanner reads, and the word that somebody has learned it."""

import pytest
import zxingcpp

from kiosk.coach import STEPS
from kiosk.devices.printer.decoder import Decoder
from kiosk.devices.printer.escpos import render
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.elements import NARROW
from kiosk.paper.layout import text_slip
from kiosk.paper.practice_slip import codes_slip, learned_slip

CODES = {"card": "2699991234567870", "salt": "06990103300302", "soap": "06990102200207"}


def test_the_codes_are_read_when_they_come_out_on_paper() -> None:
    """A card and two kinds of goods, from the picture of the slip."""
    decoder = Decoder(NARROW, lambda _answer: None)
    decoder.take(render(codes_slip(CODES, Texts()), NARROW))
    decoder.run()
    found = zxingcpp.read_barcodes(decoder.receipts[0].picture.convert("L"))
    assert {code.text for code in found} == set(CODES.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_stands_there_when_somebody_has_learned_it(language: str) -> None:
    """With name, day and a line for the secretary."""
    texts = Texts(language)
    shown = text_slip(learned_slip("陈芳", "2026-11-22", STEPS, texts, NARROW), NARROW)
    assert [step for step in STEPS if texts(f"practice.step.{step}") not in shown.replace("\n", "")] == []
    assert "陈芳  2026-11-22" in shown
