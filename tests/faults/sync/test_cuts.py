"""The line is cut at any byte, in either direction: whole frames are stored or nothing, and the next hello knows."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from kiosk.errors import TryAgain
from tests.faults.figures import Recorder
from tests.faults.sync.bench import Bench
from tests.faults.sync.ends import FACTS, ends_in, small_frames
from tests.faults.sync.wire import CutWire
from tests.line import WAYS, CutHere, Line, Meddle, Piece, Way, cut_at

STEP = 16


def cut_everywhere(way: Way, step: int) -> tuple[int, int]:
    """Cut a session of sixty facts at every so many bytes; return how many bytes and how many cuts that were."""
    bench = Bench.laid_out(is_published=way == "down")
    wire = CutWire(bench.hub)
    assert bench.report(wire).sent == FACTS
    whole = wire.up_bytes if way == "up" else wire.down_bytes
    cuts = range(1, whole, step)
    settled: set[str] = set()
    for at in cuts:
        bench.put_back()
        wire.begin(**{way: at})
        with suppress(TryAgain):
            bench.report(wire)
        state = bench.state()
        if state not in settled:
            bench.assert_prefix()
            wire.begin()
            bench.report(wire)
            bench.assert_equal()
            settled.add(state)
    wire.shut()
    return whole, len(cuts)


@pytest.mark.parametrize("way", WAYS)
def test_everything_arrives_once_when_the_line_is_cut_at_many_bytes(way: Way, record_property: Recorder) -> None:
    """Every sixteenth byte of a whole session, both ways: the session after it ends with the same on both sides."""
    whole, cuts = cut_everywhere(way, STEP)
    record_property("figure", f"cuts {way} at every {STEP}th of {whole} bytes: {cuts} sessions, 0 lost, 0 doubled")
    assert cuts > 50


@pytest.mark.torture
@pytest.mark.parametrize("way", WAYS)
def test_everything_arrives_once_when_the_line_is_cut_at_any_byte(way: Way, record_property: Recorder) -> None:
    """Every single byte."""
    whole, cuts = cut_everywhere(way, 1)
    record_property("figure", f"cuts {way} at each of {whole} bytes: {cuts} sessions, 0 lost, 0 doubled")
    assert cuts == whole - 1


@pytest.mark.parametrize("at", [200, 700, 1_500, 2_800, 4_000])
def test_whole_frames_stay_when_a_request_is_cut(tmp_path: Path, at: int) -> None:
    """Two live programs: the report ends with 75, what came whole is stored, the next report sends the rest."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        with Line(ends.county.port, cut_at("up", at)) as line:
            said = ends.sync(line.address, small_frames)
        assert (said.code, said.refusal) == (75, "county_not_reached")
        held = sum(ends.held().values())
        assert held < FACTS
        assert 0 < ends.settle().values["sent"] <= FACTS - held  # what was on its way may be stored after the cut


@pytest.mark.parametrize("at", [1, 300, 600, 800])
def test_lines_are_known_to_be_stored_when_an_answer_is_cut(tmp_path: Path, at: int) -> None:
    """Two live programs: whatever of the answer came, the next report sends only what is not there."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        with Line(ends.county.port, cut_at("down", at)) as line:
            said = ends.sync(line.address)
        assert (said.code, said.refusal) == (75, "county_not_reached")
        held = sum(ends.held().values())
        assert held in (0, FACTS)
        assert ends.settle().values["sent"] in (0, FACTS - held)  # stored, or still on its way when it was looked at


def cut_often(cuts: int) -> Meddle:
    """Cut so many times, each time a little later in a request, and then no more."""
    done = count(1)

    def meddle(piece: Piece) -> Iterator[bytes]:
        yield piece.data[:500]
        if piece.way == "up" and piece.passed + len(piece.data) > 1_000 and next(done) <= cuts:
            raise CutHere
        yield piece.data[500:]

    return meddle


def test_one_run_is_enough_when_it_tries_again_after_cuts(tmp_path: Path) -> None:
    """With patience the same run goes on where it was cut, and says what it has sent in all."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        with Line(ends.county.port, cut_often(2)) as line:
            said = ends.sync(line.address, small_frames, patience=60)
        assert (said.code, said.values["sent"], line.connections) == (0, FACTS, 3)
        assert ends.settle().values["sent"] == 0
