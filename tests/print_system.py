"""A print system for tests: the two programs of every print system, which keep what they are given in a folder."""

from pathlib import Path

import pytest

LPSTAT = """#!/bin/sh
cat "{folder}/queues"
"""
LP = """#!/bin/sh
if [ -e "{folder}/refusal" ]; then cat "{folder}/refusal" >&2; exit 1; fi
printf '%s\\n' "$2" "$4" > "{folder}/asked"
cat > "{folder}/pages"
"""


def plug_in_queue(folder: Path, monkeypatch: pytest.MonkeyPatch, *queues: str, refusal: str = "") -> Path:
    """Let this machine have printer queues; give the folder where ``asked`` and ``pages`` of the last job lie."""
    folder.mkdir()
    (folder / "queues").write_text("".join(f"{queue}\n" for queue in queues), "utf-8")
    if refusal:
        (folder / "refusal").write_text(refusal, "utf-8")
    for name, words in (("lpstat", LPSTAT), ("lp", LP)):
        program = folder / name
        program.write_text(words.format(folder=folder), "utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder
