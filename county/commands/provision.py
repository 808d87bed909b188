"""What every village gets once: a folder for a stick, and a printed sheet."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, open_hub_at, stop

if TYPE_CHECKING:
    from county.hub import Hub
    from county.villages import Named


def provision(
    folder: Annotated[Path, typer.Argument(help="Where folders and sheets are written")],
    villages: Annotated[list[str] | None, typer.Argument(metavar="[VILLAGE...]", help="123=云岭村, or 123")] = None,
    every: Annotated[Path | None, typer.Option("--all", metavar="FILE", help="CSV: 村编号,村名")] = None,
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Write for villages what their terminals are set up from: a folder for a stick, and a sheet."""
    from county.provision import provision as write_provisions
    from county.sheet import SheetError
    from county.villages import VillageError

    hub = open_hub_at(home, database)
    try:
        named = _named(hub, villages or [], every)
        done = write_provisions(hub, folder, named, advance=_Counted(len(named)))
    except (VillageError, SheetError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"Cannot be written or read: {error}")
    typer.echo(
        f"{done.villages} villages, {done.lines} lines each. Copy what is in the folder {folder / 'NUMBER'} of each "
        f"onto its stick, and print {folder / 'sheets.pdf'}."
    )


def service(
    address: Annotated[str, typer.Argument(help="Like https://county.example:8700; '' where no village has a line")],
    phone: Annotated[str, typer.Option(help="Telephone number for villages that need help")] = "",
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Say where villages reach the county: it stands on their sheets and goes onto their sticks."""
    from county.villages import Service, keep_service
    from db.wire.v1.set_up import read_address

    if address and read_address(address) is None:
        stop(f"{address} is no address like https://county.example:8700.")
    hub = open_hub_at(home, database)
    with hub.write() as connection:
        keep_service(connection, Service(address, phone))
    typer.echo(f"Villages reach the county at {address or 'no address, by stick'}, by telephone {phone or '-'}.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (service, provision):
        app.command()(command)


class _Counted:
    """Says how many villages are done: in place on a terminal, now and then in a log."""

    def __init__(self, total: int) -> None:
        """Begin with none."""
        self._total, self._done = total, 0

    def __call__(self, count: int) -> None:
        """Count some more."""
        self._done += count
        is_last = self._done >= self._total
        if sys.stderr.isatty():
            typer.echo(f"\r{self._done}/{self._total} ", err=True, nl=is_last)
        elif is_last or self._done % 100 == 0:
            typer.echo(f"{self._done}/{self._total}", err=True)


def _named(hub: "Hub", words: list[str], file: Path | None) -> "tuple[Named, ...]":
    from county.villages import VillageError, known_names, read_list, read_words

    if bool(words) == (file is not None):
        raise VillageError("Name villages, or a list with --all FILE.")
    if file is not None:
        return read_list(file.read_bytes())
    with hub.read() as connection:
        return read_words(words, known_names(connection))
