"""What every command shares: the data folder, the open store, the clock, the texts, and how it reports."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.errors import BadInput, StoreFailed
from kiosk.locale import ENGLISH, Texts

if TYPE_CHECKING:
    from db.store import Store
    from kiosk.clock import Clock

HOME_VARIABLE: Final = "KIOSK_HOME"
LANGUAGE_VARIABLE: Final = "KIOSK_LANG"


def texts() -> Texts:
    """Return the texts in the language of `KIOSK_LANG` (Chinese unless it begins with en)."""
    return Texts(ENGLISH if os.environ.get(LANGUAGE_VARIABLE, "").startswith("en") else "")


TEXTS: Final = texts()
Home = Annotated[Path | None, typer.Option("--home", envvar=HOME_VARIABLE, help=TEXTS("cli.home"))]
AsJson = Annotated[bool, typer.Option("--json", help=TEXTS("cli.json"))]
NOT_JSON: Final = False


@dataclass(frozen=True)
class Desk:
    """An open store with the machine's clock."""

    home: Path
    store: "Store"
    clock: "Clock"


def home_folder(home: Path | None) -> Path:
    """Return the data folder: the option, the variable, or `kiosk` in the user's own data folder."""
    return home if home is not None else Path.home() / ".local" / "share" / "kiosk"


@contextmanager
def open_desk(home: Path | None) -> Iterator[Desk]:
    """Open the store of a data folder for one command.

    Raises:
        BadInput: there is no store (`store_absent`).
        StoreFailed: it cannot be used as it is (`store_schema`, `store_triggers`).
    """
    from db.engine import open_sqlite
    from db.store import StoreError, open_store, store_file
    from kiosk.clock import SystemClock

    folder = home_folder(home)
    if not store_file(folder).exists():
        raise BadInput("store_absent", home=str(folder))
    try:
        store = open_store(open_sqlite(store_file(folder)))
    except StoreError as error:
        raise StoreFailed(f"store_{error.code}", detail=error.detail) from error
    try:
        yield Desk(folder, store, SystemClock(folder))
    finally:
        store.close()


def report(values: Mapping[str, object], sentence: str, *, as_json: bool) -> None:
    """Print the outcome: keys for machines, or a sentence for people."""
    typer.echo(json.dumps(values, ensure_ascii=False) if as_json else sentence)


def tell(sentence: str) -> None:
    """Say something that is no outcome: to stderr."""
    typer.echo(sentence, err=True)
