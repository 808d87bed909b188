"""The commands where there is nothing, or already something: a sentence with the next step, never a traceback."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from county.cli import app, main
from tests.hub import free_port


def run(*words: str) -> tuple[int, str]:
    """Type a command and give its exit code and what it said."""
    done = CliRunner().invoke(app, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_hub_is_left_as_it_is_when_it_is_laid_out_twice(tmp_path: Path) -> None:
    """The second time says so; where no folder can be made, nothing is laid out."""
    home = str(tmp_path / "hub")
    assert run("init", "--home", home)[0] == 0
    before = (tmp_path / "hub" / "county.db").read_bytes()
    code, said = run("init", "--home", home)
    assert (code, "already" in said) == (1, True)
    assert (tmp_path / "hub" / "county.db").read_bytes() == before
    (tmp_path / "file").touch()
    code, said = run("init", "--home", str(tmp_path / "file"))
    assert (code, said.startswith("Nothing can be laid out here")) == (74, True)


@pytest.mark.parametrize("words", [["doctor"], ["terminal", "list"], ["serve"], ["code", "123"], ["backup", "B"]])
def test_next_step_is_named_when_there_is_no_hub(tmp_path: Path, words: list[str]) -> None:
    """In an empty folder and where there is none; and nothing is made by asking."""
    for home in (tmp_path, tmp_path / "none"):
        code, said = run(*words, "--home", str(home))
        assert (code, "`county init`" in said) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_database_is_named_as_the_trouble_when_nothing_answers_there(tmp_path: Path) -> None:
    """Nobody is told to restore a backup because a server is switched off."""
    nowhere = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    for command in ("doctor", "init"):
        code, said = run(command, "--home", str(tmp_path), "--database", nowhere)
        assert (code, "Connection refused" in said, "backup" in said) == (74, True, False)


def test_list_says_so_when_no_terminal_has_asked(tmp_path: Path) -> None:
    """An empty answer would look like a fault."""
    run("init", "--home", str(tmp_path))
    assert run("terminal", "list", "--home", str(tmp_path)) == (0, "No terminal has asked to be known yet.\n")


def test_part_to_install_is_named_when_a_terminal_is_asked_to_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever tried the till first has not what a hub serves with; any other missing part is a fault of ours."""
    run("init", "--home", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["county", "serve", "--home", str(tmp_path)])
    with monkeypatch.context() as lacking:
        lacking.setitem(sys.modules, "uvicorn", None)
        with pytest.raises(SystemExit):
            main()
    assert "pip install -c deploy/constraints.txt -e '.[county]'" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "county.hub", None)
    with pytest.raises(ModuleNotFoundError):
        main()


def test_nothing_is_published_when_the_file_is_not_there(tmp_path: Path) -> None:
    """The sentence names the file."""
    run("init", "--home", str(tmp_path))
    code, said = run("publish", str(tmp_path / "said.toml"), "--home", str(tmp_path))
    assert (code, said) == (1, f"There is no file {tmp_path / 'said.toml'}. Nothing was published.\n")
