"""A card on slip paper: for whoever needs one today where no blank card is left in the drawer."""

from kiosk.locale import Texts
from kiosk.paper.elements import Align, Big, Code128, Cut, Element, Feed, Rule, Text


def card_slip(village: str, name: str, household: str, code: str, texts: Texts) -> list[Element]:
    """Give the elements of a card of paper: ``household`` as people say it, ``code`` the card's 16 digits."""
    return [
        Text(village, Align.CENTRE),
        Big(texts("paper.card_slip.title")),
        Rule(),
        Big(name),
        Text(household, Align.CENTRE),
        Feed(),
        Code128(code),
        Feed(),
        Text(texts("paper.card_slip.advice")),
        Cut(),
    ]
