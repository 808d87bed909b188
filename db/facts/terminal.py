"""Kinds of the family terminal: logs, the seat, operators."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from db.facts.body import Body, Code, Count, EntityId, Part, Quantity, SeatNumber
from db.line import LARGEST_LOG

LogNumber: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_LOG)]


class Place(Part):
    """A place in a log."""

    log: LogNumber
    seq: Count


class LogBegun(Body):
    """The first fact of a log. `till` is the number its slips carry; `continues` the log it takes over from."""

    KIND: ClassVar[str] = "log_begun"
    till: Quantity
    program: Code
    continues: Place | None = None


class SeatTaken(Body):
    """From here on the writing log redeems for the village; the highest seat number holds the seat."""

    KIND: ClassVar[str] = "seat_taken"
    seat: SeatNumber


class SeatGranted(Body):
    """The county lets a log redeem for the village, in the place of log `replaces` where a terminal is replaced."""

    KIND: ClassVar[str] = "seat_granted"
    log: LogNumber
    seat: SeatNumber
    replaces: LogNumber | None = None


class OperatorAdded(Body):
    """Someone who may act at the desk; private text: {"name"}."""

    KIND: ClassVar[str] = "operator_added"
    badge: Code
    role: Literal["attendant", "secretary", "supervisor"]
    person: EntityId | None = None


class OperatorStateChanged(Body):
    """An operator may act, or no longer."""

    KIND: ClassVar[str] = "operator_state_changed"
    operator: EntityId
    state: Literal["active", "ended"]
