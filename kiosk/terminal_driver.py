"""Textual's terminal driver, made deaf to what no key of ours sends.

A scanner types whatever a printed code contains: control characters, escape sequences, half a Chinese character. The
stock driver ends the program at one byte that is not UTF-8, swallows all later input after a paste that never ends,
and takes mouse clicks and window sizes from the same stream. This one lets keys and whole pastes through, nothing else.
"""

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App

ESCAPE: Final = "\x1b"
PASTE_START: Final = "\x1b[200~"
PASTE_END: Final = "\x1b[201~"
LONGEST_PASTE: Final = 4096
LONGEST_PASTE_SECONDS: Final = 1.0

_CHUNK: Final = 4096
_TICK_SECONDS: Final = 0.1
_SHORT_SECONDS: Final = 0.01
_BUSY_SECONDS: Final = 0.6


class PasteSplitter:
    """Cuts decoded input into plain text and whole pastes; a paste that does not end is plain text after all."""

    def __init__(self) -> None:
        """Begin outside a paste."""
        self._held = ""
        self._since: float | None = None

    @property
    def is_holding(self) -> bool:
        """Whether text waits for the rest of a marker or of a paste."""
        return bool(self._held) or self._since is not None

    def feed(self, text: str, now: float) -> Iterator[str | events.Paste]:
        """Take ``text`` that arrived at ``now`` (monotonic seconds); give what is decided, in order."""
        self._held += text
        while self._held:
            if self._since is None:
                before, marker, self._held = self._cut_start()
                if before:
                    yield before
                if not marker:
                    return
                self._since = now
            else:
                pasted, marker, rest = self._held.partition(PASTE_END)
                if not marker:
                    break
                self._held, self._since = rest, None
                yield events.Paste(pasted.replace("\x00", ""))
        yield from self.tick(now)

    def tick(self, now: float) -> Iterator[str]:
        """Give up what has waited too long, or grown too long, for its end."""
        if self._since is None:
            return
        if len(self._held) > LONGEST_PASTE or now - self._since > LONGEST_PASTE_SECONDS:
            released, self._held, self._since = self._held.replace(PASTE_START, ""), "", None
            if released:
                yield released

    def release_escape(self) -> bool:
        """Drop the beginning of a marker that nothing followed; say whether it was the escape key alone."""
        if self._since is not None:
            return False
        released, self._held = self._held, ""
        return released == ESCAPE

    def _cut_start(self) -> tuple[str, str, str]:
        before, marker, rest = self._held.partition(PASTE_START)
        if marker:
            return before, marker, rest
        for length in range(len(PASTE_START) - 1, 0, -1):
            if before.endswith(PASTE_START[:length]):
                return before[:-length], "", before[-length:]
        return before, "", ""


class TerminalDriver(LinuxDriver):
    """Reads keys from the terminal and never ends the program because of what it reads.

    What arrived together is handed over together: a scan is one errand for the app, not one a character.
    ``keys_sent`` counts keys and pastes that were sent to the app, so that it knows how many are still on their way;
    up to ``quiet_until`` (monotonic seconds) nothing else has arrived.
    """

    class Arrived(Message):
        """Keys and pastes that lay ready together, in order."""

        def __init__(self, pieces: "Sequence[events.Key | events.Paste]") -> None:
            """Carry them."""
            super().__init__()
            self.pieces = pieces

    def __init__(
        self,
        app: "App[object]",
        *,
        debug: bool = False,
        mouse: bool = True,  # noqa: ARG002  because the app passes it to every driver
        size: tuple[int, int] | None = None,
    ) -> None:
        """Build the driver of ``app``; the mouse stays off, whatever is asked."""
        super().__init__(app, debug=debug, mouse=False, size=size)
        self._parser = XTermParser(debug)
        self._splitter = PasteSplitter()
        self._decoder = getincrementaldecoder("utf-8")(errors="replace")
        self._arrived: list[events.Key | events.Paste] = []
        self.keys_sent = 0
        self.quiet_until = self._moment = monotonic()
        self._last_key = 0.0

    def run_input_thread(self) -> None:
        """Read, decode and send on keys until the app ends.

        Keys are stamped by the time that this thread spent waiting for them: bytes that lay ready while it was busy
        came without a pause, however long the machine was busy, so a stalled machine never parts a scan.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                is_ready = bool(selector.select(0))
                if not is_ready:
                    is_ready = bool(selector.select(self._patience()))
                    self._moment = monotonic()
                if not is_ready:
                    self._take_silence()
                    self._hand_over()
                    self.quiet_until = self._moment
                elif data := os.read(self.fileno, _CHUNK):
                    self._take(self._decoder.decode(data))
                    self._hand_over()
                else:
                    return

    def process_message(self, message: Message) -> None:
        """Keep keys and pastes to be handed over, send on the terminal's one useful answer; drop all else."""
        if isinstance(message, events.Key | events.Paste):
            self._last_key = message.time = self._moment
            self._arrived.append(message)
        elif isinstance(message, TerminalSupportsSynchronizedOutput):
            super().process_message(message)

    def _query_in_band_window_resize(self) -> None:
        """Ask nothing: window sizes come by signal, never in the stream of keys."""

    def _patience(self) -> float:
        """Look often while somebody waits to hear whether more follows, else seldom."""
        return _SHORT_SECONDS if monotonic() - self._last_key < _BUSY_SECONDS else _TICK_SECONDS

    def _hand_over(self) -> None:
        if self._arrived:
            arrived, self._arrived = self._arrived, []
            self.keys_sent += len(arrived)
            self._app.post_message(self.Arrived(arrived))

    def _take(self, text: str) -> None:
        for piece in self._splitter.feed(text, self._moment):
            if isinstance(piece, str):
                self._parse(piece)
            else:
                self.process_message(piece)

    def _take_silence(self) -> None:
        """Give up what waits for its rest: half a character, half a marker, half a sequence."""
        self._take(self._decoder.decode(b"", final=True))
        for piece in self._splitter.tick(self._moment):
            self._parse(piece)
        if self._splitter.release_escape():
            self.process_message(events.Key("escape", ESCAPE))
        for message in self._parser.tick():
            self.process_message(message)

    def _parse(self, text: str) -> None:
        """Turn text into messages; a sequence the parser cannot take costs that piece, never the program."""
        try:
            for message in self._parser.feed(text):
                self.process_message(message)
        except (ParseError, ValueError, OverflowError, ZeroDivisionError, StopIteration, RuntimeError):
            self._parser = XTermParser()
