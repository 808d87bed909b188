"""The current fails at any moment of any action: what was confirmed is there once, what was not is whole or absent.

The claim in figures: 0 confirmed actions lost, 0 doubled, 0 stores broken. A seed that fails is printed, and then
stands in `FOUND`.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random

import pytest

from db.invariants import find_faults
from db.journal import heads, verify
from db.projections import digest
from db.store import rebuild
from tests.faults.disk import Disk, Operation, Survivor, Write, pieces_of
from tests.faults.figures import Recorder
from tests.faults.flow import Recorded, evening, morning
from tests.faults.recording import NAME, Recording, in_memory, opened, record, recovered
from tests.village import VILLAGE

QUICK_CUTS = 2_000
LONG_CUTS = 20_000
FOUND: tuple[int, ...] = ()
"""Seeds that once failed."""
FLOWS = (morning, evening)


def verdict(recording: Recording, confirmed: int, after: bytes | None) -> str:
    """Judge what recovery left: `kept` is right, anything else is what went wrong."""
    if after is None:
        return "broken"
    allowed = recording.states[confirmed : confirmed + 2]
    if after in allowed:
        return "kept"
    return "lost" if after in recording.states[:confirmed] else "broken"


def cut_randomly(recording: Recording, folder: Path, seed: int, cuts: int) -> Counter[str]:
    """Let the current fail `cuts` times, each at its own moment with its own remains, and count the verdicts."""
    chance = Random(seed)
    moments = sorted(chance.randrange(len(recording.operations) + 1) for _ in range(cuts))
    survivor, played, found = Survivor({NAME: recording.before}), 0, Counter[str]()
    for moment in moments:
        for operation in recording.operations[played:moment]:
            survivor.play(operation)
        played = moment
        after = recovered(folder, torn(recording, survivor, moment, chance))
        found[verdict(recording, survivor.confirmed, after)] += 1
    return found


def torn(recording: Recording, survivor: Survivor, moment: int, chance: Random) -> dict[str, bytes]:
    """Give what may be left; the write under way may have begun."""
    files = survivor.left(chance)
    following = recording.operations[moment] if moment < len(recording.operations) else None
    if isinstance(following, Write) and following.name in files and chance.random() < 0.5:
        content = bytearray(files[following.name])
        for piece in pieces_of(following)[: chance.randint(0, len(pieces_of(following)))]:
            if len(content) >= piece.offset:
                content[piece.offset : piece.offset + len(piece.data)] = piece.data
        files[following.name] = bytes(content)
    return files


def report(what: str, seed: int, found: Counter[str]) -> str:
    """Say the figures of a run."""
    wrong = ", ".join(f"{found[name]} {name}" for name in ("lost", "broken"))
    return f"{what}: seed {seed}, {found.total()} cuts, {wrong}"


@pytest.mark.parametrize("flow", FLOWS)
def test_every_state_is_sound_when_an_action_has_ended(flow: Callable[[], Recorded]) -> None:
    """What cuts are held against is right itself: chain, invariants, and tables that follow from the lines."""
    for state in flow().recording.states:
        store = in_memory(state)
        with store.read() as connection:
            [(log, _head)] = heads(connection, VILLAGE).items()
            assert list(verify(connection, VILLAGE, log)) == []
            assert find_faults(connection, VILLAGE) == []
            live = digest(connection, VILLAGE)
        rebuild(store)
        with store.read() as connection:
            assert digest(connection, VILLAGE) == live
        store.close()
    assert len(set(flow().recording.states)) == len(flow().recording.states)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("seed", [1, *FOUND])
def test_confirmed_action_is_kept_when_the_current_fails(
    tmp_path: Path, seed: int, flow: Callable[[], Recorded], record_property: Recorder
) -> None:
    """Two thousand cuts at random moments with random remains, of a morning at the till and an evening in the hall."""
    found = cut_randomly(flow().recording, tmp_path, seed, QUICK_CUTS)
    said = report(f"power cuts, {flow.__name__}", seed, found)
    record_property("figure", said)
    assert found == {"kept": QUICK_CUTS}, said


@pytest.mark.torture
@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("seed", range(10))
def test_confirmed_action_is_kept_when_the_current_fails_very_often(
    tmp_path: Path, seed: int, flow: Callable[[], Recorded], record_property: Recorder
) -> None:
    """The same, twenty thousand times a seed."""
    found = cut_randomly(flow().recording, tmp_path, 1_000 + seed, LONG_CUTS)
    said = report(f"power cuts, {flow.__name__}", 1_000 + seed, found)
    record_property("figure", said)
    assert found == {"kept": LONG_CUTS}, said


def test_redemption_is_whole_or_absent_when_cut_at_every_operation(tmp_path: Path) -> None:
    """One redemption, cut before and after each operation, each write also torn at every border of the disk's pieces.

    Each time once with nothing and once with all of what was not synced.
    """
    assert cut_everywhere(record(morning().before, morning().heard[:1]), tmp_path) > 300


@pytest.mark.torture
@pytest.mark.parametrize("number", range(12))
def test_act_of_a_meeting_is_whole_or_absent_when_cut_at_every_operation(tmp_path: Path, number: int) -> None:
    """The same of each act of the evening, the end with its points among them."""
    recording = record(evening().recording.states[number], evening().heard[number : number + 1])
    assert cut_everywhere(recording, tmp_path) > 100


def cut_everywhere(recording: Recording, folder: Path) -> int:
    """Cut one action everywhere, and return how many cuts that are."""
    survivor, cuts = Survivor({NAME: recording.before}), 0
    for operation in recording.operations:
        states = list(survivor.extremes())
        if isinstance(operation, Write):
            for count in range(1, len(pieces_of(operation))):
                begun = deepcopy(survivor)
                for piece in pieces_of(operation)[:count]:
                    begun.play(piece)
                states += begun.extremes()
        for files in states:
            cuts += 1
            assert verdict(recording, survivor.confirmed, recovered(folder, files)) == "kept", operation
        survivor.play(operation)
    for files in survivor.extremes():
        assert recovered(folder, files) == recording.states[1]
    return cuts


def test_confirmed_action_is_kept_when_the_current_fails_again_during_recovery(tmp_path: Path) -> None:
    """A terminal that loses power while it mends itself mends itself at the next start."""
    recording, chance = morning().recording, Random(7)
    found = Counter[str]()
    for _ in range(150):
        moment = chance.randrange(len(recording.operations))
        survivor = Survivor({NAME: recording.before})
        for operation in recording.operations[:moment]:
            survivor.play(operation)
        left = survivor.left(chance)
        mending = mend(left)
        again = Survivor(left)
        for operation in mending[: chance.randint(0, len(mending))]:
            again.play(operation)
        found[verdict(recording, survivor.confirmed, recovered(tmp_path, again.left(chance)))] += 1
    assert found == {"kept": 150}


@pytest.mark.parametrize("pragma", ["synchronous", "journal_mode"])
def test_cuts_are_noticed_when_the_store_is_in_another_mode(tmp_path: Path, pragma: str) -> None:
    """The same cuts break a store that does not wait for its disk or keeps no journal: the test can fail."""
    recording = record(morning().before, morning().heard, {pragma: "off"})
    found = cut_randomly(recording, tmp_path, 1, 300)
    assert found["kept"] < 300, report(pragma, 1, found)


def mend(files: dict[str, bytes]) -> list[Operation]:
    """Return the operations by which SQLite mends files at the next start."""
    disk = Disk({name: bytearray(content) for name, content in files.items()})
    with opened(disk) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    return disk.operations
