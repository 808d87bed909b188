"""Questions: each answered once, each can be gone back from."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pytest
from stdnum.iso7064 import mod_97_10

from kiosk import app as shell
from kiosk import keys
from kiosk.screens.modals.badge import BadgeModal, SecondSignature
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.quantity import QuantityModal
from kiosk.shell import DeskScreen
from tests.screens import Desk, FixedKeeper, desk, make_station, standing_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.widget import Widget

    from kiosk.shell import Question
    from kiosk.station import Station

BADGE = "30012300000001" + mod_97_10.calc_check_digits("30012300000001")
CARD = "27012300000001" + mod_97_10.calc_check_digits("27012300000001")
NOT_ANSWERED = object()


class AskingScreen(DeskScreen, inherit_bindings=False):
    """Asks the question it is told to on +."""

    BINDINGS: ClassVar = keys.bindings("shell.accept")
    question: "ClassVar[Callable[[Station], Question[Any]]]"

    def compose_body(self) -> "Iterable[Widget]":
        """Lay it out."""
        self.answer: object = NOT_ANSWERED
        return ()

    def action_accept(self) -> None:
        """Ask."""
        self.work(self._ask())

    async def _ask(self) -> None:
        self.answer = await self.ask(type(self).question(self.station))


async def asked(
    home: Path, monkeypatch: pytest.MonkeyPatch, question: "Callable[[Station], Question[Any]]", *steps: str
) -> tuple[object, Desk]:
    """Ask a question, then take steps: a key, or ``scan:`` and a code."""
    monkeypatch.setitem(shell.SCREENS, "asking", f"{__name__}:AskingScreen")
    monkeypatch.setattr(AskingScreen, "question", staticmethod(question), raising=False)
    async with desk(make_station(home, keeper=FixedKeeper(standing_store()))) as at:
        await at.open("asking")
        screen = cast("AskingScreen", at.app.screen)
        await at.keys("plus")
        for step in steps:
            kind, _, code = step.partition(":")
            await (at.scan(code) if kind == "scan" else at.keys(step))
        return screen.answer, at


def quantity(station: "Station") -> QuantityModal:
    """How many, up to 99."""
    return QuantityModal(station, "几件", "件", most=99)


def choice(station: "Station") -> ChoiceModal:
    """One of twelve."""
    return ChoiceModal(station, "哪一项", [f"第{number}项" for number in range(1, 13)])


@pytest.mark.parametrize(
    ("question", "steps", "answer"),
    [
        (lambda station: ConfirmModal(station, "做吗"), ["plus"], True),
        (lambda station: ConfirmModal(station, "做吗"), ["minus"], None),
        (lambda station: ConfirmModal(station, "做吗"), ["enter", "5", f"scan:{CARD}"], NOT_ANSWERED),
        (quantity, ["3", "plus"], 3),
        (quantity, ["1", "2", "plus"], 12),
        (quantity, ["1", "2", "3", "plus"], 12),
        (quantity, ["1", "2", "minus", "plus"], 1),
        (quantity, ["1", "minus", "minus"], None),
        (quantity, ["0", "plus"], NOT_ANSWERED),
        (quantity, ["0", "plus", "7", "plus"], 7),
        (quantity, ["plus"], NOT_ANSWERED),
        (quantity, ["4", "scan:6901234567892", "plus"], 4),
        (quantity, ["full_stop", "2", "plus"], 2),
        (choice, ["2"], 1),
        (choice, ["0", "3"], 11),
        (choice, ["0", "0", "1"], 0),
        (choice, ["0", "4"], NOT_ANSWERED),
        (choice, ["minus"], None),
        (lambda station: BadgeModal(station, "作废"), [f"scan:{BADGE}"], SecondSignature(BADGE)),
        (lambda station: BadgeModal(station, "作废"), [*BADGE, "plus"], SecondSignature(BADGE)),
        (lambda station: BadgeModal(station, "作废"), [f"scan:{CARD}"], NOT_ANSWERED),
        (lambda station: BadgeModal(station, "作废"), ["3", "0", "plus"], NOT_ANSWERED),
    ],
)
async def test_a_question_gives_its_answer_when_keys_and_scans_come(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    question: "Callable[[Station], Question[Any]]",
    steps: list[str],
    answer: object,
) -> None:
    """The number pad answers, minus goes back, nothing else gets in."""
    given, _ = await asked(tmp_path, monkeypatch, question, *steps)
    assert given == answer


async def test_a_signature_is_unverified_when_only_a_badge_was_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A badge alone does not prove who holds it, and the answer says so."""
    given, _ = await asked(tmp_path, monkeypatch, lambda station: BadgeModal(station, "作废"), f"scan:{BADGE}")
    assert isinstance(given, SecondSignature)
    assert not given.is_verified
