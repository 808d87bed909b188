"""What only shows when rows are compared: the same row twice, namesakes, a passbook or barcode used twice."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from kiosk.sheets.problem import Fate, Fault, Problem, fate_of
from kiosk.sheets.rows import GoodsRow, HouseholdRow, MemberRow, PersonRow, Row

R = TypeVar("R", HouseholdRow, PersonRow, MemberRow, GoodsRow)


_GTIN_DIGITS: Final = 14


@dataclass(frozen=True)
class Rule(Generic[R]):
    """Rows that share a key: ``fault`` says what that means, ``field`` where it shows. A None key matches nothing."""

    field: str
    fault: Fault
    keys: Callable[[R], Iterable[Hashable | None]]


@dataclass
class Settled:
    """The rows that stay, and what was said about the others and about some that stay."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


HOUSEHOLDS: Final[tuple[Rule[HouseholdRow], ...]] = (
    Rule("house", Fault.HOUSEHOLD_TWICE, lambda row: [(row.group, row.house)]),
    Rule("passbook", Fault.PASSBOOK_TWICE, lambda row: [row.passbook or None]),
    Rule("head", Fault.NAMESAKE, lambda row: [row.head]),
)
PERSONS: Final[tuple[Rule[PersonRow], ...]] = (
    Rule(
        "name",
        Fault.NAMESAKE_NEEDS_NUMBER,
        lambda row: [(row.group, row.house, row.name, row.birth_year, row.homonym)],
    ),
    Rule("name", Fault.NAMESAKE, lambda row: [row.name]),
)
MEMBERS: Final[tuple[Rule[MemberRow], ...]] = (
    Rule("name", Fault.MEMBER_TWICE, lambda row: [(row.group, row.house, row.name, row.birth_year, row.homonym)]),
    Rule("card", Fault.CARD_TWICE, lambda row: [row.card or None]),
    Rule("name", Fault.NAMESAKE, lambda row: [row.name]),
)
GOODS: Final[tuple[Rule[GoodsRow], ...]] = (
    Rule("code", Fault.CODE_TWICE, lambda row: row.codes),
    Rule("name", Fault.GOODS_NAME_TWICE, lambda row: [(row.name, row.spec)]),
)


def settle(rows: Iterable[R], rules: Iterable[Rule[R]]) -> Settled:
    """Compare every row with those before it. The first of two stays; an equal second is skipped, another refused."""
    settled = Settled()
    seen: dict[tuple[Fault, Hashable], R] = {}
    listed = tuple(rules)
    for row in rows:
        first = _earlier(row, listed, seen)
        problems = list(_compared(row, listed, seen))
        if first is not None and first == row:
            settled.problems.append(_problem(row, Fault.ROW_SAME, "", first))
            continue
        settled.problems.extend(problems)
        if any(problem.fate is Fate.REFUSED for problem in problems):
            continue
        settled.rows.append(row)
        for rule in listed:
            for key in rule.keys(row):
                if key is not None:
                    seen.setdefault((rule.fault, key), row)
    return settled


def _earlier(row: R, rules: tuple[Rule[R], ...], seen: dict[tuple[Fault, Hashable], R]) -> R | None:
    """Give the row before this one that has the same leading key."""
    return next((seen[rules[0].fault, key] for key in rules[0].keys(row) if (rules[0].fault, key) in seen), None)


def _compared(row: R, rules: tuple[Rule[R], ...], seen: dict[tuple[Fault, Hashable], R]) -> Iterable[Problem]:
    for rule in rules:
        for key in rule.keys(row):
            first = seen.get((rule.fault, key)) if key is not None else None
            if first is not None:
                yield _problem(row, rule.fault, rule.field, first)


def _problem(row: R, fault: Fault, name: str, first: R) -> Problem:
    return Problem(
        row.where.sheet,
        row.where.cell(name),
        _raw(row, name),
        fault,
        fate_of(fault),
        other=_place(first, name, row.where.sheet),
    )


def _raw(row: Row, name: str) -> str:
    """Write the value that two rows share; a card number stays hidden."""
    if isinstance(row, GoodsRow) and name == "code":
        return ", ".join(code.removeprefix("0") if len(code) == _GTIN_DIGITS else code for code in row.codes)
    return "" if name in ("", "card") else str(getattr(row, name))


def _place(first: R, name: str, sheet: str) -> str:
    cell = first.where.cell(name)
    return cell if first.where.sheet == sheet else f"{first.where.sheet}!{cell}"
