"""Commands about scanners: one that is none, for trying the desk out."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, report, tell
from kiosk.errors import BadInput, NotWritable, TryAgain

PAUSE_SECONDS: Final = 0.5

scanner = typer.Typer(help=TEXTS("cli.scanner.help"), no_args_is_help=True)


@scanner.command("simulate", help=TEXTS("cli.scanner.simulate.help"))
def simulate(
    port: Annotated[Path, typer.Option("--port", metavar="PATH", help=TEXTS("cli.scanner.simulate.port"))],
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="[CODE]...", help=TEXTS("cli.scanner.simulate.codes"))
    ] = None,
    pause: Annotated[float, typer.Option("--pause", min=0.0, help=TEXTS("cli.scanner.simulate.pause"))] = PAUSE_SECONDS,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Be a serial scanner: send the codes given here or, if none are, those on the standard input, line by line."""
    from kiosk.devices.scanner.simulated import simulate_serial

    try:
        sent = simulate_serial(port, codes or sys.stdin, on_ready=_say_where, pause=pause)
    except FileExistsError as error:
        raise BadInput("port_taken", port=str(port)) from error
    except TimeoutError as error:
        raise TryAgain("port_not_read", port=str(port)) from error
    except OSError as error:
        raise NotWritable("file_not_written", file=str(port)) from error
    report({"port": str(port), "sent": sent}, TEXTS("cli.scanner.simulate.done", sent=sent), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add this group to the command line."""
    app.add_typer(scanner, name="scanner")


def _say_where(port: Path) -> None:
    tell(TEXTS("cli.scanner.simulate.ready", port=port))
