"""Where an A4 page goes: into a printer queue of this machine, or as a file on a stick that somebody carries away."""

import os
from dataclasses import dataclass
from pathlib import Path

from db.durable import write_durably
from kiosk import sticks
from kiosk.devices.printer import queue
from kiosk.errors import NotWritable


@dataclass(frozen=True)
class Queue:
    """A printer queue, by its name."""

    name: str

    @property
    def told(self) -> str:
        """The key of what to say when it has the pages."""
        return "common.outlet.queued"

    def put(self, file: str, pages: bytes) -> str:
        """Queue a PDF under the name of its file; return that name. Raises NotWritable ``queue_refused``."""
        queue.queue_pages(self.name, file, pages)
        return file


@dataclass(frozen=True)
class Stick:
    """A stick, by its folder."""

    folder: Path

    @property
    def name(self) -> str:
        """What the stick is called."""
        return self.folder.name

    @property
    def told(self) -> str:
        """The key of what to say when it has the pages."""
        return "common.outlet.written"

    def put(self, file: str, pages: bytes) -> str:
        """Write a file to the end; return its name. Raises NotWritable ``file_not_written``."""
        write_sheet(self.folder / file, pages)
        return file


def find_outlets() -> list[Queue | Stick]:
    """Return the printer queues, then the sticks that can be written to. May take seconds: ask beside the screen."""
    folders = [folder for folder in sticks.find_sticks() if os.access(folder, os.W_OK)]
    return [*map(Queue, queue.find_queues()), *map(Stick, folders)]


def write_sheet(file: Path, content: bytes) -> None:
    """Write a file in one step and to the end, so that a stick may be pulled out when this returns.

    Raises NotWritable ``file_not_written``; what was there before stays.
    """
    try:
        write_durably(file, content)
    except OSError as error:
        raise NotWritable("file_not_written", file=str(file), detail=str(error)) from error
