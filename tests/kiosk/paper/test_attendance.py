"""The attendance sheet on slip paper and on A4: who came, for the files or for the wall."""

from pathlib import Path

import pytest

from kiosk.domain.meeting import count_heads
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.sign_in import set_leave
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.attendance import AttendanceContent, AttendanceGroup, AttendanceLine, attendance_sheet, attendance_slip
from kiosk.paper.attendance_content import attendance_content
from kiosk.paper.elements import NARROW, WIDE
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.width import columns_of, on_paper
from tests.kiosk.domain.hall import MINUTE, Hall
from tests.kiosk.domain.office import office_in
from tests.kiosk.paper.contents import HARD_NAMES
from tests.kiosk.paper.sheet import text_of

OWN = """\
             云岭村
             签到表

支部党员大会（按人）
日期                  2026-11-22
开始签到                   08:00
开会                       08:00
结束                       08:08
应到                           3
实到                           2
迟到                           1
请假                           1
列席                           1
清点                           3
加分                           3
--------------------------------
3组
12号  王明                 08:00
12号  王芳          请假（生病）
13号  李秀英          迟到 08:08
--------------------------------
列席
1号   赵国            列席 08:08
--------------------------------
自己留底，不要贴墙

书记签字：______________________

"""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall with three members."""
    return office_in(tmp_path / "hall", Hall)


def held(hall: Hall) -> int:
    """Hold a meeting: one on time, one on leave, one late, an observer."""
    meeting = hall.opened()
    hall.scan(meeting, hall.wang_ming)
    set_leave(hall.store, meeting, Comer(hall.wang, hall.wang_fang), "ill", now=hall.now, by=hall.operator)
    hall.begin(meeting)
    hall.clock.advance(8 * MINUTE)
    hall.scan(meeting, hall.li_xiuying)
    hall.scan(meeting, hall.zhao_guo)
    count_heads(hall.store, meeting, 3, now=hall.now, by=hall.operator)
    hall.end(meeting)
    return meeting


def content(hall: Hall, language: str = "zh_CN", *, is_for_wall: bool = False) -> AttendanceContent:
    """What the sheet says."""
    return attendance_content(hall.sheet(held(hall)), "云岭村", Texts(language), is_for_wall=is_for_wall)


def test_slip_says_who_came_and_why_not_when_it_is_for_the_files(hall: Hall) -> None:
    """The whole narrow sheet, with its columns aligned."""
    assert text_slip(attendance_slip(content(hall), Texts("zh_CN"), NARROW), NARROW) == OWN


def test_names_are_masked_and_reasons_left_out_when_the_sheet_is_for_the_wall(hall: Hall) -> None:
    """Nobody reads on a wall who is ill."""
    shown = text_slip(attendance_slip(content(hall, is_for_wall=True), Texts("zh_CN"), NARROW), NARROW)
    assert [word for word in ("王*", "李*英", "赵*", "请假", "公示用") if word not in shown] == []
    assert [word for word in ("王明", "王芳", "李秀英", "赵国", "生病", "自己留底") if word in shown] == []


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_too_wide_when_a_sheet_is_printed(hall: Hall, language: str, columns: int) -> None:
    """Both languages on both papers, and every key has its words."""
    texts = Texts(language)
    lines = [
        line
        for element in attendance_slip(content(hall, language), texts, columns)
        for line in lines_of(element, columns, on_paper)
    ]
    assert max(columns_of(line, on_paper) for line in lines) == columns
    assert "meeting." not in "".join(lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_is_text_on_a4_when_the_sheet_is_set(hall: Hall, language: str) -> None:
    """Kind, figures, places, names and how they stand."""
    text = text_of(attendance_sheet(content(hall, language), Texts(language)))
    words = {"zh_CN": ("支部党员大会", "迟到", "第1页，共1页"), "en": ("Members' meeting", "late", "Page 1 of 1")}
    assert [word for word in (*words[language], "王明", "李秀英", "2026-11-22") if word not in text] == []


def test_sheet_goes_on_over_pages_when_a_village_meets() -> None:
    """Four hundred households, hard names among them: none is lost, and every page says what it is and whose."""
    groups = tuple(
        AttendanceGroup(
            f"{group}组",
            tuple(AttendanceLine(f"{house}号", f"{HARD_NAMES[house % 6]}{house}", "没到") for house in range(1, 51)),
        )
        for group in range(1, 9)
    )
    made = AttendanceContent("云岭村", "群众会  全村  按户", (("应到", "400"),), groups, "自己留底")
    text = text_of(attendance_sheet(made, Texts("zh_CN")))
    assert text.count("没到") == 400
    named = [text.count(group.name) for group in groups]
    assert (min(named), sum(named)) == (1, 8 + 5), "a group that goes on says so on its next page"
    assert "第6页，共6页" in text
    assert text.count("云岭村") == 1 + 6


def test_slip_is_whole_when_a_village_meets() -> None:
    """Every household has its row on slip paper too."""
    lines = tuple(AttendanceLine(f"{house}号", "王小明", "没到") for house in range(1, 401))
    made = AttendanceContent("云岭村", "群众会", (), (AttendanceGroup("1组", lines),), "自己留底")
    assert text_slip(attendance_slip(made, Texts("zh_CN"), NARROW), NARROW).count("没到") == 400
