"""5,000 scans into the real app in a pseudo-terminal, at five spacings: how many are lost, merged or repeated."""

import json
import sys
import time
from pathlib import Path
from typing import Final

from bench.terminal import Program

SCANS: Final = 1_000
SPACINGS: Final = (0.0, 0.005, 0.02, 0.05, 0.1)
PATIENCE: Final = 60.0


def report(folder: Path) -> list[str]:
    """Return a sentence for each spacing, and leave what was heard in `folder`."""
    return [_sentence(folder / f"spacing-{int(spacing * 1_000)}", spacing) for spacing in SPACINGS]


def _sentence(home: Path, spacing: float) -> str:
    home.mkdir(parents=True)
    sent = [f"69{number:011}" for number in range(SCANS)]
    with Program([sys.executable, "-m", "tests.kiosk.recording", str(home), "0"]) as program:
        program.wait_for("recording")
        program.settle()
        for code in sent:
            program.send(code.encode() + b"\r")
            program.drain()
            time.sleep(spacing)
        heard = _heard(program, home, len(sent))
    wrong = sum(1 for code, got in zip(sent, heard, strict=False) if code != got)
    return f"{SCANS:,} scans {spacing * 1_000:>3.0f} ms apart: {len(sent) - len(heard)} lost, {wrong} merged or moved"


def _heard(program: Program, home: Path, count: int) -> list[str]:
    """Wait until as many scans were heard as were sent, or nothing more comes."""
    end = time.monotonic() + PATIENCE
    while True:
        program.drain()
        lines = (home / "heard").read_text("utf-8").splitlines()
        scans = [json.loads(line.removeprefix("scan ")) for line in lines if line.startswith("scan ")]
        if len(scans) >= count or time.monotonic() > end:
            return scans
        time.sleep(0.05)
