"""Commands that speak with the county: enrol this terminal, and report, over a line (sync) or by a stick."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Home, open_desk, report, tell

TELLS_EVERY_SECONDS: Final = 0.2


class Way(StrEnum):
    """Which way a stick is asked to go: out to the county, home again, or both at once."""

    BOTH = "both"
    OUT = "out"
    HOME = "home"


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


def sync(
    spread: Annotated[float, typer.Option(metavar="SECONDS", min=0, help=TEXTS("cli.sync.spread"))] = 0,
    patience: Annotated[float, typer.Option(metavar="SECONDS", min=0, help=TEXTS("cli.sync.patience"))] = 0,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Report to the county what happened here, and take in what it has published; the till may sell meanwhile."""
    from dataclasses import asdict

    from kiosk.health import figures_of
    from kiosk.sync.retry import Patience
    from kiosk.sync.session import report_to_county

    if spread:
        time.sleep(_minute(home, spread))
    told = _Told(is_for_machine=as_json)
    with open_desk(home) as desk:
        now, waits = desk.clock.now(), Patience(patience)
        session = report_to_county(desk.store, now=now, advance=told, patience=waits, figures=figures_of)
    report(asdict(session), TEXTS("cli.sync.done", sent=session.sent, received=session.received), as_json=as_json)


def stick(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=TEXTS("cli.stick.folder"))],
    way: Annotated[Way, typer.Option("--way", help=TEXTS("cli.stick.way"))] = Way.BOTH,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Report by a stick: put on it what the county lacks, take from it what the county sent."""
    import os
    from dataclasses import asdict

    from kiosk.health import figures_of
    from kiosk.sync.stick import exchange_by_stick

    with open_desk(home) as desk:
        told, now = _Told(is_for_machine=as_json), desk.clock.now()
        done = exchange_by_stick(
            desk.store, folder, os.urandom, now=now, way=way.value, advance=told, figures=figures_of
        )
    report(asdict(done), TEXTS("cli.stick.done", **asdict(done)), as_json=as_json)


def _minute(home: Path | None, spread: float) -> float:
    """Return how many seconds this terminal waits; nobody is kept from the store meanwhile."""
    from db.store import own_log
    from kiosk.sync.retry import minute_of

    with open_desk(home) as desk, desk.store.read() as connection:
        return minute_of(desk.store.village, own_log(connection, desk.store.village), spread)


class _Told:
    """Says how far it is: a bar on a terminal, lines in a log, now and then a line of JSON where a machine reads."""

    def __init__(self, *, is_for_machine: bool) -> None:
        """Begin with no stage."""
        self._is_for_machine = is_for_machine
        self._stage = ""
        self._told_at = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say that a stage has begun, or how far it is."""
        import sys

        if self._is_for_machine:
            self._tell_machine(stage, done, total)
        elif sys.stderr.isatty():
            count = f"{done}/{total}" if total else str(done)
            typer.echo(f"\r{TEXTS(f'cli.sync.stage.{stage}')} {count}   ", err=True, nl=bool(total) and done >= total)
        elif stage != self._stage:
            tell(TEXTS(f"cli.sync.stage.{stage}"))
        self._stage = stage

    def _tell_machine(self, stage: str, done: int, total: int) -> None:
        """Write a line of progress, seldom enough that nobody has to read it at once."""
        import json

        now = time.monotonic()
        if stage != self._stage or now - self._told_at >= TELLS_EVERY_SECONDS:
            self._told_at = now
            tell(json.dumps({"stage": stage, "done": done, "total": total}))


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(help=TEXTS("cli.enrol.help"))(enrol)
    app.command(help=TEXTS("cli.sync.help"))(sync)
    app.command(help=TEXTS("cli.stick.help"))(stick)
