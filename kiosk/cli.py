"""The command `kiosk`: a table of commands, and one way to end. Typer is the only heavy import here.

A command's module is imported when the command is called; the help of them all needs the names and their texts only.
"""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_group

from kiosk.commands.desk import TEXTS, tell
from kiosk.errors import ExitCode, Refused

# Every command once, in the order of the help: name -> the module whose `register` adds it.
COMMANDS: Final[Mapping[str, str]] = {
    "run": "kiosk.commands.store",
    "init": "kiosk.commands.store",
    "doctor": "kiosk.commands.store",
    "backup": "kiosk.commands.store",
    "restore": "kiosk.commands.store",
    "rebuild": "kiosk.commands.store",
    "journal": "kiosk.commands.store",
    "scheme": "kiosk.commands.scheme",
    "import": "kiosk.commands.sheets",
    "template": "kiosk.commands.sheets",
    "cards": "kiosk.commands.cards",
    "paper": "kiosk.commands.paper",
    "report": "kiosk.commands.report",
    "export": "kiosk.commands.export",
    "scanner": "kiosk.commands.scanner",
    "demo": "kiosk.commands.demo",
    "enrol": "kiosk.commands.county",
    "join": "kiosk.commands.join",
    "sync": "kiosk.commands.county",
    "stick": "kiosk.commands.county",
}


class LoadedWhenCalled(Mapping[str, Any]):
    """The commands of the table, each imported and built when somebody asks for it."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  because Typer brings its own, unnamed kind of command
        """Return a command. Raises KeyError for a name that is not in the table."""
        holder = typer.Typer(add_completion=False, rich_markup_mode=None)
        import_module(COMMANDS[name]).register(holder)
        return get_group(holder).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class CommandTable(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  because they are Typer's own
        """Build the group over the table."""
        super().__init__(**attributes)
        self.commands = LoadedWhenCalled()  # type: ignore[assignment]  # because nothing adds a command later

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  because Typer passes it
        """Return the names, without loading what they name."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002  because Typer passes both
        """Write names and texts, without loading what they name."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, TEXTS(f"cli.{name}.help")) for name in COMMANDS])


app = typer.Typer(
    name="kiosk",
    cls=CommandTable,
    help=TEXTS("cli.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def begin() -> None:
    """Do nothing before a command; Typer takes what has this for a group of commands."""


def main() -> None:
    """Run one command; a refusal ends it with reason, next step and its exit code."""
    try:
        app()
    except Refused as refused:
        words = TEXTS.refusal(refused)
        tell(f"{words.reason}\n{words.next}  [{words.code}]")
        sys.exit(refused.exit_code)
    except Exception:  # noqa: BLE001  because this is the edge of the process: told in full, ended with its own code
        import traceback  # costs a tenth of what the help costs, and is hardly ever needed

        traceback.print_exc()
        words = TEXTS.refusal(Refused("unexpected"))
        tell(f"{words.reason}\n{words.next}  [{words.code}]")
        sys.exit(ExitCode.FAULT)
    except KeyboardInterrupt:
        sys.exit(ExitCode.TRY_AGAIN)
