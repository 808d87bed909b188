"""What the county says to its villages."""

from pathlib import Path
from typing import Annotated

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, open_hub_at, stop


def publish(
    file: Annotated[Path, typer.Argument(help="TOML file: goods, schemes, lost cards, messages, settings")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Tell the villages what a file says, all of it or nothing; the same file again changes nothing."""
    from county.publish import PublishError, publish_file

    hub = open_hub_at(home, database)
    try:
        done = publish_file(hub, file)
    except FileNotFoundError:
        stop(f"There is no file {file}. Nothing was published.")
    except (PublishError, OSError) as error:
        stop(f"{error}\nNothing was published.")
    typer.echo(f"Published: {done}.")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(publish)
