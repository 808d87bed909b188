"""A hundred and fifty people at the door: everybody signs in once, in order, however the scans arrive."""

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from db.facts.people import CardIssued, HouseholdRegistered, PersonRegistered
from kiosk.app import meanings_of
from kiosk.codes import CodeType, mint
from kiosk.devices.scanner.scan import Wire, make_scan
from kiosk.domain.attendance import show_attendance
from kiosk.screens.meeting import screen
from kiosk.screens.meeting.face import face_of
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.meeting.assembly import Assembly
from tests.village import VILLAGE, seeded

if TYPE_CHECKING:
    from kiosk.locale import Texts
    from kiosk.screens.meeting.face import Face
    from kiosk.screens.meeting.state import DeskState

PEOPLE = 150
AT_ONCE = 10
GROUPS = tuple(range(10, 18))


class Crowd(Assembly):
    """A hundred and fifty more households with a card each."""

    def __init__(self, folder: Path) -> None:
        """Register them in one go."""
        super().__init__(folder)
        self.crowd: list[str] = []
        drawn = seeded("crowd")
        with self.store.write(now=self.now, by=self.operator) as act:
            for number in range(1, PEOPLE + 1):
                name, group = {"name": f"村民{number}"}, GROUPS[number % len(GROUPS)]
                household = act.append(HouseholdRegistered(group=group, house=number), name).id
                person = act.append(PersonRegistered(household=household), name).id
                self.crowd.append(mint(CodeType.PERSON, VILLAGE, drawn))
                act.append(CardIssued(number=self.crowd[-1], holder="person", household=household, person=person))


async def test_everybody_is_signed_in_in_order_when_scans_come_ten_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next burst while the one before is still written, the first as bytes of a keyboard scanner: none is lost."""
    hall = office_in(tmp_path / "hall", Crowd)
    meeting = hall.opened("villagers_meeting", GROUPS)
    shown: list[str] = []
    drawn = face_of

    def noting(state: "DeskState", today: str | None, texts: "Texts") -> "Face":
        shown.append(state.last.name if state.last is not None else "")
        return drawn(state, today, texts)

    monkeypatch.setattr(screen, "face_of", noting)
    async with hall.at_door() as door:
        await door.at.type_fast("".join(f"{number}\r" for number in hall.crowd[:AT_ONCE]))
        for start in range(AT_ONCE, PEOPLE, AT_ONCE):
            for number in hall.crowd[start : start + AT_ONCE]:
                for heard in meanings_of(make_scan(number, Wire.SIMULATED, monotonic())):
                    door.at.app.turns.put(heard)
        await door.at.settle()
        await door.rest()
        everybody = [f"村民{number}" for number in range(1, PEOPLE + 1)]
        assert door.shows("村民150", "应到150  实到150")
        assert [name for name in dict.fromkeys(shown) if name] == everybody
        assert len(door.at.devices.tones) == PEOPLE
        sheet = show_attendance(door.store, meeting)
        assert [name for _, name in sorted((line.sign_in_id or 0, line.name) for line in sheet.lines)] == everybody
