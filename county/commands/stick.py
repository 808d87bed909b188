"""Reports that come by stick."""

from pathlib import Path
from typing import Annotated

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, open_hub_at, stop


def stick(
    folder: Annotated[Path, typer.Argument(help="The stick's folder")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Take in the villages' reports from a stick and put the answers on it."""
    from county.stick import exchange_by_stick

    hub = open_hub_at(home, database)
    try:
        done = exchange_by_stick(hub, folder)
    except OSError as error:
        stop(f"The stick cannot be used: {error}")
    named = ", ".join(f"{village:04}" for village in sorted(done.villages)) or "none"
    typer.echo(
        f"Villages: {named}. {done.stored} lines stored, {done.written} answers, {done.skipped} files left aside."
    )


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(stick)
