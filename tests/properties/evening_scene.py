"""Meetings at desks that did not hear of each other in time: real lines of three logs, written by the domain functions.

Desk A opens a members' meeting and dies; its copy goes on as log C and ends it, while A's last lines lie on the dead
disk. B is a second desk: it enters and undoes what A enters and undoes too, and hears of the end last of all.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from db.store import own_log
from kiosk.domain.meeting import MeetingPlan, begin_meeting, call_meeting, cancel_meeting, open_sign_in
from kiosk.domain.meeting_end import end_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.sign_in import Correction, request_sign_in, set_leave, sign_in_found, undo_sign_in
from kiosk.domain.waiting import Signature, approve_request
from tests.kiosk.domain.hall import MINUTE, Hall
from tests.kiosk.domain.office import kept_in_memory
from tests.ledger import VILLAGE, logs_of
from tests.properties.scene import Lines
from tests.siblings import Sibling, carry, restored_desk, second_desk

if TYPE_CHECKING:
    from db.facts.meeting import LeaveReason

Desk = Hall | Sibling


@dataclass
class EveningScene:
    """Every line that was written, and the ids that the named cases are about."""

    lines: Lines = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    logs: dict[str, int] = field(default_factory=dict)


@cache
def evening_scene() -> EveningScene:
    """Write the whole story once."""
    hall = kept_in_memory(Hall)
    names = ("wang", "li", "zhao", "wang_ming", "wang_fang", "li_xiuying", "zhao_guo")
    made = EveningScene(ids={name: getattr(hall, name) for name in names})
    second = _evening_begins(hall, made)
    restored = _desk_dies(hall, made)
    _end_is_not_heard_of(second, restored, made)
    _corrected_twice(second, restored, made)
    _cancelled_and_held(second, restored, made)
    _collect(hall, second, restored, made)
    return made


def _evening_begins(hall: Hall, made: EveningScene) -> Sibling:
    """Ming was the wrong card: both desks take it back. Both note Fang's leave, and both enter Xiuying."""
    made.ids["meeting"] = meeting = hall.opened()
    undone = made.ids["undone"] = hall.scan(meeting, hall.wang_ming).sign_in_id
    second = second_desk(hall)
    leaves: tuple[tuple[Desk, LeaveReason], ...] = ((hall, "farm"), (second, "ill"))
    for desk, leave in leaves:
        undo_sign_in(desk.store, undone, "wrong_card", now=desk.now, by=hall.operator)
        fang = Comer(hall.wang, hall.wang_fang)
        set_leave(desk.store, meeting, fang, leave, now=desk.now, by=hall.operator)
    hall.begin(meeting)
    made.ids["here"] = hall.scan(meeting, hall.li_xiuying).sign_in_id
    second.clock.advance(2 * MINUTE)
    made.ids["there"] = _enter(second, meeting, Comer(hall.li, hall.li_xiuying))
    return second


def _desk_dies(hall: Hall, made: EveningScene) -> Sibling:
    """A copy ends the meeting; after the copy was made the first desk had entered Zhao."""
    restored = restored_desk(hall)
    made.ids["tail"] = hall.scan(made.ids["meeting"], hall.zhao_guo).sign_in_id
    end_meeting(restored.store, made.ids["meeting"], now=restored.now, by=hall.operator)
    return restored


def _end_is_not_heard_of(second: Sibling, restored: Sibling, made: EveningScene) -> None:
    """The second desk enters Ming, whom nobody had entered again."""
    made.ids["late"] = _enter(second, made.ids["meeting"], Comer(made.ids["wang"], made.ids["wang_ming"]))
    carry(restored.store, second.store)


def _corrected_twice(second: Sibling, restored: Sibling, made: EveningScene) -> None:
    """Fang had come after all: asked for at one desk, signed at both before they heard of each other."""
    meeting, fang = made.ids["meeting"], Comer(made.ids["wang"], made.ids["wang_fang"])
    correction = Correction(fang, "forgotten", is_late=True)
    now, by = restored.now, restored.operator
    made.ids["request"] = request = request_sign_in(restored.store, meeting, correction, now=now, by=by)
    carry(restored.store, second.store)
    village = restored.village
    assert isinstance(village, Hall)
    for desk in (restored, second):
        approve_request(desk.store, request, Signature(village.supervisor.badge), now=desk.now, by=by)


def _cancelled_and_held(second: Sibling, restored: Sibling, made: EveningScene) -> None:
    """A villagers' meeting was called off at one desk and held at the other: it was held."""
    now, by = restored.now, restored.operator
    made.ids["held"] = held = call_meeting(restored.store, MeetingPlan("villagers_meeting"), now=now, by=by)
    carry(restored.store, second.store)
    cancel_meeting(second.store, held, "weather", now=second.now, by=by)
    open_sign_in(restored.store, held, now=restored.now, by=by)
    begin_meeting(restored.store, held, now=restored.now, by=by)
    _enter(restored, held, Comer(made.ids["zhao"]))
    end_meeting(restored.store, held, now=restored.now, by=by)


def _enter(desk: Desk, meeting: int, comer: Comer) -> int:
    return sign_in_found(desk.store, meeting, comer, now=desk.now, by=desk.operator).sign_in_id


def _collect(hall: Hall, second: Sibling, restored: Sibling, made: EveningScene) -> None:
    carry(hall.store, second.store)
    carry(restored.store, second.store)
    with restored.store.read() as connection:
        continued = own_log(connection, VILLAGE)
    with second.store.read() as connection:
        made.lines = {(VILLAGE, log): lines for log, lines in logs_of(connection, VILLAGE)}
        made.logs = {"B": own_log(connection, VILLAGE), "C": continued}
    [made.logs["A"]] = {log for _, log in made.lines} - set(made.logs.values())
