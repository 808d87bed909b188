"""The list of lost cards of the county: a card is used only if it is live here and its number is not on the list."""

from sqlalchemy import ColumnElement, FromClause, literal, select

from db.tables.people import CardBar
from db.tables.statement import table_of

BARRED = "card_barred"
"""The refusal of a card whose number is on the list."""


def is_barred(card: FromClause) -> ColumnElement[bool]:
    """Return the condition that the number of a row of cards is on the list."""
    bar = table_of(CardBar).c
    listed = select(literal(1)).where(bar.village == card.c.village, bar.number == card.c.number, bar.is_barred == 1)
    return listed.correlate(card).exists()
