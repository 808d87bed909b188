"""What every kind of fact shares: a strict, frozen body with a kind and a version."""

from typing import Annotated, ClassVar, Final, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Strict

from db.line import LARGEST_INTEGER, LARGEST_LOG

# Eight million amounts of this size still add up within 64 bits, so no sum over facts can fail.
LARGEST_AMOUNT: Final = 2**40

EntityId: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_INTEGER)]
Points: TypeAlias = Annotated[int, Field(ge=-LARGEST_AMOUNT, le=LARGEST_AMOUNT)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)]
Amount: TypeAlias = Annotated[int, Field(ge=-LARGEST_AMOUNT, le=LARGEST_AMOUNT)]
Quantity: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_AMOUNT)]
SeatNumber: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_LOG)]
Code: TypeAlias = Annotated[str, Field(min_length=1, max_length=64)]
Label: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
Day: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
_T = TypeVar("_T")
Several: TypeAlias = Annotated[tuple[_T, ...], Strict(strict=False)]
Account: TypeAlias = Literal["household", "issued", "redeemed", "expired", "adjusted", "opening", "moved"]

ACCOUNTS: Final = ("household", "issued", "redeemed", "expired", "adjusted", "opening", "moved")


class Part(BaseModel):
    """A piece of a body: strict types, nothing unknown, never changed."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)


class Body(Part):
    """The body of one kind of fact: the decision with its result, as taken at the desk.

    A changed body gets a new VERSION and a class of its own; an unknown kind is kept unprojected.
    """

    KIND: ClassVar[str]
    VERSION: ClassVar[int] = 1


class Leg(Part):
    """One leg of a posting, in hundredths of a point; the legs of a fact sum to zero."""

    account: Account
    household: EntityId | None = None
    points: Points


def transfer(account: Account, household: int, points: int) -> tuple[Leg, Leg]:
    """Return the two legs that move `points` (hundredths; negative takes away) from an account to a household."""
    return Leg(account="household", household=household, points=points), Leg(account=account, points=-points)


def legs_of(body: Body) -> tuple[Leg, ...]:
    """Return the legs of a body; most kinds move no points and have none."""
    legs: tuple[Leg, ...] = getattr(body, "legs", ())
    return legs
