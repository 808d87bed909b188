"""Numbers a village may change, each with the day from which it holds. Facts carry what was decided by them.

One TOML file a family: a table a rule, in it a day and the number that holds from that day on.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Settable:
    """A number that the county may set: the rules it belongs to, and between what it may lie, in its unit."""

    name: str
    rules: str
    least: int
    most: int
    unit: str


def rule(family: str, name: str, day: str) -> int:
    """Return the number in force on a business day.

    `day` is ISO text; the unit is in the rule's name (`_points` hundredths, `_days`, or a plain count).

    Raises:
        KeyError: there is no such rule, or none in force yet on that day.
    """
    dated = _rules(family)[name]
    in_force = [from_day for from_day in dated if from_day <= day]
    if not in_force:
        raise KeyError(f"{family}.{name} {day}")
    return dated[max(in_force)]


@cache
def settable() -> Mapping[str, Settable]:
    """Return the numbers that the county may set, by name."""
    text = (resources.files(__package__) / "settable.toml").read_text("utf-8")
    return {name: Settable(name, **said) for name, said in tomllib.loads(text).items()}


@cache
def _rules(family: str) -> dict[str, dict[str, int]]:
    text = (resources.files(__package__) / f"{family}.toml").read_text("utf-8")
    return tomllib.loads(text)
