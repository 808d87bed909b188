"""A suggestion from the desk to its answer: who may do what, where it was discussed, and what stands in the list."""

from pathlib import Path

import pytest

from db.facts.suggestion import SuggestionAnswered
from db.store import rebuild
from kiosk.domain.meeting import MeetingPlan, call_meeting, cancel_meeting
from kiosk.domain.people import merge_household
from kiosk.domain.period import close_day
from kiosk.domain.suggestion import MOST_WORDS
from kiosk.domain.suggestion_answer import Reply
from kiosk.domain.suggestion_list import list_suggestions, show_suggestion, suggestions_of
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.box import NO_MONEY, Box
from tests.kiosk.domain.office import office_in


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """A village in which nobody has proposed anything yet."""
    return office_in(tmp_path / "box", Box)


def test_suggestion_says_who_what_and_where_from_when_it_was_submitted(box: Box) -> None:
    """The volunteer writes it down at an open meeting, with its paper and its words."""
    meeting = box.opened("villagers_meeting")
    made = box.submit(
        box.wang, "water", by=box.helper.operator_id, person_id=box.wang_ming, meeting_id=meeting, paper=" 12 ",
        words=" 三组的水渠漏水 ",
    )  # fmt: skip
    shown = show_suggestion(box.store, made)
    assert (shown.name, shown.place.group, shown.place.house) == ("王明", 3, 12)
    assert (shown.topic, shown.paper, shown.words, shown.state) == ("water", "12", "三组的水渠漏水", "open")
    assert shown.brought_to is not None
    assert (shown.brought_to.template, shown.answer, shown.points) == ("villagers_meeting", None, 0)


def test_head_stands_for_the_household_when_nobody_said_who(box: Box) -> None:
    """A sheet in the box may have a house number alone."""
    assert show_suggestion(box.store, box.submit(box.zhao)).name == "赵国"


def test_suggestion_was_discussed_when_a_meeting_or_a_day_is_noted(box: Box) -> None:
    """At each meeting once, and once a day without one; the state says so until it is answered."""
    made, meeting = box.submit(box.wang), box.opened()
    box.discuss(made, meeting, by=box.helper.operator_id)
    box.discuss(made)
    shown = show_suggestion(box.store, made)
    assert shown.state == "discussed"
    assert [each.meeting and each.meeting.template for each in shown.discussions] == ["members_meeting", None]
    for again in (meeting, None):
        with pytest.raises(Refused, match="suggestion_discussed_before"):
            box.discuss(made, again)


def test_declined_suggestion_shows_its_reply_when_it_was_answered(box: Box) -> None:
    """No points; who answered, and in which words."""
    made = box.submit(box.wang)
    replied = box.answer(made, Reply(is_adopted=False, code="no_money", words="明年再列进计划"))
    assert (replied.is_adopted, replied.points, replied.after_points) == (False, 0, None)
    shown = show_suggestion(box.store, made)
    assert shown.state == "declined"
    assert shown.answer is not None
    assert (shown.answer.reply, shown.answer.words, shown.answer.by_name) == ("no_money", "明年再列进计划", "周会计")
    assert box.balance(box.wang) == 0


def test_answer_is_the_secretarys_when_the_volunteer_stands_at_the_desk(box: Box) -> None:
    """Alone the volunteer may not; with the secretary's badge the fact names both."""
    made = box.submit(box.wang)
    with pytest.raises(NotAllowed, match="right_missing"):
        box.answer(made, by=box.helper.operator_id)
    with pytest.raises(NotAllowed, match="right_missing"):
        box.answer(made, by=box.helper.operator_id, badge=box.supervisor.badge)
    with pytest.raises(NotAllowed, match="badge_unknown"):
        box.answer(made, badge="3001230000000000")
    second = box.add("吴书记", "secretary")
    box.answer(made, by=box.helper.operator_id, badge=second.badge)
    answer = show_suggestion(box.store, made).answer
    assert answer is not None
    assert answer.by_name == "吴书记"


def test_supervisor_enters_nothing_when_asked_to(box: Box) -> None:
    """Whoever signs what others do neither submits nor notes."""
    made, supervisor = box.submit(box.wang), box.supervisor.operator_id
    with pytest.raises(NotAllowed, match="right_missing"):
        box.submit(box.wang, by=supervisor)
    with pytest.raises(NotAllowed, match="right_missing"):
        box.discuss(made, by=supervisor)


def test_second_answer_is_refused_when_there_is_one(box: Box) -> None:
    """Neither another answer nor another discussion; the first stands."""
    made = box.submit(box.wang)
    box.answer(made)
    with pytest.raises(Refused, match="suggestion_answered_before"):
        box.answer(made, NO_MONEY)
    with pytest.raises(Refused, match="suggestion_answered_before"):
        box.discuss(made)
    assert box.balance(box.wang) == 500


def test_first_answer_by_rank_counts_when_two_desks_answered(box: Box) -> None:
    """The other desk had not heard of this one's; its answer stays in the journal."""
    made = box.submit(box.wang)
    box.answer(made)
    with box.store.write(now=box.now, by=box.operator) as act:
        act.append(SuggestionAnswered(suggestion=made, is_adopted=False, reply="no_money"))
    shown = show_suggestion(box.store, made)
    assert (shown.state, shown.points) == ("adopted", 500)


def test_same_paper_is_refused_when_it_lies_there_unanswered(box: Box) -> None:
    """Another household's paper 7 is another paper, and so is a paper 7 of next year."""
    made = box.submit(box.wang, paper="7")
    box.submit(box.li, paper="7")
    with pytest.raises(Refused, match="suggestion_entered_before"):
        box.submit(box.wang, "water", paper="7")
    box.answer(made, NO_MONEY)
    box.submit(box.wang, paper="7")


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("household_unknown", {"household": 99}),
        ("person_unknown", {"person_id": 99}),
        ("topic_unknown", {"topic": "weather"}),
        ("meeting_unknown", {"meeting_id": 99}),
        ("words_too_long", {"words": "水" * (MOST_WORDS + 1)}),
    ],
)
def test_suggestion_is_refused_when_something_in_it_is_not_there(box: Box, code: str, given: dict[str, object]) -> None:
    """Nothing is written."""
    with pytest.raises(Refused, match=code):
        box.submit(**({"household": box.wang} | given))  # type: ignore[arg-type]  # because what is refused has any type
    assert list_suggestions(box.store).suggestions == ()


def test_person_of_another_household_is_refused_when_named(box: Box) -> None:
    """Points would go where the person does not live."""
    with pytest.raises(Refused, match="person_unknown"):
        box.submit(box.li, person_id=box.wang_ming)


def test_merged_household_is_refused_when_it_submits(box: Box) -> None:
    """Its people belong to the household it joined."""
    merge_household(box.store, box.zhao, box.li, now=box.now, by=box.operator)
    with pytest.raises(Refused, match="household_merged"):
        box.submit(box.zhao)


@pytest.mark.parametrize(("is_adopted", "code"), [(True, "no_money"), (False, "will_do"), (True, "maybe")])
def test_reply_is_refused_when_it_does_not_go_with_the_answer(box: Box, is_adopted: bool, code: str) -> None:  # noqa: FBT001  because it is a case of a parametrized test
    """Nobody adopts something for lack of money."""
    made = box.submit(box.wang)
    with pytest.raises(Refused, match="reply_unknown"):
        box.answer(made, Reply(is_adopted=is_adopted, code=code))  # type: ignore[arg-type]  # because what is refused is no reply
    with pytest.raises(Refused, match="words_too_long"):
        box.answer(made, Reply(is_adopted=True, code="will_do", words="水" * (MOST_WORDS + 1)))
    assert show_suggestion(box.store, made).state == "open"


def test_discussion_is_refused_when_its_meeting_was_not_held(box: Box) -> None:
    """Called only, called off, or never heard of."""
    made = box.submit(box.wang)
    called = call_meeting(box.store, MeetingPlan("members_meeting"), now=box.now, by=box.operator)
    with pytest.raises(Refused, match="meeting_not_open"):
        box.discuss(made, called)
    cancel_meeting(box.store, called, "weather", now=box.now, by=box.operator)
    with pytest.raises(Refused, match="meeting_is_cancelled"):
        box.discuss(made, called)
    with pytest.raises(Refused, match="meeting_unknown"):
        box.discuss(made, 99)


def test_unknown_suggestion_is_refused_when_named(box: Box) -> None:
    """An id that no suggestion has."""
    with pytest.raises(Refused, match="suggestion_unknown"):
        box.discuss(99)
    with pytest.raises(Refused, match="suggestion_unknown"):
        box.answer(99)


def test_nothing_is_written_when_no_day_is_open(box: Box) -> None:
    """Whatever is done with a suggestion belongs to a business day."""
    made = box.submit(box.wang)
    close_day(box.store, now=box.now, by=box.operator)
    for attempt in (lambda: box.submit(box.wang), lambda: box.discuss(made), lambda: box.answer(made)):
        with pytest.raises(Refused, match="day_not_open"):
            attempt()


def test_unanswered_ones_stand_first_when_the_list_is_read(box: Box) -> None:
    """The oldest of them on top, so that nothing is forgotten; then what was answered, the latest first; by pages."""
    made = [box.submit(box.wang) for _ in range(5)]
    box.answer(made[0], NO_MONEY)
    box.answer(made[3])
    page = list_suggestions(box.store)
    assert [each.suggestion_id for each in page.suggestions] == [made[i] for i in (1, 2, 4, 3, 0)]
    assert (page.unanswered, page.has_more) == (3, False)
    first, second = list_suggestions(box.store, 0, 3), list_suggestions(box.store, 3, 3)
    assert [each.suggestion_id for each in first.suggestions + second.suggestions] == [
        each.suggestion_id for each in page.suggestions
    ]
    assert (first.has_more, second.has_more, first.unanswered) == (True, False, 3)


def test_people_see_their_own_when_their_card_is_read(box: Box) -> None:
    """The household's last ones and the person's, wherever the person lived then; nobody else's."""
    mine, wifes, elses = (
        box.submit(box.wang, person_id=box.wang_ming),
        box.submit(box.wang, person_id=box.wang_fang),
        box.submit(box.li),
    )
    assert [each.suggestion_id for each in suggestions_of(box.store, box.wang)] == [wifes, mine]
    assert [each.suggestion_id for each in suggestions_of(box.store, box.li, box.wang_ming)] == [elses, mine]
    assert [each.suggestion_id for each in suggestions_of(box.store, box.wang, count=1)] == [wifes]
    assert suggestions_of(box.store, box.zhao) == ()


def test_answer_waits_for_its_suggestion_when_that_arrives_later(box: Box) -> None:
    """An answer to something this desk has not heard of shows nowhere, and disturbs nothing."""
    with box.store.write(now=box.now, by=box.operator) as act:
        act.append(SuggestionAnswered(suggestion=2**40, is_adopted=False, reply="already"))
    assert list_suggestions(box.store).suggestions == ()


def test_list_says_the_same_when_the_tables_are_built_again(box: Box) -> None:
    """Everything it says follows from the journal."""
    made, meeting = [box.submit(box.wang, words="灯坏了"), box.submit(box.li)], box.opened()
    box.discuss(made[0], meeting)
    box.answer(made[0])
    before = list_suggestions(box.store)
    rebuild(box.store)
    assert list_suggestions(box.store) == before
