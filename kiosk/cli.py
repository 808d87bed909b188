"""The command `kiosk`: groups of commands, and one way to end. Typer is the only heavy import here."""

import sys

import typer

from kiosk.commands import cards, demo, scanner, scheme, sheets, store
from kiosk.commands.desk import TEXTS, tell
from kiosk.errors import ExitCode, Refused

app = typer.Typer(
    name="kiosk",
    help=TEXTS("cli.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
store.register(app)
scheme.register(app)
sheets.register(app)
cards.register(app)
scanner.register(app)
demo.register(app)


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
