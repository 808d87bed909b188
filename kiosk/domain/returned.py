"""What of a redemption came back: read line by line, and as terms that reports take off what was handed out."""

from typing import Any

from sqlalchemy import Connection, FromClause, ScalarSelect, func, select

from db.line import ENTITIES_PER_LOG
from db.tables.returning import GoodsReturn
from db.tables.statement import table_of


def returned_quantities(connection: Connection, village: int, redemption_id: int) -> dict[int, int]:
    """Return pieces, or grams, that came back of a redemption by the place of each line of which something did."""
    returned = table_of(GoodsReturn).c
    statement = (
        select(returned.line, func.sum(returned.quantity))
        .where(
            returned.village == village, returned.redemption_id == redemption_id, returned.is_counted == 1
        )
        .group_by(returned.line)
    )  # fmt: skip
    return {line: int(quantity) for line, quantity in connection.execute(statement)}


def points_returned(redemption: FromClause) -> ScalarSelect[Any]:
    """Return the term for the points that came back of a row of redemptions, hundredths, 0 if none did."""
    returned = table_of(GoodsReturn).c
    origin = redemption.c.log * ENTITIES_PER_LOG + redemption.c.seq
    return (
        select(func.coalesce(func.sum(returned.points), 0))
        .where(
            returned.village == redemption.c.village, returned.redemption_id == origin, returned.is_counted == 1
        )
        .correlate(redemption)
        .scalar_subquery()
    )  # fmt: skip


def line_returned(of_line: FromClause, column: str) -> ScalarSelect[Any]:
    """Return the term for what came back of a row of lines: its `quantity` or its `points`, 0 if nothing did."""
    returned = table_of(GoodsReturn).c
    origin = of_line.c.log * ENTITIES_PER_LOG + of_line.c.seq
    return (
        select(func.coalesce(func.sum(returned[column]), 0))
        .where(
            returned.village == of_line.c.village, returned.redemption_id == origin, returned.line == of_line.c.n,
            returned.is_counted == 1,
        )
        .correlate(of_line)
        .scalar_subquery()
    )  # fmt: skip
