"""When the program loads what: first what the first question needs; then, while nobody acts, what a sale needs."""

import gc
from importlib import import_module
from typing import Final

REST_SECONDS: Final = 0.3
"""How often the app looks whether nobody acts, until it has loaded ahead."""
LONGEST_SECONDS: Final = 3.0
"""After so long garbage is looked for again, whatever is still loading."""

# The menu and the till, and what they and the first badge import when they are looked at for the first time.
AHEAD: Final = (
    "kiosk.screens.home",
    "kiosk.domain.glance",
    "kiosk.notices",
    "kiosk.doctor",
    "kiosk.store_care",
    "kiosk.screens.till",
    "kiosk.domain.redemption",
    "kiosk.domain.continuation",
    "kiosk.domain.day_figures",
    "kiosk.domain.pin",
    "kiosk.domain.price",
    "kiosk.domain.suspension",
    "kiosk.handing_over",
    "kiosk.devices.sound",
    "kiosk.devices.printer.press",
    "db.projections.period",
    "db.projections.shop",
    "stdnum.iso7064.mod_97_10",
    "stdnum.ean",
)


def begin() -> None:
    """Look for no garbage while the program loads: there is hardly any, and each look would go through all of it."""
    gc.disable()


def end() -> None:
    """Look for garbage again from now on, but never in what is loaded by now."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def load_ahead() -> None:
    """Import what a sale needs."""
    for module in AHEAD:
        import_module(module)
