"""A village hall with a box for suggestions, for the tests of what becomes of them."""

from db.facts.suggestion import Topic
from kiosk.domain.suggestion import SuggestionGiven, discuss_suggestion, submit_suggestion
from kiosk.domain.suggestion_answer import Reply, SuggestionReplied, answer_suggestion
from tests.kiosk.domain.hall import Hall

WILL_DO = Reply(is_adopted=True, code="will_do")
NO_MONEY = Reply(is_adopted=False, code="no_money")


class Box(Hall):
    """A hall with a box for suggestions."""

    def submit(self, household: int, topic: Topic = "road", by: int | None = None, **others: object) -> int:
        """Somebody proposes something."""
        given = SuggestionGiven(household, topic, **others)  # type: ignore[arg-type]  # because tests name any field
        return submit_suggestion(self.store, given, now=self.now, by=by or self.operator)

    def discuss(self, suggestion: int, meeting: int | None = None, by: int | None = None) -> None:
        """It is talked about."""
        discuss_suggestion(self.store, suggestion, meeting, now=self.now, by=by or self.operator)

    def answer(
        self, suggestion: int, reply: Reply = WILL_DO, by: int | None = None, badge: str | None = None
    ) -> SuggestionReplied:
        """The village answers."""
        return answer_suggestion(self.store, suggestion, reply, badge, now=self.now, by=by or self.operator)
