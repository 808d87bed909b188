"""Tones: distinct, short, never waited for, and never a reason to stop."""

import io
import itertools
import os
import subprocess
import time
import wave
from collections.abc import Sequence
from pathlib import Path

import pytest

from kiosk.devices.sound import (
    BELLS,
    NOTES,
    PROGRAMS,
    Loudness,
    Player,
    Playing,
    Tone,
    choose_programs,
    start_program,
    tone_wav,
)

PIPE_HOLDS = 65_536


class Fake:
    """A program that is running until it is told otherwise."""

    def __init__(self) -> None:
        self.status: int | None = None

    def poll(self) -> int | None:
        """Gives its status."""
        return self.status

    def terminate(self) -> None:
        """Stops it."""
        self.status = -15


class Stage:
    """Runs fakes and keeps what they were started with."""

    def __init__(self, missing: Sequence[str] = ()) -> None:
        self.missing = missing
        self.started: list[tuple[str, bytes]] = []
        self.fakes: list[Fake] = []

    def run(self, command: Sequence[str], given: bytes) -> Playing:
        """The runner."""
        if command[0] in self.missing:
            raise FileNotFoundError(command[0])
        self.started.append((command[0], given))
        self.fakes.append(Fake())
        return self.fakes[-1]


class Bell:
    """Counts its rings."""

    def __init__(self) -> None:
        self.rings = 0

    def __call__(self) -> None:
        """Rings once."""
        self.rings += 1


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_is_a_short_wav_when_it_is_made(tone: Tone) -> None:
    """Any player reads it, it is over before the next scan, and it fits into a pipe, so that giving it never waits."""
    data = tone_wav(tone)
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        samples = file.readframes(file.getnframes())
        assert len(samples) == 2 * file.getnframes()
        assert 0.05 < file.getnframes() / 16_000 <= 0.5
    assert max(memoryview(samples).cast("h")) > 10_000
    assert len(data) < PIPE_HOLDS


def test_tones_are_distinct_when_heard_or_rung() -> None:
    """Goods, card, refusal and the same again differ in their notes; a refusal rings the bell most often."""
    assert set(NOTES) == set(BELLS) == set(Tone)
    for one, other in itertools.combinations(Tone, 2):
        assert NOTES[one] != NOTES[other]
        assert tone_wav(one) != tone_wav(other)
    assert max(BELLS, key=lambda tone: BELLS[tone]) is Tone.REFUSAL
    assert BELLS[Tone.GOODS] != BELLS[Tone.DOUBLE] != BELLS[Tone.REFUSAL]


@pytest.mark.parametrize(
    ("loudness", "there", "chosen"),
    [
        (Loudness.TONES, {"aplay", "paplay"}, PROGRAMS),
        (Loudness.TONES, {"paplay"}, PROGRAMS[1:]),
        (Loudness.TONES, set(), ()),
        (Loudness.BELL, {"aplay"}, ()),
        (Loudness.SILENT, {"aplay"}, ()),
    ],
)
def test_the_programs_of_the_machine_are_chosen_when_the_setting_wants_tones(
    loudness: Loudness, there: set[str], chosen: tuple[tuple[str, ...], ...]
) -> None:
    """The choice depends on nothing but the setting and what is installed."""
    assert choose_programs(loudness, lambda name: name if name in there else None) == chosen


def test_the_tone_is_given_to_the_first_program_when_it_plays() -> None:
    """No bell rings beside it."""
    stage, bell = Stage(), Bell()
    Player(bell, programs=PROGRAMS, run=stage.run).play(Tone.CARD)
    assert stage.started == [("aplay", tone_wav(Tone.CARD))]
    assert bell.rings == 0


def test_the_last_tone_is_cut_when_the_next_one_comes() -> None:
    """A busy sound card takes one program at a time."""
    stage = Stage()
    player = Player(Bell(), programs=PROGRAMS, run=stage.run)
    for tone in (Tone.CARD, Tone.GOODS, Tone.GOODS):
        player.play(tone)
    assert [fake.status for fake in stage.fakes] == [-15, -15, None]
    assert [name for name, _ in stage.started] == ["aplay"] * 3


def test_the_next_program_plays_when_one_has_failed() -> None:
    """Without a sound card `aplay` ends with an error: it is not asked again."""
    stage, bell = Stage(), Bell()
    player = Player(bell, programs=PROGRAMS, run=stage.run)
    for _ in range(3):
        player.play(Tone.GOODS)
        stage.fakes[-1].status = 1
    player.play(Tone.REFUSAL)
    assert [name for name, _ in stage.started] == ["aplay", "paplay"]
    assert bell.rings == BELLS[Tone.GOODS] + BELLS[Tone.REFUSAL]


def test_the_next_program_plays_when_one_cannot_be_started() -> None:
    """A program that was removed after the start of the terminal stops nothing."""
    stage = Stage(missing=["aplay"])
    Player(Bell(), programs=PROGRAMS, run=stage.run).play(Tone.GOODS)
    assert [name for name, _ in stage.started] == ["paplay"]


@pytest.mark.parametrize("tone", Tone)
def test_the_bell_rings_when_no_program_can_play(tone: Tone) -> None:
    """A desk without a loudspeaker still has the terminal's bell, as often as the tone asks."""
    bell = Bell()
    Player(bell, programs=()).play(tone)
    assert bell.rings == BELLS[tone]


def test_nothing_sounds_when_the_desk_is_silent() -> None:
    """Neither a program nor the bell."""
    stage, bell = Stage(), Bell()
    Player(bell, loudness=Loudness.SILENT, programs=PROGRAMS, run=stage.run).play(Tone.REFUSAL)
    assert (stage.started, bell.rings) == ([], 0)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.defpath}")
    return folder


def install(folder: Path, name: str, script: str) -> None:
    """Puts a real program there."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def ended(playing: Playing) -> int:
    """Waits for a program of a test and gives its status."""
    assert isinstance(playing, subprocess.Popen)
    return playing.wait(10)


def test_a_real_program_hears_the_tone_when_it_is_on_the_path(programs: Path, tmp_path: Path) -> None:
    """It is given the whole WAV file and the arguments that make it read and be quiet."""
    heard = tmp_path / "heard"
    install(programs, "aplay", f'echo "$@" > "{heard}.arguments"; cat > "{heard}.wav"')
    player = Player(Bell())
    player.play(Tone.REFUSAL)
    assert ended(player._playing[0]) == 0
    assert Path(f"{heard}.wav").read_bytes() == tone_wav(Tone.REFUSAL)
    assert Path(f"{heard}.arguments").read_text() == "-q -\n"


def test_the_caller_goes_on_when_a_program_hangs(programs: Path) -> None:
    """A player that never reads and never ends costs a scan nothing, and is stopped by the next tone."""
    install(programs, "aplay", "exec sleep 60")
    player = Player(Bell())
    began = time.monotonic()
    player.play(Tone.REFUSAL)
    first = player._playing[0]
    player.play(Tone.GOODS)
    assert time.monotonic() - began < 5
    assert ended(first) == -15
    player._playing[1].terminate()
    ended(player._playing[1])


def test_a_program_is_started_when_it_ends_before_it_is_given_anything(programs: Path) -> None:
    """Its status is what counts."""
    install(programs, "aplay", "exec <&-; exit 3")
    assert ended(start_program(("aplay",), b"x" * (PIPE_HOLDS * 2))) == 3


def test_the_bell_rings_when_the_real_program_has_failed(programs: Path) -> None:
    """From the second tone on, on a machine with the program and without a sound card."""
    install(programs, "aplay", "exit 1")
    install(programs, "paplay", "exit 1")
    bell = Bell()
    player = Player(bell)
    for _ in range(2):
        player.play(Tone.GOODS)
        assert ended(player._playing[-1]) == 1
    player.play(Tone.GOODS)
    assert bell.rings == BELLS[Tone.GOODS]
