"""Kinds of the family suggestion: what was proposed, where it was discussed, the village's answer, and its points."""

from typing import ClassVar, Literal, TypeAlias

from db.facts.body import Body, Code, EntityId, Leg, Points, Several
from db.facts.points import RequestReason

Topic: TypeAlias = Literal["road", "water", "environment", "shop", "elders", "safety", "other"]
ReplyCode: TypeAlias = Literal["will_do", "done", "no_money", "not_ours", "already", "other"]


class SuggestionSubmitted(Body):
    """A household, or a person of it, made a suggestion. Private text: {"words"}, if anybody typed them.

    `meeting` is the one it was brought to, `paper` the number of the sheet it is written on.
    """

    KIND: ClassVar[str] = "suggestion_submitted"
    household: EntityId
    person: EntityId | None = None
    topic: Topic
    meeting: EntityId | None = None
    paper: Code | None = None


class SuggestionDiscussed(Body):
    """A suggestion was discussed, at a meeting if one is named."""

    KIND: ClassVar[str] = "suggestion_discussed"
    suggestion: EntityId
    meeting: EntityId | None = None


class SuggestionAnswered(Body):
    """The village took a suggestion up or declined it; of several answers the first counts. Private text: {"words"}.

    `signer` is whose badge answered where that was not the operator.
    """

    KIND: ClassVar[str] = "suggestion_answered"
    suggestion: EntityId
    is_adopted: bool
    reply: ReplyCode
    signer: EntityId | None = None
    is_verified: bool = False


class SuggestionAwarded(Body):
    """Points for an adopted suggestion, once for it; `household` has the account now that the points went to.

    `request` names the request this award fulfils, where it needed a second signature.
    """

    KIND: ClassVar[str] = "suggestion_awarded"
    suggestion: EntityId
    household: EntityId
    person: EntityId | None = None
    scheme: Code
    item: Code
    points: Points
    request: EntityId | None = None
    legs: Several[Leg]


class SuggestionAwardRequested(Body):
    """Points for an adopted suggestion that wait for a second signature, and why."""

    KIND: ClassVar[str] = "suggestion_award_requested"
    suggestion: EntityId
    household: EntityId
    person: EntityId | None = None
    scheme: Code
    item: Code
    points: Points
    reason: RequestReason
