"""The two themes of the screens: named roles of colour, high contrast in both.

Contrast of text to ground is at least 7 to 1 (WCAG 2.2, 1.4.6); a flash always comes with a sign, never colour alone.
"""

from typing import Final

from textual.theme import Theme

from kiosk.settings import DARK, LIGHT

_LIGHT_ROLES: Final = {
    "goods": "#005a9e",
    "card": "#006b2d",
    "double": "#8a4b00",
    "refusal": "#a80000",
    "refusal-ground": "#fff0f0",
    "demo": "#6b1fa0",
    "on-signal": "#ffffff",
    "quiet": "#454545",
}
_DARK_ROLES: Final = {
    "goods": "#6cb8ff",
    "card": "#5fe08a",
    "double": "#ffc04d",
    "refusal": "#ff9a9a",
    "refusal-ground": "#3a0000",
    "demo": "#d9a6ff",
    "on-signal": "#000000",
    "quiet": "#c8c8c8",
}

THEMES: Final = (
    Theme(
        name=LIGHT,
        primary="#003f7d",
        foreground="#000000",
        background="#ffffff",
        surface="#ffffff",
        panel="#e8e8e8",
        text_alpha=1.0,
        dark=False,
        variables=_LIGHT_ROLES,
    ),
    Theme(
        name=DARK,
        primary="#8ec8ff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#262626",
        text_alpha=1.0,
        dark=True,
        variables=_DARK_ROLES,
    ),
)

# What the style sheet may name before a theme is chosen.
ROLES: Final = _LIGHT_ROLES
