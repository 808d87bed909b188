"""What the slip of an answer says, in both languages and widths."""

from dataclasses import replace

import pytest

from kiosk.domain.people import HouseholdPlace
from kiosk.domain.suggestion_list import AnswerSeen, SuggestionShown
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.answer_slip import answer_content, answer_slip
from kiosk.paper.elements import NARROW, WIDE
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.width import columns_of, on_paper

ADOPTED = SuggestionShown(
    suggestion_id=7, household_id=8, person_id=9, name="王小明", place=HouseholdPlace(3, 12), topic="road", paper="12",
    words="三组的路坏了", day="2026-11-02", brought_to=None, discussions=(),
    answer=AnswerSeen(is_adopted=True, reply="will_do", words="", day="2026-11-22", by_name="周会计"), points=500,
    is_reversed=False, waits=False,
)  # fmt: skip
DECLINED = replace(
    ADOPTED,
    answer=AnswerSeen(
        is_adopted=False, reply="not_ours", words="县里的路，已经报上去了，请等一等", day="2026-11-22", by_name="周会计"
    ),
    points=0,
    paper=None,
)

CHINESE = """\
             云岭村
          意见建议答复

住户               3组12号 王*明
方面                        道路
纸单号                        12
提出                  2026-11-02
答复                  2026-11-22
--------------------------------
              采纳
            村里会办
加分                          +5
--------------------------------
谢谢您为村里出主意。
"""


def printed(suggestion: SuggestionShown, language: str = "zh_CN", columns: int = NARROW) -> str:
    """The slip as text."""
    texts = Texts(language)
    return text_slip(answer_slip(answer_content(suggestion, "云岭村", texts), texts), columns)


def test_slip_says_whose_suggestion_and_what_answer_when_it_was_adopted() -> None:
    """The whole narrow slip in Chinese; the household's words are its own and not printed."""
    assert printed(ADOPTED) == CHINESE


def test_slip_says_why_when_it_was_declined() -> None:
    """Reply and words, no points and no paper."""
    shown = printed(DECLINED)
    assert [word for word in ("不采纳", "不归村里管", "县里的路，已经报上去了") if word not in shown] == []
    assert [word for word in ("加分", "纸单号") if word in shown] == []


def test_slip_says_that_points_wait_when_a_signature_is_missing() -> None:
    """Nobody looks for points that are not there yet."""
    shown = printed(replace(ADOPTED, points=0, waits=True))
    assert "加分等另一位签字" in shown
    assert "+5" not in shown


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_too_wide_when_an_answer_is_printed(language: str, columns: int) -> None:
    """Both papers, both languages, and every key has its words."""
    texts = Texts(language)
    for suggestion in (ADOPTED, DECLINED, replace(ADOPTED, waits=True)):
        elements = answer_slip(answer_content(suggestion, "云岭村", texts), texts)
        lines = [line for element in elements for line in lines_of(element, columns, on_paper)]
        assert max(columns_of(line, on_paper) for line in lines) == columns
        assert "paper." not in "".join(lines)
        assert "suggestions." not in "".join(lines)


def test_slip_is_not_made_when_there_is_no_answer() -> None:
    """An empty promise is not printed."""
    with pytest.raises(ValueError, match="without an answer"):
        answer_content(replace(ADOPTED, answer=None), "云岭村", Texts("zh_CN"))
