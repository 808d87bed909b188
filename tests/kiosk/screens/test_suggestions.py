"""The screen of suggestions: a card and a topic, the list, where it was discussed, the answer and its slip."""

from pathlib import Path

import pytest

from kiosk.codes import CodeType, mint
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.domain.meeting import MeetingPlan, open_unplanned
from kiosk.domain.people import HouseholdPlace
from kiosk.domain.suggestion_answer import ADOPTING, DECLINING
from kiosk.domain.suggestion_list import AnswerSeen, SuggestionShown, list_suggestions
from kiosk.locale import LANGUAGES, Texts
from kiosk.screens.suggestions import wording
from kiosk.screens.suggestions.state import TOPICS, Reading, paper_or_words
from kiosk.screens.suggestions.wording import WORDS_SHOWN
from kiosk.station import Signal
from tests.kiosk.domain.box import NO_MONEY, Box
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.screens import RecordedDevices
from tests.village import VILLAGE, seeded

ROAD, WATER = "1", "2"


class Room(StaffedOffice, Box):
    """The office of the screens with a box for suggestions."""

    def listed(self) -> tuple[SuggestionShown, ...]:
        """Every suggestion."""
        return list_suggestions(self.store).suggestions


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Nobody has proposed anything yet."""
    return office_in(tmp_path / "room", Room)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_and_reply_has_its_words_when_one_is_added(language: str) -> None:
    """Codes of the lists are never shown themselves."""
    texts = Texts(language)
    keys = [f"suggestions.topic.{code}" for code in TOPICS]
    keys += [f"suggestions.reply.{code}" for code in (*ADOPTING, *DECLINING)]
    keys += [f"suggestions.state.{state}" for state in ("open", "discussed", "adopted", "declined")]
    assert [key for key in keys if not texts.has(key)] == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", (None, None)),
        ("12", ("12", None)),
        (" 007 ", ("007", None)),
        ("1234567890123", (None, "1234567890123")),
        ("3组的路", (None, "3组的路")),
        ("\u0663", (None, "\u0663")),
    ],
)
def test_number_alone_is_that_of_a_paper_when_typed(typed: str, expected: tuple[str | None, str | None]) -> None:
    """Anything else is words, and nothing is neither."""
    assert paper_or_words(typed) == expected


@pytest.mark.parametrize(
    ("answer", "points", "said"),
    [
        (
            AnswerSeen(is_adopted=True, reply="done", words="修了", day="2026-11-22", by_name="周"),
            500,
            "“修了”",
        ),
        (AnswerSeen(is_adopted=False, reply="other", words="", day="2026-11-22", by_name="周"), 500, "已经加过分"),
        (None, 0, "水" * WORDS_SHOWN + "…"),
    ],
)
def test_everything_is_said_when_one_suggestion_is_read(answer: AnswerSeen | None, points: int, said: str) -> None:
    """The words of the reply, points that another desk gave before this one declined, and no more words than fit."""
    shown = SuggestionShown(
        suggestion_id=1, household_id=2, person_id=None, name="王明", place=HouseholdPlace(3, 12), topic="water",
        paper=None, words="水" * 500, day="2026-11-22", brought_to=None, discussions=(), answer=answer, points=points,
        is_reversed=False, waits=False,
    )  # fmt: skip
    assert said in "".join(wording.lines(Texts("zh_CN"), Reading(shown)))


@pytest.mark.parametrize(
    ("language", "words"), [("zh_CN", "还没有人提意见"), ("en", "Nobody has made a suggestion yet")]
)
async def test_next_step_is_named_when_nobody_has_made_a_suggestion(room: Room, language: str, words: str) -> None:
    """An empty list says what to do."""
    async with room.at_desk("suggestions", language=language) as at:
        assert words in at.text()
        await at.keys("plus", "1", "minus")
        assert words not in at.text()


async def test_suggestion_is_written_down_when_card_topic_and_plus_come(room: Room) -> None:
    """Three actions, by the volunteer; it stands in the list at once."""
    async with room.at_desk("suggestions", by=room.helper.operator_id) as at:
        await at.scan(room.wang_other_card)
        assert "陈芳  3组12号" in at.text()
        await at.keys(WATER)
        assert "陈芳  3组12号  饮水水利" in at.text()
        await at.keys("plus")
        assert "已记下：陈芳  饮水水利" in at.text()
        assert "1条等答复" in at.text()
        assert at.devices.tones == [Signal.CARD]
    (made,) = room.listed()
    assert (made.name, made.topic, made.paper, made.words, made.brought_to) == ("陈芳", "water", None, "", None)


async def test_number_of_the_paper_stands_with_it_when_typed(room: Room) -> None:
    """Five actions with two digits."""
    async with room.at_desk("suggestions") as at:
        await at.scan(room.wang_card)
        await at.keys(ROAD, "1", "2", "plus")
    (made,) = room.listed()
    assert (made.name, made.paper, made.words) == ("王明", "12", "")


async def test_words_stand_with_it_when_there_is_a_keyboard(room: Room) -> None:
    """With their punctuation; the signs of the number pad stay keys."""
    async with room.at_desk("suggestions") as at:
        await at.scan(room.wang_card)
        await at.keys(ROAD, *"路灯，坏了！A 1.5", "1", "minus", "plus")
        await at.keys("1")
        assert "“路灯，坏了！A 1.5”" in at.text()
    assert room.listed()[0].words == "路灯，坏了！A 1.5"


async def test_meeting_stands_with_it_when_one_is_open(room: Room) -> None:
    """What is proposed while cards are scanned was brought to that meeting."""
    meeting = open_unplanned(room.store, MeetingPlan("villagers_meeting"), now=room.now, by=room.operator)
    async with room.at_desk("suggestions") as at:
        await at.scan(room.wang_card)
        await at.keys(ROAD)
        assert "在群众会上提出" in at.text()
        await at.keys("plus")
    brought_to = room.listed()[0].brought_to
    assert brought_to is not None
    assert brought_to.meeting_id == meeting


async def test_somebody_of_the_household_is_chosen_when_no_card_says_who(room: Room) -> None:
    """By group and house number, then by name; back from the question nobody speaks."""
    async with room.at_desk("suggestions") as at:
        await at.keys("full_stop", "3", "1", "2", "plus")
        assert "谁提的？" in at.text()
        await at.keys("minus")
        assert "还没有人提意见" in at.text()
        await at.keys("full_stop", "3", "1", "2", "plus", "2", ROAD, "plus")
        assert "已记下" in at.text()
    assert room.listed()[0].name == "王芳"


async def test_head_speaks_when_nobody_of_the_household_is_registered(room: Room) -> None:
    """No question without choices."""
    room.household(6, 1, "孙老七")
    async with room.at_desk("suggestions") as at:
        await at.keys("full_stop", "6", ".", "1", "plus")
        assert "孙老七  6组1号" in at.text()
        await at.keys(ROAD, "plus")
    assert (room.listed()[0].name, room.listed()[0].person_id) == ("孙老七", None)


async def test_next_card_is_refused_when_a_draft_is_not_confirmed(room: Room) -> None:
    """Neither switched nor confirmed silently; the same card again is only a second scan."""
    async with room.at_desk("suggestions") as at:
        await at.scan(room.wang_card)
        await at.keys(ROAD)
        await at.scan(room.li_card)
        assert at.refusal() == "suggestion_not_confirmed"
        await at.scan(room.wang_card)
        assert at.devices.tones[-1] is Signal.DOUBLE
        assert "王明  3组12号  道路" in at.text()
        await at.scan(room.wang_other_card)
        assert at.refusal() == "suggestion_not_confirmed"
        await at.keys("minus", "minus")
        assert "还没有人提意见" in at.text()
    assert room.listed() == ()


async def test_next_card_speaks_when_nothing_was_chosen_yet(room: Room) -> None:
    """Whoever only looked at the answers makes room."""
    async with room.at_desk("suggestions") as at:
        await at.scan(room.wang_card, room.li_card)
        assert "李小花  3组13号" in at.text()


async def test_card_of_another_village_is_refused_when_scanned(room: Room) -> None:
    """It has its sentence, and goods have none to offer here."""
    async with room.at_desk("suggestions") as at:
        await at.scan(mint(CodeType.PERSON, VILLAGE + 1, seeded("other")))
        assert at.refusal() == "card_of_other_village"
        await at.scan("6901234567892")
        assert at.refusal() == "scan_not_here"


async def test_same_paper_is_refused_when_entered_twice(room: Room) -> None:
    """The draft stays, and another number may be typed."""
    room.submit(room.wang, paper="12")
    async with room.at_desk("suggestions") as at:
        await at.scan(room.wang_card)
        await at.keys(ROAD, "1", "2", "plus")
        assert at.refusal() == "suggestion_entered_before"
        await at.keys("minus", "3", "plus")
        assert "已记下" in at.text()
    assert sorted(each.paper or "" for each in room.listed()) == ["12", "13"]


async def test_answer_is_seen_when_the_card_is_scanned_again(room: Room) -> None:
    """The villager asks at the desk, nobody looks anything up."""
    room.answer(room.submit(room.wang, "water"), NO_MONEY)
    room.answer(room.submit(room.wang, "elders"))
    room.submit(room.li)
    async with room.at_desk("suggestions", by=room.helper.operator_id) as at:
        await at.scan(room.wang_card)
        shown = at.text()
        assert "饮水水利  不采纳：没有经费" in shown
        assert "老人照料  采纳：村里会办  +5" in shown
        assert "3组13号" not in shown


async def test_suggestion_is_adopted_when_the_secretary_chooses_a_reply(room: Room) -> None:
    """Digit, +, digit: the points stand three rows high, with what the household has now."""
    room.submit(room.wang, paper="12")
    async with room.at_desk("suggestions") as at:
        await at.keys("1")
        assert "单12" in at.text()
        await at.keys("plus")
        assert "采纳。怎么答复？" in at.text()
        await at.keys("1")
        shown = at.text()
        assert [word for word in ("采纳：村里会办  +5", "现有 5分", "已采纳，分已加上") if word not in shown] == []
        await at.keys("plus", "slash", "asterisk", "minus")
        assert "意见建议" in at.text()
        assert "条等答复" not in at.text()
    assert room.balance(room.wang) == 500


async def test_suggestion_is_declined_when_the_secretary_chooses_a_reply(room: Room) -> None:
    """No points, and the reply stands in the list."""
    room.submit(room.wang)
    async with room.at_desk("suggestions") as at:
        await at.keys("1", "slash", "2")
        assert "已答复，不采纳" in at.text()
        assert "不采纳：不归村里管" in at.text()
        await at.keys("minus")
        assert "道路  不采纳" in at.text()
    assert room.balance(room.wang) == 0


async def test_nothing_is_answered_when_the_secretary_goes_back(room: Room) -> None:
    """From the replies to the suggestion, and on to the list."""
    room.submit(room.wang)
    async with room.at_desk("suggestions") as at:
        await at.keys("1", "plus", "minus", "slash", "minus", "minus")
        assert "1条等答复" in at.text()
    assert room.listed()[0].state == "open"


async def test_badge_is_asked_for_when_the_volunteer_stands_at_the_desk(room: Room) -> None:
    """The secretary comes by with a badge; without it nothing is answered."""
    room.submit(room.wang)
    secretary = room.add("吴书记", "secretary")
    async with room.at_desk("suggestions", by=room.helper.operator_id) as at:
        await at.keys("1", "plus", "1")
        assert "请书记刷工作证" in at.text()
        await at.keys("minus")
        assert "王明  3组12号  道路" in at.text()
        await at.keys("plus", "1")
        await at.scan(room.supervisor.badge)
        assert at.refusal() == "right_missing"
        await at.keys("plus", "1")
        await at.scan(secretary.badge)
        assert "吴书记" in at.text()
    assert room.balance(room.wang) == 500


async def test_points_wait_when_the_secretary_is_of_the_household(room: Room) -> None:
    """The screen says where they are."""
    head = room.add("王明", "secretary", room.wang_ming)
    room.submit(room.wang)
    async with room.at_desk("suggestions", by=head.operator_id) as at:
        await at.keys("1", "plus", "1")
        assert "5分在待办里等另一位签字" in at.text()
        assert "分等签字" in at.text()
        await at.open("waiting_list")
        shown = at.text()
        assert "建议被采纳  王明  3组12号" in shown
        assert "答复人自己家" in shown


async def test_discussion_is_noted_when_a_meeting_is_chosen(room: Room) -> None:
    """The open meeting stands first; one digit more, and the suggestion says where it was talked about."""
    room.submit(room.wang)
    open_unplanned(room.store, MeetingPlan("villagers_meeting"), now=room.now, by=room.operator)
    async with room.at_desk("suggestions", by=room.helper.operator_id) as at:
        await at.keys("1", "asterisk")
        assert "1  11-22  群众会" in at.text()
        await at.keys("minus", "asterisk", "1")
        assert "讨论过：11-22 群众会" in at.text()
        await at.keys("asterisk", "2")
        assert "讨论过：11-22 群众会、11-22" in at.text()
        await at.keys("asterisk", "2")
        assert at.refusal() == "suggestion_discussed_before"
        await at.keys("minus")
        assert "道路  讨论过" in at.text()


async def test_slip_tells_the_answer_when_it_is_printed(room: Room, tmp_path: Path) -> None:
    """Whose, about what, yes with the reply, the points; without a printer the key says so."""
    room.answer(room.submit(room.wang, person_id=room.wang_ming, paper="12"))
    paper = tmp_path / "slips"
    async with room.at_desk("suggestions") as at:
        await at.keys("1", "full_stop")
        assert at.refusal() == "answer_printer_missing"
        devices = at.app.station.devices
        assert isinstance(devices, RecordedDevices)
        devices.printer_state, devices.slip_printer = "ready", SlipPrinter(f"text:{paper}")
        await at.keys("full_stop")
        await at.until(lambda: "答复条已打印" in at.text())
        devices.slip_printer.close()
    (slip,) = (file.read_text(encoding="utf-8") for file in paper.iterdir())
    assert [word for word in ("王*", "道路", "采纳", "村里会办", "+5", "12") if word not in slip] == []


async def test_refusal_is_seen_when_the_list_fills_a_page(room: Room) -> None:
    """Eleven suggestions; the reason still stands below them."""
    for _ in range(11):
        room.submit(room.wang)
    async with room.at_desk("suggestions") as at:
        await at.scan("6901234567892")
        shown = at.text()
        assert [word for word in ("11条等答复", "下一页", "scan_not_here", "没带卡") if word not in shown] == []
        await at.keys("0", "2")
        assert "11-22 提出" in at.text()
