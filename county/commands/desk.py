"""What every command of the hub has: where its data lies, the open hub, one sentence where it cannot go on."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

if TYPE_CHECKING:
    from county.hub import Hub

HOME_VARIABLE: Final = "COUNTY_HOME"
DATABASE_VARIABLE: Final = "COUNTY_DATABASE"
Home = Annotated[Path, typer.Option("--home", envvar=HOME_VARIABLE, help="The hub's data folder")]
Database = Annotated[
    str | None,
    typer.Option("--database", envvar=DATABASE_VARIABLE, help="PostgreSQL URL; without it SQLite in the data folder"),
]
DEFAULT_HOME: Final = Path("county-data")


def open_hub_at(home: Path, database: str | None) -> "Hub":
    """Open the hub of a data folder or a URL, or end with a sentence."""
    from sqlalchemy.exc import DBAPIError

    from county.hub import FILE_NAME, HubError, open_engine, open_hub

    if database is None and not (home / FILE_NAME).exists():
        stop("There is no hub here. Lay it out with `county init`, or name its folder with --home or COUNTY_HOME.")
    try:
        return open_hub(open_engine(home, database))
    except HubError as error:
        if error.code == "schema":
            stop("Another version of this program laid this hub out: go back to that one.", code=74)
        stop("There is no hub here. Lay it out with `county init`.")
    except DBAPIError as error:
        if database is not None:
            stop(f"The database cannot be reached or read: {error.orig}. Is it running, and is its URL right?", code=74)
        stop(f"The hub's store cannot be read ({error.orig}): keep its files, and restore the newest backup.", code=74)


def digits_of(text: str) -> str:
    """Give the digits of a text, however they were grouped."""
    return "".join(filter(str.isdigit, text))


def stop(sentence: str, code: int = 1) -> NoReturn:
    """End the command with a sentence that says what to do; 74 is a store or a disk that failed."""
    typer.echo(sentence, err=True)
    sys.exit(code)
