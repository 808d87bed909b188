"""What the screen of sheets shows: one value, and the texts that follow from it."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from kiosk.sheets.telling import tell_plan

if TYPE_CHECKING:
    from kiosk.domain.import_plan import ImportPlan
    from kiosk.domain.importing import Imported
    from kiosk.locale import Texts
    from kiosk.sheets.places import SheetFile

LINES: Final = 4
"""How many lines of a plan stand on one page; a long one takes two rows of the screen."""


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
                "more": len(plan.changes) + len(plan.problems) > LINES,
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

    def lines(self, texts: "Texts") -> list[str]:
        """The lines of a plan on this page; without files that there are none."""
        if self.state is State.FILES:
            return [] if self.files else [texts("sheets.none")]
        if self.state is not State.LOOKING or self.plan is None:
            return []
        told = tell_plan(self.plan, texts)
        pages = max(-(-len(told) // LINES), 1)
        start = self.page % pages * LINES
        shown = told[start : start + LINES]
        return [*shown, texts("sheets.page", page=self.page % pages + 1, pages=pages)] if pages > 1 else shown

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
