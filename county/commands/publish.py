"""What the county says to its villages."""

from pathlib import Path
from typing import Annotated

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, open_hub_at, stop


def publish(
    file: Annotated[Path, typer.Argument(help="TOML file with tables [[goods]]")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Tell all villages what goods there are and what they cost; the same file again changes nothing."""
    from county.publish import PublishError, publish_file

    hub = open_hub_at(home, database)
    try:
        done = publish_file(hub, file)
    except (PublishError, OSError) as error:
        stop(str(error))
    typer.echo(f"Published: {done.added} new, {done.renamed} named anew, {done.priced} prices.")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(publish)
