"""What may be imported where, as far as the contracts in pyproject.toml cannot say it."""

import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.tree import CODE, ROOT, imported_packages, python_files, text_of

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
LAYERS = ("db", "kiosk.domain", "kiosk.devices", "kiosk.paper", "kiosk.screens", "kiosk.sync", "county")
"""Packages whose imports are limited by the table in docs/architecture.md; one is bound from its first file on."""


def declared(*extras: str) -> set[str]:
    """Normalised names of the distributions that the project and the given extras ask for."""
    requirements = [
        *PROJECT["dependencies"],
        *(line for extra in extras for line in PROJECT["optional-dependencies"][extra]),
    ]
    return {re.split(r"[\[<>=!~ ]", line, maxsplit=1)[0].lower().replace("_", "-") for line in requirements}


@cache
def distributions() -> Mapping[str, list[str]]:
    """Which distributions bring a package; reading them all takes a while."""
    return packages_distributions()


def undeclared(path: Path, allowed: set[str]) -> set[str]:
    """Imports of a file that are neither ours, nor of the standard library, nor of an allowed distribution."""
    providers = distributions()
    foreign = {name for name in imported_packages(path) if name not in sys.stdlib_module_names and name not in CODE}
    return {
        name
        for name in foreign
        if allowed.isdisjoint(provider.lower().replace("_", "-") for provider in providers.get(name, [name]))
    }


def test_every_import_is_declared_when_the_program_is_installed_without_tools() -> None:
    """Nothing works only because a test tool happened to bring its library along."""
    allowed = declared("county")
    found = {str(path): names for path in python_files("kiosk", "db") if (names := undeclared(path, allowed))}
    assert found == {}


def test_every_import_is_declared_when_tests_and_bench_run() -> None:
    """What a test or a measurement needs is installed by the project's own list."""
    allowed = declared("county", "dev")
    found = {str(path): names for path in python_files("tests", "bench") if (names := undeclared(path, allowed))}
    assert found == {}


def test_every_layer_is_bound_by_a_contract_when_it_has_files() -> None:
    """A layer without a contract would grow imports that nobody decided on."""
    sources = {
        name
        for contract in SETTINGS["tool"]["importlinter"]["contracts"]
        for name in contract.get("source_modules", [])
    }
    assert [layer for layer in LAYERS if (ROOT / layer.replace(".", "/")).is_dir() and layer not in sources] == []


def test_every_declared_version_is_pinned_when_it_is_installed() -> None:
    """The list of installed versions covers each requirement, so two clones a year apart are the same."""
    pins = [line for line in text_of(Path("deploy/constraints.txt")).splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", pin) for pin in pins)
    pinned = {pin.partition("==")[0].lower().replace("_", "-") for pin in pins}
    assert declared("county", "dev") - pinned == set()


def test_the_oracle_stands_alone_when_it_judges() -> None:
    """A second opinion that shared our code would share our mistakes."""
    judges = [
        path for path in python_files("tests") if path.is_relative_to("tests/oracle") and path.name != "__init__.py"
    ]
    assert judges
    found = {
        str(path): names
        for path in judges
        if not path.name.startswith("test_") and (names := set(imported_packages(path)) - sys.stdlib_module_names)
    }
    assert found == {}


@pytest.mark.parametrize("module", ["skip", "skipif", "importorskip", "xfail"])
def test_no_test_is_passed_over_when_something_is_missing(module: str) -> None:
    """A test that may be left out proves nothing on the machine where it was."""
    call = re.compile(rf"\b(?:pytest|mark)\.{module}\b")
    assert [str(path) for path in python_files("tests") if call.search(text_of(path))] == []
