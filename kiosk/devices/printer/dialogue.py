"""What is said between us and an ESC/POS printer: is there paper, take this slip, is it out.

A printer that accepted bytes has printed nothing yet: a network printer without paper takes a whole slip. So we ask
before (DLE EOT, answered at once even by a printer that stands still) and after (GS r, answered only when everything
sent before it was worked off).
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from kiosk.devices.printer.ports import Port

ANSWER_SECONDS: Final = 2.0
"""How long we wait for one answer."""
SLIP_SECONDS: Final = 15.0
"""How long a printer that is well may take to work off one slip: 40 cm at 50 mm/s, and 9600 baud before it."""


class PrinterState(StrEnum):
    """What the desk is told about its printer."""

    READY = "ready"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    SILENT = "silent"
    NONE = "none"


ASK_PRINTER: Final = b"\x10\x04\x01"
ASK_OFFLINE_CAUSE: Final = b"\x10\x04\x02"
ASK_PAPER: Final = b"\x10\x04\x04"
ASK_WHEN_DONE: Final = b"\x1dr\x01"

_IS_OFFLINE: Final = 0x08
_COVER: Final = 0x04
_STOPPED_WITHOUT_PAPER: Final = 0x20
_PAPER_END: Final = 0x60
_DONE_WITHOUT_PAPER: Final = 0x0C
_REAL_TIME_MASK: Final = 0x93
_REAL_TIME: Final = 0x12
_IN_TURN_MASK: Final = 0x90


class Dialogue:
    """One conversation over an open wire. Answers that nobody waited for yet are kept in their order."""

    def __init__(self, port: Port) -> None:
        """Begin to talk over ``port``."""
        self._port = port
        self._heard: list[int] = []
        self.unanswered = 0
        """How many questions asked in turn still have an answer to come, perhaps in the next conversation."""

    def settle(self, unanswered: int) -> None:
        """Pass over the answers that an earlier conversation left behind, or they would confirm the next slip."""
        for _ in range(unanswered):
            if self._wait(_is_in_turn, ANSWER_SECONDS) is None:
                break
        self._heard.clear()

    def state(self) -> PrinterState:
        """Ask the printer how it is; two seconds for a silent one. Raises OSError if the wire is gone."""
        answer = self._ask(ASK_PRINTER, ANSWER_SECONDS / 2)
        if answer is None:
            return _state_when_idle(self._ask_in_turn(ANSWER_SECONDS / 2))
        return self._closer(answer)

    def send(self, data: bytes) -> None:
        """Hand over a slip. Raises OSError if the wire is gone or takes nothing for two seconds."""
        self._heard.clear()
        self._port.send(data)

    def work_off(self, goes_on: Callable[[], bool]) -> PrinterState:
        """Wait until the printer has worked off what it was sent; READY means it is on paper.

        ``goes_on`` is asked between waits and ends them when it says no. A printer that is well but knows no GS r is
        believed after the longest time a slip takes. Raises OSError if the wire is gone.
        """
        until = time.monotonic() + SLIP_SECONDS
        answer = self._ask_in_turn(ANSWER_SECONDS)
        while answer is None:
            state = self._state_out_of_turn()
            if state is not PrinterState.READY:
                return state
            answer = self._hear_in_turn(ANSWER_SECONDS)
            if answer is None and time.monotonic() > until:
                return PrinterState.READY
            if answer is None and not goes_on():
                return PrinterState.SILENT
        return _state_when_idle(answer)

    def _state_out_of_turn(self) -> PrinterState:
        """Ask only what is answered at once, so that no second GS r waits behind the first."""
        answer = self._ask(ASK_PRINTER, ANSWER_SECONDS)
        return PrinterState.SILENT if answer is None else self._closer(answer)

    def _closer(self, printer: int) -> PrinterState:
        paper = self._ask(ASK_PAPER, ANSWER_SECONDS) or 0
        if not printer & _IS_OFFLINE:
            return PrinterState.PAPER_OUT if paper & _PAPER_END else PrinterState.READY
        cause = self._ask(ASK_OFFLINE_CAUSE, ANSWER_SECONDS) or 0
        if cause & _COVER:
            return PrinterState.COVER_OPEN
        without_paper = cause & _STOPPED_WITHOUT_PAPER or paper & _PAPER_END
        return PrinterState.PAPER_OUT if without_paper else PrinterState.OFFLINE

    def _ask(self, question: bytes, seconds: float) -> int | None:
        self._heard = [byte for byte in self._heard if not _is_real_time(byte)]
        self._port.send(question)
        return self._wait(_is_real_time, seconds)

    def _ask_in_turn(self, seconds: float) -> int | None:
        self._port.send(ASK_WHEN_DONE)
        self.unanswered += 1
        return self._hear_in_turn(seconds)

    def _hear_in_turn(self, seconds: float) -> int | None:
        answer = self._wait(_is_in_turn, seconds)
        self.unanswered -= answer is not None
        return answer

    def _wait(self, is_answer: Callable[[int], bool], seconds: float) -> int | None:
        """Give the first byte that answers; others stay for whoever waits for them."""
        until = time.monotonic() + seconds
        while True:
            for place, byte in enumerate(self._heard):
                if is_answer(byte):
                    return self._heard.pop(place)
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._heard.extend(self._port.receive(left))


def _state_when_idle(answer: int | None) -> PrinterState:
    if answer is None:
        return PrinterState.SILENT
    return PrinterState.PAPER_OUT if answer & _DONE_WITHOUT_PAPER else PrinterState.READY


def _is_real_time(byte: int) -> bool:
    """DLE EOT answers have bits 1 and 4 set, bits 0 and 7 clear."""
    return byte & _REAL_TIME_MASK == _REAL_TIME


def _is_in_turn(byte: int) -> bool:
    """GS r answers have bits 4 and 7 clear."""
    return not byte & _IN_TURN_MASK
