"""The command that makes the demo village."""

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Home, explaining, home_folder, report


def demo(home: Home = None, as_json: AsJson = NOT_JSON) -> None:
    """Make the demo village without a terminal."""
    from dataclasses import asdict

    from kiosk.clock import SystemClock
    from kiosk.demo.village import SALT, make_demo
    from kiosk.station import DEMO_VILLAGE

    folder = home_folder(home)
    with explaining():
        folder.mkdir(parents=True, exist_ok=True)
        made = make_demo(folder, TEXTS("common.first_operator"), now=SystemClock(folder).now())
    values = {"home": str(folder), "village": DEMO_VILLAGE, "barcode": SALT} | asdict(made)
    words = {"badge": made.badge, "card": made.cards[0].number, "barcode": SALT}
    report(values, TEXTS("cli.demo.done", home=folder, **words), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(help=TEXTS("cli.demo.help"))(demo)
