"""Cards for people to carry: 85.6 x 54 mm, ten on an A4 sheet with lines to cut along."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.locale import Texts
from kiosk.paper.bars import bars
from kiosk.paper.elements import Code128
from kiosk.paper.typeset import Press, Resolution, typeset


@dataclass(frozen=True)
class PersonCardFace:
    """What stands on one card: the holder's name, the household's number with its group, the card's 16 digits."""

    name: str
    household: str
    code: str


def person_cards(
    village: str,
    cards: Sequence[PersonCardFace],
    texts: Texts,
    resolution: Resolution = Resolution.OFFICE,
    press: Press = typeset,
) -> bytes:
    """Give the cards of ``village`` as PDF, ten to an A4 page; ``press`` sets it: here, or in a program of its own.

    Raises Refused ``glyph_missing`` with the household's number and the text.
    """
    return press(
        "person_cards",
        {
            "village": village,
            "title": texts("paper.person_card.title"),
            "household": texts("paper.person_card.household"),
            "advice": texts("paper.person_card.advice"),
            "cards": [
                {
                    "number": card.household,
                    "name": card.name,
                    "bars": bars(card.code),
                    "caption": Code128(card.code).caption,
                }
                for card in cards
            ],
        },
        resolution,
    )
