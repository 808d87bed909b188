"""Laying out a hub, serving it, and what its tables look like to a database."""

from typing import Annotated

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, open_hub_at, stop

PLAIN = False
KEPT_ALIVE_SECONDS = 75
"""Longer than a terminal waits for anything: over a bad line, a new connection costs more than an idle one here."""


def init(home: Home = DEFAULT_HOME, database: Database = None) -> None:
    """Lay out an empty hub with its own key."""
    from sqlalchemy.exc import DBAPIError

    from county.hub import HubError, create_hub, open_engine
    from db.wire.v1.signed import fingerprint

    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        hub = create_hub(open_engine(home, database))
    except HubError:
        stop("There is a hub here already; nothing was changed. `county doctor` looks at it.")
    except (OSError, DBAPIError) as error:
        stop(f"Nothing can be laid out here: {getattr(error, 'orig', None) or error}", code=74)
    typer.echo(f"The hub is laid out. Check digits of the county: {fingerprint(hub.key.public)}")
    hub.close()


def serve(
    home: Home = DEFAULT_HOME,
    database: Database = None,
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on")] = 8700,
    tls: Annotated[
        bool, typer.Option("--tls", help="Keep the line private: https with a certificate of its own")
    ] = PLAIN,
) -> None:
    """Take the villages' reports until it is stopped."""
    from contextlib import ExitStack

    import uvicorn

    from county.app import create_app
    from county.hub import HubError, follow_program, hold_home, keep_certificate

    hub = open_hub_at(home, database)
    with ExitStack() as ending:
        if database is None:
            try:
                ending.enter_context(hold_home(home))
            except HubError:
                stop("Another hub serves from this folder, or is being restored in it.")
        follow_program(hub)
        typer.echo(f"Taking reports at {'https' if tls else 'http'}://{host}:{port} until it is stopped.", err=True)
        uvicorn.run(
            create_app(hub), host=host, port=port, log_level="warning", server_header=False, date_header=False,
            ssl_certfile=keep_certificate(home, hub.key) if tls else None, timeout_keep_alive=KEPT_ALIVE_SECONDS,
        )  # fmt: skip


def schema(
    citus: Annotated[bool, typer.Option("--citus", help="The calls that distribute the tables by village")] = PLAIN,
    shards: Annotated[int, typer.Option(min=1, max=1024, help="Pieces the villages are cut into")] = 32,
    role: Annotated[str | None, typer.Option(help="What this database role needs to serve, and nothing more")] = None,
) -> None:
    """Print the hub's tables as PostgreSQL takes them, or what shards them, or grants; nothing is opened or changed."""
    from county.schema import citus_statements, create_statements, grant_statements, local_tables, names

    if role is not None:
        typer.echo("\n".join(grant_statements(role)))
        return
    if not citus:
        typer.echo(";\n\n".join(create_statements()) + ";")
        return
    for statement in citus_statements(shards):
        typer.echo(statement)
    typer.echo(f"-- kept on the coordinator alone: {names(local_tables())}")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (init, serve, schema):
        app.command()(command)
