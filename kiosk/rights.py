"""Who may do what, by role: read by every operation that writes, and by the menus that show it.

Light on purpose: menus read it before the libraries of the store are loaded.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Right(StrEnum):
    """Something that not every operator may do; ``TAKE_DESK`` is what everybody may who stands here."""

    TAKE_DESK = "take_desk"
    REDEEM = "redeem"
    CLOSE_DAY = "close_day"
    KEEP_CARDS = "keep_cards"
    KEEP_PEOPLE = "keep_people"
    AWARD = "award"
    DEDUCT = "deduct"
    REVERSE_OWN = "reverse_own"
    REVERSE_ANY = "reverse_any"
    VOID = "void"
    RETURN = "return"
    RAISE_OBJECTION = "raise_objection"
    MOVE = "move"
    RECEIVE = "receive"
    COUNT_STOCK = "count_stock"
    MANAGE_FUND = "manage_fund"
    APPOINT = "appoint"
    SIGN = "sign"
    LOAD_SCHEME = "load_scheme"
    IMPORT = "import"
    MANAGE_GOODS = "manage_goods"
    HOLD_MEETING = "hold_meeting"
    END_MEETING = "end_meeting"
    SUBMIT_SUGGESTION = "submit_suggestion"
    ANSWER_SUGGESTION = "answer_suggestion"


RIGHTS: Final[Mapping[str, frozenset[Right]]] = {
    "attendant": frozenset(
        {
            Right.TAKE_DESK,
            Right.REDEEM,
            Right.CLOSE_DAY,
            Right.KEEP_CARDS,
            Right.AWARD,
            Right.REVERSE_OWN,
            Right.VOID,
            Right.RETURN,
            Right.RAISE_OBJECTION,
            Right.RECEIVE,
            Right.COUNT_STOCK,
            Right.HOLD_MEETING,
            Right.SUBMIT_SUGGESTION,
        }
    ),
    "supervisor": frozenset({Right.TAKE_DESK, Right.SIGN}),
    "secretary": frozenset(Right),
}
"""Rights by role, the role that has least to learn first. An attendant takes back what was entered by the same hand on
the same business day, no more."""


def may(role: str, right: Right) -> bool:
    """Say whether a role has a right; a role that nobody knows has none."""
    return right in RIGHTS.get(role, frozenset())


def who_may(right: Right) -> str:
    """Name the role to be asked where a right is missing."""
    return next(role for role, rights in RIGHTS.items() if right in rights)
