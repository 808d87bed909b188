"""Kinds of the family terminal: logs, the seat, operators."""

from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import Field

from db.facts.body import Body, Code, Count, Day, EntityId, Part, Points, Quantity, SeatNumber
from db.line import LARGEST_LOG, LONGEST_LINE

LogNumber: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_LOG)]
TILLS_APART: Final = 10
"""Terminals the county lets in are so far apart in till numbers, and theirs end in 1."""
SuspensionReason: TypeAlias = Literal["absent", "careless", "rude", "own_wish", "other"]
LineText: TypeAlias = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]


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


class OperatorSuspended(Body):
    """An operator may not act on the days from one to another, both included (歇职)."""

    KIND: ClassVar[str] = "operator_suspended"
    operator: EntityId
    from_day: Day
    until_day: Day
    reason: SuspensionReason


class SuspensionLifted(Body):
    """An operator may act again before the term is over."""

    KIND: ClassVar[str] = "suspension_lifted"
    operator: EntityId


class DeskHandedOver(Body):
    """Somebody else has the desk from here on, and what they found: counts of what is open or owed.

    `redemptions` are those since the last close, `points` what they came to in hundredths, `baskets` what lies on the
    counter or is parked.
    """

    KIND: ClassVar[str] = "desk_handed_over"
    from_operator: EntityId
    to_operator: EntityId
    redemptions: Count
    points: Points
    slips_booked: Count
    slips_owed: Count
    baskets: Count
    waiting: Count
    low_stock: Count


class Recovered(Body):
    """A fact of a log that was written twice, written again by the terminal that had written it second.

    `line` is the exact text of the line it had, `after` the last seq that both branches have in common, `seat` the seat
    number in whose order goods are counted, null where the log that writes this has none. A line that finds no room in
    another one is `packed` instead: its zlib stream in base64. The private text goes on beside this line.
    """

    KIND: ClassVar[str] = "recovered"
    line: LineText | None = None
    packed: LineText | None = None
    after: Count
    seat: SeatNumber | None = None
