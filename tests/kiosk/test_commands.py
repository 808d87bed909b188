"""The commands that look after a store: data to stdout, all else to stderr, one documented number at the end."""

import importlib
import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.main import get_group

from db import engine as engines
from kiosk import cli
from kiosk.commands.desk import TEXTS
from kiosk.commands.progress import Progress
from kiosk.errors import ExitCode
from kiosk.hold import take
from kiosk.locale import LANGUAGES, Texts
from kiosk.store_care import back_up
from tests.ready import Ready, later, ready_desk


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said where."""

    code: int
    out: str
    err: str

    @property
    def values(self) -> dict[str, Any]:
        """Its JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


class Kiosk:
    """The command line inside the test's own process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        """Use a data folder."""
        self._monkeypatch, self._capsys, self.home = monkeypatch, capsys, home

    def __call__(self, *words: str | Path) -> Ended:
        """Run one command."""
        self._monkeypatch.setattr(sys, "argv", ["kiosk", *map(str, words)])
        self._monkeypatch.setenv("KIOSK_HOME", str(self.home))
        self._capsys.readouterr()
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        else:
            code = 0
        said = self._capsys.readouterr()
        return Ended(code, said.out, said.err)


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def kiosk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Kiosk:
    """The command line on that desk."""
    return Kiosk(monkeypatch, capsys, tmp_path / "desk")


def spoil(desk: Ready) -> None:
    """Change a line."""
    connection = sqlite3.connect(desk.file)
    connection.execute("DROP TRIGGER line_update_refused")
    connection.execute("UPDATE line SET line = x'7b7d' WHERE seq = 9")
    connection.commit()
    connection.close()


def test_village_is_laid_out_when_it_is_named(kiosk: Kiosk) -> None:
    """The badge of the first operator is told, to people and to programs."""
    ended = kiosk("init", "--village", "123", "--operator", "周会计", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.values.keys() == {"village", "log", "operator", "badge"}
    again = kiosk("init", "--village", "123", "--operator", "周会计")
    assert (again.code, again.out) == (ExitCode.REFUSED, "")
    assert "[store_exists]" in again.err


@pytest.mark.parametrize(
    "words", [("init",), ("init", "--village", "0", "--operator", "x"), ("nonsense",), ("--nonsense",)]
)
def test_command_ends_with_usage_when_it_is_wrong(kiosk: Kiosk, words: tuple[str, ...]) -> None:
    """Nothing to stdout."""
    ended = kiosk(*words)
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")


@pytest.mark.parametrize("words", [("backup",), ("rebuild",), ("journal", "export", "x"), ("journal", "verify")])
def test_command_is_refused_when_there_is_no_store(kiosk: Kiosk, words: tuple[str, ...]) -> None:
    """With reason, next step and code on stderr."""
    ended = kiosk(*words)
    assert (ended.code, ended.out) == (ExitCode.BAD_INPUT, "")
    assert ended.err.endswith("[store_absent]\n")


def test_backup_is_named_when_it_is_made(kiosk: Kiosk, desk: Ready, tmp_path: Path) -> None:
    """Its file, and the lines that were verified."""
    ended = kiosk("backup", tmp_path / "stick", "--json")
    assert ended.code == 0
    assert Path(ended.values["file"]).parent == tmp_path / "stick"
    assert (ended.values["lines"], ended.values["village"], ended.values["number"]) == (desk.known.lines, 123, 1)
    assert str(desk.known.lines) in kiosk("backup").out


def test_backup_is_kept_only_when_it_is_due(kiosk: Kiosk, desk: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look that the app starts beside the till, at the lowest priority."""
    nice: list[int] = []
    monkeypatch.setattr(os, "nice", nice.append)
    first = kiosk("backup", "--if-due", "--json")
    assert first.values["faults"] == []
    assert Path(first.values["file"]).parent == desk.home / "backups"
    assert kiosk("backup", "--if-due", "--json").values == {"file": None, "faults": []}
    spoil(desk)
    damaged = kiosk("backup", "--if-due", "--json")
    assert damaged.code == ExitCode.STORE_FAILED
    assert any("seq 9" in fault for fault in damaged.values["faults"])
    assert nice == [19, 19, 19]


def test_backup_is_refused_when_the_store_is_damaged(kiosk: Kiosk, desk: Ready) -> None:
    """With the number of a failed store."""
    spoil(desk)
    ended = kiosk("backup", "--json")
    assert (ended.code, ended.out) == (ExitCode.STORE_FAILED, "")
    assert "[copy_not_sound]" in ended.err


def test_desk_goes_on_when_a_backup_is_restored(kiosk: Kiosk, desk: Ready, tmp_path: Path) -> None:
    """What is missing, if anything, and what to do now is said."""
    backup = back_up(desk.home, tmp_path / "stick", now=later())
    ended = kiosk("restore", backup.file, "--json")
    assert ended.code == 0
    assert ended.values.keys() == {"log", "till", "lines", "saved", "complete", "kept"}
    assert (ended.values["till"] > 1, ended.values["complete"]) == (True, True)
    kiosk.home = tmp_path / "new"
    assert Texts()("cli.restore.incomplete") in kiosk("restore", backup.file).out


def test_restore_is_refused_when_the_file_is_none_or_the_folder_in_use(
    kiosk: Kiosk, desk: Ready, tmp_path: Path
) -> None:
    """Two different numbers: another file, or another moment."""
    assert kiosk("restore", tmp_path / "absent").code == ExitCode.BAD_INPUT
    held = take(desk.home)
    backup = back_up(desk.home, now=later())
    assert kiosk("restore", backup.file).code == ExitCode.TRY_AGAIN
    assert kiosk("rebuild").code == ExitCode.TRY_AGAIN
    held.let_go()


def test_tables_are_computed_again_when_asked(kiosk: Kiosk, desk: Ready) -> None:
    """A wrong table is right afterwards."""
    connection = sqlite3.connect(desk.file)
    connection.execute("UPDATE balance SET redeemable_points = 1")
    connection.commit()
    connection.close()
    assert kiosk("journal", "verify").code == ExitCode.STORE_FAILED
    assert kiosk("rebuild", "--json").values == {"facts": desk.known.lines}
    assert kiosk("journal", "verify").code == 0


def test_journal_is_written_out_and_checked_when_asked(kiosk: Kiosk, desk: Ready, tmp_path: Path) -> None:
    """The export, and the check of an export that somebody changed."""
    ended = kiosk("journal", "export", tmp_path / "out", "--json")
    assert ended.values["lines"] == desk.known.lines
    assert sorted(file.suffix for file in tmp_path.glob("out.*")) == [".heads", ".lines", ".private"]
    assert kiosk("journal", "verify", tmp_path / "out", "--json").values["lines"] == desk.known.lines
    lines = tmp_path / "out.lines"
    lines.write_bytes(lines.read_bytes().replace(b'"points":300,', b'"points":301,', 1))
    changed = kiosk("journal", "verify", tmp_path / "out", "--json")
    assert changed.code == ExitCode.STORE_FAILED
    assert len(changed.values["faults"]) == 1
    assert "[journal_broken]" in changed.err
    assert kiosk("journal", "verify", tmp_path / "absent").code == ExitCode.BAD_INPUT
    assert kiosk("journal", "export", tmp_path / "absent" / "out").code == ExitCode.CANNOT_WRITE


def test_exceptions_are_told_apart_when_a_journal_is_verified(kiosk: Kiosk, desk: Ready) -> None:
    """A store that is damaged says where, one that is sound ends well."""
    assert kiosk("journal", "verify", "--json").values == {"lines": desk.known.lines, "faults": [], "exceptions": []}
    spoil(desk)
    ended = kiosk("journal", "verify", "--json")
    assert ended.code == ExitCode.STORE_FAILED
    assert any("seq 9" in fault for fault in ended.values["faults"])


def test_doctor_answers_with_stable_keys_when_programs_ask(kiosk: Kiosk, desk: Ready) -> None:
    """Every finding has check, level, state, values, text and next step."""
    ended = kiosk("doctor", "--json")
    assert ended.code == 0
    assert ended.values["level"] == "warn"
    for finding in ended.values["findings"]:
        assert finding.keys() == {"check", "level", "state", "values", "text", "next"}
        assert finding["text"]
        assert bool(finding["next"]) == (finding["level"] != "ok")
    assert {"journal", "exceptions"} <= {finding["check"] for finding in ended.values["findings"]}
    quick = kiosk("doctor", "--quick", "--json").values["findings"]
    assert {"journal", "exceptions"}.isdisjoint(finding["check"] for finding in quick)


def test_doctor_ends_with_a_failed_store_when_anything_must_be_mended(
    kiosk: Kiosk, desk: Ready, tmp_path: Path
) -> None:
    """The findings are told all the same: data to stdout, the refusal to stderr."""
    spoil(desk)
    ended = kiosk("doctor")
    assert ended.code == ExitCode.STORE_FAILED
    assert Texts()("doctor.level.fail") in ended.out
    assert "[doctor_found]" in ended.err
    kiosk.home = tmp_path / "empty"
    absent = kiosk("doctor", "--json")
    assert absent.code == ExitCode.STORE_FAILED
    assert [each["state"] for each in absent.values["findings"] if each["check"] == "store"] == ["absent"]


def test_doctor_answers_when_the_store_is_rubbish(kiosk: Kiosk, desk: Ready) -> None:
    """It is for the bad days."""
    desk.file.write_bytes(b"rubbish" * 1_000)
    ended = kiosk("doctor", "--json")
    assert ended.code == ExitCode.STORE_FAILED
    assert [each["state"] for each in ended.values["findings"] if each["check"] == "store"] == ["closed"]


def test_command_says_so_when_the_disk_is_nearly_full(
    kiosk: Kiosk, desk: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal can still be written out, to a stick."""
    monkeypatch.setattr(engines, "free_bytes", lambda _folder: 0)
    assert kiosk("journal", "verify").code == ExitCode.CANNOT_WRITE
    assert kiosk("journal", "export", desk.home.parent / "out").code == 0


def test_mistake_of_the_program_has_its_own_number_when_it_comes_out(
    kiosk: Kiosk, desk: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told in full to stderr, and never taken for a refusal."""
    monkeypatch.setattr("kiosk.store_care.verify_store", lambda *_arguments, **_options: 1 / 0)
    ended = kiosk("journal", "verify")
    assert (ended.code, ended.out) == (ExitCode.FAULT, "")
    assert "ZeroDivisionError" in ended.err
    assert "[unexpected]" in ended.err


def test_app_says_so_when_there_is_no_terminal(tmp_path: Path) -> None:
    """A sentence and the number of wrong usage, in a real process without a terminal."""
    words = [sys.executable, "-m", "kiosk", "run", "--home", str(tmp_path / "desk")]
    ended = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, env=os.environ)
    assert (ended.returncode, ended.stdout) == (ExitCode.USAGE, "")
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_says_what_it_is_for_when_help_is_asked(language: str) -> None:
    """In both languages."""
    texts = Texts(language)
    assert {"run", "init", "doctor", "backup", "restore", "rebuild"} <= set(cli.COMMANDS)
    assert [name for name in cli.COMMANDS if not texts.has(f"cli.{name}.help")] == []


@pytest.mark.parametrize("module", sorted(set(cli.COMMANDS.values())))
def test_table_names_every_command_when_a_module_adds_it(module: str) -> None:
    """What is not in the table cannot be called, and what is in it is there, with the text the help shows."""
    group = get_group(_registered(module))
    assert list(group.commands) == [name for name, where in cli.COMMANDS.items() if where == module]
    assert {name: command.help for name, command in group.commands.items()} == {
        name: TEXTS(f"cli.{name}.help") for name in group.commands
    }


def _registered(module: str) -> Typer:
    holder = Typer()
    importlib.import_module(module).register(holder)
    return holder


class Screen(StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_bar_grows_on_a_terminal_when_work_takes_longer_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing within the first second, then a bar in one line that ends full."""
    now = [0.0]
    monkeypatch.setattr("kiosk.commands.progress.time.monotonic", lambda: now[0])
    out = Screen()
    with Progress("核对", 4, out) as step:
        step(1)
        assert out.getvalue() == ""
        for moment in (1.5, 1.51, 2.0):
            now[0] = moment
            step(1)
    shown = out.getvalue()
    assert [part[-4:] for part in shown.strip().split("\r") if part] == [" 50%", "100%"]
    assert shown.endswith("\n")


def test_lines_are_written_when_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log gets a line every ten seconds and one at the end, never a bar."""
    now = [0.0]
    monkeypatch.setattr("kiosk.commands.progress.time.monotonic", lambda: now[0])
    out = StringIO()
    with Progress("核对", 40, out) as step:
        for moment in range(40):
            now[0] = float(moment)
            step(1)
    assert out.getvalue().splitlines() == ["核对 3/40", "核对 13/40", "核对 23/40", "核对 33/40", "核对 40/40"]
