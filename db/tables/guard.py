"""Constraints that the desk relies on at the moment of decision.

They check only facts written here, in the same transaction. After foreign lines they are set from the projections.
"""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint

from db.tables.columns import OPTIONS, GuardTable, key, whole, words

ONE_OPEN_DAY = "one_open_day"
ONE_LIVE_CARD = "one_live_card"
ONE_OPEN_MEETING = "one_open_meeting"
BALANCE_NOT_NEGATIVE = "balance_not_negative"


class OpenDay(GuardTable):
    """The one open business day of this village's desk."""

    __tablename__: ClassVar[Any] = "guard_open_day"
    __table_args__: ClassVar[Any] = (UniqueConstraint("village", name=ONE_OPEN_DAY), OPTIONS)
    village: int = key()
    opened_id: int = key()
    day: str | None = words()


class OpenMeeting(GuardTable):
    """The one meeting this desk has opened and not ended."""

    __tablename__: ClassVar[Any] = "guard_open_meeting"
    __table_args__: ClassVar[Any] = (UniqueConstraint("village", name=ONE_OPEN_MEETING), OPTIONS)
    village: int = key()
    meeting_id: int = key()


class LiveCard(GuardTable):
    """One live card for a number."""

    __tablename__: ClassVar[Any] = "guard_live_card"
    __table_args__: ClassVar[Any] = (UniqueConstraint("village", "number", name=ONE_LIVE_CARD), OPTIONS)
    village: int = key()
    card_id: int = key()
    number: str | None = words()


class Redeemable(GuardTable):
    """Redeemable points never go below zero by a fact written here."""

    __tablename__: ClassVar[Any] = "guard_redeemable"
    __table_args__: ClassVar[Any] = (CheckConstraint("points >= 0", name=BALANCE_NOT_NEGATIVE), OPTIONS)
    village: int = key()
    household_id: int = key()
    points: int | None = whole()
