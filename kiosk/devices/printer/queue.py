"""The printer queues of this machine, for A4 pages: asked and fed by the two programs every print system brings."""

import os
import shutil
import subprocess
from typing import Final

from kiosk.errors import NotWritable

ANSWER_SECONDS: Final = 5
"""How long a print system that does not answer is waited for; a hung network printer makes it slow to list."""
TAKE_SECONDS: Final = 30


def find_queues() -> list[str]:
    """Return the names of the queues, in the order of their names; none where there is no print system."""
    if shutil.which("lp") is None or shutil.which("lpstat") is None:
        return []
    try:
        listed = _run(["lpstat", "-e"], b"", ANSWER_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return sorted(listed.stdout.decode("utf-8", errors="replace").split()) if listed.returncode == 0 else []


def queue_pages(queue: str, title: str, pages: bytes) -> None:
    """Put a PDF into a queue under a title; the print system prints it when the printer can.

    Raises NotWritable ``queue_refused`` with what the print system said.
    """
    try:
        taken = _run(["lp", "-d", queue, "-t", title, "-"], pages, TAKE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotWritable("queue_refused", queue=queue, detail=str(error)) from error
    if taken.returncode != 0:
        said = taken.stderr.decode("utf-8", errors="replace").strip()
        raise NotWritable("queue_refused", queue=queue, detail=said)


def _run(words: list[str], given: bytes, seconds: int) -> subprocess.CompletedProcess[bytes]:
    """Run one of the two programs; it answers in its own plain words, whatever language the terminal speaks."""
    return subprocess.run(
        words, input=given, capture_output=True, check=False, timeout=seconds, env=os.environ | {"LC_ALL": "C.UTF-8"}
    )
