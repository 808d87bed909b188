"""Commands that speak with the county: enrol this terminal, and report, over a line (sync) or by a stick."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Home, open_desk, report, tell

if TYPE_CHECKING:
    from kiosk.sync.session import Stage


def enrol(
    hub: Annotated[str, typer.Option(metavar="URL", help=TEXTS("cli.enrol.hub"))],
    code: Annotated[str, typer.Option(metavar="CODE", help=TEXTS("cli.enrol.code"))],
    check: Annotated[str, typer.Option(metavar="DIGITS", help=TEXTS("cli.enrol.check"))],
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Make this terminal known to the county; an officer lets it in after comparing its check digits."""
    import os
    from dataclasses import asdict

    from kiosk.sync.client import Client
    from kiosk.sync.enrolment import enrol_terminal

    with open_desk(home) as desk, Client(hub) as client:
        asked = enrol_terminal(desk.store, client, hub, code, check, os.urandom)
    report(asdict(asked), TEXTS(f"cli.enrol.{asked.status}", fingerprint=asked.fingerprint), as_json=as_json)


def sync(home: Home = None, as_json: AsJson = NOT_JSON) -> None:
    """Report to the county what happened here, and take in what it has published; the till may sell meanwhile."""
    from dataclasses import asdict

    from kiosk.sync.session import report_to_county

    told = _Told(is_quiet=as_json)
    with open_desk(home) as desk:
        session = report_to_county(desk.store, now=desk.clock.now(), advance=told)
    report(asdict(session), TEXTS("cli.sync.done", sent=session.sent, received=session.received), as_json=as_json)


def stick(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=TEXTS("cli.stick.folder"))],
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Report by a stick: put on it what the county lacks, take from it what the county sent."""
    import os
    from dataclasses import asdict

    from kiosk.sync.stick import exchange_by_stick

    with open_desk(home) as desk:
        done = exchange_by_stick(desk.store, folder, os.urandom, now=desk.clock.now())
    report(asdict(done), TEXTS("cli.stick.done", **asdict(done)), as_json=as_json)


class _Told:
    """Says how far a session is: a bar on a terminal, lines in a log, nothing where a machine reads."""

    def __init__(self, *, is_quiet: bool) -> None:
        """Begin with no stage."""
        self._is_quiet = is_quiet
        self._stage: Stage | None = None

    def __call__(self, stage: "Stage", done: int, total: int) -> None:
        """Say that a stage has begun, or how far it is."""
        import sys

        if self._is_quiet:
            return
        if sys.stderr.isatty():
            count = f"{done}/{total}" if total else str(done)
            typer.echo(f"\r{TEXTS(f'cli.sync.stage.{stage}')} {count}   ", err=True, nl=bool(total) and done >= total)
        elif stage != self._stage:
            tell(TEXTS(f"cli.sync.stage.{stage}"))
        self._stage = stage


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(help=TEXTS("cli.enrol.help"))(enrol)
    app.command(help=TEXTS("cli.sync.help"))(sync)
    app.command(help=TEXTS("cli.stick.help"))(stick)
