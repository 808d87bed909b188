"""Reports that come by stick."""

from pathlib import Path
from typing import Annotated, Final

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, open_hub_at, stop

MANY: Final = 50
_WHY: Final = {
    "torn": "not whole; the village writes it again",
    "sealed": "for another county",
    "signature": "not signed by whom it should be",
    "content": "its lines do not continue what is held",
    "stranger": "from a terminal that is not let in",
    "gap": "lines before these are missing; the village has been told where to begin",
    "fork": "this log was written twice: the machine was copied, and both sales count after two journeys of the stick; "
    "telephone the village, one of the two machines must go",
    "line": "it holds a line that is none",
    "code_wrong": "the code is not of this village, was used, or is too old; make a new sheet",
    "log_taken": "another machine has this log; telephone the village",
    "terminal_old": "its program is too old for this hub; update that terminal, and it brings everything",
    "county_old": "its program is too new for this hub; update the hub, and take the stick in again",
    "founded": "the village has a terminal, and this one was set up as its first: let it begin again as a second desk",
}


def stick(
    folder: Annotated[Path, typer.Argument(help="The stick's folder")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Take in the villages' reports from a stick and put the answers on it."""
    from county.stick import exchange_by_stick

    hub = open_hub_at(home, database)
    try:
        done = exchange_by_stick(hub, folder, advance=_tell)
    except FileNotFoundError:
        stop(f"{folder} has no folder `kiosk`: it is not a stick of a village, or was pulled out.")
    except OSError as error:
        stop(f"The stick cannot be used ({error.strerror}): plug it in again, clear it, or use another one.")
    named = ", ".join(f"{village:04}" for village in sorted(done.villages)) or "none"
    homeward = " At the village it is read with 3 under 上报县里 (Report to the county)." if done.written else ""
    typer.echo(
        f"Villages: {named}. {done.stored} lines stored, {done.written} answers. The stick may be pulled.{homeward}"
    )
    for name, why in done.aside:
        typer.echo(f"Left aside: {name}: {_WHY[why]}", err=True)
    for each in done.waiting:
        typer.echo(
            f"{each.village:04}/{each.log} wants to be known. If the village reads out {each.check}, call "
            f"`county terminal approve {each.village} {each.log} --check DIGITS` and this command again."
        )


def _tell(done: int, total: int) -> None:
    """Say how far it is, where there is much."""
    if total >= MANY and (done == total or done % MANY == 0):
        typer.echo(f"{done}/{total}", err=True)


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(stick)
