"""What an import would do: for every row of the sheet what changes, and the facts that would say so."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias, TypeVar

from db.facts.body import Body
from db.journal import Saying
from kiosk.sheets.problem import Fate, Problem, rows_of
from kiosk.sheets.rows import GoodsRow, HouseholdRow, MemberRow, PersonRow, Row, SheetReading

R = TypeVar("R", HouseholdRow, PersonRow, MemberRow, GoodsRow)


class What(StrEnum):
    """What one change is about; its text is ``sheets.change.<what>``."""

    HOUSEHOLD_NEW = "household_new"
    HEAD = "head"
    PLACE = "place"
    RESIDENTS = "residents"
    OPENING = "opening"
    PERSON_NEW = "person_new"
    PERSON_MOVED = "person_moved"
    BIRTH = "birth"
    SEX = "sex"
    MEMBER_NEW = "member_new"
    CLASS = "class"
    JOINED = "joined"
    STANDING = "standing"
    CARD = "card"
    ITEM_NEW = "item_new"
    ITEM_NAME = "item_name"
    CODE = "code"
    PRICE = "price"
    LIMIT = "limit"
    LIMIT_WEIGHT = "limit_weight"
    BEST_BEFORE = "best_before"
    STOCK = "stock"
    WEIGHT = "weight"


NEW = frozenset({What.HOUSEHOLD_NEW, What.PERSON_NEW, What.MEMBER_NEW, What.ITEM_NEW})


@dataclass(frozen=True)
class Change:
    """One thing that would be different: what, of whom or which goods, and the values its text shows.

    ``before`` and ``after`` carry the unit in their name: ``before_points`` in hundredths, ``after_grams``,
    ``after_class`` a code that has a word in each language.
    """

    what: What
    subject: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Hand:
    """What is known only when an import is written: who signed with whom, and the seat's number if stock is counted."""

    signer: int | None = None
    is_verified: bool = False
    seat: int | None = None


Draft: TypeAlias = Callable[[int, Hand], Saying]
"""Makes one fact of the thing with this id; of a new thing the first draft makes the thing itself."""


@dataclass(frozen=True)
class PlannedRow:
    """A row of the sheet, what it changes, and the facts to write; ``thing_id`` is None where the first one makes it.

    ``opening_points`` is the opening balance among them, in hundredths; ``counts_stock`` whether the seat is needed.
    """

    row: Row
    thing_id: int | None = None
    changes: tuple[Change, ...] = ()
    drafts: tuple[Draft, ...] = ()
    opening_points: int = 0
    counts_stock: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the row brings something that was not there."""
        return any(change.what in NEW for change in self.changes)


@dataclass
class Sketch:
    """What a row comes to while it is looked at."""

    changes: list[Change] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    opening_points: int = 0
    counts_stock: bool = False

    @property
    def is_left_out(self) -> bool:
        """Whether the row is refused or passed over."""
        return any(remark.fate is not Fate.NOTED for remark in self.remarks)

    def add(self, change: Change, draft: Draft) -> None:
        """Add a change with the fact that makes it."""
        self.changes.append(change)
        self.drafts.append(draft)

    def say(self, change: Change, body: Body, name: str | None = None) -> None:
        """Add a change whose fact is known already, with the name that stands beside it."""
        self.add(change, lambda _thing_id, _hand: (body, None if name is None else {"name": name}))

    def also(self, body: Body) -> None:
        """Add a fact that belongs to a change that was said."""
        self.drafts.append(lambda _thing_id, _hand: (body, None))

    def remark(self, problem: Problem) -> None:
        """Add what a person should know about the row."""
        self.remarks.append(problem)

    def planned(self, row: Row, thing_id: int | None) -> PlannedRow:
        """Give what was found for a row that stays."""
        return PlannedRow(
            row, thing_id, tuple(self.changes), tuple(self.drafts), self.opening_points, self.counts_stock
        )


@dataclass(frozen=True)
class Planned:
    """What the rows of a sheet come to when they are held against the tables."""

    rows: tuple[PlannedRow, ...]
    problems: tuple[Problem, ...]


def plan_each(rows: Iterable[R], look: Callable[[R, Sketch], int | None]) -> Planned:
    """Look at row after row; ``look`` fills the sketch and returns the id of the row's thing, None for a new one."""
    planned: list[PlannedRow] = []
    problems: list[Problem] = []
    for row in rows:
        sketch = Sketch()
        thing_id = look(row, sketch)
        problems += sketch.remarks
        if not sketch.is_left_out:
            planned.append(sketch.planned(row, thing_id))
    return Planned(tuple(planned), tuple(problems))


@dataclass(frozen=True)
class ImportPlan:
    """An import to look at before it is done: its rows and problems, and the day from which prices hold.

    With ``skips_bad`` the rows that are refused are left out on purpose; without it they stop the import.
    """

    reading: SheetReading
    from_day: str
    this_year: int
    rows: tuple[PlannedRow, ...]
    problems: tuple[Problem, ...]
    skips_bad: bool = False

    def leaving_out_bad_rows(self) -> "ImportPlan":
        """The same plan with what is refused left out on purpose."""
        return replace(self, skips_bad=True)

    @property
    def new(self) -> int:
        """How many rows bring something new."""
        return sum(1 for planned in self.rows if planned.is_new)

    @property
    def changed(self) -> int:
        """How many rows change what is there."""
        return sum(1 for planned in self.rows if planned.changes and not planned.is_new)

    @property
    def unchanged(self) -> int:
        """How many rows say what is there already."""
        return sum(1 for planned in self.rows if not planned.changes)

    @property
    def wrong(self) -> int:
        """How many rows, and faults of whole sheets or files, are refused."""
        return len({(problem.sheet, rows_of(problem.cell) or problem.code) for problem in self.refused})

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The problems that stop an import unless bad rows are left out on purpose."""
        return tuple(problem for problem in self.problems if problem.fate is Fate.REFUSED)

    @property
    def judged(self) -> SheetReading:
        """The reading with the rows that would be taken and every problem: for reports and the copy with reasons."""
        taken = tuple(planned.row for planned in self.rows)
        return replace(self.reading, rows=taken, problems=self.problems)

    @property
    def changes(self) -> tuple[tuple[PlannedRow, Change], ...]:
        """Every change with its row, in the order of the sheet."""
        return tuple((planned, change) for planned in self.rows for change in planned.changes)

    @property
    def openings(self) -> tuple[int, ...]:
        """The opening balances that would be posted, in hundredths of a point."""
        return tuple(planned.opening_points for planned in self.rows if planned.opening_points)

    @property
    def counts_stock(self) -> bool:
        """Whether a count of stock is among the changes."""
        return any(planned.counts_stock for planned in self.rows)

    @property
    def may_be_written(self) -> bool:
        """Whether an import may go on: nothing is refused, or what is refused is left out on purpose."""
        return self.skips_bad or not self.refused
