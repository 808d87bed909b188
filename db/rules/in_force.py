"""Numbers of the rules as they hold in a village: what the county set goes before what the program ships."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, or_, select

from db.journal import COMMON_VILLAGE
from db.rules import rule
from db.tables.notice import RuleValue
from db.tables.statement import table_of


def rule_in_force(connection: Connection, village: int, rules: str, name: str, day: str) -> int:
    """Return the number in force in a village on a business day; units as `rule` has them.

    What the county set for the village goes before what it set for all, and that before the program's own. Raises
    KeyError: there is no such number.
    """
    value = _value_of(connection, (village, COMMON_VILLAGE), rules, name, day)
    return rule(rules, name, day) if value is None else value


def value_set(connection: Connection, village: int, rules: str, name: str, day: str) -> int | None:
    """Return what the county set for a village (0: for all) from the latest day that has come; None: nothing."""
    return _value_of(connection, (village, village), rules, name, day)


def _value_of(connection: Connection, villages: tuple[int, int], rules: str, name: str, day: str) -> int | None:
    """Return what was set for the first of two villages that has it, by one statement: a queue waits for it."""
    first, then = villages
    parameters = {"of_village": first, "or_village": then, "of_rules": rules, "of_name": name, "of_day": day}
    value: int | None = connection.execute(_statement(), parameters).scalar_one_or_none()
    return value


@lru_cache(maxsize=1)
def _statement() -> Select[Any]:
    held = table_of(RuleValue).c
    return (
        select(held.value)
        .where(
            or_(held.village == bindparam("of_village"), held.village == bindparam("or_village")),
            held.rules == bindparam("of_rules"), held.name == bindparam("of_name"),
            held.from_day <= bindparam("of_day"),
        )
        .order_by(held.village != bindparam("of_village"), held.from_day.desc(), held.rank.desc())
        .limit(1)
    )  # fmt: skip
