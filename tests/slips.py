"""What comes out of a slip printer that a test stands in for."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kiosk.paper.elements import NARROW, Element
from kiosk.paper.layout import text_slip
from kiosk.slips import Printed, Slips

if TYPE_CHECKING:
    import pytest

    from tests.screens import Desk


def slips_of(at: "Desk", monkeypatch: "pytest.MonkeyPatch") -> list[str]:
    """Plug a printer in and give the slips that come out of it from now on, as text."""
    printed: list[str] = []

    async def print_slip(_slips: Slips, name: str, build: Callable[[int], Sequence[Element]]) -> Printed:
        printed.append(text_slip(build(NARROW), NARROW))
        return Printed(name, is_out=True, is_owed=False, state="ready")

    at.devices.printer_state = "ready"
    monkeypatch.setattr(Slips, "print", print_slip)
    return printed
