"""What can be wrong with a sheet, a row or a cell, and what that means for the row.

Every Fault has a text in both languages: ``sheet.<fault>.reason`` and ``sheet.<fault>.next``.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_ADDRESS: Final = re.compile(r"[A-Z]+([0-9]+)(?::[A-Z]+([0-9]+))?")


class Fate(StrEnum):
    """What became of the row or the sheet that a problem belongs to."""

    REFUSED = "refused"
    SKIPPED = "skipped"
    NOTED = "noted"


class Fault(StrEnum):
    """The codes of all that reading a sheet, or holding it against the tables, can remark on.

    They are stable, because reports and help pages name them.
    """

    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"
    FILE_LOCKED = "file_locked"
    FILE_KIND = "file_kind"
    FILE_ENCODING = "file_encoding"
    FILE_TOO_LARGE = "file_too_large"
    NO_TABLE = "no_table"
    TAB_HIDDEN = "tab_hidden"
    TAB_WITHOUT_HEADER = "tab_without_header"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    COLUMN_NOT_READ = "column_not_read"
    COLUMN_UNKNOWN = "column_unknown"

    ROW_EMPTY = "row_empty"
    ROW_TOTAL = "row_total"
    ROW_REMARK = "row_remark"
    ROW_EXAMPLE = "row_example"
    ROW_SAME = "row_same"
    HEADING_REPEATED = "heading_repeated"
    NOT_A_MEMBER = "not_a_member"

    CELL_MISSING = "cell_missing"
    CELL_ERROR = "cell_error"
    CELL_MERGED = "cell_merged"
    CELL_IS_DATE = "cell_is_date"
    FILLED_DOWN = "filled_down"
    LONG_NUMBER = "long_number"
    PERSONAL_NUMBER = "personal_number"
    TEXT_TOO_LONG = "text_too_long"
    WORD_UNKNOWN = "word_unknown"

    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_NEGATIVE = "number_negative"
    NUMBER_SCIENTIFIC = "number_scientific"
    NUMBER_TOO_FINE = "number_too_fine"
    NUMBER_TOO_LARGE = "number_too_large"

    DAY_UNREADABLE = "day_unreadable"
    DAY_TWO_DIGIT_YEAR = "day_two_digit_year"
    DAY_IMPOSSIBLE = "day_impossible"
    DAY_INCOMPLETE = "day_incomplete"
    DAY_MONTH_ONLY = "day_month_only"
    YEAR_OUT_OF_RANGE = "year_out_of_range"

    NAME_NOT_TEXT = "name_not_text"
    NAME_HAS_DIGITS = "name_has_digits"
    NAME_HAS_BRACKETS = "name_has_brackets"
    NAME_BROKEN = "name_broken"
    NAME_SPACES_REMOVED = "name_spaces_removed"

    GROUP_WITHOUT_NUMBER = "group_without_number"
    GROUP_FROM_TAB = "group_from_tab"
    GROUP_DISAGREES = "group_disagrees"
    HOUSE_UNREADABLE = "house_unreadable"
    HOUSE_SPLIT = "house_split"

    CODE_UNREADABLE = "code_unreadable"
    CODE_CHECK_DIGIT = "code_check_digit"
    CODE_LENGTH = "code_length"
    CODE_ZEROS_LOST = "code_zeros_lost"
    CODE_ZEROS_RESTORED = "code_zeros_restored"
    CODE_OF_ONE_PACK = "code_of_one_pack"

    PASSBOOK_MISSING = "passbook_missing"
    PASSBOOK_TWICE = "passbook_twice"
    HOUSEHOLD_TWICE = "household_twice"
    NAMESAKE_NEEDS_NUMBER = "namesake_needs_number"
    NAMESAKE = "namesake"
    MEMBER_TWICE = "member_twice"
    CARD_TWICE = "card_twice"
    CARD_CHECK = "card_check"
    CODE_TWICE = "code_twice"
    GOODS_NAME_TWICE = "goods_name_twice"

    YEAR_TO_COME = "year_to_come"
    PERSON_IS_CHILD = "person_is_child"
    HOUSEHOLD_MISSING = "household_missing"
    HOUSEHOLD_MAYBE_MOVED = "household_maybe_moved"
    HEAD_DIFFERS = "head_differs"
    PERSON_MISSING = "person_missing"
    PERSON_MAYBE_MOVED = "person_maybe_moved"
    PERSON_NOT_THERE = "person_not_there"
    PASSBOOK_ELSEWHERE = "passbook_elsewhere"
    PASSBOOK_OTHER = "passbook_other"
    OPENING_DIFFERS = "opening_differs"
    CARD_NOT_OURS = "card_not_ours"
    CARD_OTHER_VILLAGE = "card_other_village"
    CARD_TAKEN = "card_taken"
    CARD_HELD = "card_held"
    CARD_TO_REPLACE = "card_to_replace"
    CODE_NAMES_SEVERAL = "code_names_several"
    CODES_OF_SEVERAL = "codes_of_several"
    ITEM_TWICE = "item_twice"
    WEIGHT_OR_PIECES = "weight_or_pieces"
    STOCK_AS_COUNTED = "stock_as_counted"
    BEST_BEFORE_PAST = "best_before_past"
    COST_NOT_KEPT = "cost_not_kept"


SKIPPING: Final = frozenset(
    {
        Fault.TAB_HIDDEN,
        Fault.TAB_WITHOUT_HEADER,
        Fault.ROW_EMPTY,
        Fault.ROW_TOTAL,
        Fault.ROW_REMARK,
        Fault.ROW_EXAMPLE,
        Fault.ROW_SAME,
        Fault.HEADING_REPEATED,
        Fault.NOT_A_MEMBER,
        Fault.PERSON_IS_CHILD,
    }
)
NOTING: Final = frozenset(
    {
        Fault.COLUMN_NOT_READ,
        Fault.COLUMN_UNKNOWN,
        Fault.FILLED_DOWN,
        Fault.DAY_MONTH_ONLY,
        Fault.NAME_SPACES_REMOVED,
        Fault.GROUP_FROM_TAB,
        Fault.HOUSE_SPLIT,
        Fault.CODE_ZEROS_RESTORED,
        Fault.CODE_OF_ONE_PACK,
        Fault.NAMESAKE,
        Fault.GOODS_NAME_TWICE,
        Fault.HOUSEHOLD_MAYBE_MOVED,
        Fault.HEAD_DIFFERS,
        Fault.PERSON_MAYBE_MOVED,
        Fault.CARD_NOT_OURS,
        Fault.STOCK_AS_COUNTED,
        Fault.BEST_BEFORE_PAST,
        Fault.COST_NOT_KEPT,
    }
)


def fate_of(fault: Fault) -> Fate:
    """Say what a fault does to its row: whatever is neither a skip nor a note refuses it."""
    if fault in SKIPPING:
        return Fate.SKIPPED
    return Fate.NOTED if fault in NOTING else Fate.REFUSED


@dataclass(frozen=True)
class Problem:
    """One remark of a reading.

    ``cell`` is an address (``C7``), ``A7`` for a whole row, empty for a whole sheet or file; ``raw`` is the value as
    typed with personal numbers masked; ``heading`` names the column or value concerned; ``other`` is the cell or row
    that the problem refers to.
    """

    sheet: str
    cell: str
    raw: str
    code: Fault
    fate: Fate
    heading: str = ""
    other: str = ""


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value that a cell held, with a remark on how it was read."""

    value: T
    note: Fault | None = None


def rows_of(cell: str) -> tuple[int, int] | None:
    """Give the zero-based first and last row of an address: ``A5:A7`` is (4, 6); None where no row is named."""
    match = _ADDRESS.fullmatch(cell)
    return (int(match[1]) - 1, int(match[2] or match[1]) - 1) if match else None


def address(row: int, column: int) -> str:
    """Write the address of a cell from its zero-based row and column: (6, 2) is ``C7``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
