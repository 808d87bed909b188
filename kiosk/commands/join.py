"""The command that lays a terminal out from what the county holds: in the place of a dead one, or beside others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Home, explaining, home_folder, report, tell
from kiosk.errors import BadInput, NotAllowed

if TYPE_CHECKING:
    from kiosk.succession import Came
    from kiosk.sync.read_back import Invitation


def join(  # noqa: PLR0913, PLR0917  because every option of a command is a parameter of its function
    check: Annotated[str, typer.Option(metavar="DIGITS", help=TEXTS("cli.enrol.check"))],
    hub: Annotated[str | None, typer.Option(metavar="URL", help=TEXTS("cli.enrol.hub"))] = None,
    stick: Annotated[Path | None, typer.Option(metavar="FOLDER", help=TEXTS("cli.join.stick"))] = None,
    restore: Annotated[str | None, typer.Option(metavar="CODE", help=TEXTS("cli.join.restore"))] = None,
    village: Annotated[int | None, typer.Option(min=1, max=9998, help=TEXTS("cli.init.village"))] = None,
    code: Annotated[str | None, typer.Option(metavar="CODE", help=TEXTS("cli.enrol.code"))] = None,
    old: Annotated[Path | None, typer.Option(metavar="PATH", help=TEXTS("cli.join.old"))] = None,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Lay a terminal out from the county; the same command again goes on where it was cut or had to wait."""
    from kiosk.clock import SystemClock
    from kiosk.succession import come_in, come_in_by_stick

    if (hub is None) == (stick is None):
        raise BadInput("join_needs_one_way")
    folder = home_folder(home)
    invitation = _invitation(hub or "", check, restore, village, code)
    folder.mkdir(parents=True, exist_ok=True)
    now = SystemClock(folder).now()
    with explaining():
        if stick is None:
            came = come_in(folder, invitation, old, now=now, advance=_Told())
        else:
            came = come_in_by_stick(folder, invitation, stick, old, now=now)
    values = {
        "village": came.village, "status": "pending" if came.log is None else "active", "log": came.log,
        "till": came.till, "fingerprint": came.fingerprint, "lines": came.lines, "saved": came.saved,
        "complete": came.is_complete, "last_slip": _slip(came), "kept": None if came.kept is None else str(came.kept),
    }  # fmt: skip
    report(values, _sentence(came, is_replacement=invitation.replaces_dead), as_json=as_json)


def _invitation(hub: str, check: str, restore: str | None, village: int | None, code: str | None) -> "Invitation":
    from db.wire.v1.restore_code import read_restore_code
    from kiosk.sync.read_back import Invitation

    if restore is not None and village is None and code is None:
        found = read_restore_code(restore)
        if found is None:
            raise NotAllowed("restore_code_wrong")
        return Invitation(found[0], hub, check, found[1], replaces_dead=True)
    if restore is None and village is not None and code is not None:
        return Invitation(village, hub, check, code, replaces_dead=False)
    raise BadInput("join_needs_one_code")


def _sentence(came: "Came", *, is_replacement: bool) -> str:
    if came.log is None:
        return TEXTS("cli.join.pending", fingerprint=came.fingerprint)
    done = TEXTS("cli.join.done", lines=came.lines, saved=came.saved, log=came.log, till=came.till)
    if not is_replacement:
        return f"{done}\n{TEXTS('cli.join.second')}"
    slip = _slip(came)
    if came.is_complete or slip is None:
        return f"{done}\n{TEXTS('cli.join.complete')}"
    return f"{done}\n{TEXTS('cli.join.slips', slip=slip)}"


def _slip(came: "Came") -> str | None:
    """The number of the last slip that is known of the dead terminal, as it stands on paper."""
    if came.last_slip is None:
        return None
    from kiosk.domain.shop import number_of

    return number_of(came.village, *came.last_slip)


class _Told:
    """Says which stage has begun."""

    def __init__(self) -> None:
        """Begin with no stage."""
        self._stage = ""

    def __call__(self, stage: str, _done: int, _total: int) -> None:
        """Say it once a stage."""
        if stage != self._stage:
            tell(TEXTS(f"cli.sync.stage.{stage}"))
        self._stage = stage


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(help=TEXTS("cli.join.help"))(join)
