"""How the terminals are: what each tells of itself is kept, listed, and named by the doctor with the next step."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from county.cli import app
from county.doctor import examine
from county.finding import Finding, Level, Patient
from county.health import Machine, list_machines
from county.hub import Hub, create_hub, open_engine
from county.intake import Caller, take_hello
from county.registry import Known, keep_terminal
from county.terminal_words import DAY, HOUR
from county.villages import Named, keep_names
from db.line import CLOCK_QUALITIES
from db.wire.v1.figures import PRINTERS
from db.wire.v1.message import HeadSeen, Hello
from db.wire.v1.signed import Key
from tests.county.restoring import lines
from tests.hub import take_frame
from tests.village import VILLAGE, seeded

LOG = 77
KEY = Key(b"\x07" * 32)
NOW = 1_795_329_000_000
WELL = {
    "lines": 9,
    "unsent": 5,
    "unsaved_outside": 2,
    "faults": 0,
    "free_kib": 3 * 2**20,
    "slips_owed": 0,
    "printer": 0,
}
SYNCHRONISED = CLOCK_QUALITIES.index("s")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub with one terminal, for looks at what it says last."""
    hub = create_hub(open_engine(tmp_path_factory.mktemp("hub")), seeded("hub"))
    at(hub, NOW)
    known(hub)
    yield hub
    hub.close()


def known(hub: Hub, log: int = LOG, key: Key = KEY, at: int = NOW) -> None:
    """A terminal that was let in."""
    with hub.write() as connection:
        keep_terminal(
            connection, Known(VILLAGE, log, key.public, key.sealing, "active", 1, "kiosk 0.0.1", at, None)
        )  # fmt: skip
        keep_names(connection, [Named(VILLAGE, "云岭村")])


def says(hub: Hub, figures: Mapping[str, int], log: int = LOG, **other: Any) -> None:  # noqa: ANN401  because each is a field of the hello
    """It says hello."""
    said: dict[str, Any] = {"clock": (NOW, 1, 2, SYNCHRONISED), "program": "kiosk 9.0.0"} | other
    hello = Hello(village=VILLAGE, log=log, nonce="0" * 16, health=dict(figures), **said)
    take_hello(hub, KEY.say(Hello.KIND, hello))


def machine(hub: Hub, log: int = LOG) -> Machine:
    """How the county sees it."""
    with hub.read() as connection:
        return next(each for each in list_machines(connection) if each.known.log == log)


def at(hub: Hub, moment: int) -> None:
    """The hub's clock stands there."""
    hub.now = lambda: moment


def found(hub: Hub, home: Path) -> dict[str, Finding]:
    """What the doctor finds."""
    return {finding.check: finding for finding in examine(Patient(hub, home, is_quick=True))}


def test_last_word_of_a_terminal_is_kept_when_it_says_hello(any_hub: Hub) -> None:
    """Its figures, its clock beside the hub's, its program of today; what arrived since is no longer unsent."""
    at(any_hub, NOW)
    known(any_hub)
    assert machine(any_hub).health is None
    says(any_hub, WELL | {"free_kib": 1}, clock=(NOW - 1, 1, 2))
    says(any_hub, WELL, held=(HeadSeen(v=VILLAGE, l=LOG, s=5, h="0" * 16),))
    says(any_hub, {}, clock=())
    health = machine(any_hub).health
    assert health is not None
    assert (health.unsent, health.free, health.printer, health.clock, health.ahead) == (5, 3 * 2**30, "ok", "s", 0)
    assert machine(any_hub).known.program == "kiosk 9.0.0"
    take_frame(any_hub, Caller(VILLAGE, LOG), lines(VILLAGE, 4))
    health = machine(any_hub).health
    assert health is not None
    assert health.unsent == 1


def test_nothing_is_kept_when_a_figure_cannot_be_one(any_hub: Hub) -> None:
    """Negative, beyond any count, an unknown name, an unknown printer, a clock out of reach: a hello all the same."""
    at(any_hub, NOW)
    known(any_hub)
    says(any_hub, {"unsent": -1, "free_kib": 2**70, "printer": 99, "tea": 3}, clock=(2**60, 1, 2, 7))
    health = machine(any_hub).health
    assert health is not None
    assert (health.unsent, health.free, health.printer, health.clock, health.ahead) == (None, None, None, None, None)


def test_machine_is_listed_once_at_work_when_it_goes_on_in_another_log(any_hub: Hub, tmp_path: Path) -> None:
    """A restored terminal has its key and a new log: the old one is not silent, it is over."""
    at(any_hub, NOW)
    known(any_hub)
    says(any_hub, WELL)
    at(any_hub, NOW + 5 * DAY)
    says(any_hub, WELL, LOG + 1)
    assert (machine(any_hub).goes_on_as, machine(any_hub, LOG + 1).goes_on_as) == (LOG + 1, None)
    known(any_hub, LOG - 1, at=NOW + 6 * DAY)  # the end of a log before, which it only brought along
    assert (machine(any_hub, LOG - 1).goes_on_as, machine(any_hub, LOG + 1).goes_on_as) == (LOG + 1, None)
    assert found(any_hub, tmp_path)["terminals"].values["active"] == 1
    assert found(any_hub, tmp_path)["terminals"].level is Level.OK


def test_officer_sees_how_a_terminal_is_when_it_is_listed(tmp_path: Path) -> None:
    """A line to read, and the same for machines."""
    hub = create_hub(open_engine(tmp_path), seeded("hub"))
    known(hub, at=hub.now())
    says(hub, WELL | {"printer": PRINTERS.index("missing"), "slips_owed": 2})
    line = CliRunner().invoke(app, ["terminal", "list", "--home", str(tmp_path)]).output
    assert line.endswith(
        "heard 0 min ago, 5 unsent, 3072 MB free, printer not there, 2 slips owed, clock set by a network, "
        "kiosk 9.0.0  云岭村\n"
    )
    said = json.loads(CliRunner().invoke(app, ["terminal", "list", "--json", "--home", str(tmp_path)]).output)
    row = said["terminals"][0]
    assert (row["village"], row["log"], row["state"], row["program"]) == (VILLAGE, LOG, "active", "kiosk 9.0.0")
    assert (row["unsent"], row["free"], row["printer"], row["clock"]) == (5, 3 * 2**30, "missing", "s")
    assert row["silent_milliseconds"] >= 0
    hub.close()


@pytest.mark.parametrize(
    ("figures", "other", "check", "words", "step"),
    [
        ({"free_kib": 100 * 1024}, {}, "room", "0123/77 云岭村 (100 MB free)", "backup on a stick"),
        ({"faults": 2}, {}, "damage", "0123/77 云岭村 (2 faults)", "restore a backup"),
        ({}, {"clock": (NOW, 1, 2, 0)}, "clocks", "(never set)", "battery"),
        ({}, {"clock": (NOW - 5 * HOUR, 1, 2, 1)}, "clocks", "(5 h behind)", "battery"),
        ({}, {"clock": (NOW + 3 * DAY, 1, 2, 1)}, "clocks", "(3 days ahead)", "battery"),
        ({}, {"program": "kiosk 0.0.1"}, "versions", "(kiosk 0.0.1)", "git pull"),
        ({"printer": PRINTERS.index("missing")}, {}, "printers", "(not there)", "plug and paper"),
        ({"slips_owed": 7}, {}, "printers", "(7 slips owed)", "plug and paper"),
    ],
)
def test_trouble_is_named_with_the_next_step_when_a_terminal_tells_of_it(
    watched: Hub, figures: dict[str, int], other: dict[str, Any], check: str, words: str, step: str
) -> None:
    """Each trouble by the check that is there for it, and by no other; none where all is well."""
    says(watched, WELL)
    before = found(watched, Path())
    assert {name for name, each in before.items() if each.level is not Level.OK} == {"backup"}
    says(watched, WELL | figures, **other)
    findings = found(watched, Path())
    assert {name for name, each in findings.items() if each.level is not Level.OK} == {"backup", check}
    assert (words in findings[check].text, step in findings[check].advice) == (True, True)


def test_silence_is_named_when_a_terminal_was_not_heard_of_for_three_days(tmp_path: Path) -> None:
    """Not a minute earlier; and no more than a few by name."""
    hub = create_hub(open_engine(tmp_path), seeded("hub"))
    at(hub, NOW)
    for log in range(1, 8):
        known(hub, log, Key(bytes([log]) * 32))
    at(hub, NOW + 3 * DAY)
    assert found(hub, tmp_path)["terminals"].level is Level.OK
    at(hub, NOW + 3 * DAY + 1)
    silent = found(hub, tmp_path)["terminals"]
    assert silent.text.startswith("7 of 7 terminals were not heard of for 3 days: 0123/1 云岭村 (3 days), ")
    assert silent.text.endswith(" and 2 more, see `county terminal list`")
    assert "Telephone" in silent.advice
    hub.close()
