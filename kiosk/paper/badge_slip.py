"""A badge on slip paper: the secretary hands it to whoever begins to serve."""

from kiosk.locale import Texts
from kiosk.paper.elements import Align, Big, Code128, Cut, Element, Feed, Rule, Text


def badge_slip(village: str, name: str, role: str, code: str, texts: Texts) -> list[Element]:
    """Give the elements of a badge: ``role`` as people say it, ``code`` the badge's 16 digits."""
    return [
        Text(village, Align.CENTRE),
        Big(texts("paper.badge_slip.title")),
        Rule(),
        Big(name),
        Text(role, Align.CENTRE),
        Feed(),
        Code128(code),
        Feed(),
        Text(texts("paper.badge_slip.advice")),
        Cut(),
    ]
