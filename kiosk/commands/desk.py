"""What every command shares: the data folder, the open store, the clock, the texts, and how it reports."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.continuation import go_on_in_next_log
from kiosk.errors import BadInput, Refused
from kiosk.home import HOME_VARIABLE, default_home
from kiosk.locale import ENGLISH, Texts

if TYPE_CHECKING:
    from db.store import Store
    from kiosk.clock import Clock

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
    """Return the data folder: the option (which also reads the variable), or the default."""
    return home if home is not None else default_home()


@contextmanager
def open_desk(home: Path | None) -> Iterator[Desk]:
    """Open the store of a data folder for one command; nobody replaces it meanwhile.

    Raises:
        BadInput: there is no store (`store_absent`).
        StoreFailed: it cannot be used as it is (`store_schema`), or fails while it is used.
        TryAgain: somebody is replacing it (`store_in_use`), or writes for too long (`store_busy`).
    """
    from db.engine import open_sqlite
    from db.store import open_store, store_file
    from kiosk.clock import SystemClock
    from kiosk.hold import share

    folder = home_folder(home)
    if not store_file(folder).exists():
        raise BadInput("store_absent", home=str(folder))
    with explaining():
        held = share(folder)
        try:
            store = open_store(open_sqlite(store_file(folder)), continuation=go_on_in_next_log)
            try:
                yield Desk(folder, store, SystemClock(folder))
            finally:
                store.close()
        finally:
            held.let_go()


@contextmanager
def explaining() -> Iterator[None]:
    """Turn what goes wrong in a store or on its disk into a refusal with its own exit code."""
    from kiosk.store_care import explain_failure

    try:
        yield
    except Refused:
        raise
    except Exception as error:
        refused = explain_failure(error)
        if refused is None:
            raise
        raise refused from error


def report(values: Mapping[str, object], sentence: str, *, as_json: bool) -> None:
    """Print the outcome: keys for machines, or a sentence for people."""
    if as_json:
        import json

        typer.echo(json.dumps(values, ensure_ascii=False))
    else:
        typer.echo(sentence)


def tell(sentence: str) -> None:
    """Say something that is no outcome: to stderr."""
    typer.echo(sentence, err=True)
