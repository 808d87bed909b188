"""Closing the day: somebody counts the slips in the box before the book's number is shown, and both are kept.

Everything is written in one action: until it is done the day is open and nothing is half closed.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, select

from db.line import ENTITIES_PER_LOG, Stamp
from db.store import Store, own_log
from db.tables.period import SlipCopy
from db.tables.shop import Redemption
from db.tables.statement import table_of
from db.tables.workspace import SlipOwed
from kiosk.domain.access import Right, require_right
from kiosk.domain.basket import require_no_basket
from kiosk.domain.day_figures import DayFigures, figures_of, last_count
from kiosk.domain.people import HouseholdShown, show_household
from kiosk.domain.period import close_in, day_state
from kiosk.domain.shop import is_void, number_of
from kiosk.domain.terminal import seat_log
from kiosk.errors import Refused


@dataclass(frozen=True)
class DayToClose:
    """The open day, and whether its slips are to be counted: they are at the seat, where slips came out."""

    day: str
    needs_count: bool


@dataclass(frozen=True)
class CashedUp:
    """A closed day with its figures; `slips_counted` is None where nobody had slips to count."""

    day: str
    figures: DayFigures
    slips_counted: int | None

    @property
    def difference(self) -> int:
        """Slips that are too many in the box; below zero some are missing."""
        return 0 if self.slips_counted is None else self.slips_counted - self.figures.slips_booked


@dataclass(frozen=True)
class SlipListed:
    """A redemption since the box was counted last; `is_missing` if its slip never came out, `is_void` if taken back.

    `is_form` if a paper form stands for its slip, `is_copied` if it was printed once more.
    """

    shown_number: str
    at: int
    points: int
    household: HouseholdShown
    is_missing: bool
    is_void: bool
    is_form: bool
    is_copied: bool


def show_day_to_close(store: Store, *, has_printer: bool) -> DayToClose:
    """Return the day that is to be closed, without any figure that would tell how many slips there are.

    Raises:
        Refused: no day is open (`day_not_open`), a basket is unconfirmed (`basket_left_open`) or parked
            (`basket_left_parked`).
    """
    with store.read() as connection:
        day = day_state(connection, store.village).open_day
        if day is None:
            raise Refused("day_not_open")
        require_no_basket(connection, store.village)
        log = own_log(connection, store.village)
        is_seat = seat_log(connection, store.village) == log
        came_out = figures_of(connection, store.village, log).slips_booked > 0
    return DayToClose(day, is_seat and (has_printer or came_out))


def count_agrees(store: Store, slips_counted: int) -> bool:
    """Say whether the slips in the box are as many as the book says, and nothing more."""
    return show_figures(store).slips_booked == slips_counted


def show_figures(store: Store) -> DayFigures:
    """Return what happened at this desk since its last close."""
    with store.read() as connection:
        return figures_of(connection, store.village, own_log(connection, store.village))


def cash_up_day(store: Store, slips_counted: int | None, *, now: Stamp, by: int) -> CashedUp:
    """Close the open day with what was counted in the box of slips, None where there are none to count.

    Raises:
        Refused: no day is open (`day_not_open`), a basket is unconfirmed (`basket_left_open`) or parked
            (`basket_left_parked`), slips came out and nobody counted (`slips_not_counted`).
    """
    with store.write(now=now, by=by, uses_reserve=True) as act:
        require_right(act.connection, act.village, by, Right.CLOSE_DAY)
        require_no_basket(act.connection, act.village)
        figures = figures_of(act.connection, act.village, act.log)
        if slips_counted is None and figures.slips_booked:
            raise Refused("slips_not_counted")
        return CashedUp(close_in(act, slips_counted).day, figures, slips_counted)


def slips_since_count(store: Store) -> tuple[SlipListed, ...]:
    """Return the redemptions whose slips should lie in the box, the newest first, and those that have none."""
    made, owed = table_of(Redemption), table_of(SlipOwed)
    is_same = (owed.c.village == made.c.village) & (owed.c.log == made.c.log) & (owed.c.seq == made.c.seq)
    with store.read() as connection:
        log = own_log(connection, store.village)
        since = last_count(connection, store.village, log)
        rows = connection.execute(
            select(made, owed.c.seq.label("owed_seq"), is_void(made).label("is_void"))
            .add_columns(_is_copied(made).label("is_copied"))
            .select_from(made.outerjoin(owed, is_same))
            .where(made.c.village == store.village, made.c.log == log, made.c.seq > since)
            .order_by(made.c.seq.desc())
        ).all()
        ids = {row.household_id for row in rows}
        households = {each: show_household(connection, store.village, each) for each in ids}
    return tuple(
        SlipListed(
            number_of(store.village, row.till, row.number), row.at, row.points, households[row.household_id],
            row.owed_seq is not None, bool(row.is_void), row.entry == "form", bool(row.is_copied),
        )
        for row in rows
    )  # fmt: skip


def _is_copied(made: FromClause) -> ColumnElement[bool]:
    """Whether the slip of a redemption was printed once more."""
    copy, origin = table_of(SlipCopy).c, made.c.log * ENTITIES_PER_LOG + made.c.seq
    same = select(copy.seq).where(copy.village == made.c.village, copy.redemption_id == origin)
    return same.correlate(made).exists()
