"""The command `county`; a group of commands is a file in `county/commands`."""

import typer

from county.commands import care, exceptions, hub, moves, provision, publish, stick, terminals
from county.commands.desk import stop

app = typer.Typer(name="county", no_args_is_help=True, add_completion=False, rich_markup_mode=None)
for group in (hub, care, terminals, publish, exceptions, moves, stick, provision):
    group.register(app)


def main() -> None:
    """Run one command; where a restored hub may say nothing yet, end with the sentence that tells why."""
    try:
        app()
    except RuntimeError as error:
        from county.recovery import RecoveringError

        if not isinstance(error, RecoveringError):
            raise
        stop(str(error))
