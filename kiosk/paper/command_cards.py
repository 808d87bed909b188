"""A sheet of command cards: what a key does, to scan where nobody wants to look for the key."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.locale import Texts
from kiosk.paper.bars import bars
from kiosk.paper.elements import Code128
from kiosk.paper.typeset import Press, Resolution, typeset


@dataclass(frozen=True)
class CommandCardFace:
    """What stands on one card: the key as it is written on the keyboard, what it does, the command's 16 digits.

    ``text`` is a word or two, ``tip`` a sentence.
    """

    key: str
    text: str
    tip: str
    code: str


def command_cards(
    cards: Sequence[CommandCardFace],
    texts: Texts,
    resolution: Resolution = Resolution.OFFICE,
    press: Press = typeset,
) -> bytes:
    """Give the cards as PDF, ten to an A4 page; ``press`` sets it. Raises Refused ``glyph_missing`` with the text."""
    return press(
        "command_cards",
        {
            "title": texts("paper.command_cards.title"),
            "advice": texts("paper.command_cards.advice"),
            "cards": [
                {
                    "text": card.text,
                    "tip": card.tip,
                    "key": texts("paper.command_cards.key", key=card.key),
                    "bars": bars(card.code),
                    "caption": Code128(card.code).caption,
                }
                for card in cards
            ],
        },
        resolution,
    )
