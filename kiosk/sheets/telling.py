"""What an import says to people: every change in a line, every problem with its place, its value and what to do."""

from typing import TYPE_CHECKING, Final

from kiosk.sheets.problem import Fate
from kiosk.sheets.reasons import explain

if TYPE_CHECKING:
    from kiosk.domain.import_plan import Change, ImportPlan
    from kiosk.locale import Texts
    from kiosk.sheets.problem import Problem

WORDED: Final = ("class", "standing", "sex")
"""Endings of values that are codes with a word in each language."""


def tell_change(change: "Change", texts: "Texts") -> str:
    """Say in a line what would be different, with the values before and after."""
    values = {name: _told(name, value, texts) for name, value in change.values.items()}
    return texts(f"sheets.change.{change.what}", subject=change.subject, **values)


def tell_problem(problem: "Problem", texts: "Texts") -> str:
    """Say where something is wrong, what, and what to do: ``商品目录 C4：...``."""
    place = f"{problem.sheet} {problem.cell}".strip()
    line = explain(problem, texts)
    return texts("sheets.at", place=place, line=line) if place else line


def _told(name: str, value: object, texts: "Texts") -> object:
    if value is None:
        return texts("sheets.nothing")
    key = f"sheets.word.{name.rpartition('_')[2]}.{value}"
    return texts(key) if name.endswith(WORDED) and texts.has(key) else value


def tell_plan(plan: "ImportPlan", texts: "Texts") -> list[str]:
    """Say what an import would do, line by line: what is wrong, every change, then what a person should look at."""
    refused = [tell_problem(problem, texts) for problem in plan.refused]
    changes = [tell_change(change, texts) for _row, change in plan.changes]
    noted = [tell_problem(problem, texts) for problem in plan.problems if problem.fate is Fate.NOTED]
    return refused + changes + noted
