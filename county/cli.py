"""The command `county`; a group of commands is a file in `county/commands`."""

import typer

from county.commands import hub, publish, stick, terminals

app = typer.Typer(name="county", no_args_is_help=True, add_completion=False, rich_markup_mode=None)
for group in (hub, terminals, publish, stick):
    group.register(app)


def main() -> None:
    """Run one command."""
    app()
