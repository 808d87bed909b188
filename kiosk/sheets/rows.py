"""The typed rows of a sheet and the result of a reading. Points are hundredths, money fen, days ISO text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from kiosk.sheets.problem import Fate, Fault, Problem, fate_of, rows_of


class SheetKind(StrEnum):
    """What a sheet holds; the word of ``kiosk import <kind> FILE``."""

    HOUSEHOLDS = "households"
    PERSONS = "persons"
    MEMBERS = "members"
    GOODS = "goods"


@dataclass(frozen=True)
class Where:
    """Where a row stands: sheet, row as Excel numbers it, and the address of each field's cell."""

    sheet: str
    row: int
    cells: Mapping[str, str] = field(hash=False)

    def cell(self, name: str) -> str:
        """Give the address of a field's cell, or that of the row's first cell."""
        return self.cells.get(name, f"A{self.row}")


@dataclass(frozen=True)
class HouseholdRow:
    """A household with its opening balance in hundredths and the number of the paper passbook it was read from."""

    where: Where = field(compare=False)
    group: int
    house: int
    head: str
    residents: int | None = None
    opening_points: int | None = None
    passbook: str = ""


@dataclass(frozen=True)
class PersonRow:
    """A person of a household; the import key is group, house, name, birth year and ``homonym``.

    ``moved_from`` is group and number of the household this person belonged to before, where the sheet says so.
    """

    where: Where = field(compare=False)
    group: int
    house: int
    name: str
    birth_year: int
    homonym: int = 0
    sex: str | None = None
    relation: str = ""
    is_head: bool = False
    moved_from: tuple[int, int] | None = None


@dataclass(frozen=True)
class MemberRow:
    """A member of the branch, found among the persons by the same key.

    ``standing`` is full, probationary, activist or target; ``class_code`` one of the member classes or None.
    """

    where: Where = field(compare=False)
    group: int
    house: int
    name: str
    birth_year: int
    homonym: int = 0
    sex: str | None = None
    standing: str = "full"
    class_code: str | None = None
    joined_year: int | None = None
    card: str = ""


@dataclass(frozen=True)
class GoodsRow:
    """A kind of goods; ``stock`` and ``monthly_limit`` in pieces, or in grams where ``unit_grams`` of a unit is set."""

    where: Where = field(compare=False)
    codes: tuple[str, ...]
    name: str
    price_points: int
    spec: str = ""
    unit: str = ""
    unit_grams: int | None = None
    stock: int | None = None
    best_before_on: str | None = None
    monthly_limit: int | None = None
    unit_cost_fen: int | None = None


Row: TypeAlias = HouseholdRow | PersonRow | MemberRow | GoodsRow


def remark_on(row: Row, name: str, fault: Fault, *, raw: str = "", other: str = "") -> Problem:
    """Say something about a field of a row that was read; ``raw`` is the value, ``other`` what it is held against."""
    return Problem(row.where.sheet, row.where.cell(name), raw, fault, fate_of(fault), other=other)


@dataclass(frozen=True)
class TabReading:
    """How one tab was understood: zero-based rows of its heading, column of each field, columns never to be shown."""

    name: str
    header_rows: tuple[int, int] | None = None
    columns: Mapping[str, int] = field(default_factory=dict, hash=False)
    forbidden: frozenset[int] = frozenset()

    @property
    def is_read(self) -> bool:
        """Say whether a heading was found and the rows below it were read."""
        return self.header_rows is not None


@dataclass(frozen=True)
class SheetReading:
    """What a file held: accepted rows in their order, and every problem; ``seen`` counts the rows with content.

    ``digest`` is SHA-256 of the file in hex digits, empty for a file that could not be read.
    """

    kind: SheetKind
    file: str
    tabs: tuple[TabReading, ...] = ()
    seen: int = 0
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    digest: str = ""

    def judged(self, rows: Iterable[Row], remarks: Iterable[Problem]) -> "SheetReading":
        """Give this reading with the rows that stay and more remarks, all in the order in which a reader meets them."""
        return replace(self, rows=tuple(rows), problems=self._in_order((*self.problems, *remarks)))

    def _in_order(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Order problems tab by tab and row by row, what concerns the whole first."""
        numbers = {tab.name: number for number, tab in enumerate(self.tabs)}
        return tuple(
            sorted(
                problems, key=lambda problem: (numbers.get(problem.sheet, -1), (rows_of(problem.cell) or (-1, -1))[0])
            )
        )

    @property
    def refused(self) -> tuple[Problem, ...]:
        """Give the problems that stop an import unless bad rows are skipped on purpose."""
        return tuple(problem for problem in self.problems if problem.fate is Fate.REFUSED)

    @property
    def is_clean(self) -> bool:
        """Say whether nothing was refused."""
        return not self.refused

    @property
    def households(self) -> tuple[HouseholdRow, ...]:
        """Give the rows of a sheet of households."""
        return tuple(row for row in self.rows if isinstance(row, HouseholdRow))

    @property
    def persons(self) -> tuple[PersonRow, ...]:
        """Give the rows of a sheet of persons."""
        return tuple(row for row in self.rows if isinstance(row, PersonRow))

    @property
    def members(self) -> tuple[MemberRow, ...]:
        """Give the rows of a sheet of members."""
        return tuple(row for row in self.rows if isinstance(row, MemberRow))

    @property
    def goods(self) -> tuple[GoodsRow, ...]:
        """Give the rows of a sheet of goods."""
        return tuple(row for row in self.rows if isinstance(row, GoodsRow))

    def as_record(self) -> dict[str, object]:
        """Give the report of an import: file, sheets read, rows seen and accepted, and the problems, for JSON."""
        return {
            "file": self.file,
            "kind": self.kind.value,
            "sheets": [tab.name for tab in self.tabs if tab.is_read],
            "digest": self.digest,
            "seen": self.seen,
            "accepted": len(self.rows),
            "problems": [
                {
                    "sheet": problem.sheet,
                    "cell": problem.cell,
                    "raw": problem.raw,
                    "code": problem.code.value,
                    "fate": problem.fate.value,
                }
                for problem in self.problems
            ],
        }
