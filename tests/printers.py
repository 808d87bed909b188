"""Slip printers of tests: the simulated ones, spoken to as a printer that is nearer than a real one."""

from collections.abc import Iterator

import pytest

from kiosk.devices.printer import dialogue
from kiosk.devices.printer.simulated import TcpPrinter


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same conversation with less patience."""
    monkeypatch.setattr(dialogue, "ANSWER_SECONDS", 0.15)
    monkeypatch.setattr(dialogue, "SLIP_SECONDS", 0.6)


@pytest.fixture
def paper(short_waits: None) -> Iterator[TcpPrinter]:
    """A slip printer on the network."""
    with TcpPrinter() as printer:
        yield printer
