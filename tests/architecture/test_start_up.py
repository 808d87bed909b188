"""A command pays only for what it uses: help answers before screens or a store are loaded."""

import json
import subprocess
import sys

PROBE = """
import json, sys
sys.argv = ["kiosk", "--help"]
from kiosk.cli import main
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def test_neither_screens_nor_store_are_loaded_when_help_is_asked() -> None:
    """Help answers at once on a slow machine because textual, sqlmodel and sqlalchemy stay on the disk."""
    ended = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert "kiosk" in ended.stdout
    loaded = set(json.loads(ended.stderr.splitlines()[-1]))
    assert "kiosk.cli" in loaded
    assert {name for name in loaded if name.startswith("kiosk.commands.")} == {"kiosk.commands.desk"}
    assert loaded.isdisjoint({"textual", "sqlmodel", "sqlalchemy", "alembic", "typst", "xlsxwriter"})


def test_the_same_help_is_given_when_started_as_a_module() -> None:
    """`python -m kiosk` is the way in where the script is not on the path."""
    ended = subprocess.run(
        [sys.executable, "-m", "kiosk", "--help"], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    assert "doctor" in ended.stdout
