"""Letting terminals in and shutting them out by command: many at once, and all of them or none."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from county.cli import app
from county.hub import Hub, create_hub, open_engine
from county.intake import take_enrolment
from county.registry import list_terminals, make_code
from db.wire.v1.message import Enrolment
from db.wire.v1.signed import Key, fingerprint

KEYS = {(11, 101): Key(b"\x0b" * 32), (12, 102): Key(b"\x0c" * 32)}
EACH = ["11", "101", "12", "102"]


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    """A hub at which the terminals of two villages have asked to be known."""
    made = create_hub(open_engine(tmp_path))
    for (village, log), key in KEYS.items():
        with made.write() as connection:
            code = make_code(connection, village, made.now(), os.urandom)
        said = Enrolment(village=village, log=log, code=code, key=key.public, sealing=key.sealing, program="kiosk 1")
        take_enrolment(made, key.say("enrol", said))
    return made


def states(hub: Hub) -> list[str]:
    """How the terminals stand."""
    with hub.read() as connection:
        return [each.state for each in list_terminals(connection)]


def run(home: Path, *words: str) -> tuple[int, str]:
    """Run `county terminal` and give its exit code and what it said."""
    done = CliRunner().invoke(app, ["terminal", *words, "--home", str(home)])
    return done.exit_code, done.output


def checks(*keys: Key) -> list[str]:
    """The check digits the villages read out, as options."""
    return [word for key in keys for word in ("--check", fingerprint(key.public))]


def test_terminals_are_let_in_and_shut_out_together_when_all_is_right(hub: Hub, tmp_path: Path) -> None:
    """One command for a morning's telephone calls."""
    code, said = run(tmp_path, "approve", *EACH, *checks(*KEYS.values()))
    assert (code, said.splitlines()) == (0, ["0011/101 may report.", "0012/102 may report."])
    assert states(hub) == ["active", "active"]
    code, said = run(tmp_path, "revoke", *EACH)
    assert (code, said.splitlines()) == (0, ["0011/101 is shut out.", "0012/102 is shut out."])
    assert states(hub) == ["revoked", "revoked"]


def test_second_founder_is_not_let_in_when_both_had_asked_before(hub: Hub, tmp_path: Path) -> None:
    """Two machines of a village were set up as its first, and both wait: one begins the book, the other does not."""
    keys = {log: Key(bytes([log]) * 32) for log in (1, 2)}
    for log, key in keys.items():
        with hub.write() as connection:
            code = make_code(connection, 13, hub.now(), os.urandom)
        said = Enrolment(
            village=13, log=log, code=code, key=key.public, sealing=key.sealing, program="kiosk 1", founds=True
        )
        take_enrolment(hub, key.say("enrol", said))
    assert run(tmp_path, "approve", "13", "1", *checks(keys[1]))[0] == 0
    ended, answer = run(tmp_path, "approve", "13", "2", *checks(keys[2]))
    assert (ended, "set up as its first" in answer) == (1, True)
    run(tmp_path, "revoke", "13", "1")
    assert run(tmp_path, "approve", "13", "2", *checks(keys[2]))[0] == 0


def test_none_is_let_in_when_the_digits_of_one_do_not_fit(hub: Hub, tmp_path: Path) -> None:
    """The sentence names which; the officer telephones again."""
    first, second = KEYS.values()
    code, said = run(tmp_path, "approve", *EACH, *checks(first, first))
    assert (code, states(hub)) == (1, ["pending", "pending"])
    assert said.startswith("0012/102: no such terminal, or other check digits.")
    for words in (["approve", *EACH, *checks(second)], ["approve", "11", *checks(first)], ["revoke", "11"]):
        assert run(tmp_path, *words)[0] == 1
    assert run(tmp_path, "revoke", "11", "101", "13", "7")[0] == 1
    assert states(hub) == ["pending", "pending"]
