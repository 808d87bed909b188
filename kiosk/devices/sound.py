"""Tones for the hand that scans: goods, card, refusal, the same goods again. Heard without looking at the screen."""

import io
import math
import shutil
import subprocess
import wave
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum
from functools import cache
from typing import Final, Protocol, TypeAlias

_RATE: Final = 16_000
_LOUDNESS: Final = 0.6
_EDGE: Final = _RATE // 200
"""Samples over which a note swells and fades, so that it does not click."""
_FULL: Final = 32_767

PROGRAMS: Final = (("aplay", "-q", "-"), ("paplay", "/dev/stdin"))
"""Programs that play a WAV file given on their standard input, best first."""


class Tone(Enum):
    """What a tone says."""

    GOODS = "goods"
    CARD = "card"
    REFUSAL = "refusal"
    DOUBLE = "double"


class Loudness(Enum):
    """The desk's setting: tones (the bell where none can be played), the terminal's bell alone, or nothing."""

    TONES = "tones"
    BELL = "bell"
    SILENT = "silent"


NOTES: Final[dict[Tone, tuple[tuple[int, int], ...]]] = {
    Tone.GOODS: ((1760, 70),),
    Tone.CARD: ((880, 70), (1320, 90)),
    Tone.REFUSAL: ((220, 180), (0, 60), (175, 260)),
    Tone.DOUBLE: ((1760, 50), (0, 50), (1760, 50), (0, 50), (1320, 90)),
}
"""The notes of each tone: hertz (0 is silence) and milliseconds."""

BELLS: Final = {Tone.GOODS: 1, Tone.CARD: 1, Tone.DOUBLE: 2, Tone.REFUSAL: 3}
"""How often the terminal's bell rings for each tone."""


class Playing(Protocol):
    """A program that has been started and is never waited for."""

    def poll(self) -> int | None:
        """Give its exit status, negative if it was stopped, or None while it runs."""
        ...

    def terminate(self) -> None:
        """Stop it."""
        ...


Runner: TypeAlias = Callable[[Sequence[str], bytes], Playing]
"""Starts a program with what it reads on its standard input. Raises OSError if there is no such program."""


@cache
def tone_wav(tone: Tone) -> bytes:
    """Give a tone as a WAV file: mono, 16 bit, 16,000 samples a second; made once."""
    samples = array("h", [sample for hertz, milliseconds in NOTES[tone] for sample in _note(hertz, milliseconds)])
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
    return target.getvalue()


def choose_programs(
    loudness: Loudness, find: Callable[[str], str | None] = shutil.which
) -> tuple[tuple[str, ...], ...]:
    """Give the programs of this machine that can play a tone, best first; none if the setting wants none."""
    if loudness is not Loudness.TONES:
        return ()
    return tuple(program for program in PROGRAMS if find(program[0]) is not None)


def start_program(command: Sequence[str], given: bytes) -> Playing:
    """Start a program and give it its input, which is shorter than a pipe holds, without waiting for it."""
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(command, bufsize=0, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
    # a pipe that breaks is a program that has ended already; its exit status says why
    with suppress(BrokenPipeError), child.stdin or io.BytesIO() as pipe:
        pipe.write(given)
    return child


class Player:
    """Plays tones, one at a time: a new one cuts the last. A program that fails gives way to the next, then the bell.

    ``bell`` rings the terminal once; ``programs`` and ``run`` are how this machine plays a WAV file.
    """

    def __init__(
        self,
        bell: Callable[[], None],
        *,
        loudness: Loudness = Loudness.TONES,
        programs: Sequence[Sequence[str]] | None = None,
        run: Runner = start_program,
    ) -> None:
        self._bell = bell
        self._loudness = loudness
        self._programs = list(choose_programs(loudness) if programs is None else programs)
        self._run = run
        self._playing: list[Playing] = []

    def play(self, tone: Tone) -> None:
        """Play a tone and return at once."""
        if self._loudness is Loudness.SILENT:
            return
        self._end_last()
        while self._programs:
            try:
                self._playing.append(self._run(self._programs[0], tone_wav(tone)))
            except OSError:
                del self._programs[0]
            else:
                return
        for _ in range(BELLS[tone]):
            self._bell()

    def _end_last(self) -> None:
        """Stop what still sounds, let go of what has ended, and give up a program that failed."""
        states = [(playing, playing.poll()) for playing in self._playing]
        if self._programs and any(status is not None and status > 0 for _, status in states):
            del self._programs[0]
        self._playing = [playing for playing, status in states if status is None]
        for playing in self._playing:
            playing.terminate()


def _note(hertz: int, milliseconds: int) -> list[int]:
    count = _RATE * milliseconds // 1000
    peak = _FULL * _LOUDNESS if hertz else 0.0
    return [
        round(peak * min(1.0, index / _EDGE, (count - index) / _EDGE) * math.sin(math.tau * hertz * index / _RATE))
        for index in range(count)
    ]
