"""Commands about cards: the household book, cards with names, blank cards; each writes a PDF to print."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Desk, Home, open_desk, report
from kiosk.commands.progress import Progress

cards = typer.Typer(help=TEXTS("cli.cards.help"), no_args_is_help=True)
Out = Annotated[Path, typer.Argument(metavar="OUT.pdf", help=TEXTS("cli.cards.out"))]
ONLY_NEW: Final = False


class Holders(StrEnum):
    """Whose cards are meant."""

    PERSONS = "persons"
    HOUSEHOLDS = "households"


@cards.command("book", help=TEXTS("cli.cards.book.help"))
def book(out: Out, home: Home = None, as_json: AsJson = NOT_JSON) -> None:
    """Give every household that lacks one a book code, and write the household book."""
    from kiosk.card_papers import set_book
    from kiosk.clock import local_day
    from kiosk.domain.card_stock import book_entries, issue_book_codes
    from kiosk.outlet import write_sheet

    with open_desk(home) as desk:
        now = desk.clock.now()
        issued = issue_book_codes(desk.store, now=now, by=None)
        entries = book_entries(desk.store)
        village = village_name(desk)
    day = local_day(now.at)
    write_sheet(out, _set(lambda: set_book(entries, village, day, TEXTS)))
    values = {"file": str(out), "households": len(entries), "issued": issued}
    report(values, TEXTS("cli.cards.book.done", file=out, households=len(entries), issued=issued), as_json=as_json)


@cards.command("print", help=TEXTS("cli.cards.print.help"))
def print_cards(
    out: Out,
    of: Annotated[Holders, typer.Option("--of", help=TEXTS("cli.cards.print.of"))] = Holders.PERSONS,
    with_old: Annotated[bool, typer.Option("--all", help=TEXTS("cli.cards.print.all"))] = ONLY_NEW,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Issue first cards to everybody who never had one, and write those, or all that live."""
    from kiosk.card_papers import set_cards
    from kiosk.domain.card_stock import issue_first_household_cards, issue_first_person_cards, printed_cards
    from kiosk.outlet import write_sheet

    issue = issue_first_person_cards if of is Holders.PERSONS else issue_first_household_cards
    with open_desk(home) as desk:
        issued = issue(desk.store, now=desk.clock.now(), by=None)
        known = {made.number for made in issued}
        live = printed_cards(desk.store, "person" if of is Holders.PERSONS else "household")
        village = village_name(desk)
    chosen = [card for card in live if with_old or card.number in known]
    write_sheet(out, _set(lambda: set_cards(chosen, village, TEXTS)))
    values = {"file": str(out), "cards": len(chosen), "issued": len(issued)}
    report(values, TEXTS("cli.cards.print.done", file=out, cards=len(chosen), issued=len(issued)), as_json=as_json)


@cards.command("blank", help=TEXTS("cli.cards.blank.help"))
def blank(
    count: Annotated[int, typer.Argument(min=1, help=TEXTS("cli.cards.blank.count"))],
    out: Out,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Issue blank cards and write them."""
    from kiosk.card_papers import set_cards
    from kiosk.domain.card_stock import Printable, issue_blank_cards
    from kiosk.outlet import write_sheet

    with open_desk(home) as desk:
        made = issue_blank_cards(desk.store, count, now=desk.clock.now(), by=None)
        village = village_name(desk)
    faces = [Printable("", None, card.number) for card in made]
    write_sheet(out, _set(lambda: set_cards(faces, village, TEXTS)))
    values = {"file": str(out), "cards": len(made), "numbers": [card.number for card in made]}
    report(values, TEXTS("cli.cards.blank.done", file=out, cards=len(made)), as_json=as_json)


def village_name(desk: Desk) -> str:
    """Return the village's name of the settings, else its number."""
    from kiosk.settings import load_settings

    return load_settings(desk.home).village_name or f"{desk.store.village:04}"


def register(app: typer.Typer) -> None:
    """Add this group to the command line."""
    app.add_typer(cards, name="cards")


def _set(work: Callable[[], bytes]) -> bytes:
    with Progress(TEXTS("cli.cards.setting"), 1) as progress:
        sheet = work()
        progress(1)
    return sheet
