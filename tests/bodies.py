"""Bodies of facts in as few words as a test needs; points are hundredths."""

from typing import ClassVar

from db.facts.body import Body, transfer
from db.facts.people import CardIssued, CardStateChanged, HouseholdMerged
from db.facts.points import AwardReversed, BalanceSwept, OpeningBalancePosted, PointsAwarded
from db.facts.shop import Line, RedemptionMade, SlipRecovered


class WeatherNoted(Body):
    """A kind that no program knows yet."""

    KIND: ClassVar[str] = "weather_noted"
    words: str = "雨"


class AwardToNobody(Body):
    """A known kind whose body does not fit it."""

    KIND: ClassVar[str] = "points_awarded"
    household: str = "everybody"


def award(household: int, points: int, request: int | None = None, paper: str | None = None) -> PointsAwarded:
    """Points for coming on time."""
    return PointsAwarded(
        household=household, scheme="zhijin_household", item="meeting_on_time", points=points, paper=paper,
        request=request, legs=transfer("issued", household, points),
    )  # fmt: skip


def reversal(award_id: int, household: int, points: int) -> AwardReversed:
    """An award of `points` taken back."""
    legs = transfer("issued", household, -points)
    return AwardReversed(award=award_id, household=household, points=points, legs=legs)


def opening(household: int, points: int, paper: str) -> OpeningBalancePosted:
    """What a passbook held."""
    legs = transfer("opening", household, points)
    return OpeningBalancePosted(household=household, points=points, paper=paper, legs=legs)


def merge(household: int, into: int, points: int) -> HouseholdMerged:
    """A household joins another with `points`."""
    legs = transfer("moved", household, -points) + transfer("moved", into, points)
    return HouseholdMerged(household=household, into=into, legs=legs)


def sweep(household: int, into: int, points: int) -> BalanceSwept:
    """Late credit moves on."""
    legs = transfer("moved", household, -points) + transfer("moved", into, points)
    return BalanceSwept(household=household, into=into, points=points, legs=legs)


def redemption(
    household: int, item: int, quantity: int, each: int, *, seat: int = 1, number: int = 1
) -> RedemptionMade:
    """Goods for points; the balance printed is not looked at here."""
    points = quantity * each
    return RedemptionMade(
        seat=seat, till=seat, number=number, slip=f"2801230000{number:06d}", household=household,
        entry="card", lines=(Line(item=item, quantity=quantity, each=each, points=points),), points=points,
        before=points, after=0, legs=transfer("redeemed", household, -points),
    )  # fmt: skip


def slip_on_paper(household: int, points: int, *, number: int) -> SlipRecovered:
    """A slip of till 1, entered again from paper at seat 2."""
    legs = transfer("redeemed", household, -points)
    return SlipRecovered(seat=2, till=1, number=number, household=household, points=points, legs=legs)


def person_card(number: str, household: int) -> CardIssued:
    """A card for a household."""
    return CardIssued(number=number, holder="household", household=household)


def card_lost(card: int) -> CardStateChanged:
    """A card was lost."""
    return CardStateChanged(card=card, state="lost")


def card_found(card: int) -> CardStateChanged:
    """A card was found again."""
    return CardStateChanged(card=card, state="live")
