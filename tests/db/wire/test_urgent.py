"""What does not wait for its turn: small pieces of county logs with a lost card among them."""

from random import Random

import pytest

from db.facts.people import CardBarred
from db.facts.terminal import SeatGranted
from db.store import Store
from db.wire.v1.frame import FrameReader
from db.wire.v1.message import Hello
from db.wire.v1.steps import held_by
from db.wire.v1.urgent import MOST_BYTES, unwrapped, urgent_lines, wrapped
from tests.bodies import WeatherNoted
from tests.ledger import VILLAGE, lines_of, new_store, write

LOST = CardBarred(number="2701231234567891")
NONCE = "0" * 16


@pytest.fixture
def county() -> Store:
    """What the county said to a village, in the store of one that holds it all."""
    return new_store(0)


def hello(terminal: Store) -> Hello:
    """What a terminal holds."""
    with terminal.read() as connection:
        return Hello(village=VILLAGE, log=5, nonce=NONCE, program="kiosk", held=held_by(connection, VILLAGE))


def given(county: Store, terminal: Store) -> list[tuple[int, int, int]]:
    """Village, first seq and last seq of what comes at once; every piece is checked to be the lines it stands for."""
    said = hello(terminal)
    with county.read() as connection:
        found = list(urgent_lines(connection, said, held_by(connection, VILLAGE)))
        for each in found:
            lines = [line for piece in FrameReader().feed(unwrapped(wrapped(each.frame))) for line in piece]
            assert lines == lines_of(connection, each.stretch.village, 0, each.stretch.after)
            assert len(each.frame) <= MOST_BYTES
    return [(each.stretch.village, each.stretch.after + 1, each.seq) for each in found]


@pytest.mark.parametrize("body", [LOST, SeatGranted(log=7, seat=2)])
def test_what_is_lacking_comes_at_once_when_something_urgent_is_among_it(
    county: Store, body: CardBarred | SeatGranted
) -> None:
    """From where the terminal is, to the end, so that it can be stored like any other line."""
    terminal = new_store(5)
    write(county, WeatherNoted(), WeatherNoted())
    assert given(county, terminal) == []
    write(county, body, WeatherNoted())
    assert given(county, terminal) == [(VILLAGE, 1, 4)]
    with county.read() as connection:
        lines = lines_of(connection, VILLAGE, 0)
    terminal.receive(VILLAGE, 0, lines[:2])
    assert given(county, terminal) == [(VILLAGE, 3, 4)]
    terminal.receive(VILLAGE, 0, lines)
    assert given(county, terminal) == []


def test_nothing_comes_at_once_when_it_is_much(county: Store) -> None:
    """More than 1 KiB, or very many lines, wait for their turn."""
    chance = Random(1)
    write(county, LOST, *(WeatherNoted(words=str(chance.getrandbits(200))) for _ in range(60)))
    assert given(county, new_store(5)) == []


def test_nothing_comes_at_once_when_the_terminal_holds_other_lines(county: Store) -> None:
    """A county that was restored and said something else since: what follows would not fit."""
    other = new_store(0, seed=3)
    write(other, WeatherNoted(words="other"))
    terminal = new_store(5)
    with other.read() as connection:
        lines = lines_of(connection, VILLAGE, 0)
    terminal.receive(VILLAGE, 0, lines)
    write(county, WeatherNoted(), LOST)
    assert given(county, terminal) == []


def test_rubbish_is_no_frame_when_it_stands_in_a_message() -> None:
    """Whoever reads it finds no lines."""
    assert unwrapped("ä!") == b""
