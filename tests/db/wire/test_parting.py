"""Where two branches of a log part: few questions, whichever is longer."""

import pytest

from db.engine import transaction
from db.journal import store
from db.line import LARGEST_LOG
from db.store import Store
from db.wire.v1.message import Answer, HeadSeen, Hello
from db.wire.v1.parting import compare, marks_between, narrowed, partings
from db.wire.v1.steps import held_by
from tests.bodies import WeatherNoted
from tests.ledger import VILLAGE, lines_of, new_store, write

LOG = 900
NONCE = "0" * 16


def branches(common: int, here: int, there: int) -> tuple[Store, Store]:
    """Two stores of one log that wrote on by themselves behind its common lines."""
    one, other = new_store(LOG), new_store(LOG, seed=2)
    write(one, *(WeatherNoted(words=str(number)) for number in range(common)))
    with one.read() as connection:
        lines = lines_of(connection, VILLAGE, LOG)
    with transaction(other.engine, is_write=True) as connection:
        store(connection, VILLAGE, LOG, lines)
    write(one, *(WeatherNoted(words="here") for _ in range(here)))
    write(other, *(WeatherNoted(words="there") for _ in range(there)))
    return one, other


def ask(terminal: Store, county: Store, marks: tuple[HeadSeen, ...] = ()) -> Answer:
    """One hello and its answer."""
    with terminal.read() as connection:
        held = held_by(connection, VILLAGE)
    said = Hello(village=VILLAGE, log=LOG, nonce=NONCE, program="kiosk", held=held, marks=marks)
    with county.read() as connection:
        same, parted = compare(connection, said)
        found = held_by(connection, VILLAGE)
    return Answer(nonce=NONCE, status="active", epoch=NONCE, at=0, held=found, same=same, parted=parted)


def parted(terminal: Store, county: Store) -> dict[int, int]:
    """What the terminal makes of the first answer."""
    answer = ask(terminal, county)
    with terminal.read() as connection:
        return partings(connection, VILLAGE, answer)


@pytest.mark.parametrize(
    ("common", "here", "there", "most"),
    [(1, 1, 1, 1), (0, 1, 1, 0), (0, 3, 40, 1), (40, 1, 1, 2), (40, 3, 90, 2), (1_200, 60, 2, 3), (1_200, 2, 60, 3)],
)
def test_last_common_line_is_found_in_few_questions_when_two_wrote_one_log(
    common: int, here: int, there: int, most: int
) -> None:
    """Also where nothing is common, and where either branch is the longer one."""
    terminal, county = branches(common, here, there)
    found = parted(terminal, county)
    low, beyond, questions = 0, found[LOG], 0
    while beyond - low > 1:
        with terminal.read() as connection:
            marks = marks_between(connection, VILLAGE, LOG, low, beyond)
        low, beyond = narrowed(ask(terminal, county, marks), LOG, low, beyond)
        questions += 1
    assert (low, beyond, questions <= most) == (common, common + 1, True)


@pytest.mark.parametrize(("here", "there"), [(0, 0), (3, 0), (0, 3)])
def test_nothing_has_parted_when_one_side_only_holds_more(here: int, there: int) -> None:
    """A terminal that is ahead, and an older copy, have one branch with the county."""
    terminal, county = branches(5, here, there)
    assert parted(terminal, county) == {}


def test_marks_of_elsewhere_are_not_looked_at_when_somebody_sends_them() -> None:
    """Neither another village's, nor the county's own, nor lines that are not held."""
    terminal, county = branches(5, 0, 0)
    others = tuple(
        HeadSeen(v=village, l=log, s=seq, h=NONCE)
        for village, log, seq in ((VILLAGE + 1, LOG, 1), (VILLAGE, 0, 1), (VILLAGE, LARGEST_LOG, 1), (VILLAGE, LOG, 99))
    )
    answer = ask(terminal, county, others)
    assert (answer.same, answer.parted) == ((), ())
