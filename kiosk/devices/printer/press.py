"""What takes a whole slip and says how it went: an ESC/POS printer, a folder of text files, or nothing at all."""

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk.devices.printer.dialogue import Dialogue, PrinterState
from kiosk.devices.printer.escpos import render
from kiosk.devices.printer.ports import Port, open_port
from kiosk.devices.printer.target import Kind, Target
from kiosk.paper.elements import Element
from kiosk.paper.layout import text_slip


@dataclass(frozen=True)
class PrintJob:
    """One slip to print; ``name`` is its number and, for text files, their name."""

    name: str
    elements: tuple[Element, ...]


class Press(Protocol):
    """Prints one slip at a time; blocks for seconds at most and is never called on the event loop."""

    def state(self) -> PrinterState:
        """Say whether a slip could be printed now. Raises OSError if nothing is there."""
        ...

    def print(self, job: PrintJob, goes_on: Callable[[], bool]) -> PrinterState:
        """Print a slip; READY means it is on paper. Raises OSError if the wire is gone, before or in between."""
        ...


def press_for(target: Target) -> Press:
    """Give what prints to ``target``; nothing is opened yet."""
    if target.kind is Kind.NONE:
        return NoPress()
    return TextFolder(target) if target.kind is Kind.TEXT else EscposPress(target)


class EscposPress:
    """A printer at the end of a wire, which is opened for each slip, so that it may be unplugged in between."""

    def __init__(self, target: Target) -> None:
        """Remember the target."""
        self._target = target
        self._unanswered = 0

    def state(self) -> PrinterState:
        """Ask the printer; one that never answers is ready if its wire can be opened."""
        with closing(open_port(self._target)) as port:
            return Dialogue(port).state() if self._target.answers else _unasked(port)

    def print(self, job: PrintJob, goes_on: Callable[[], bool]) -> PrinterState:
        """Ask, send, and wait until the slip is out; nothing is sent to a printer that is not ready."""
        target = self._target
        data = render(job.elements, target.columns, target.charset, cuts=target.cuts)
        with closing(open_port(target)) as port:
            if not target.answers:
                state = _unasked(port)
                if state is PrinterState.READY:
                    port.send(data)
                return state
            dialogue = Dialogue(port)
            try:
                return self._converse(dialogue, data, goes_on)
            finally:
                self._unanswered = dialogue.unanswered

    def _converse(self, dialogue: Dialogue, data: bytes, goes_on: Callable[[], bool]) -> PrinterState:
        state = dialogue.state()
        if state is not PrinterState.READY:
            return state
        dialogue.settle(self._unanswered)
        dialogue.send(data)
        return dialogue.work_off(goes_on)


def _unasked(port: Port) -> PrinterState:
    """Say how a printer is that never answers: what its wire knows, else ready."""
    return PrinterState.READY if port.has_paper() else PrinterState.PAPER_OUT


class TextFolder:
    """A folder that gets one text file a slip: for the demo and for machines without a printer."""

    def __init__(self, target: Target) -> None:
        """Remember the target; the folder is made with the first slip."""
        self._folder = Path(target.address)
        self._columns = target.columns

    def state(self) -> PrinterState:
        """A folder is ready if it is there or can be made. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return PrinterState.READY if os.access(self._folder, os.W_OK) else PrinterState.OFFLINE

    def print(self, job: PrintJob, goes_on: Callable[[], bool]) -> PrinterState:
        """Write the slip whole or not at all; a further slip of the same name gets a number behind it."""
        del goes_on
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._free(job.name)
        part = file.with_suffix(".part")
        part.write_text(text_slip(job.elements, self._columns), encoding="utf-8")
        part.replace(file)
        return PrinterState.READY

    def _free(self, name: str) -> Path:
        safe = "".join(character if character.isalnum() or character in "-_" else "_" for character in name)
        file = self._folder / f"{safe}.txt"
        number = 1
        while file.exists():
            number += 1
            file = self._folder / f"{safe}-{number}.txt"
        return file


class NoPress:
    """No printer was set up: nobody waits for a slip."""

    def state(self) -> PrinterState:
        """There is no printer."""
        return PrinterState.NONE

    def print(self, job: PrintJob, goes_on: Callable[[], bool]) -> PrinterState:
        """Print nothing."""
        del job, goes_on
        return PrinterState.NONE
