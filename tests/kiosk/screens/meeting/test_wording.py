"""The words and the large name of the meeting desk, without a screen."""

from typing import get_args

import pytest

from db.facts.meeting import CancelReason, CorrectionReason, Counts, LeaveReason, UndoReason
from kiosk.domain.attendance import Came, SheetLine, Tally
from kiosk.domain.meeting import MeetingShown
from kiosk.domain.people import HouseholdPlace
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.width import columns_of, on_screen
from kiosk.screens.meeting.face import Face, heads_notice
from kiosk.screens.meeting.figure import NAME_COLUMNS, figure_of, spread
from kiosk.screens.meeting.papers import CHOICES
from kiosk.screens.meeting.state import Tone
from kiosk.screens.meeting.wording import banner_of, day_of, in_order, meeting_line, roll_lines, tally_line
from kiosk.slips import TROUBLE

TODAY = "2026-11-22"
CODED = {
    "leave": LeaveReason,
    "undo": UndoReason,
    "cancel": CancelReason,
    "correction": CorrectionReason,
    "counts": Counts,
    "came": Came,
}


def meeting(number: int, template: str = "members_meeting", **said: object) -> MeetingShown:
    """A meeting that was called."""
    values = {"groups": (), "planned_day": TODAY, "planned_hour": None, "called_day": TODAY, "topic": "", "heads": None}
    counts: Counts = "household" if template == "villagers_meeting" else "person"
    return MeetingShown(number, template, counts, **values | said, acts={}, begins=())  # type: ignore[arg-type]  # because the table of values holds any


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_fact_has_its_words_when_it_is_shown(language: str) -> None:
    """Reasons, what is counted, how somebody came, papers, printers."""
    texts = Texts(language)
    keys = [f"meeting.{part}.{code}" for part, codes in CODED.items() for code in get_args(codes)]
    keys += [f"meeting.print.{choice}" for choice in CHOICES] + [f"meeting.printer.{state}" for state in TROUBLE]
    assert [key for key in keys if not texts.has(key)] == []


def test_list_begins_with_what_is_next_when_meetings_are_put_in_order() -> None:
    """Today by the hour, then later days; one that was never held comes after them."""
    meetings = (
        meeting(1, planned_day="2026-11-20"), meeting(2, planned_day="2026-12-01"), meeting(3, planned_hour="19:00"),
        meeting(4, planned_hour="09:00"), meeting(5, planned_day="2026-11-25"),
    )  # fmt: skip
    assert [each.meeting_id for each in in_order(meetings, TODAY)] == [4, 3, 5, 2, 1]
    assert meeting_line(meetings[0], TODAY, Texts()) == "没开成：11月20日  支部党员大会"
    assert [each.meeting_id for each in in_order(meetings, None)] == [1, 4, 3, 5, 2]


def test_whom_a_meeting_is_for_is_told_when_its_kind_may_be_for_some() -> None:
    """Groups or the whole village; a kind that is always for all says nothing."""
    texts = Texts()
    assert banner_of(meeting(1), texts) == "支部党员大会（按人）"
    assert (
        banner_of(meeting(1, "villagers_meeting", groups=(3, 4), topic="修路"), texts) == "群众会（按户）  3、4组  修路"
    )
    assert banner_of(meeting(1, "villagers_by_person"), texts) == "村民大会（按人）  全村"
    assert banner_of(meeting(1, "of_a_later_program"), texts) == "of_a_later_program（按人）"


def test_day_is_told_as_people_do_when_it_can_be_read() -> None:
    """Today, month and day, or as it stands."""
    assert [day_of(day, TODAY, Texts()) for day in (TODAY, "2026-03-05", "soon")] == ["今天", "3月5日", "soon"]


def test_figures_that_are_none_are_left_out_when_they_are_told() -> None:
    """Expected and present are always told; who was absent only at the end."""
    texts = Texts()
    assert tally_line(Tally(46, 31, 0, 0, 0), texts) == "应到46  实到31"
    assert tally_line(Tally(46, 31, 2, 3, 1), texts, is_over=True) == "应到46  实到31  迟到2  请假3  缺席12  列席1"


@pytest.mark.parametrize(("heads", "under"), [(31, "和签到一样"), (33, "比签到多2人"), (30, "比签到少1人")])
def test_heads_are_compared_when_they_were_counted(heads: int, under: str) -> None:
    """With those who signed in."""
    notice, texts = heads_notice(heads, 31, Texts()), Texts()
    assert (notice.name, texts(notice.key, **notice.values)) == (f"清点{heads}人", under)


def test_columns_stand_under_each_other_when_names_differ_in_length() -> None:
    """Place and name are filled up, whatever script."""
    lines = [
        SheetLine(
            house, house, house, name, HouseholdPlace(3, house), "absent", None, None, None, None,
            is_fast=False, is_corrected=False,
        )
        for house, name in ((2, "王明"), (112, "阿依古丽·买买提"))
    ]  # fmt: skip
    shown = roll_lines(lines, Texts())
    assert [line.split() for line in shown] == [["3组2号", "王明", "没到"], ["3组112号", "阿依古丽·买买提", "没到"]]
    assert len({columns_of(line.partition("没到")[0], on_screen) for line in shown}) == 1


@pytest.mark.parametrize(("name", "shown"), [("王明", "王　明"), ("欧阳建国", "欧阳建国"), ("王", "王"), ("Li", "Li")])
def test_short_name_is_spread_when_it_stands_large(name: str, shown: str) -> None:
    """Two and three characters are read from further away with room between them."""
    assert spread(name) == shown


def test_every_row_is_as_wide_when_a_name_is_too_long_for_its_place() -> None:
    """What does not fit is cut, and the count beside it stays where it is."""
    face = Face("", "王" * 40, "迟到 " * 20, "150", "实到", "应到412", "", "", tone=Tone.CARD)
    rows = figure_of(face).plain.split("\n")
    assert [row.index(digit) for row, digit in zip(rows, "╺┃╺", strict=True)]
    assert {columns_of(row[: row.index("…") + 1], on_screen) <= NAME_COLUMNS for row in rows if "…" in row} == {True}
