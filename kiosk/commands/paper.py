"""Commands about other paper: labels, the price list and command cards as PDF, the report of a closed day as text."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.commands.cards import village_name
from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Desk, Home, open_desk, report

if TYPE_CHECKING:
    from kiosk.domain.day_report import DayReport

paper = typer.Typer(help=TEXTS("cli.paper.help"), no_args_is_help=True)
Out = Annotated[Path, typer.Argument(metavar="OUT.pdf", help=TEXTS("cli.paper.out"))]
ALL_GOODS: Final = False


@paper.command("labels", help=TEXTS("cli.paper.labels.help"))
def labels(
    out: Out,
    only_own: Annotated[bool, typer.Option("--own", help=TEXTS("cli.paper.labels.own"))] = ALL_GOODS,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Write labels of all goods, or of those with a code of the shop's own."""
    from kiosk.domain.label import list_labels
    from kiosk.goods_papers import set_labels
    from kiosk.outlet import write_sheet

    with open_desk(home) as desk:
        chosen = [label for label in list_labels(desk.store) if label.is_own or not only_own]
    write_sheet(out, set_labels(chosen, TEXTS))
    values = {"file": str(out), "labels": len(chosen)}
    report(values, TEXTS("cli.paper.labels.done", file=out, count=len(chosen)), as_json=as_json)


@paper.command("prices", help=TEXTS("cli.paper.prices.help"))
def prices(out: Out, home: Home = None, as_json: AsJson = NOT_JSON) -> None:
    """Write the price list of the business day."""
    from kiosk.clock import local_day
    from kiosk.domain.label import list_labels
    from kiosk.domain.period import day_state
    from kiosk.goods_papers import set_price_list
    from kiosk.outlet import write_sheet

    with open_desk(home) as desk:
        priced = [label for label in list_labels(desk.store) if label.points is not None]
        with desk.store.read() as connection:
            state = day_state(connection, desk.store.village)
        day = state.open_day or state.latest_day or local_day(desk.clock.now().at)
        village = village_name(desk)
    write_sheet(out, set_price_list(priced, village, day, TEXTS))
    values = {"file": str(out), "goods": len(priced)}
    report(values, TEXTS("cli.paper.prices.done", file=out, count=len(priced)), as_json=as_json)


@paper.command("day", help=TEXTS("cli.paper.day.help"))
def day_report(home: Home = None, as_json: AsJson = NOT_JSON) -> None:
    """Tell the report of the day that was closed last, as it stands on paper."""
    from kiosk.domain.day_report import show_day_report

    with open_desk(home) as desk:
        found = show_day_report(desk.store)
        slip = _slip(desk, found)
    report(asdict(found) | {"difference": found.difference}, slip, as_json=as_json)


@paper.command("commands", help=TEXTS("cli.paper.commands.help"))
def commands(out: Out, as_json: AsJson = NOT_JSON) -> None:
    """Write the command cards, which are the same at every desk."""
    from kiosk.card_papers import set_command_cards
    from kiosk.outlet import write_sheet

    write_sheet(out, set_command_cards(TEXTS))
    report({"file": str(out)}, TEXTS("cli.paper.commands.done", file=out), as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add this group to the command line."""
    app.add_typer(paper, name="paper")


def _slip(desk: Desk, found: "DayReport") -> str:
    from kiosk.domain.day_waits import what_waits
    from kiosk.health import count_unsent
    from kiosk.paper.day_report import day_report_content, day_report_slip
    from kiosk.paper.elements import WIDE
    from kiosk.paper.layout import text_slip

    number, unsent, waits = desk.store.village, count_unsent(desk.store).lines, what_waits(desk.store)
    content = day_report_content(found, village_name(desk), number, waits, unsent, TEXTS)
    return text_slip(day_report_slip(content, TEXTS, WIDE), WIDE).rstrip()
