"""The command `county`; a group of commands is a file in `county/commands`."""

from typing import Final

import typer

from county.commands import care, exceptions, hub, moves, provision, publish, stick, terminals
from county.commands.desk import stop

app = typer.Typer(name="county", no_args_is_help=True, add_completion=False, rich_markup_mode=None)
for group in (hub, care, terminals, publish, exceptions, moves, stick, provision):
    group.register(app)


_PARTS: Final = frozenset({"fastapi", "psycopg", "starlette", "uvicorn"})
"""What a machine that was set up as a terminal lacks."""


def main() -> None:
    """Run one command; where it cannot, because a part is not installed or a restored hub waits, say what to do."""
    try:
        app()
    except ModuleNotFoundError as error:
        if error.name not in _PARTS:
            raise
        stop(
            f"{error.name} is missing: this machine was set up as a terminal. In the program's folder call "
            "`.venv/bin/pip install -c deploy/constraints.txt -e '.[county]'`, then this command again."
        )
    except RuntimeError as error:
        from county.recovery import RecoveringError

        if not isinstance(error, RecoveringError):
            raise
        stop(str(error))
