"""What is said to printers that answer late, in part, or with other bytes in between."""

from dataclasses import dataclass, field

import pytest

from kiosk.devices.printer import dialogue, press
from kiosk.devices.printer.dialogue import (
    ASK_OFFLINE_CAUSE,
    ASK_PAPER,
    ASK_PRINTER,
    ASK_WHEN_DONE,
    Dialogue,
    PrinterState,
)
from kiosk.devices.printer.press import EscposPress, PrintJob
from kiosk.devices.printer.target import Kind, Target
from kiosk.paper.elements import Cut, Text

WELL = {ASK_PRINTER: b"\x12", ASK_PAPER: b"\x12", ASK_OFFLINE_CAUSE: b"\x12"}
STANDS_WITHOUT_PAPER = {ASK_PRINTER: b"\x1a", ASK_PAPER: b"\x7e", ASK_OFFLINE_CAUSE: b"\x32"}
DONE = b"\x00"
SLIP = PrintJob("0123-1-000001", (Text("一"), Cut()))


@dataclass
class Wire:
    """A port with a table of answers; after a slip was sent the table may change, and ``late`` bytes come first."""

    answers: dict[bytes, bytes]
    after_slip: dict[bytes, bytes] | None = None
    late: bytes = b""
    sent: list[bytes] = field(default_factory=list)
    waiting: bytes = b""

    def send(self, data: bytes) -> None:
        """Remember what was said and prepare the answer."""
        self.sent.append(data)
        if data.startswith(b"\x1b@") and self.after_slip is not None:
            self.answers = self.after_slip
        self.waiting += self.answers.get(data, b"")

    def receive(self, seconds: float) -> bytes:
        """Give the answer, or what comes late when nothing else does."""
        del seconds
        got, self.waiting = self.waiting, b""
        if not got:
            got, self.late = self.late, b""
        return got

    def has_paper(self) -> bool:
        """Know nothing of paper."""
        return True

    def close(self) -> None:
        """Stay as it is."""


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of a few milliseconds."""
    monkeypatch.setattr(dialogue, "ANSWER_SECONDS", 0.02)
    monkeypatch.setattr(dialogue, "SLIP_SECONDS", 0.05)


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (WELL, PrinterState.READY),
        (STANDS_WITHOUT_PAPER, PrinterState.PAPER_OUT),
        (WELL | {ASK_PAPER: b"\x72"}, PrinterState.PAPER_OUT),
        (WELL | {ASK_PAPER: b"\x1e"}, PrinterState.READY),
        ({ASK_PRINTER: b"\x1a", ASK_OFFLINE_CAUSE: b"\x16"}, PrinterState.COVER_OPEN),
        ({ASK_PRINTER: b"\x1a", ASK_OFFLINE_CAUSE: b"\x52"}, PrinterState.OFFLINE),
        ({ASK_PRINTER: b"\x11\x13\x12", ASK_PAPER: b"\x12"}, PrinterState.READY),
        ({ASK_WHEN_DONE: b"\x00"}, PrinterState.READY),
        ({ASK_WHEN_DONE: b"\x0f"}, PrinterState.PAPER_OUT),
        ({}, PrinterState.SILENT),
        ({ASK_PRINTER: b"\xff\x91"}, PrinterState.SILENT),
    ],
)
def test_the_state_is_understood_when_a_printer_answers(answers: dict[bytes, bytes], state: PrinterState) -> None:
    """Status bits, a roll near its end (no reason to stop), flow control in between, printers with one answer."""
    assert Dialogue(Wire(dict(answers))).state() is state


def test_a_printer_is_believed_when_it_is_well_and_knows_no_question_in_turn() -> None:
    """After the longest time of a slip a printer without faults has printed."""
    assert Dialogue(Wire(dict(WELL))).work_off(lambda: True) is PrinterState.READY


def test_the_wait_ends_when_the_desk_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing the desk does not wait for a slow printer, and the slip counts as not confirmed."""
    monkeypatch.setattr(dialogue, "SLIP_SECONDS", 60)
    assert Dialogue(Wire(dict(WELL))).work_off(lambda: False) is PrinterState.SILENT


def test_an_answer_in_turn_is_kept_when_it_comes_between_others() -> None:
    """The confirmation arrives while we ask for the state, and is not lost."""
    wire = Wire(WELL | {ASK_PRINTER: b"\x00\x12"})
    talk = Dialogue(wire)
    assert talk.work_off(lambda: True) is PrinterState.READY
    assert (talk.unanswered, wire.sent.count(ASK_PRINTER)) == (0, 1)


def test_an_old_answer_confirms_nothing_when_it_comes_after_the_next_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question that the first slip left behind is answered while the second is refused for want of paper."""
    first = Wire(dict(WELL), after_slip=dict(STANDS_WITHOUT_PAPER))
    second = Wire(dict(WELL), after_slip=dict(STANDS_WITHOUT_PAPER), late=DONE)
    wires = [first, second]
    monkeypatch.setattr(press, "open_port", lambda _target: wires.pop(0))
    printer = EscposPress(Target(Kind.SERIAL, "x"))
    assert printer.print(SLIP, lambda: True) is PrinterState.PAPER_OUT
    assert printer.print(SLIP, lambda: True) is PrinterState.PAPER_OUT
    assert second.late == b""


def test_nothing_is_sent_when_the_printer_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a slip in the memory of a printer without paper would come out later by itself."""
    wire = Wire(dict(STANDS_WITHOUT_PAPER))
    monkeypatch.setattr(press, "open_port", lambda _target: wire)
    assert EscposPress(Target(Kind.SERIAL, "x")).print(SLIP, lambda: True) is PrinterState.PAPER_OUT
    assert wire.sent == [ASK_PRINTER, ASK_PAPER, ASK_OFFLINE_CAUSE]
