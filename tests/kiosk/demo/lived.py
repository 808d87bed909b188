"""A small demo village whose year was lived once a process, open for reading, with what the oracle says of it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text
from typer.testing import CliRunner

from db.engine import open_sqlite
from db.export import export_journal
from db.store import Store, open_store, store_file
from kiosk.cli import app
from kiosk.demo.plan import DemoPlan
from kiosk.errors import ExitCode
from tests.recomputed import Recomputed, recompute

SMALL = DemoPlan(households=40)
_FOLDERS: list[TemporaryDirectory[str]] = []


@dataclass(frozen=True)
class Lived:
    """A village at the end of its year: where it lies, what the command said of it, its store and its figures."""

    home: Path
    said: dict[str, Any]
    store: Store
    oracle: Recomputed

    def rows(self, statement: str) -> Sequence[Any]:
        """Return the rows of a query over the tables."""
        with self.store.read() as connection:
            return connection.execute(text(statement)).all()

    def one(self, statement: str) -> Any:  # noqa: ANN401  because a query gives what it asks for
        """Return the only value of the only row of a query."""
        ((value,),) = self.rows(statement)
        return value


def live(home: Path, plan: DemoPlan) -> Lived:
    """Make a demo village by the command and open it."""
    words = ["demo", "--home", str(home), "--households", str(plan.households), "--seed", str(plan.seed), "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == ExitCode.DONE, result.output
    store = open_store(open_sqlite(store_file(home)))
    return Lived(home, json.loads(result.stdout), store, recompute(store, home))


@cache
def small() -> Lived:
    """The village of forty households, made at the first call."""
    _FOLDERS.append(TemporaryDirectory())
    return live(Path(_FOLDERS[-1].name) / "demo", SMALL)


def digest(store: Store, name: Path) -> str:
    """SHA-256 over the three files of an export."""
    with store.read() as connection:
        export_journal(connection, name)
    files = (name.with_name(name.name + ending) for ending in (".lines", ".private", ".heads"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
