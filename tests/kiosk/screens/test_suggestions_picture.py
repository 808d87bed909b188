"""What the screen of suggestions looks like on the smallest terminal, in both languages: somebody looked at each."""

from pathlib import Path

from kiosk.domain.meeting import MeetingPlan, open_unplanned
from kiosk.domain.suggestion_answer import Reply
from tests.kiosk.domain.box import NO_MONEY
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.pictures import PictureBook
from tests.kiosk.screens.test_suggestions import Room

LONGEST_NAME = "阿卜杜热合曼·买买提依明江·艾山"


async def test_suggestions_look_as_they_were_looked_at_when_one_is_written_down(
    book: PictureBook, tmp_path: Path
) -> None:
    """Nobody yet, who speaks, what about, the next card refused, and the list."""
    room = office_in(tmp_path / "room", Room)
    open_unplanned(room.store, MeetingPlan("villagers_meeting"), now=room.now, by=room.operator)
    async with room.at_desk("suggestions", language=book.language, by=room.helper.operator_id) as at:
        book.look(at, "empty")
        await at.scan(room.wang_card)
        book.look(at, "topics")
        await at.keys("1", "1", "2")
        book.look(at, "draft")
        await at.scan(room.li_card)
        book.look(at, "refused")
        await at.keys("plus")
        book.look(at, "noted")
        await at.keys("full_stop", "3", "1", "2", "plus")
        book.look(at, "who")


async def test_suggestions_look_as_they_were_looked_at_when_they_are_answered(
    book: PictureBook, tmp_path: Path
) -> None:
    """A full page with the longest name and every mark, one with everything that is known, and its answer."""
    room = office_in(tmp_path / "room", Room)
    far = room.household(10, 108, LONGEST_NAME)
    meeting = open_unplanned(room.store, MeetingPlan("villagers_meeting"), now=room.now, by=room.operator)
    made = room.submit(room.wang, "environment", paper="000012345678", words="路坏了，" * 60, meeting_id=meeting)
    room.discuss(made, meeting)
    room.discuss(made)
    room.submit(far, "elders")
    for _ in range(5):
        room.submit(room.zhao)
    head = room.add("王明", "secretary", room.wang_ming)
    room.answer(room.submit(room.wang, "shop"), by=head.operator_id)
    room.answer(room.submit(far, "safety"), Reply(is_adopted=False, code="not_ours"))
    room.answer(room.submit(room.wang, "water"), NO_MONEY)
    room.answer(room.submit(far, "elders"), Reply(is_adopted=True, code="other"))
    async with room.at_desk("suggestions", language=book.language) as at:
        await at.scan("6901234567892")
        book.look(at, "full")
        await at.keys("1")
        book.look(at, "one")
        await at.keys("asterisk")
        book.look(at, "where")
        await at.keys("minus", "slash")
        book.look(at, "replies")
        await at.keys("minus", "plus", "1")
        book.look(at, "adopted")
        await at.keys("full_stop")
        book.look(at, "no_printer")
        await at.scan(room.wang_card)
        book.look(at, "answers")
