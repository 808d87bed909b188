"""The scanner test: for whoever sets up a scanner. It shows what arrives, and what the terminal makes of it."""

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

from textual.widgets import Static

from kiosk import codes, keys
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.events import Key
    from textual.widget import Widget

    from kiosk.codes import Code
    from kiosk.devices.scanner.scan import Scan
    from kiosk.station import Heard, Station

SHOWN_KEYS: Final = 40
# Five rows of the smallest screen, for each of the two lines that may be long.
SHOWN_CHARACTERS: Final = 360
LONGEST_PAUSE: Final = 0.5
_CONTROL_NAMES: Final = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI"),
    *("DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
)
_DELETE: Final = "\x7f"


class ScannerTestScreen(DeskScreen, inherit_bindings=False):
    """Takes every kind of code and does nothing with it but tell."""

    BINDINGS: ClassVar = keys.bindings("scanner_test.empty", "shell.back")
    takes = (
        *(codes.VillageSheet, codes.BookCode, codes.PersonCard, codes.HouseholdCard, codes.SlipCode),
        *(codes.CommandCard, codes.OperatorBadge, codes.Goods, codes.WeighedGoods, codes.Misread, codes.Unknown),
    )

    def __init__(self, station: "Station") -> None:
        """Begin with nothing scanned."""
        super().__init__(station)
        self._last: Heard | None = None
        self._arrived: tuple[Key, ...] = ()

    def compose_body(self) -> "Iterable[Widget]":
        """Give title and one line for each thing that is told."""
        yield Static(self.say("scanner_test.title"), classes="title", markup=False)
        for name in ("meaning", "raw", "text", "wire", "symbology", "gap"):
            yield Static("", id=f"test-{name}", classes="line", markup=False)

    def draw(self) -> None:
        """Tell about the last scan."""
        if self._last is None:
            self._put(meaning=self.say("scanner_test.nothing"))
            return
        scan, code, arrived = self._last.scan, self._last.code, self._arrived
        self._put(
            meaning=self.say("scanner_test.meaning", meaning=self._meaning(code)),
            raw=self.say("scanner_test.raw", raw=shortened(written(arrived) or visible(scan.text))),
            text=self.say("scanner_test.text", text=shortened(visible(scan.text)), count=len(scan.text)),
            wire=self.say("scanner_test.wire", wire=self.say(f"scanner_test.wires.{scan.wire.value}")),
            symbology=self.say("scanner_test.symbology", symbology=self._symbology(scan.symbology)),
            gap=self._gap(arrived),
        )

    def offers(self, action: str) -> bool:
        """Offer to empty what is not empty."""
        return action != "empty" or self._last is not None

    async def take_scan(self, heard: "Heard") -> None:
        """Remember the scan with the keys it came as."""
        self._last = heard
        self._arrived = keys_of(heard.scan, self.station.shell.last_keys())
        self.draw()
        self.refresh_bindings()

    def action_empty(self) -> None:
        """Forget the last scan."""
        self._last = None
        self.draw()
        self.refresh_bindings()

    def _put(self, **lines: str) -> None:
        for widget in self.query("#body .line").results(Static):
            widget.update(lines.get((widget.id or "").removeprefix("test-"), ""))

    def _meaning(self, code: "Code") -> str:
        kind = type(code).__name__
        say = self.say
        if isinstance(code, codes.Goods):
            known = f"scanner_test.kinds.{kind}" if code.best_before is None else "scanner_test.dated"
            return say(known, number=code.gtin, day=code.best_before)
        if isinstance(code, codes.WeighedGoods):
            return say(f"scanner_test.kinds.{kind}", item=code.item, weight_grams=code.grams)
        if isinstance(code, codes.Card):
            return say(f"scanner_test.kinds.{kind}", number=code.number, village=code.village)
        return say(f"scanner_test.kinds.{kind}")

    def _symbology(self, identifier: str | None) -> str:
        known = f"scanner_test.symbologies.{(identifier or 'none')[1:2] or 'none'}"
        if identifier is None:
            return self.say("scanner_test.symbologies.none")
        return f"{identifier} {self.say(known)}" if self.station.texts.has(known) else identifier

    def _gap(self, arrived: "Sequence[Key]") -> str:
        if not arrived[1:]:
            return ""
        gaps = [round((later.time - earlier.time) * 1000) for earlier, later in pairwise(arrived)]
        limit = self.station.settings.scanner_gap_milliseconds
        return self.say("scanner_test.gap", longest=max(gaps), limit=limit)


def keys_of(scan: "Scan", arrived: "Sequence[Key]") -> "tuple[Key, ...]":
    """Give the keys of the last burst up to the end of ``scan``; none for a scan that no keyboard typed."""
    if scan.wire.value != "wedge":
        return ()
    burst: list[Key] = []
    for key in reversed([key for key in arrived if key.time <= scan.at]):
        is_earlier = bool(burst) and (burst[-1].time - key.time > LONGEST_PAUSE or (_is_end(key) and len(burst) > 1))
        if is_earlier or len(burst) >= SHOWN_KEYS:
            break
        burst.append(key)
    return tuple(reversed(burst))


def written(arrived: "Sequence[Key]") -> str:
    """Write keys so that each can be seen, control characters by name."""
    return "".join(visible(key.character) if key.character else f"<{key.key}>" for key in arrived)


def visible(text: str) -> str:
    """Write a text so that each character can be seen: ``<CR>``, ``<GS>``, ``<U+200B>``."""
    return "".join(map(_visible, text))


def shortened(text: str) -> str:
    """Cut what would push the rest off the smallest screen."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def _visible(character: str) -> str:
    if ord(character) < len(_CONTROL_NAMES):
        return f"<{_CONTROL_NAMES[ord(character)]}>"
    if character == _DELETE:
        return "<DEL>"
    if unicodedata.category(character)[0] in "CZ" and character != " ":
        return f"<U+{ord(character):04X}>"
    return character


def _is_end(key: "Key") -> bool:
    return key.key in {"enter", "tab", "ctrl+j"}
