"""The command that makes the demo village."""

from typing import Annotated

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Home, explaining, home_folder, report
from kiosk.demo.plan import FEWEST_HOUSEHOLDS, HOUSEHOLDS, MOST_HOUSEHOLDS, SEED, STEPS, DemoPlan

Households = Annotated[
    int,
    typer.Option("--households", min=FEWEST_HOUSEHOLDS, max=MOST_HOUSEHOLDS, help=TEXTS("cli.demo.households")),
]
Seed = Annotated[int, typer.Option("--seed", help=TEXTS("cli.demo.seed"))]


def demo(home: Home = None, households: Households = HOUSEHOLDS, seed: Seed = SEED, as_json: AsJson = NOT_JSON) -> None:
    """Make the demo village without a terminal."""
    from dataclasses import asdict

    from kiosk.commands.progress import Progress
    from kiosk.demo.village import SALT, make_demo
    from kiosk.station import DEMO_VILLAGE

    folder = home_folder(home)
    with explaining(), Progress(TEXTS("cli.demo.working"), STEPS) as progress:
        made = make_demo(folder, DemoPlan(households, seed), progress)
    values = {"home": str(folder), "village": DEMO_VILLAGE, "seed": seed, "barcode": SALT} | asdict(made)
    words = {"badge": made.badge, "card": made.richest.number, "barcode": SALT}
    report(values, TEXTS("cli.demo.done", home=folder, **words), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(help=TEXTS("cli.demo.help"))(demo)
