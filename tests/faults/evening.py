"""An evening in the village hall, as actions on a store: what the fault tests cut, fill up and interrupt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from db.engine import open_sqlite
from db.line import Stamp
from db.store import Store, open_store, store_file
from kiosk.clock import ManualClock
from kiosk.domain.attendance import show_attendance
from kiosk.domain.meeting import MeetingPlan, begin_meeting, call_meeting, count_heads, list_meetings, open_sign_in
from kiosk.domain.meeting_end import end_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.sign_in import Correction, request_sign_in, set_leave, sign_in_card, undo_sign_in
from kiosk.domain.waiting import Signature, approve_request, list_requests
from tests.kiosk.domain.hall import MINUTE, Hall
from tests.kiosk.domain.office import office_in
from tests.village import MORNING, VILLAGE, seeded

Action = Callable[[Store], object]


@dataclass(frozen=True)
class EveningDesk:
    """A copy of the hall's desk; `hall` says who is who."""

    home: Path
    hall: Hall

    @property
    def file(self) -> Path:
        """Where its store lies."""
        return store_file(self.home)

    def open(self, seed: str = "evening") -> Store:
        """Open its store; whoever opens it closes it."""
        return open_store(open_sqlite(self.file), seeded(seed))

    def actions(self) -> Mapping[str, Action]:
        """Return what happens in the evening, in order."""
        hall, by = self.hall, self.hall.operator
        xiuying = Comer(hall.li, hall.li_xiuying)
        correction = Correction(Comer(hall.wang, hall.wang_fang), "forgotten", is_late=True)
        return {
            "call": lambda store: call_meeting(store, MeetingPlan("members_meeting"), now=at(0), by=by),
            "open": lambda store: open_sign_in(store, meeting_in(store), now=at(1), by=by),
            "leave": lambda store: set_leave(store, meeting_in(store), xiuying, "ill", now=at(2), by=by),
            "sign_in": lambda store: self.scan(store, hall.wang_fang, at(3)),
            "undo": lambda store: undo_sign_in(store, sign_in_of(store), "wrong_card", now=at(4), by=by),
            "begin": lambda store: begin_meeting(store, meeting_in(store), now=at(5), by=by),
            "sign_in_on_time": lambda store: self.scan(store, hall.wang_ming, at(6)),
            "sign_in_late": lambda store: self.scan(store, hall.li_xiuying, at(15)),
            "heads": lambda store: count_heads(store, meeting_in(store), 2, now=at(16), by=by),
            "end": lambda store: end_meeting(store, meeting_in(store), now=at(20), by=by),
            "correct": lambda store: request_sign_in(store, meeting_in(store), correction, now=at(30), by=by),
            "approve": lambda store: approve_request(store, *self.signed(store), now=at(31), by=by),
        }

    def scan(self, store: Store, person: int, now: Stamp) -> object:
        """Somebody scans a card."""
        return sign_in_card(store, meeting_in(store), self.hall.cards[person], VILLAGE, now=now, by=self.hall.operator)

    def signed(self, store: Store) -> tuple[int, Signature]:
        """Give the request that waits and the signature of the supervisor."""
        return list_requests(store)[0].request_id, Signature(self.hall.supervisor.badge)


def at(minutes: int) -> Stamp:
    """A stamp so many minutes into the evening."""
    return ManualClock(MORNING + 600 * MINUTE + minutes * MINUTE, mono=600 * MINUTE + minutes * MINUTE).now()


def meeting_in(store: Store) -> int:
    """The meeting of the evening."""
    return list_meetings(store)[0].meeting_id


def sign_in_of(store: Store) -> int:
    """The only sign-in that counts."""
    [made] = [line.sign_in_id for line in show_attendance(store, meeting_in(store)).lines if line.sign_in_id]
    return made


def evening_desk(home: Path, before: str | None = None) -> EveningDesk:
    """Put a copy of the hall's desk into a folder, as it is right before an action, or before the first of them."""
    hall, states = _laid_out()
    home.mkdir(parents=True, exist_ok=True)
    store_file(home).write_bytes(states[before or next(iter(states))])
    return EveningDesk(home, hall)


ACTIONS: Final = (
    *("call", "open", "leave", "sign_in", "undo", "begin", "sign_in_on_time", "sign_in_late", "heads", "end"),
    *("correct", "approve"),
)


@cache
def _laid_out() -> tuple[Hall, dict[str, bytes]]:
    """Live through the evening once and keep the store as it was before each action."""
    with TemporaryDirectory() as folder:
        hall = office_in(Path(folder) / "hall", Hall)
        hall.store.close()
        desk, states = EveningDesk(hall.folder, hall), {}
        store = desk.open()
        for name, act in desk.actions().items():
            states[name] = desk.file.read_bytes()
            act(store)
        store.close()
    return hall, states
