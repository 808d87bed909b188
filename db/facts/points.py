"""Kinds of the family points: awards, requests for them, deductions, reversal, opening balance, scheme items."""

from typing import ClassVar, Literal, TypeAlias

from db.facts.body import Body, Code, Count, Day, EntityId, Label, Leg, Part, Points, Quantity, Several

Audience: TypeAlias = Literal["household", "member"]
Evidence: TypeAlias = Literal["site", "document", "photo", "witness"]
RequestReason: TypeAlias = Literal["over_limit", "own_household"]
ReversalReason: TypeAlias = Literal["mistake", "twice", "wrong_household", "untrue", "objection", "unsigned", "other"]
ObjectionReason: TypeAlias = Literal["not_ours", "points_wrong", "goods_wrong", "twice", "missing", "other"]
ObjectionReply: TypeAlias = Literal[
    "reversed", "by_hand", "entry_right", "rule_applied", "no_evidence", "too_late", "other"
]


class SchemeItemSet(Body):
    """An item of a scheme: what earns (or, below zero, costs) how much, in hundredths of a point for one unit.

    `monthly_cap` is what a household may earn by it in a calendar month; routine items share the scheme's own cap
    as well. An item that is not active any more is no longer offered; what it earned stays.
    """

    KIND: ClassVar[str] = "scheme_item_set"
    scheme: Code
    code: Code
    group: Code
    position: Count
    label_zh: Label
    label_en: Label
    points: Points
    unit_zh: Label | None = None
    unit_en: Label | None = None
    monthly_cap: Count | None = None
    is_routine: bool = False
    needs_evidence: bool = False
    is_active: bool = True
    from_day: Day


class Rule(Part):
    """A named number of a scheme."""

    name: Code
    value: int


class SchemeLoaded(Body):
    """A scheme was loaded from its file: its names, its numbers and how many items it brought or changed.

    `digest` is SHA-256 of the file; `audience` says whose points it is about.
    """

    KIND: ClassVar[str] = "scheme_loaded"
    scheme: Code
    audience: Audience
    label_zh: Label
    label_en: Label
    digest: Code
    from_day: Day
    items: Count
    rules: Several[Rule]


class PointsAwarded(Body):
    """A household received points; `request` names the request this award fulfils. Private text: {"note"}.

    `points` is what was given, which a monthly cap may have made less than `quantity` times the item's points.
    """

    KIND: ClassVar[str] = "points_awarded"
    household: EntityId
    person: EntityId | None = None
    scheme: Code
    item: Code
    quantity: Quantity = 1
    points: Points
    paper: Code | None = None
    evidence: Evidence | None = None
    request: EntityId | None = None
    legs: Several[Leg]


class AwardRequested(Body):
    """An award that waits for a second signature, and why. Private text: {"note"}."""

    KIND: ClassVar[str] = "award_requested"
    household: EntityId
    person: EntityId | None = None
    scheme: Code
    item: Code
    quantity: Quantity = 1
    points: Points
    paper: Code | None = None
    evidence: Evidence | None = None
    reason: RequestReason = "over_limit"


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


class AwardReversedFor(AwardReversed):
    """An award taken back at the seat, and why."""

    VERSION: ClassVar[int] = 2
    reason: ReversalReason


class PointsDeducted(Body):
    """Points taken from a household at the seat by an item of the scheme. Private text: {"note"}.

    `points` is what was taken: never more than the household could have redeemed, so it may be less than asked.
    """

    KIND: ClassVar[str] = "points_deducted"
    household: EntityId
    person: EntityId | None = None
    scheme: Code
    item: Code
    quantity: Quantity = 1
    asked: Count
    points: Count
    paper: Code | None = None
    evidence: Evidence | None = None
    legs: Several[Leg]


class DeductionReversed(Body):
    """A deduction given back at the seat; of two reversals of one deduction the first counts."""

    KIND: ClassVar[str] = "deduction_reversed"
    deduction: EntityId
    household: EntityId
    points: Count
    legs: Several[Leg]


class DeductionReversedFor(DeductionReversed):
    """A deduction given back at the seat, and why."""

    VERSION: ClassVar[int] = 2
    reason: ReversalReason


class OpeningBalancePosted(Body):
    """What a paper passbook held when its household moved to the terminal; counts once per passbook.

    `signer` is the second signature if it was there, `is_verified` whether the signer proved who they are.
    """

    KIND: ClassVar[str] = "opening_balance_posted"
    household: EntityId
    points: Count
    paper: Code
    signer: EntityId | None = None
    is_verified: bool = False
    legs: Several[Leg]


class OpeningReversed(Body):
    """An opening balance taken back at the seat, as far as it was not redeemed; of two of one the first counts."""

    KIND: ClassVar[str] = "opening_reversed"
    opening: EntityId
    household: EntityId
    points: Count
    legs: Several[Leg]


class OpeningReversedFor(OpeningReversed):
    """An opening balance taken back at the seat, as far as it was not redeemed, and why."""

    VERSION: ClassVar[int] = 2
    reason: ReversalReason


class BalanceSwept(Body):
    """Credit that reached a merged household's account was moved on to the household it joined."""

    KIND: ClassVar[str] = "balance_swept"
    household: EntityId
    into: EntityId
    points: Count
    legs: Several[Leg]


class ObjectionRaised(Body):
    """A household does not agree with an entry of its account, or misses one: numbered, and on the waiting list.

    `number` counts the objections of one log, whose till is `till`. `entry` is the fact it is about, null where one is
    missing; `points` is what that entry added or took.
    """

    KIND: ClassVar[str] = "objection_raised"
    household: EntityId
    entry: EntityId | None = None
    till: Count
    number: Count
    points: Points | None = None
    reason: ObjectionReason


class ObjectionAnswered(Body):
    """An objection upheld or declined, and how; `reversal` is the entry that took back what it was about.

    Of several answers the first counts. `is_verified` tells whether the signer proved who they are.
    """

    KIND: ClassVar[str] = "objection_answered"
    objection: EntityId
    is_upheld: bool
    reply: ObjectionReply
    reversal: EntityId | None = None
    signer: EntityId
    is_verified: bool = False
