"""The command `county`: lay out and serve the hub, codes and terminals."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

if TYPE_CHECKING:
    from county.hub import Hub

HOME_VARIABLE: Final = "COUNTY_HOME"
DATABASE_VARIABLE: Final = "COUNTY_DATABASE"
Home = Annotated[Path, typer.Option("--home", envvar=HOME_VARIABLE, help="The hub's data folder")]
Database = Annotated[
    str | None,
    typer.Option("--database", envvar=DATABASE_VARIABLE, help="PostgreSQL URL; without it SQLite in the data folder"),
]
DEFAULT_HOME: Final = Path("county-data")

app = typer.Typer(name="county", no_args_is_help=True, add_completion=False, rich_markup_mode=None)
terminal = typer.Typer(no_args_is_help=True, help="Terminals: list, approve, revoke", rich_markup_mode=None)
app.add_typer(terminal, name="terminal")


@app.command()
def init(home: Home = DEFAULT_HOME, database: Database = None) -> None:
    """Lay out an empty hub with its own key."""
    from county.hub import create_hub, open_engine
    from db.wire.v1.signed import fingerprint

    home.mkdir(parents=True, exist_ok=True)
    hub = create_hub(open_engine(home, database))
    typer.echo(f"The hub is laid out. Check digits of the county: {fingerprint(hub.key.public)}")
    hub.close()


@app.command()
def serve(
    home: Home = DEFAULT_HOME,
    database: Database = None,
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on")] = 8700,
) -> None:
    """Take the villages' reports until it is stopped."""
    import uvicorn

    from county.app import create_app

    hub = _open(home, database)
    uvicorn.run(create_app(hub), host=host, port=port, log_level="warning", server_header=False, date_header=False)


@app.command()
def code(
    villages: Annotated[list[int], typer.Argument(metavar="VILLAGE...", min=1, max=9998, help="Village numbers")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Make one-time codes by which terminals of villages enrol."""
    from county.registry import make_code
    from db.wire.v1.signed import fingerprint

    hub = _open(home, database)
    with hub.write() as connection:
        made = [(village, make_code(connection, village, hub.now(), os.urandom)) for village in villages]
    for village, each in made:
        typer.echo(f"village {village:04}  code {each}  check digits of the county {fingerprint(hub.key.public)}")


@app.command()
def publish(
    file: Annotated[Path, typer.Argument(help="TOML file with tables [[goods]]")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Tell all villages what goods there are and what they cost; the same file again changes nothing."""
    from county.publish import PublishError, publish_file

    hub = _open(home, database)
    try:
        done = publish_file(hub, file)
    except (PublishError, OSError) as error:
        _stop(str(error))
    typer.echo(f"Published: {done.added} new, {done.renamed} named anew, {done.priced} prices.")


@app.command()
def stick(
    folder: Annotated[Path, typer.Argument(help="The stick's folder")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Take in the villages' reports from a stick and put the answers on it."""
    from county.stick import exchange_by_stick

    hub = _open(home, database)
    try:
        done = exchange_by_stick(hub, folder)
    except OSError as error:
        _stop(f"The stick cannot be used: {error}")
    named = ", ".join(f"{village:04}" for village in sorted(done.villages)) or "none"
    typer.echo(
        f"Villages: {named}. {done.stored} lines stored, {done.written} answers, {done.skipped} files left aside."
    )


@terminal.command("list")
def list_all(home: Home = DEFAULT_HOME, database: Database = None) -> None:
    """List every terminal with its state and the check digits to compare on the telephone."""
    from county.registry import list_terminals
    from db.wire.v1.signed import fingerprint

    hub = _open(home, database)
    with hub.read() as connection:
        found = list_terminals(connection)
    for each in found:
        typer.echo(f"{each.village:04}/{each.log}  {each.state}  {fingerprint(each.public_key)}  {each.program}")


@terminal.command()
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

    hub = _open(home, database)
    with hub.write() as connection:
        found = find_terminal(connection, village, log)
        if found is None or _digits(fingerprint(found.public_key)) != _digits(check):
            _stop("No such terminal, or other check digits. Compare them with the village again.")
        decide(connection, village, log, "active", hub.now())
    typer.echo(f"{village:04}/{log} may report.")


@terminal.command()
def revoke(
    village: Annotated[int, typer.Argument(help="Village number")],
    log: Annotated[int, typer.Argument(help="Number of the terminal's log, as listed")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Shut a terminal out, in whatever log it writes."""
    from county.registry import RegistryError
    from county.registry import revoke as revoke_key

    hub = _open(home, database)
    try:
        with hub.write() as connection:
            logs = revoke_key(connection, village, log, hub.now())
    except RegistryError:
        _stop("No such terminal: see `county terminal list`.")
    typer.echo("\n".join(f"{village:04}/{each} is shut out." for each in logs))


def main() -> None:
    """Run one command."""
    app()


def _open(home: Path, database: str | None) -> "Hub":
    from county.hub import HubError, open_engine, open_hub

    try:
        return open_hub(open_engine(home, database))
    except HubError:
        _stop("There is no hub here. Lay it out with `county init`.")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(1)
