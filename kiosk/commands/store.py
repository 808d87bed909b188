"""Commands that look after the store: run, init, doctor, backup, restore, rebuild, journal export and verify."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Home, explaining, home_folder, open_desk, report
from kiosk.commands.progress import Progress
from kiosk.errors import BadInput, ExitCode, Refused, StoreFailed

if TYPE_CHECKING:
    from kiosk.doctor import Finding

LOWEST_PRIORITY = 19
ALWAYS = False
EVERYTHING = False
journal = typer.Typer(help=TEXTS("cli.journal.help"), no_args_is_help=True)


def run(home: Home = None) -> None:
    """Open the terminal app; without a terminal it says so in a sentence."""
    from kiosk.launch import open_terminal

    ended = open_terminal(home_folder(home))
    if ended is not ExitCode.DONE:
        raise typer.Exit(int(ended))


def init(
    village: Annotated[int, typer.Option(min=1, max=9999, help=TEXTS("cli.init.village"))],
    operator: Annotated[str, typer.Option(help=TEXTS("cli.init.operator"))],
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Lay out an empty store for a village, with its first operator."""
    from kiosk.store_care import lay_out_store

    with explaining():
        begun = lay_out_store(home_folder(home), village, operator)
    values = {"village": village, "log": begun.log, "operator": begun.operator_id, "badge": begun.badge}
    report(values, TEXTS("cli.init.done", village=village, badge=begun.badge), as_json=as_json)


def doctor(
    home: Home = None,
    quick: Annotated[bool, typer.Option("--quick", help=TEXTS("cli.doctor.quick"))] = EVERYTHING,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Judge this desk; ends with the code of a failed store if anything must be mended before the desk goes on."""
    from kiosk.doctor import Level, worst

    findings = _findings(home_folder(home), is_quick=quick)
    level = worst(findings)
    values = {"level": level.value, "findings": [_as_row(each) for each in findings]}
    report(values, "\n".join(map(_as_line, findings)), as_json=as_json)
    if level is Level.FAIL:
        failed = [each.check for each in findings if each.level is level]
        raise StoreFailed("doctor_found", count=len(failed), checks=", ".join(failed))


def backup(
    folder: Annotated[Path | None, typer.Argument(help=TEXTS("cli.backup.folder"))] = None,
    if_due: Annotated[bool, typer.Option("--if-due", help=TEXTS("cli.backup.if_due"))] = ALWAYS,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Copy the store and verify the copy; with `--if-due` keep it only if anything was written since the last one."""
    from kiosk.store_care import back_up, lines_held

    if if_due:
        _look(home, as_json=as_json)
        return
    with open_desk(home) as desk, Progress(TEXTS("cli.progress.verify"), lines_held(desk.store)) as progress:
        made = back_up(desk.home, folder, now=desk.clock.now(), advance=progress)
    values = {"file": str(made.file), "lines": made.lines, "village": made.village, "number": made.number}
    report(values, TEXTS("cli.backup.done", file=made.file, lines=made.lines), as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help=TEXTS("cli.restore.file"))],
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Put a backup in place of the store; the store that was there is kept beside it."""
    from db.backup import read_name
    from kiosk.clock import SystemClock
    from kiosk.restore import restore_backup

    folder = home_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    named = read_name(file)
    with explaining(), Progress(TEXTS("cli.progress.restore"), 2 * named.lines if named else 0) as progress:
        done = restore_backup(folder, file, now=SystemClock(folder).now(), advance=progress)
    values = {
        "log": done.log, "till": done.till, "lines": done.lines, "saved": done.saved, "complete": done.is_complete,
        "kept": None if done.kept is None else str(done.kept),
    }  # fmt: skip
    sentence = TEXTS("cli.restore.complete" if done.is_complete else "cli.restore.incomplete")
    done_sentence = TEXTS("cli.restore.done", lines=done.lines, saved=done.saved, log=done.log, till=done.till)
    report(values, f"{done_sentence}\n{sentence}", as_json=as_json)


def rebuild(home: Home = None, as_json: AsJson = NOT_JSON) -> None:
    """Throw the tables away and compute them again from the journal."""
    from db.store import rebuild as rebuild_store
    from kiosk.store_care import lines_held

    with open_desk(home) as desk, Progress(TEXTS("cli.progress.rebuild"), lines_held(desk.store)) as progress:
        count = rebuild_store(desk.store, progress)
    report({"facts": count}, TEXTS("cli.rebuild.done", facts=count), as_json=as_json)


@journal.command("export", help=TEXTS("cli.journal.export.help"))
def export(
    name: Annotated[Path, typer.Argument(help=TEXTS("cli.journal.export.name"))],
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Write NAME.lines, NAME.private and NAME.heads."""
    from kiosk.store_care import export_store, lines_held

    with open_desk(home) as desk, Progress(TEXTS("cli.progress.export"), lines_held(desk.store)) as progress:
        done = export_store(desk.store, name, progress)
    values = {"lines": done.lines, "texts": done.texts}
    report(values, TEXTS("cli.journal.export.done", lines=done.lines, texts=done.texts), as_json=as_json)


@journal.command("verify", help=TEXTS("cli.journal.verify.help"))
def verify(
    name: Annotated[Path | None, typer.Argument(help=TEXTS("cli.journal.verify.name"))] = None,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Walk every chain and check every table; with a name, check an export instead of the store."""
    found = _verify_store(home) if name is None else _verify_export(name)
    sentence = TEXTS("cli.journal.verify.done", lines=found["lines"])
    report(found, sentence, as_json=as_json)
    if found["faults"]:
        raise StoreFailed("journal_broken", count=len(found["faults"]), first=found["faults"][0])


def register(app: typer.Typer) -> None:
    """Add this group to the command line."""
    for command in (run, init, doctor, backup, restore, rebuild):
        app.command(help=TEXTS(f"cli.{command.__name__}.help"))(command)
    app.add_typer(journal, name="journal")


def _look(home: Path | None, *, as_json: bool) -> None:
    """The quiet look, at the lowest priority: a till may be selling beside it."""
    import os

    from kiosk.store_care import back_up_if_due

    os.nice(LOWEST_PRIORITY)
    with open_desk(home) as desk:
        looked = back_up_if_due(desk.home, now=desk.clock.now())
    file = None if looked.backup is None else str(looked.backup.file)
    faults = [fault.subject for fault in looked.faults]
    sentence = TEXTS("cli.backup.not_due") if file is None else TEXTS("cli.backup.kept", file=file)
    report({"file": file, "faults": faults}, sentence, as_json=as_json)
    if faults:
        raise StoreFailed("copy_not_sound", detail=faults[0])


def _findings(home: Path, *, is_quick: bool) -> "list[Finding]":
    from kiosk.clock import SystemClock
    from kiosk.doctor import admit, examine, with_long_check
    from kiosk.store_care import lines_held

    home.mkdir(parents=True, exist_ok=True)
    now = SystemClock(home).now()
    try:
        with open_desk(home) as desk, Progress(TEXTS("cli.progress.verify"), 2 * lines_held(desk.store)) as progress:
            patient = admit(home, desk.store, None, now=now)
            return examine(patient if is_quick else with_long_check(patient, progress))
    except Refused as refused:
        return examine(admit(home, None, None if refused.code == "store_absent" else refused, now=now))


def _verify_store(home: Path | None) -> dict[str, Any]:
    from kiosk.store_care import lines_held, verify_store

    with open_desk(home) as desk, Progress(TEXTS("cli.progress.verify"), 2 * lines_held(desk.store)) as progress:
        found = verify_store(desk.home, advance=progress)
    exceptions = [f"{each.code} {each.subject}" for each in found.exceptions]
    return {"lines": found.lines, "faults": list(found.faults), "exceptions": exceptions}


def _verify_export(name: Path) -> dict[str, Any]:
    from db.export import check_export

    lines = [0]

    def count(piece: int) -> None:
        lines[0] += piece

    try:
        faults = check_export(name, count)
    except OSError as error:
        raise BadInput("file_not_read", file=str(name), detail=str(error)) from error
    return {"lines": lines[0], "faults": faults, "exceptions": []}


def _as_row(finding: "Finding") -> dict[str, Any]:
    return {
        "check": finding.check, "level": finding.level.value, "state": finding.state, "values": dict(finding.values),
        "text": finding.text(TEXTS), "next": finding.advice(TEXTS),
    }  # fmt: skip


def _as_line(finding: "Finding") -> str:
    line = f"{TEXTS(f'doctor.level.{finding.level.value}')}  {finding.text(TEXTS)}"
    advice = finding.advice(TEXTS)
    return f"{line}\n      → {advice}" if advice else line
