"""Taking care of a hub: backups, a restore, and an examination."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, open_hub_at, stop

EVERYTHING = False
IN_WORDS = False


def backup(
    target: Annotated[Path, typer.Argument(help="A folder, which keeps the newest fourteen, or a file NAME.backup")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Make a verified backup beside the serving hub; whoever has it can speak for the county."""
    from county.backup import make_backup
    from db.backup import BackupError

    hub = open_hub_at(home, database)
    try:
        made = make_backup(hub, target, _taken())
    except (BackupError, OSError) as error:
        stop(f"No backup was made: {error}", code=74)
    finally:
        hub.close()
    typer.echo(f"{made.file}: {made.lines} lines of {made.villages} villages, verified.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file made by `county backup`")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Make a hub of a backup, here or in an empty PostgreSQL database; villages send again what came later."""
    from county.hub import HubError
    from county.restore import Moment, restore_backup
    from db.backup import BackupError

    moment = Moment(time.time_ns() // 1_000_000, _taken())
    try:
        done = restore_backup(file, home, database, moment)
    except HubError as error:
        stop(
            "The hub is serving from this folder. Stop it first."
            if error.code == "in_use"
            else "There is a hub in that database. Make an empty one and name it."
        )
    except (BackupError, OSError) as error:
        stop(f"Nothing was restored: {error}", code=74)
    typer.echo(f"Restored: {done.lines} lines of {done.villages} villages. Check digits: {done.fingerprint}")
    if done.kept is not None:
        typer.echo(f"The hub of before was kept: {done.kept}")
    typer.echo(
        "Start it now; it takes reports. It publishes nothing before `county resume`: wait until the villages have "
        "handed back what this hub said since the backup. `county doctor` counts them. Shut out again whoever was "
        "shut out since the backup."
    )


def resume(home: Home = DEFAULT_HOME, database: Database = None) -> None:
    """Let a restored hub publish again, when enough villages have reported."""
    from county.recovery import end_recovery, recovery_of

    hub = open_hub_at(home, database)
    with hub.write() as connection:
        state = recovery_of(connection)
        if state is not None and state.is_waiting:
            end_recovery(connection, hub.now())
    hub.close()
    if state is None or not state.is_waiting:
        stop("This hub waits for nothing: it may publish.")
    typer.echo(f"The county may publish again. {state.reported} of {state.terminals} terminals have reported.")


def doctor(
    home: Home = DEFAULT_HOME,
    database: Database = None,
    days: Annotated[int, typer.Option(min=1, help="A terminal is silent after so many days")] = 3,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what reads every village's tables")] = EVERYTHING,
    as_json: Annotated[bool, typer.Option("--json", help="For machines")] = IN_WORDS,
) -> None:
    """Examine the hub beside its work; ends with 74 if anything must be mended, with 0 otherwise."""
    from county.doctor import examine, worst
    from county.finding import Level, Patient

    hub = open_hub_at(home, database)
    findings = examine(Patient(hub, home, quick, days))
    hub.close()
    level = worst(findings)
    if as_json:
        rows = [asdict(each) | {"level": each.level.value} for each in findings]
        typer.echo(json.dumps({"level": level.value, "findings": rows}, ensure_ascii=False))
    else:
        for each in findings:
            typer.echo(f"{each.level.value:4}  {each.check}: {each.text}")
            if each.advice:
                typer.echo(f"      {each.advice}")
    if level is Level.FAIL:
        raise typer.Exit(74)


def _taken() -> str:
    """Say what the clock on the wall says, for the name of a file."""
    return time.strftime("%Y%m%dT%H%M")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (backup, restore, resume, doctor):
        app.command()(command)
