"""Kinds of the family points: awards, requests for them, reversal, opening balance, scheme items."""

from typing import ClassVar

from db.facts.body import Body, Code, Count, Day, EntityId, Label, Leg, Part, Points, Several


class SchemeItemSet(Body):
    """An item of a scheme: what earns or costs how much, in hundredths of a point."""

    KIND: ClassVar[str] = "scheme_item_set"
    scheme: Code
    code: Code
    position: Count
    label_zh: Label
    label_en: Label
    points: Points
    monthly_cap: Count | None = None
    from_day: Day


class Rule(Part):
    """A named number of a scheme."""

    name: Code
    value: int


class SchemeLoaded(Body):
    """A scheme was loaded from its file: its numbers and how many items it brought."""

    KIND: ClassVar[str] = "scheme_loaded"
    scheme: Code
    digest: Code
    from_day: Day
    items: Count
    rules: Several[Rule]


class PointsAwarded(Body):
    """A household received points; `request` names the request this award fulfils. Private text: {"note"}."""

    KIND: ClassVar[str] = "points_awarded"
    household: EntityId
    person: EntityId | None = None
    scheme: Code
    item: Code
    points: Points
    paper: Code | None = None
    request: EntityId | None = None
    legs: Several[Leg]


class AwardRequested(Body):
    """An award above the limit that waits for a second signature. Private text: {"note"}."""

    KIND: ClassVar[str] = "award_requested"
    household: EntityId
    person: EntityId | None = None
    scheme: Code
    item: Code
    points: Points
    paper: Code | None = None


class RequestAnswered(Body):
    """A second signature given or refused; `is_verified` tells whether the signer proved who they are."""

    KIND: ClassVar[str] = "request_answered"
    request: EntityId
    is_approved: bool
    signer: EntityId
    is_verified: bool


class AwardReversed(Body):
    """An award taken back at the seat; of two reversals of one award the first counts."""

    KIND: ClassVar[str] = "award_reversed"
    award: EntityId
    household: EntityId
    points: Points
    legs: Several[Leg]


class OpeningBalancePosted(Body):
    """What a paper passbook held when its household moved to the terminal; counts once per passbook."""

    KIND: ClassVar[str] = "opening_balance_posted"
    household: EntityId
    points: Count
    paper: Code
    legs: Several[Leg]


class BalanceSwept(Body):
    """Credit that reached a merged household's account was moved on to the household it joined."""

    KIND: ClassVar[str] = "balance_swept"
    household: EntityId
    into: EntityId
    points: Count
    legs: Several[Leg]
