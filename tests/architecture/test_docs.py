"""What people read names what there is: every command, option and number, and every digit of the screen."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from kiosk.cli import app
from kiosk.errors import ExitCode
from kiosk.locale import ENGLISH, read_area
from kiosk.screens.home import JOBS as HOME_JOBS
from kiosk.screens.home import MORE_JOBS
from kiosk.screens.store_care import JOBS
from tests.architecture.tree import ROOT, project_files, text_of

COMMANDS = Path("docs/commands.md")
INSTALLER = Path("docs/installer.md")
COMMON_OPTIONS = {"--help", "--home", "--json"}
"""Options that are explained once for all commands."""
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def commands(command: Any = None, path: str = "kiosk") -> Iterator[tuple[str, Any]]:  # noqa: ANN401  because Typer brings its own, unnamed kind of command
    """Yield every command with its full name."""
    command = command or typer.main.get_command(app)
    for name, inner in getattr(command, "commands", {}).items():
        if getattr(inner, "commands", None):
            yield from commands(inner, f"{path} {name}")
        else:
            yield f"{path} {name}", inner


def rows_of(path: Path) -> list[str]:
    """The rows of the tables in a page."""
    return [line for line in text_of(path).splitlines() if line.startswith("|")]


def test_every_command_has_a_row_when_it_exists() -> None:
    """With each of its options."""
    rows = rows_of(COMMANDS)
    found = {name: [row for row in rows if f"`{name}`" in row] for name, _command in commands()}
    assert len(found) > 8
    assert [name for name, held in found.items() if len(held) != 1] == []
    missing = [
        f"{name} {option}"
        for name, command in commands()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option not in COMMON_OPTIONS and option not in found[name][0]
    ]
    assert missing == []


def test_no_row_names_a_command_when_there_is_none() -> None:
    """A command that went takes its row along."""
    named = {name for row in rows_of(COMMANDS) for name in re.findall(r"^\| `(kiosk [a-z ]+)`", row)}
    assert named == {name for name, _command in commands()}


def test_every_number_is_explained_when_a_command_ends_with_it() -> None:
    """The table is the enum."""
    rows = [re.match(r"\| (\d+) \| ([A-Z_]+) \| \S", row) for row in rows_of(COMMANDS)]
    assert {(int(row[1]), row[2]) for row in rows if row} == {(code.value, code.name) for code in ExitCode}


@pytest.mark.parametrize("path", [path for path in project_files() if path.suffix == ".md"], ids=str)
def test_every_link_leads_somewhere_when_a_page_has_one(path: Path) -> None:
    """Files of the project, from where the page stands."""
    broken = [link for link in LINK.findall(text_of(path)) if not (ROOT / path.parent / link).exists()]
    assert broken == []


def test_codes_the_installer_reads_about_are_those_that_are_shown() -> None:
    """Each code in the table has its texts."""
    refusals = read_area(ENGLISH, "refusal")
    named = {code for row in rows_of(INSTALLER) for code in re.findall(r"`([a-z]+_[a-z_]+)`", row.split("|")[1])}
    assert {"store_not_sound", "disk_reserve", "log_ended"} <= named
    files = {"desk_lock"}
    assert [code for code in named - files if f"{code}.reason" not in refusals] == []


def test_digits_the_installer_reads_about_are_those_of_the_screen() -> None:
    """Menu 9, 3, then a digit: the jobs in their order."""
    text = " ".join(text_of(INSTALLER).split())
    said = {
        "back_up_stick": "**On a stick**: {menu}, then {digit}",
        "examine": "`kiosk doctor` ({menu}, then {digit})",
        "verify": "`kiosk journal verify` ({menu}, then {digit})",
        "export": "export to a stick ({menu}, then {digit})",
        "rebuild": "`kiosk rebuild` ({menu}, then {digit})",
        "restore": "On the screen: {menu}, then {digit}",
    }
    digits = {job: digit for digit, job in enumerate(JOBS, start=1)}
    menu = f"menu {len(HOME_JOBS) + 1}, {MORE_JOBS.index('store_care') + 1}"
    assert [job for job, words in said.items() if words.format(menu=menu, digit=digits[job]) not in text] == []


def test_digits_of_the_menu_are_those_of_the_screen_when_pages_for_the_desk_name_them() -> None:
    """The attendant closes the day, the secretary imports sheets."""
    close = HOME_JOBS.index("day_close") + 1
    attendant, secretary = (text_of(Path(page)) for page in ("docs/attendant.md", "docs/secretary.md"))
    assert f"按 **{close}**。「数盒里的小票" in attendant
    assert f"**Close the day.** Press **{close}**" in attendant
    assert f"菜单 {close} 结账" in secretary
    assert f"menu {close} closes it" in secretary
    assert f"菜单 {len(HOME_JOBS) + 1}（更多）再按 {MORE_JOBS.index('sheets') + 1}" in secretary
