"""Terminals: one-time codes, who they are, letting in and shutting out."""

import os
from typing import Annotated

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, digits_of, open_hub_at, stop


def code(
    villages: Annotated[list[int], typer.Argument(metavar="VILLAGE...", min=1, max=9998, help="Village numbers")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Make one-time codes by which terminals of villages enrol."""
    from county.registry import make_code
    from db.wire.v1.signed import fingerprint

    hub = open_hub_at(home, database)
    with hub.write() as connection:
        made = [(village, make_code(connection, village, hub.now(), os.urandom)) for village in villages]
    for village, each in made:
        typer.echo(f"village {village:04}  code {each}  check digits of the county {fingerprint(hub.key.public)}")


def list_all(home: Home = DEFAULT_HOME, database: Database = None) -> None:
    """List every terminal with its state and the check digits to compare on the telephone."""
    from county.registry import list_terminals
    from db.wire.v1.signed import fingerprint

    hub = open_hub_at(home, database)
    with hub.read() as connection:
        found = list_terminals(connection)
    for each in found:
        typer.echo(f"{each.village:04}/{each.log}  {each.state}  {fingerprint(each.public_key)}  {each.program}")


def approve(
    village: Annotated[int, typer.Argument(help="Village number")],
    log: Annotated[int, typer.Argument(help="Number of the terminal's log, as listed")],
    check: Annotated[str, typer.Option(metavar="DIGITS", help="Check digits the village read out")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Let a terminal in whose village read out its check digits."""
    from county.registry import decide, find_terminal
    from db.wire.v1.signed import fingerprint

    hub = open_hub_at(home, database)
    with hub.write() as connection:
        found = find_terminal(connection, village, log)
        if found is None or digits_of(fingerprint(found.public_key)) != digits_of(check):
            stop("No such terminal, or other check digits. Compare them with the village again.")
        decide(connection, village, log, "active", hub.now())
    typer.echo(f"{village:04}/{log} may report.")


def revoke(
    village: Annotated[int, typer.Argument(help="Village number")],
    log: Annotated[int, typer.Argument(help="Number of the terminal's log, as listed")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Shut a terminal out, in whatever log it writes."""
    from county.registry import RegistryError
    from county.registry import revoke as revoke_key

    hub = open_hub_at(home, database)
    try:
        with hub.write() as connection:
            logs = revoke_key(connection, village, log, hub.now())
    except RegistryError:
        stop("No such terminal: see `county terminal list`.")
    typer.echo("\n".join(f"{village:04}/{each} is shut out." for each in logs))


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    terminal = typer.Typer(no_args_is_help=True, help="Terminals: list, approve, revoke", rich_markup_mode=None)
    app.command()(code)
    terminal.command("list")(list_all)
    for command in (approve, revoke):
        terminal.command()(command)
    app.add_typer(terminal, name="terminal")
