"""A night of many villages against a hub that runs already: everything arrives once, and no real village is touched."""

from pathlib import Path

import pytest

from bench import simulate
from county.hub import create_hub, open_engine
from county.registry import list_terminals
from county.villages import Named, keep_names
from tests.county.restoring import lines
from tests.hub import served
from tests.village import seeded

VILLAGES = 3


def play(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run it as `make simulate NIGHT="..."` does, with lines of the test in place of a year's."""
    monkeypatch.setattr("sys.argv", ["simulate", "--villages", str(VILLAGES), "--facts", "5", *words])
    monkeypatch.setattr(simulate, "demo_year", lambda: tuple(lines(9_999, 20)))
    return simulate.main()


def test_every_fact_arrives_once_when_a_hub_runs_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two nights after another; then the hub gets a real village, and there is no third."""
    hub = create_hub(open_engine(tmp_path), seeded("hub"))
    with served(hub) as county:
        words = ("--address", county.address, "--database", str(tmp_path))
        for night in (1, 2):
            assert play(monkeypatch, *words) == 0
            assert "facts 15" in (said := capsys.readouterr().out)
            assert "lost 0, doubled 0" in said
            with hub.read() as connection:
                assert len(list_terminals(connection)) == night * VILLAGES
        with hub.write() as connection:
            keep_names(connection, [Named(123, "云岭村")])
        with pytest.raises(SystemExit):
            play(monkeypatch, *words)
        assert "0123" in capsys.readouterr().err
    hub.close()


def test_nothing_begins_when_an_address_has_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it nobody could let the villages in, nor count what arrived."""
    with pytest.raises(SystemExit):
        play(monkeypatch, "--address", "http://127.0.0.1:9")
