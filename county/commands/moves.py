"""Households that move between villages: where they are on their way, and where they go if a number was wrong."""

from typing import Annotated

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, open_hub_at, stop

STATES = {"unsent": "nobody was told", "sent": "told, not opened yet", "opened": "opened"}
VillageNumber = Annotated[int, typer.Argument(min=1, max=9998, help="Village it left")]


def list_all(home: Home = DEFAULT_HOME, database: Database = None) -> None:
    """Pass on what waits, and list every household that left its village."""
    from county.moves import list_moves, relay_moves

    hub = open_hub_at(home, database)
    for village in sorted({move.from_village for move in list_moves(hub) if move.state == "unsent"}):
        relay_moves(hub, village)
    found = list_moves(hub)
    for move in found:
        to = move.to_village if move.told is None else move.told
        points = f"{move.points // 100}.{move.points % 100:02}"
        typer.echo(f"{move.from_village:04}  {move.household_id}  to {to:04}  {points} points  {STATES[move.state]}")
    if not found:
        typer.echo("No household left its village.")


def send(
    village: VillageNumber,
    household: Annotated[int, typer.Argument(help="Number of the household, as listed")],
    to: Annotated[int, typer.Option("--to", min=1, max=9998, help="Village it really goes to")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Pass a household on whose desk named a village nobody knows; also back to where it came from."""
    from county.moves import MoveError, send_move

    try:
        send_move(open_hub_at(home, database), village, household, to)
    except MoveError as error:
        stop(str(error))
    typer.echo(f"Village {to:04} is told at its next report.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    group = typer.Typer(no_args_is_help=True, help="Households that move: list, send", rich_markup_mode=None)
    group.command("list")(list_all)
    group.command()(send)
    app.add_typer(group, name="moves")
