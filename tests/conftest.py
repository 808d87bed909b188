"""The frozen world of every test: one time zone, one language, a data folder of its own, no settings of the machine."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ("tests.postgres", "tests.printers", "tests.style_sheets")

WORLD = {
    "TZ": "Asia/Shanghai",
    "LANG": "zh_CN.UTF-8",
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "TEXTUAL_ANIMATIONS": "none",
    "PYTHONUTF8": "1",
    "CUPS_SERVER": "127.0.0.1:9",  # nobody prints there: no page of a test comes out of a real printer
}
"""The environment a test sees, also in the programs it starts."""

FOREIGN = (
    "LC_",
    "LANGUAGE",
    "KIOSK_",
    "TEXTUAL_",
    "NO_COLOR",
    "FORCE_COLOR",
    "PY_COLORS",
    "TTY_",
    "COLUMNS",
    "LINES",
    "XDG_",
)
"""Beginnings of names that a machine or a person may have set and that would change what a program does."""

SET_BY_TOOLS = ("TEXTUAL_SNAPSHOT_TEMPDIR",)
"""What a test tool says to itself: where pictures of screens are put together."""

settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("torture", deadline=None, print_blob=True, max_examples=5_000)


def pytest_configure(config: pytest.Config) -> None:
    """Sets the world before any module under test is read: some read the environment at import."""
    for name in foreign_names():
        del os.environ[name]
    os.environ.update(WORLD)
    time.tzset()
    settings.load_profile(config.getoption("--hypothesis-profile") or "default")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the figures that tests recorded by `record_property("figure", ...)`: a claim counts once it is printed."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    figures = [value for report in reports for name, value in report.user_properties if name == "figure"]
    if figures:
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.write_line(str(figure))


def foreign_names() -> list[str]:
    """Names in the environment that no test may depend on."""
    own = (*WORLD, *SET_BY_TOOLS)
    return [name for name in os.environ if name.startswith(FOREIGN) and name not in own]


@pytest.fixture(autouse=True)
def frozen_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Gives each test the same surroundings and a data folder, `KIOSK_HOME`, that does not exist yet."""
    for name in foreign_names():
        monkeypatch.delenv(name)
    for name, value in WORLD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KIOSK_HOME", str(tmp_path / "kiosk-home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
