"""The files of the project as git knows them: tracked, or new and not ignored."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("kiosk", "db", "county", "tests", "bench")
"""Folders that hold Python of ours."""


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that a clone would hold, relative to the root, sorted."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (Path(name) for name in listing.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def python_files(*folders: str) -> list[Path]:
    """The Python files below the given top folders (all of `CODE` if none is named)."""
    wanted = folders or CODE
    return [path for path in project_files() if path.suffix == ".py" and path.parts[0] in wanted]


def text_of(path: Path) -> str:
    """What a file says; bytes that are no UTF-8 are replaced."""
    return (ROOT / path).read_bytes().decode("utf-8", errors="replace")


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text_of(path), filename=str(path))


def imported_packages(path: Path) -> Iterator[str]:
    """Top names of the absolute imports of a file, wherever they stand in it."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]
