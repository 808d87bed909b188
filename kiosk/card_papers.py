"""Household book, cards and command cards as PDF: what the domain and the keys know, set by paper.

Used by the card desk and by the command line.
"""

from itertools import groupby
from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.locale import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.domain.card_stock import Printable


def set_book(entries: "Sequence[Printable]", village: str, day: str, texts: Texts) -> bytes:
    """Give the household book of ``village`` as PDF, a group a page; heads' names stand in full, it is no notice.

    Raises Refused ``book_empty`` without a household, ``glyph_missing`` with the household and the character.
    Raises TryAgain ``sheet_not_set``.
    """
    from kiosk.paper.apart import typeset_apart
    from kiosk.paper.household_book import BookGroup, BookHousehold, household_book

    if not entries:
        raise Refused("book_empty")
    groups = tuple(
        BookGroup(
            texts("card_desk.paper.group", group=group),
            tuple(BookHousehold(_place(entry, texts), entry.name, entry.number) for entry in households),
        )
        for group, households in groupby(entries, key=lambda entry: entry.place.group if entry.place else 0)
    )
    return household_book(village, day, groups, texts, press=typeset_apart)


def set_cards(cards: "Sequence[Printable]", village: str, texts: Texts) -> bytes:
    """Give cards as PDF, ten to a page; blank ones with room for name and house number.

    Raises Refused ``cards_none`` without a card, ``glyph_missing`` with the household and the character.
    Raises TryAgain ``sheet_not_set``.
    """
    from kiosk.paper.apart import typeset_apart
    from kiosk.paper.person_cards import PersonCardFace, person_cards

    if not cards:
        raise Refused("cards_none")
    faces = [PersonCardFace(card.name, _place(card, texts), card.number) for card in cards]
    return person_cards(village, faces, texts, press=typeset_apart)


def set_command_cards(texts: Texts) -> bytes:
    """Give a card for every action that has one as PDF, ten to a page; they are the same in every village.

    Raises TryAgain ``sheet_not_set``.
    """
    from kiosk.codes import command_number
    from kiosk.keys import ACTIONS
    from kiosk.paper.apart import typeset_apart
    from kiosk.paper.command_cards import CommandCardFace, command_cards

    faces = [
        CommandCardFace(each.sign, texts(each.label), texts(each.tip), command_number(each.card))
        for each in ACTIONS
        if each.card is not None
    ]
    return command_cards(faces, texts, press=typeset_apart)


def _place(printable: "Printable", texts: Texts) -> str:
    place = printable.place
    return "" if place is None else texts("card_desk.paper.place", group=place.group, house=place.house)
