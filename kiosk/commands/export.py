"""The command that hands ledgers out: stock, points, redemptions and fund of any days; as text, JSON or Excel."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.commands.cards import village_name
from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Home, open_desk, report
from kiosk.commands.progress import Progress
from kiosk.commands.report import as_text, period_named

if TYPE_CHECKING:
    from kiosk.domain.ledger_of_fund import FundLedger
    from kiosk.domain.ledgers import Ledgers


class Kind(StrEnum):
    """What a ledger is about."""

    ALL = "all"
    STOCK = "stock"
    POINTS = "points"
    REDEMPTIONS = "redemptions"
    FUND = "fund"


def export_ledgers(
    kind: Annotated[Kind, typer.Argument(help=TEXTS("cli.export.kind"))] = Kind.ALL,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help=TEXTS("cli.report.first"))] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help=TEXTS("cli.report.last"))] = None,
    excel: Annotated[Path | None, typer.Option("--excel", metavar="OUT.xlsx", help=TEXTS("cli.report.excel"))] = None,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Tell the ledgers of business days; nothing is written but the file that is asked for."""
    from kiosk.domain.ledgers import LedgerKind, read_ledgers
    from kiosk.sheets.ledger_tabs import ledger_tabs, write_ledgers

    kinds = tuple(LedgerKind) if kind is Kind.ALL else (LedgerKind(kind.value),)
    with open_desk(home) as desk:
        period = period_named(desk, first, last)
        with Progress(TEXTS("cli.progress.export"), len(kinds)) as progress:
            ledgers = read_ledgers(desk.store, period, kinds, progress)
        village = village_name(desk)
    if excel is not None:
        write_ledgers(excel, ledgers, village, TEXTS)
    values = _values(ledgers) | {"file": None if excel is None else str(excel)}
    done = TEXTS("cli.report.done", file=excel)
    report(values, as_text(ledger_tabs(ledgers, village, TEXTS)) if excel is None else done, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("export", help=TEXTS("cli.export.help"))(export_ledgers)


def _values(ledgers: "Ledgers") -> dict[str, Any]:
    """Give the rows of each ledger; points are hundredths, money is fen, weights are grams."""
    lists = {"stock": ledgers.stock, "points": ledgers.points, "redemptions": ledgers.redemptions}
    rows = {name: None if found is None else [_row(row) for row in found] for name, found in lists.items()}
    fund = None if ledgers.fund is None else _fund(ledgers.fund)
    return {"from": ledgers.period.first, "to": ledgers.period.last, **rows, "fund": fund}


def _row(row: Any) -> dict[str, Any]:  # noqa: ANN401  because the ledgers have rows of their own
    """Give a row, and where there is a place group and house number, side by side."""
    values: dict[str, Any] = asdict(row)
    place: dict[str, Any] = values.pop("place", {})
    return values | place


def _fund(fund: "FundLedger") -> dict[str, Any]:
    books = asdict(fund.books) | {"cash_fen": fund.books.cash_fen}
    return {"before_fen": fund.before_fen, "rows": [asdict(row) for row in fund.rows], "books": books}
