"""Commands about sheets: import one, write an empty one to fill in."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.calendar import DAY_DIGITS, is_day
from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Desk, Home, open_desk, report, tell
from kiosk.commands.progress import Progress
from kiosk.errors import BadInput, TryAgain

if TYPE_CHECKING:
    from db.store import Store
    from kiosk.domain.import_plan import ImportPlan
    from kiosk.domain.importing import Imported
    from kiosk.domain.waiting import Signature
    from kiosk.sheets.rows import SheetReading

NOTHING_SKIPPED: Final = False
WRITTEN: Final = False


class Kind(StrEnum):
    """What a sheet holds."""

    HOUSEHOLDS = "households"
    PERSONS = "persons"
    MEMBERS = "members"
    GOODS = "goods"


def import_sheet(  # noqa: PLR0913, PLR0917  because every option of a command is a parameter of its function
    kind: Annotated[Kind, typer.Argument(help=TEXTS("cli.import.kind"))],
    file: Annotated[Path, typer.Argument(help=TEXTS("cli.import.file"))],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=TEXTS("cli.import.skip_bad"))] = NOTHING_SKIPPED,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=TEXTS("cli.import.dry_run"))] = WRITTEN,
    reasons: Annotated[
        Path | None, typer.Option("--reasons", metavar="OUT.xlsx", help=TEXTS("cli.import.reasons"))
    ] = None,
    from_day: Annotated[
        str | None, typer.Option("--from-day", metavar="DAY", help=TEXTS("cli.import.from_day"))
    ] = None,
    badge: Annotated[str | None, typer.Option("--badge", metavar="NUMBER", help=TEXTS("cli.import.badge"))] = None,
    signer: Annotated[str | None, typer.Option("--signer", metavar="NUMBER", help=TEXTS("cli.import.signer"))] = None,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Import a sheet: what differs is written, nothing is removed, the same file twice changes nothing."""
    from kiosk.domain.importing import plan_import
    from kiosk.sheets.reasons import write_reasons

    day = _day(from_day)
    with open_desk(home) as desk:
        by, signature = _hands(desk.store, badge, signer)
        plan = plan_import(desk.store, _read(file, kind), desk.clock.now(), day)
        plan = plan.leaving_out_bad_rows() if skip_bad else plan
        if reasons is not None:
            write_reasons(file, plan.judged, reasons, TEXTS)
        is_written = plan.may_be_written and not dry_run
        done = _write(desk, plan, signature, by) if is_written else None
    report(_values(plan, done), _sentences(plan, done), as_json=as_json)
    if not plan.may_be_written and not dry_run:
        raise BadInput("sheet_has_problems", count=plan.wrong)


def template(
    kind: Annotated[Kind, typer.Argument(help=TEXTS("cli.import.kind"))],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help=TEXTS("cli.template.out"))],
    as_json: AsJson = NOT_JSON,
) -> None:
    """Write an empty sheet to fill in."""
    from kiosk.sheets.rows import SheetKind
    from kiosk.sheets.template import write_template

    write_template(SheetKind(kind.value), out, TEXTS)
    report({"file": str(out), "kind": kind.value}, TEXTS("cli.template.done", file=out), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("import", help=TEXTS("cli.import.help"))(import_sheet)
    app.command(help=TEXTS("cli.template.help"))(template)


class _Rows:
    """Turns rows done of all into a bar; how many there are shows only when the file was opened."""

    def __init__(self) -> None:
        self._done = 0
        self._bar: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = Progress(TEXTS("cli.import.reading"), total)
        self._bar(done - self._done)
        self._done = done

    def end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


def _read(file: Path, kind: Kind) -> "SheetReading":
    from kiosk.sheets.reading import read_sheet
    from kiosk.sheets.rows import SheetKind

    rows = _Rows()
    reading = read_sheet(file, SheetKind(kind.value), rows)
    rows.end()
    return reading


def _hands(store: "Store", badge: str | None, signer: str | None) -> "tuple[int | None, Signature | None]":
    """Return the operator of a badge, None for the installer, and the second signature if there is one."""
    from kiosk.domain.terminal import operator_by_badge
    from kiosk.domain.waiting import Signature

    with store.read() as connection:
        by = None if badge is None else operator_by_badge(connection, store.village, badge)
    return by, None if signer is None else Signature(signer)


def _write(desk: Desk, plan: "ImportPlan", signature: "Signature | None", by: int | None) -> "Imported":
    from kiosk.domain.find import refresh_name_keys
    from kiosk.domain.importing import apply_import

    facts = sum(len(planned.drafts) for planned in plan.rows)
    with Progress(TEXTS("cli.import.writing"), facts) as progress:
        done = apply_import(desk.store, plan, signature, progress, now=desk.clock.now(), by=by)
    if done.facts:
        try:
            refresh_name_keys(desk.store)
        except TryAgain as refused:
            tell(TEXTS.refusal(refused).reason)
    return done


def _values(plan: "ImportPlan", done: "Imported | None") -> dict[str, object]:
    counts = {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged, "wrong": plan.wrong}
    changes = [
        {"sheet": row.row.where.sheet, "row": row.row.where.row, "what": change.what.value, "subject": change.subject}
        | dict(change.values)
        for row, change in plan.changes
    ]
    written = None if done is None else {name: value for name, value in asdict(done).items() if name != "kind"}
    return plan.judged.as_record() | counts | {"from_day": plan.from_day, "changes": changes, "written": written}


def _sentences(plan: "ImportPlan", done: "Imported | None") -> str:
    from kiosk.sheets.problem import Fate
    from kiosk.sheets.telling import tell_change, tell_problem

    shown = [problem for fate in (Fate.REFUSED, Fate.NOTED) for problem in plan.problems if problem.fate is fate]
    lines = [tell_problem(problem, TEXTS) for problem in shown]
    if done is None:
        lines += [tell_change(change, TEXTS) for _row, change in plan.changes]
    counts = {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged, "wrong": plan.wrong}
    lines.append(TEXTS("cli.import.counts", file=plan.reading.file, **counts))
    lines.append(TEXTS(f"cli.import.{_end(plan, done)}"))
    if done is not None and done.waits_for_signature:
        points = {"opening_points": done.opening_points, "openings": done.openings}
        lines.append(TEXTS("cli.import.unsigned", **points))
    return "\n".join(lines)


def _end(plan: "ImportPlan", done: "Imported | None") -> str:
    if done is None:
        return "looked" if plan.may_be_written else "refused"
    return "done" if done.facts else "same"


def _day(text: str | None) -> str | None:
    if text is not None and not is_day(text):
        raise BadInput("date_unreadable", digits=DAY_DIGITS)
    return text
