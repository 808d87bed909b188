"""What every file of the project keeps to: no address of a machine, no length that hides two things in one."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import project_files, python_files, text_of, tree_of

LONGEST = 400
LONGER: dict[str, str] = {}
"""Python files that may be longer, each with its reason."""

REGISTRY = re.compile(
    r"[p]ypi\.(?:org|python|tuna)|[p]ythonhosted|[p]ypi/simple|/[s]imple/\B|registry\.[n]pm|deb\.[d]ebian|proxy\.[g]olang"
    r"|mirrors?\.(?:[a]liyun|[t]una|[u]stc|[t]encent|[h]uawei)|--(?:extra-)?[i]ndex-url|--[f]ind-links"
)
MACHINE = re.compile(r"(?<![\w.~:/-])/(?:[w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/")
SCRATCH = re.compile(r"(?<![\w.~:/-])/(?:var/)?[t]mp/")


def findings(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """File and line of every match."""
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_registry_is_named_when_the_project_is_cloned() -> None:
    """Where packages come from is the business of the machine, not of the project."""
    assert findings(REGISTRY, list(project_files())) == []


def test_no_folder_of_a_machine_is_named_when_the_project_is_cloned() -> None:
    """Every path is relative to the checkout or named by a person."""
    assert findings(MACHINE, list(project_files())) == []


def test_no_scratch_folder_is_named_when_code_needs_one() -> None:
    """Scratch files belong in the data folder, where they survive a start and are found again."""
    assert findings(SCRATCH, [path for path in project_files() if path.parts[0] != "tests"]) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (REGISTRY, "see https://" + "py" + "pi.org/p/x"),
        (REGISTRY, "pip install --" + "index-url x"),
        (MACHINE, 'open("/' + 'work/x")'),
        (MACHINE, "/" + "home/li/kiosk"),
        (SCRATCH, "cd /" + "tmp/x"),
    ],
)
def test_a_forbidden_line_is_found_when_it_is_written(pattern: re.Pattern[str], line: str) -> None:
    """The three searches above see what they are meant to see."""
    assert pattern.search(line)


def test_a_python_file_is_short_when_it_holds_one_thing() -> None:
    """A file that grows past the limit has become a place where everything meets."""
    lengths = {str(path): len(text_of(path).splitlines()) for path in python_files()}
    assert {path: length for path, length in lengths.items() if length > LONGEST and path not in LONGER} == {}


def test_a_longer_file_is_listed_only_when_it_is_longer() -> None:
    """An exception goes with its cause."""
    assert [path for path in LONGER if len(text_of(Path(path)).splitlines()) <= LONGEST] == []


def test_every_folder_of_code_says_what_it_is_for_when_opened() -> None:
    """Each package has an `__init__.py` with a docstring: the map of the tree is in the tree."""
    files = set(python_files())
    homes = {path.parent / "__init__.py" for path in files if path.parts[-2] != "versions"}
    assert sorted(str(home) for home in homes if home not in files) == []
    assert sorted(str(home) for home in homes if not ast.get_docstring(tree_of(home))) == []
