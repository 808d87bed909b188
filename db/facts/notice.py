"""Kinds of the family notice: what the county says to a village, and that the village has read it."""

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from db.facts.body import Body, Code, Count, Day, Label, Part, Several
from db.line import LARGEST_INTEGER

Seq: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_INTEGER)]


class MessageSent(Body):
    """The county says something to one village or, in the common log, to all. Private text: {"words"}."""

    KIND: ClassVar[str] = "message_sent"
    day: Day


class MessageRead(Body):
    """The desk has read what the county said: fact `seq` of the common log, or of the county's log of the village."""

    KIND: ClassVar[str] = "message_read"
    is_common: bool
    seq: Seq


class RuleSet(Body):
    """A number of the rules, other than the program's own from a day on; `rules` is the family it belongs to."""

    KIND: ClassVar[str] = "rule_set"
    rules: Code
    name: Code
    value: Count
    from_day: Day


class SettledSubject(Part):
    """What an exception concerns (an id, a number, a key), and how it stood when it was settled."""

    subject: Label
    detail: Label


class ExceptionSettled(Body):
    """The county has looked at exceptions of one cause and lets them be as they stand. Private text: {"words"}."""

    KIND: ClassVar[str] = "exception_settled"
    cause: Code
    subjects: Several[SettledSubject]
