"""The practice desk: a small invented village in a folder of its own, laid out anew each time somebody practises.

It is village 9999, which enrolment, sync and stick refuse, and its folder is not that of the real desk.
"""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.engine import open_sqlite
from db.journal import read_since
from db.line import Stamp, read
from db.store import Store, open_store, own_log, store_file
from kiosk.clock import Clock, local_day
from kiosk.coach import Papers
from kiosk.demo import VILLAGE
from kiosk.domain.card import issue_person_card
from kiosk.domain.goods import NewItem, register_item
from kiosk.domain.meeting import MeetingPlan, cancel_meeting, meeting_here, open_unplanned
from kiosk.domain.people import HouseholdPlace, register_household, register_person
from kiosk.domain.period import open_day
from kiosk.domain.points import Earning, Recipient, award_points
from kiosk.domain.terminal import add_operator
from kiosk.domain.village import begin_village
from kiosk.store_care import create_file

if TYPE_CHECKING:
    from kiosk.locale import Texts

FOLDER: Final = "practice"
SALT: Final = "06990103300302"
SOAP: Final = "06990102200207"
PRICE: Final = 300
MEETING: Final = "villagers_meeting"
AWARDS: Final = 4
"""So many adopted suggestions give enough points for both goods."""


def practice_home(home: Path) -> Path:
    """Return the folder in which a desk practises."""
    return home / FOLDER


def make_practice(home: Path, clock: Clock, texts: "Texts") -> Papers:
    """Lay a practice desk out in `home`, in place of the one before; a day and a meeting are open. Raises Refused."""
    shutil.rmtree(home, ignore_errors=True)
    made: list[Papers] = []
    create_file(home, VILLAGE, fill=lambda store: made.append(_fill(store, clock, texts)))
    return made[0]


def what_was_done(store: Store) -> Counter[str]:
    """Count the facts of the practice desk by kind."""
    with store.read() as connection:
        lines = read_since(connection, store.village, own_log(connection, store.village), 0, 10_000)
    return Counter(json.loads(line)["kind"] for line in lines)


def last_slip(store: Store) -> str:
    """Return the barcode of the last redemption's slip, "" before there is one."""
    with store.read() as connection:
        lines = read_since(connection, store.village, own_log(connection, store.village), 0, 10_000)
    slips = [fact.body["slip"] for fact in map(read, lines) if fact.kind == "redemption_made"]
    return slips[-1] if slips else ""


def end_practice_meeting(store: Store, secretary: int, now: Stamp) -> None:
    """Let the meeting be over, so that a card shows its points again."""
    meeting = meeting_here(store)
    if meeting is not None:
        cancel_meeting(store, meeting.meeting_id, "other", now=now, by=secretary)


def open_practice(home: Path) -> Store:
    """Open the store of a practice desk; whoever opens it closes it."""
    return open_store(open_sqlite(store_file(home)))


def _fill(store: Store, clock: Clock, texts: "Texts") -> Papers:
    now = clock.now()
    by = begin_village(store, texts("common.first_operator"), now=now).operator_id
    day = open_day(store, local_day(now.at), now=now, by=by)
    learner = add_operator(store, texts("practice.learner"), "attendant", now=now, by=by)
    household = register_household(store, HouseholdPlace(1, 1), texts("practice.villager"), now=now, by=by)
    person = register_person(store, household, texts("practice.villager"), now=now, by=by)
    card = issue_person_card(store, person, now=now, by=by)
    for name, code in (("practice.salt", SALT), ("practice.soap", SOAP)):
        register_item(store, NewItem(texts(name), texts("practice.unit"), (code,), PRICE), now=now, by=by)
    for paper in map(str, range(1, AWARDS + 1)):
        award_points(store, (Recipient(household),), Earning("suggestion_adopted", paper=paper), now=now, by=by)
    open_unplanned(store, MeetingPlan(MEETING), now=now, by=by)
    return Papers(learner.operator_id, by, day, card.number, SALT[1:], SOAP[1:])
