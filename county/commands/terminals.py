"""Terminals: one-time codes, who they are, letting in and shutting out."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from county.commands.desk import DEFAULT_HOME, Database, Home, digits_of, open_hub_at, stop

OrderedBy = Annotated[str, typer.Option("--by", metavar="NAME", help="The officer who orders it")]
ConfirmedBy = Annotated[str, typer.Option("--with", metavar="NAME", help="A second officer who confirms it")]
IN_WORDS = False
Places = Annotated[
    list[int],
    typer.Argument(metavar="VILLAGE LOG...", help="Village and log as listed, again for each further one"),
]
_ORDER_SENTENCES: Final[Mapping[str, str]] = {
    "officers": "Two different officers must order this: --by NAME --with NAME.",
    "unknown": "No such terminal that was let in: see `county terminal list`.",
    "shut_out": "This terminal is shut out. Make a code for the new one with `county code` instead.",
    "replaced": "This terminal was replaced; give the seat to another one of the village.",
    "has_seat": "This terminal redeems already; nothing was changed.",
    "used_up": "Seat numbers of this village are used up; telephone whoever looks after the hub.",
}


def code(
    villages: Annotated[list[int], typer.Argument(metavar="VILLAGE...", min=1, max=9998, help="Village numbers")],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Make one-time codes by which terminals of villages enrol."""
    from county.registry import make_code
    from db.wire.v1.signed import fingerprint

    hub = open_hub_at(home, database)
    with hub.write() as connection:
        made = [(village, make_code(connection, village, hub.now(), os.urandom)) for village in villages]
    for village, each in made:
        typer.echo(f"village {village:04}  code {each}  check digits of the county {fingerprint(hub.key.public)}")


def list_all(
    home: Home = DEFAULT_HOME,
    database: Database = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines")] = IN_WORDS,
) -> None:
    """List every terminal: its state, the check digits to compare on the telephone, and how it was last."""
    from county.health import list_machines
    from county.terminal_words import in_line, in_values
    from db.wire.v1.signed import fingerprint

    hub = open_hub_at(home, database)
    with hub.read() as connection:
        found = [(each, fingerprint(each.known.public_key)) for each in list_machines(connection)]
    now = hub.now()
    if as_json:
        values = [in_values(each, check, now) for each, check in found]
        typer.echo(json.dumps({"terminals": values}, ensure_ascii=False))
        return
    if not found:
        typer.echo("No terminal has asked to be known yet.", err=True)
    for each, check in found:
        typer.echo(in_line(each, check, now))
    if any(each.known.state == "pending" for each, _check in found):
        typer.echo(
            "Whoever is pending waits for you: let the village read its check digits out; if they are the same, "
            "`county terminal approve VILLAGE LOG --check DIGITS`.",
            err=True,
        )


def approve(
    places: Places,
    check: Annotated[
        list[str], typer.Option(metavar="DIGITS", help="Check digits the village read out; once for each terminal")
    ],
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Let terminals in whose villages read out their check digits; all of them, or none."""
    from county.registry import RegistryError, find_terminal
    from county.registry import approve as let_in
    from db.wire.v1.signed import fingerprint

    pairs = _pairs(places)
    if len(check) != len(pairs):
        stop("Give the check digits of each terminal, in the same order: --check DIGITS --check DIGITS.")
    hub = open_hub_at(home, database)
    with hub.write() as connection:
        for (village, log), digits in zip(pairs, check, strict=True):
            found = find_terminal(connection, village, log)
            if found is None or digits_of(fingerprint(found.public_key)) != digits_of(digits):
                stop(
                    f"{village:04}/{log}: no such terminal, or other check digits. Compare them with the village again."
                )
            try:
                let_in(connection, village, log, hub.now())
            except RegistryError:
                stop(
                    f"{village:04}/{log}: the village has a terminal by now, and this one was set up as its first. Let "
                    "it begin again as a second desk, or revoke the other one first."
                )
    typer.echo("\n".join(f"{village:04}/{log} may report." for village, log in pairs))


def revoke(places: Places, home: Home = DEFAULT_HOME, database: Database = None) -> None:
    """Shut terminals out, in whatever log they write; all of them, or none."""
    from county.registry import RegistryError
    from county.registry import revoke as revoke_key

    pairs, shut = _pairs(places), []
    hub = open_hub_at(home, database)
    with hub.write() as connection:
        for village, log in pairs:
            try:
                shut += [(village, each) for each in revoke_key(connection, village, log, hub.now())]
            except RegistryError:
                stop(f"{village:04}/{log}: no such terminal: see `county terminal list`.")
    typer.echo("\n".join(f"{village:04}/{log} is shut out." for village, log in shut))


def replace(
    places: Places,
    by: OrderedBy,
    confirmed: ConfirmedBy,
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Order that new terminals come in the place of dead ones, and print the code to read to each village."""
    from county.succession import Officers, replace_terminal
    from db.wire.v1.restore_code import in_groups
    from db.wire.v1.signed import fingerprint

    pairs = _pairs(places)
    hub = open_hub_at(home, database)
    for village, log in pairs:
        with _explaining(village, log):
            done = replace_terminal(hub, village, log, Officers(by, confirmed))
        seat = "redeems from now on" if done.seat is not None else "has no seat, as before"
        check = fingerprint(hub.key.public)
        typer.echo(
            f"village {village:04}  code {in_groups(done.code)}  check digits of the county {check}  for three days\n"
            f"The new terminal is log {done.log} and {seat}; {village:04}/{log} may only report what it still holds."
        )


def seat(
    village: Annotated[int, typer.Argument(help="Village number")],
    log: Annotated[int, typer.Argument(help="Number of the terminal's log, as listed")],
    by: OrderedBy,
    confirmed: ConfirmedBy,
    home: Home = DEFAULT_HOME,
    database: Database = None,
) -> None:
    """Order which terminal of a village redeems from now on."""
    from county.succession import Officers, give_seat

    hub = open_hub_at(home, database)
    with _explaining(village, log):
        number = give_seat(hub, village, log, Officers(by, confirmed))
    typer.echo(f"{village:04}/{log} redeems when it has reported next (seat {number}); the one before it refuses then.")


def _pairs(places: list[int]) -> list[tuple[int, int]]:
    """Give village and log of each terminal that was named, or end with a sentence."""
    if len(places) % 2:
        stop("Give a village and a log for each terminal, as `county terminal list` shows them.")
    return list(zip(places[::2], places[1::2], strict=True))


@contextmanager
def _explaining(village: int, log: int) -> Iterator[None]:
    """End with a sentence for an order that cannot be given."""
    from county.succession import OrderError

    try:
        yield
    except OrderError as error:
        stop(f"{village:04}/{log}: {_ORDER_SENTENCES[error.code]}")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    terminal = typer.Typer(
        no_args_is_help=True, help="Terminals: list, approve, revoke, replace", rich_markup_mode=None
    )
    app.command()(code)
    terminal.command("list")(list_all)
    for command in (approve, revoke, replace):
        terminal.command()(command)
    app.command()(seat)
    app.add_typer(terminal, name="terminal")
