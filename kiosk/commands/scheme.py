"""Commands about schemes: load one from a file, list what is in force and since when."""

from pathlib import Path
from typing import Annotated

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Home, open_desk, report

scheme = typer.Typer(help=TEXTS("cli.scheme.help"), no_args_is_help=True)


@scheme.command("load", help=TEXTS("cli.scheme.load.help"))
def load(
    source: Annotated[str, typer.Argument(metavar="FILE", help=TEXTS("cli.scheme.load.file"))],
    from_day: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help=TEXTS("cli.scheme.load.from_day"))
    ] = None,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Load a scheme from a file, or one shipped with the program by its name."""
    from dataclasses import asdict

    from kiosk.domain.scheme import load_scheme

    file = Path(source)
    with open_desk(home) as desk:
        loading = load_scheme(
            desk.store, file if file.suffix == ".toml" else source, from_day, now=desk.clock.now(), by=None
        )
    values = asdict(loading)
    key = "cli.scheme.load.unchanged" if loading.is_unchanged else "cli.scheme.load.done"
    report(values, TEXTS(key, **values), as_json=as_json)


@scheme.command("list", help=TEXTS("cli.scheme.list.help"))
def list_all(home: Home = None, as_json: AsJson = NOT_JSON) -> None:
    """List the schemes that were loaded, and the items of the one in force."""
    from dataclasses import asdict

    from kiosk.domain.scheme import list_schemes, show_items

    with open_desk(home) as desk:
        schemes, items = list_schemes(desk.store), show_items(desk.store)
    language = TEXTS.language
    lines = [TEXTS("cli.scheme.list.scheme", code=each.code, from_day=each.from_day) for each in schemes]
    lines += [
        TEXTS("cli.scheme.list.item", code=item.code, label=item.label(language), each_points=item.points)
        for item in items
    ]
    values = {"schemes": [asdict(each) for each in schemes], "items": [asdict(item) for item in items]}
    report(values, "\n".join(lines), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add this group to the command line."""
    app.add_typer(scheme, name="scheme")
