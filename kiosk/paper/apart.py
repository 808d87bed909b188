"""Sets a sheet in a program of its own: a book of four hundred households takes as much memory as two desks.

`python -m kiosk.paper.apart` reads one job as JSON and writes the PDF, or a refusal as JSON with exit code 1.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

from kiosk.errors import ExitCode, Refused, TryAgain
from kiosk.paper.typeset import Resolution, Value, typeset

SECONDS: Final = 120


def typeset_apart(template: str, data: Mapping[str, Value], resolution: Resolution = Resolution.OFFICE) -> bytes:
    """Set a template as `typeset` does, without keeping its memory.

    Raises Refused as `typeset`, TryAgain ``sheet_not_set`` if the program ended otherwise than it should.
    """
    job = json.dumps({"template": template, "data": data, "resolution": int(resolution)})
    program = [sys.executable, "-m", "kiosk.paper.apart"]
    try:
        done = subprocess.run(program, input=job.encode(), capture_output=True, check=False, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TryAgain("sheet_not_set", detail=str(error)) from error
    if done.returncode == ExitCode.REFUSED:
        refused = json.loads(done.stderr.splitlines()[-1])
        raise Refused(refused["code"], **refused["parameters"])
    if done.returncode != ExitCode.DONE or not done.stdout:
        raise TryAgain("sheet_not_set", detail=done.stderr.decode(errors="replace")[-200:])
    return done.stdout


def main() -> int:
    """Do one job."""
    job = json.load(sys.stdin)
    try:
        sheet = typeset(job["template"], job["data"], Resolution(job["resolution"]))
    except Refused as refused:
        sys.stderr.write(json.dumps({"code": refused.code, "parameters": refused.parameters}))
        return ExitCode.REFUSED
    sys.stdout.buffer.write(sheet)
    return ExitCode.DONE


if __name__ == "__main__":
    sys.exit(main())
