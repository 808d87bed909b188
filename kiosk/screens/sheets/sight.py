"""What the screen of sheets shows: one value, and the texts that follow from it."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from kiosk.paper.layout import wrap
from kiosk.paper.width import on_screen, plain
from kiosk.sheets.telling import tell_plan

if TYPE_CHECKING:
    from kiosk.domain.import_plan import ImportPlan
    from kiosk.domain.importing import Imported
    from kiosk.locale import Texts
    from kiosk.sheets.places import SheetFile

INDENT: Final = "  "
"""Before the second and every further row of a line that is longer than the screen."""


class State(Enum):
    """What the screen is at."""

    FILES = auto()
    READING = auto()
    LOOKING = auto()
    WRITING = auto()
    DONE = auto()


@dataclass(frozen=True)
class Sight:
    """State, the files there are, the chosen one, what it would change, what was done, page and what was just said."""

    state: State = State.FILES
    files: "tuple[SheetFile, ...]" = ()
    file: "SheetFile | None" = None
    plan: "ImportPlan | None" = None
    done: "Imported | None" = None
    page: int = 0
    notice: str = ""

    def offers(self, action: str) -> bool:
        """Say whether an action is offered."""
        is_looking, is_busy = self.state is State.LOOKING, self.state in {State.READING, State.WRITING}
        offered = {"look_again": self.state is State.FILES, "templates": self.state is State.FILES, "back": not is_busy}
        plan = self.plan if is_looking else None
        if plan is not None:
            offered |= {
                "confirm": plan.may_be_written and bool(plan.changes),
                "skip_bad": not plan.may_be_written and bool(plan.rows),
                "reasons": bool(plan.problems),
                "other_kind": True,
            }
        return offered.get(action, False)

    def title(self, texts: "Texts") -> str:
        """The title: the screen's, or the file and what it holds."""
        if self.plan is None:
            return texts("sheets.title")
        kind = texts(f"sheet.kind.{self.plan.reading.kind}")
        return texts("sheets.look", name=self.plan.reading.file, kind=kind)

    def figure(self, texts: "Texts") -> tuple[str, str, str]:
        """The main figure with label and unit: how much is wrong, or how many rows would change, or did."""
        if self.plan is not None and not self.plan.may_be_written:
            return texts("sheets.faulty"), str(self.plan.wrong), texts("sheets.places")
        if self.done is not None:
            return texts("sheets.done"), str(self.done.new + self.done.changed), texts("sheets.rows")
        count = 0 if self.plan is None else self.plan.new + self.plan.changed
        return texts("sheets.to_write"), str(count), texts("sheets.rows")

    def counts(self, texts: "Texts") -> str:
        """What is new, changed, unchanged and wrong."""
        plan = self.plan
        if plan is None:
            return ""
        values = {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged, "wrong": plan.wrong}
        return texts("sheets.counts", **values)

    def pages(self, texts: "Texts", columns: int, rows: int) -> list[list[str]]:
        """The lines of a plan in pages of so many rows and columns, whole lines to a page; else what is to be said."""
        if self.state is State.FILES:
            return [[] if self.files else [texts("sheets.none")]]
        if self.state is not State.LOOKING or self.plan is None:
            return [[]]
        pages: list[list[str]] = [[]]
        for line in tell_plan(self.plan, texts):
            block = _rows_of(line, columns)
            if pages[-1] and len(pages[-1]) + len(block) > rows:
                pages.append([])
            pages[-1] += block
        return pages

    def next_step(self, texts: "Texts") -> str:
        """What to do now, or what was just done."""
        if self.notice:
            return self.notice
        if self.state is State.FILES:
            return texts("sheets.choose") if self.files else texts("sheets.none_next")
        if self.done is not None:
            unsigned = {"opening_points": self.done.opening_points}
            return texts("sheets.unsigned", **unsigned) if self.done.waits_for_signature else ""
        return "" if self.plan is None or self.state is not State.LOOKING else self._decision(self.plan, texts)

    def _decision(self, plan: "ImportPlan", texts: "Texts") -> str:
        if not plan.may_be_written:
            return texts("sheets.wrong" if plan.rows else "sheets.all_wrong")
        if not plan.changes:
            return texts("sheets.same")
        return texts("sheets.left_out", wrong=plan.wrong) if plan.refused else texts("sheets.ready")


def _rows_of(line: str, columns: int) -> list[str]:
    """Break a line at the edge of the screen; Textual would break Chinese at its spaces only."""
    line = plain(line)
    first, *others = wrap(line, columns, on_screen)
    rest = line[len(first) :].lstrip()
    if not others:
        return [first]
    return [first, *(f"{INDENT}{row}" for row in wrap(rest, columns - len(INDENT), on_screen))]
