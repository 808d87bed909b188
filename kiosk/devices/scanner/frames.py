"""Bytes of a serial scanner to scans: terminators, half codes, noise. Pure: the reader thread brings bytes and time."""

import re
from typing import Final

from kiosk.devices.scanner.scan import Scan, Wire, make_scan

_TERMINATOR: Final = re.compile(rb"[\r\n\t]")
_LONGEST_BYTES: Final = 1024
"""Bytes kept of one scan: more than its 128 characters can take."""


class Frames:
    """Joins the pieces that reads give and parts them at CR, LF and Tab, single or doubled.

    A scanner that has never sent a terminator ends each code by ``quiet`` seconds of silence. Once it has sent one, a
    half code waits ``stalled`` seconds for its rest, because a slow line pauses inside a code.
    """

    def __init__(self, wire: Wire = Wire.SERIAL, *, quiet: float = 0.08, stalled: float = 0.5) -> None:
        self._wire = wire
        self._quiet = quiet
        self._stalled = stalled
        self._kept = bytearray()
        self._last = 0.0
        self._has_terminators = False

    def feed(self, data: bytes, at: float) -> list[Scan]:
        """Take bytes read at second ``at``; give the scans they complete."""
        *ended, rest = _TERMINATOR.split(data)
        scans = []
        for piece in ended:
            self._keep(piece)
            scans += self._finish(at)
            self._has_terminators = True
        self._keep(rest)
        self._last = at
        return scans

    def settle(self, now: float) -> list[Scan]:
        """Give what is held if nothing has come for long enough at second ``now``."""
        patience = self._stalled if self._has_terminators else self._quiet
        return self._finish(self._last) if self._kept and now - self._last >= patience else []

    def _keep(self, piece: bytes) -> None:
        self._kept += piece[: _LONGEST_BYTES - len(self._kept)]

    def _finish(self, at: float) -> list[Scan]:
        raw = bytes(self._kept)
        self._kept.clear()
        scan = make_scan(_decode(raw), self._wire, at)
        return [scan] if scan.text or scan.symbology else []


def _decode(raw: bytes) -> str:
    """UTF-8, or Latin-1 if it is none: readable, and never an error."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
