"""The table of failures in the documents names tests that are there."""

import re
from pathlib import Path

from tests.hub import ROOT

HEADING = "## What fails, and what happens then\n"


def test_test_is_there_when_a_row_of_the_table_names_it() -> None:
    """Each row has an outcome and at least one test, and each test it names stands somewhere in the tests."""
    section = (ROOT / "docs" / "sync.md").read_text("utf-8").partition(HEADING)[2].partition("\n## ")[0]
    rows = [row.split(" | ") for row in section.splitlines() if row.startswith("| ")][1:]
    written = "".join(file.read_text("utf-8") for file in Path(ROOT, "tests").rglob("test_*.py"))
    assert len(rows) > 30
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row[-1])
        assert named, row
        assert [name for name in named if f"def {name}(" not in written] == []
