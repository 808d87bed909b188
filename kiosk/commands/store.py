"""Commands that look after the store: init, backup, restore, rebuild, journal export and verify."""

from pathlib import Path
from typing import Annotated

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Home, home_folder, open_desk, report
from kiosk.errors import NotWritable, StoreFailed

journal = typer.Typer(help=TEXTS("cli.journal.help"), no_args_is_help=True)


def init(
    village: Annotated[int, typer.Option(min=1, max=9999, help=TEXTS("cli.init.village"))],
    operator: Annotated[str, typer.Option(help=TEXTS("cli.init.operator"))],
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Lay out an empty store for a village, with its first operator."""
    from kiosk.store_care import lay_out_store

    begun = lay_out_store(home_folder(home), village, operator)
    values = {"village": village, "log": begun.log, "operator": begun.operator_id, "badge": begun.badge}
    report(values, TEXTS("cli.init.done", village=village, badge=begun.badge), as_json=as_json)


def backup(
    folder: Annotated[Path | None, typer.Argument(help=TEXTS("cli.backup.folder"))] = None,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Copy the store and verify the copy."""
    from kiosk.store_care import back_up

    with open_desk(home) as desk:
        made = back_up(desk.home, folder, now=desk.clock.now())
    values = {"file": str(made.file), "lines": made.lines}
    report(values, TEXTS("cli.backup.done", file=made.file, lines=made.lines), as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help=TEXTS("cli.restore.file"))],
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Put a backup in place of the store; the store that was there is kept beside it."""
    from kiosk.clock import SystemClock
    from kiosk.store_care import restore_backup

    folder = home_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    done = restore_backup(folder, file, now=SystemClock(folder).now())
    values = {"log": done.log, "lines": done.lines, "kept": None if done.kept is None else str(done.kept)}
    report(values, TEXTS("cli.restore.done", lines=done.lines, log=done.log), as_json=as_json)


def rebuild(home: Home = None, as_json: AsJson = NOT_JSON) -> None:
    """Throw the tables away and compute them again from the journal."""
    from db.store import rebuild as rebuild_store

    with open_desk(home) as desk:
        count = rebuild_store(desk.store)
    report({"facts": count}, TEXTS("cli.rebuild.done", facts=count), as_json=as_json)


@journal.command("export", help=TEXTS("cli.journal.export.help"))
def export(
    name: Annotated[Path, typer.Argument(help=TEXTS("cli.journal.export.name"))],
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Write NAME.lines and NAME.private."""
    from db.export import export_journal

    with open_desk(home) as desk, desk.store.read() as connection:
        try:
            done = export_journal(connection, name)
        except OSError as error:
            raise NotWritable("file_not_written", file=str(name), detail=str(error)) from error
    values = {"lines": done.lines, "texts": done.texts}
    report(values, TEXTS("cli.journal.export.done", lines=done.lines, texts=done.texts), as_json=as_json)


@journal.command("verify", help=TEXTS("cli.journal.verify.help"))
def verify(home: Home = None, as_json: AsJson = NOT_JSON) -> None:
    """Walk every chain and check every table."""
    from kiosk.store_care import verify_store

    with open_desk(home) as desk:
        found = verify_store(desk.store)
    sentence = TEXTS("cli.journal.verify.done", lines=found.lines)
    report({"lines": found.lines, "faults": list(found.faults)}, sentence, as_json=as_json)
    if found.faults:
        raise StoreFailed("journal_broken", count=len(found.faults), first=found.faults[0])


def register(app: typer.Typer) -> None:
    """Add this group to the command line."""
    app.command(help=TEXTS("cli.init.help"))(init)
    app.command(help=TEXTS("cli.backup.help"))(backup)
    app.command(help=TEXTS("cli.restore.help"))(restore)
    app.command(help=TEXTS("cli.rebuild.help"))(rebuild)
    app.add_typer(journal, name="journal")
