"""Exceptions: what breaks rules in the villages' books; listed by cause, settled many at once."""

import json
from typing import Annotated

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, open_hub_at, stop

SHOWN_OF_A_CAUSE = 20
Villages = Annotated[list[int] | None, typer.Option("--village", min=1, max=9998, help="Village; may be repeated")]


def list_open(
    villages: Villages = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of them, as JSON")] = False,  # noqa: FBT002  because Typer takes options as defaults
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """List what is open, by cause; without --village in all villages."""
    from dataclasses import asdict

    from county.exceptions import list_exceptions

    found = list_exceptions(open_hub_at(home, database), villages or ())
    if as_json:
        typer.echo(json.dumps([asdict(each) for same in found.values() for each in same], ensure_ascii=False))
        return
    for cause, same in found.items():
        count = len({each.village for each in same})
        typer.echo(f"{cause}: {len(same)} in {count} villages; {same[0].meaning}")
        for each in same[:SHOWN_OF_A_CAUSE]:
            stands = "" if each.detail == "-" else f"  {each.detail}"
            typer.echo(f"  {each.village:04}  {each.subject}{stands}")
        if len(same) > SHOWN_OF_A_CAUSE:
            typer.echo(f"  and {len(same) - SHOWN_OF_A_CAUSE} more: see --json")
    if not found:
        typer.echo("Nothing is open.")


def settle(
    cause: Annotated[str, typer.Argument(help="Cause, as it is listed")],
    villages: Villages = None,
    is_all: Annotated[bool, typer.Option("--all", help="In all villages")] = False,  # noqa: FBT002  because Typer takes options as defaults
    note: Annotated[str, typer.Option(help="What the village reads about it")] = "",
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Settle everything that is open of a cause, as it stands now; the villages read it after their next report."""
    from county.exceptions import settle_exceptions

    if is_all == bool(villages):
        stop("Say where: --village 0123 (several are allowed), or --all.")
    done = settle_exceptions(open_hub_at(home, database), cause, villages or (), note)
    typer.echo(f"Settled: {sum(done.values())} in {len(done)} villages.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    group = typer.Typer(no_args_is_help=True, help="What breaks rules: list, settle", rich_markup_mode=None)
    group.command("list")(list_open)
    group.command()(settle)
    app.add_typer(group, name="exceptions")
