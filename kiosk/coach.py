"""The coach of the practice desk: six things to do one by one, and what was right.

It sees what was scanned and pressed and which facts were written, and touches nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk.station import Heard

if TYPE_CHECKING:
    from textual.events import Key


class Step(StrEnum):
    """What is practised, in this order."""

    SIGN_IN = "sign_in"
    BALANCE = "balance"
    REDEEM = "redeem"
    UNDO = "undo"
    VOID = "void"
    DELIVERY = "delivery"


# What would be about the real desk.
NOT_PRACTISED: Final = ("practice", "set_up", "county", "store_care", "sheets", "operators", "replace", "join")
STEPS: Final = tuple(Step)
_KINDS: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.SIGN_IN: ("signed_in",),
    Step.REDEEM: ("redemption_made",),
    Step.VOID: ("redemption_voided", "void_requested"),
    Step.DELIVERY: ("delivery_received",),
}


@dataclass(frozen=True)
class Papers:
    """What lies on the practice desk: who practises, the secretary, the open day, and the codes to scan."""

    learner: int
    secretary: int
    day: str
    card: str
    salt: str
    soap: str

    @property
    def codes(self) -> Mapping[str, str]:
        """What is scanned, by what it is called; goods by their GTIN-14, as on labels."""
        return {"card": self.card, "salt": self.salt.zfill(14), "soap": self.soap.zfill(14)}


@dataclass
class Coach:
    """Where somebody is in the six steps; ``is_praising`` after one was done, until the next is asked."""

    papers: Papers
    place: int = 0
    is_praising: bool = False
    slip: str = ""
    has_paper: bool = False
    _seen: Mapping[str, int] = field(default_factory=dict)
    _praised_at: float | None = None
    _scans: int = 0
    _has_wrong_goods: bool = False

    @property
    def step(self) -> Step | None:
        """What is asked now, None when all is done."""
        return STEPS[self.place] if self.place < len(STEPS) else None

    def begin(self, done: Mapping[str, int]) -> None:
        """Count from here what is done."""
        self._seen = done

    def follow(self, done: Mapping[str, int]) -> None:
        """See by the facts written whether what is asked has been done."""
        kinds = _KINDS.get(self.step, ()) if self.step is not None and not self.is_praising else ()
        if any(done.get(kind, 0) > self._seen.get(kind, 0) for kind in kinds):
            self.is_praising = True

    def practises(self, screen: str) -> bool:
        """Say whether a screen of the app's table has anything to do here, by its name there."""
        return screen not in NOT_PRACTISED

    def see(self, screen: str, item: "Heard | Key") -> str:
        """See a scan or a key on its way to a screen; Enter alone stands for a scan: give its code, else ""."""
        what = item.scan.text if isinstance(item, Heard) else item.key
        code = self.next_code() if what == "enter" else ""
        if not code:
            self.hear(screen, what)
        return code

    def hear(self, screen: str, what: str) -> None:
        """See by what was scanned or pressed on a screen whether what is asked has been done."""
        if self.is_praising:
            return
        if self.step is Step.BALANCE and what == self.papers.card and screen in {"HomeScreen", "BalanceScreen"}:
            self.is_praising = True
        if self.step is Step.UNDO and screen == "TillScreen":
            self.is_praising = self._has_wrong_goods and what == "minus"
        if self.step is Step.UNDO and what == self.papers.soap:
            self._has_wrong_goods = True

    def has_praised(self, moment: float, seconds: float) -> bool:
        """Say whether the praise has stood for so many seconds at a moment of a steady clock."""
        if not self.is_praising:
            self._praised_at = None
        elif self._praised_at is None:
            self._praised_at = moment
        return self._praised_at is not None and moment - self._praised_at >= seconds

    def go_on(self, done: Mapping[str, int]) -> bool:
        """Ask the next thing after one was right; say whether there was one."""
        if not self.is_praising:
            return False
        self.place, self.is_praising, self._scans, self._has_wrong_goods = self.place + 1, False, 0, False
        self._seen = done
        return True

    def next_code(self) -> str:
        """Give the code to be scanned next, for whoever has no paper to scan from; "" where none is asked."""
        codes = self._codes()
        self._scans += 1
        return codes[(self._scans - 1) % len(codes)] if codes and not self.is_praising else ""

    def _codes(self) -> tuple[str, ...]:
        papers = self.papers
        return (
            {
                Step.SIGN_IN: (papers.card,),
                Step.BALANCE: (papers.card,),
                Step.REDEEM: (papers.card, papers.salt),
                Step.UNDO: (papers.card, papers.soap),
                Step.VOID: (self.slip,),
                Step.DELIVERY: (papers.salt,),
            }.get(self.step, ())
            if self.step is not None
            else ()
        )
