"""The command that is a scanner."""

import json
import threading
from pathlib import Path

import pytest
import serial
from typer.testing import CliRunner, Result

from kiosk.cli import app
from kiosk.errors import BadInput

CODES = ("6990103300302", "2601230000000000")


def simulate(port: Path, *arguments: str, given: str | None = None) -> Result:
    """Run the command without a pause between codes."""
    command = ["scanner", "simulate", "--port", str(port), "--pause", "0.05", "--json", *arguments]
    return CliRunner().invoke(app, command, input=given)


@pytest.mark.parametrize(("arguments", "given"), [(CODES, None), ((), "\n".join(("", *CODES, "")))])
def test_codes_arrive_as_lines_when_somebody_reads_the_port(
    tmp_path: Path, arguments: tuple[str, ...], given: str | None
) -> None:
    """From the command line or from the standard input; blank lines are no codes."""
    port, heard = tmp_path / "scanner", bytearray()

    def read() -> None:
        while not port.exists():
            pass
        with serial.Serial(str(port), timeout=5) as reader:
            heard.extend(reader.read(sum(len(code) + 1 for code in CODES)))

    reader = threading.Thread(target=read)
    reader.start()
    result = simulate(port, *arguments, given=given)
    reader.join()
    assert heard.decode() == "".join(f"{code}\r" for code in CODES)
    assert json.loads(result.stdout) == {"port": str(port), "sent": 2}
    assert not port.is_symlink()


def test_nothing_is_touched_when_the_port_is_something_else(tmp_path: Path) -> None:
    """A file of that name stays what it is."""
    port = tmp_path / "scanner"
    port.write_text("mine")
    result = simulate(port, *CODES)
    assert isinstance(result.exception, BadInput)
    assert result.exception.code == "port_taken"
    assert port.read_text() == "mine"
