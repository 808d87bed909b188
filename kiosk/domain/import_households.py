"""Households of a sheet held against the open ones: new, renamed, moved, counted, and what their passbooks held.

The key is group and house number. A household is taken for moved only if its passbook says so and its head's name
agrees; everything doubtful is refused or noted, for a person to settle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from db.facts.body import transfer
from db.facts.people import HouseholdCounted, HouseholdMoved, HouseholdRegistered, HouseholdRenamed
from db.facts.points import OpeningBalancePosted
from db.journal import Saying
from kiosk.domain.import_plan import Change, Draft, Hand, Planned, Sketch, What, plan_each
from kiosk.domain.passbook import Opening, openings_of, paper_for
from kiosk.domain.roster import HeldHousehold, read_households
from kiosk.locale import figures
from kiosk.sheets.problem import Fault
from kiosk.sheets.rows import HouseholdRow, remark_on


@dataclass(frozen=True)
class _Held:
    """The tables, and which places the sheet names itself."""

    by_place: Mapping[tuple[int, int], HeldHousehold]
    by_head: Mapping[str, HeldHousehold]
    by_passbook: Mapping[str, HeldHousehold]
    openings: Mapping[int, Sequence[Opening]]
    listed: frozenset[tuple[int, int]]


def plan_households(connection: Connection, village: int, rows: Iterable[HouseholdRow]) -> Planned:
    """Hold the rows against the open households."""
    listed = tuple(rows)
    held = _read(connection, village, frozenset((row.group, row.house) for row in listed))

    def look(row: HouseholdRow, sketch: Sketch) -> int | None:
        household = held.by_place.get((row.group, row.house)) or _moved(row, held)
        if household is None:
            _register(row, held, sketch)
        else:
            _compare(row, household, sketch)
        _open(row, household, held, sketch)
        return None if household is None else household.household_id

    return plan_each(listed, look)


def _read(connection: Connection, village: int, listed: frozenset[tuple[int, int]]) -> _Held:
    by_place = read_households(connection, village)
    openings = openings_of(connection, village)
    by_passbook = {
        opening.passbook: household
        for household in by_place.values()
        for opening in openings.get(household.household_id, ())
        if not opening.is_reversed
    }
    by_head = {household.head: household for household in by_place.values()}
    return _Held(by_place, by_head, by_passbook, openings, listed)


def _moved(row: HouseholdRow, held: _Held) -> HeldHousehold | None:
    """Return the household that moved to a row's place: passbook and head say so, and its old place is not listed."""
    household = held.by_passbook.get(row.passbook)
    if household is None or household.head != row.head or (household.group, household.house) in held.listed:
        return None
    return household


def _register(row: HouseholdRow, held: _Held, sketch: Sketch) -> None:
    body = HouseholdRegistered(group=row.group, house=row.house, residents=row.residents)
    sketch.say(_change(What.HOUSEHOLD_NEW, row, name=row.head), body, row.head)
    namesake = held.by_head.get(row.head)
    if namesake is not None and (namesake.group, namesake.house) not in held.listed:
        sketch.remark(remark_on(row, "head", Fault.HOUSEHOLD_MAYBE_MOVED, raw=row.head, other=namesake.place))


def _compare(row: HouseholdRow, household: HeldHousehold, sketch: Sketch) -> None:
    household_id = household.household_id
    if (household.group, household.house) != (row.group, row.house):
        moved = HouseholdMoved(household=household_id, group=row.group, house=row.house)
        sketch.say(_change(What.PLACE, row, before=household.place, after=f"{row.group}-{row.house}"), moved)
    if household.head != row.head:
        change = _change(What.HEAD, row, before=household.head, after=row.head)
        sketch.say(change, HouseholdRenamed(household=household_id), row.head)
    if row.residents is not None and household.residents != row.residents:
        change = _change(What.RESIDENTS, row, before=household.residents, after=row.residents)
        sketch.say(change, HouseholdCounted(household=household_id, residents=row.residents))


def _open(row: HouseholdRow, household: HeldHousehold | None, held: _Held, sketch: Sketch) -> None:
    """Post what the passbook held, unless it was posted before; a doubt about points is never settled here."""
    points = row.opening_points
    if not points:
        return
    owner = held.by_passbook.get(row.passbook)
    if owner is not None and owner != household:
        sketch.remark(remark_on(row, "passbook", Fault.PASSBOOK_ELSEWHERE, raw=row.passbook, other=owner.place))
        return
    openings = held.openings.get(household.household_id, ()) if household is not None else ()
    live = [opening for opening in openings if not opening.is_reversed]
    same = [opening for opening in live if opening.passbook == row.passbook]
    if live and not same:
        sketch.remark(remark_on(row, "passbook", Fault.PASSBOOK_OTHER, raw=row.passbook, other=live[0].passbook))
    elif same and same[0].points != points:
        values = {"raw": figures.points(points), "other": figures.points(same[0].points)}
        sketch.remark(remark_on(row, "opening", Fault.OPENING_DIFFERS, **values))
    elif not same and not _was_taken_back(openings, row):
        sketch.opening_points = points
        sketch.add(_change(What.OPENING, row, points=points, passbook=row.passbook), _opens(row, openings))


def _was_taken_back(openings: Sequence[Opening], row: HouseholdRow) -> bool:
    """Say whether just this balance of this passbook was posted and taken back: the sheet is older than that."""
    return any(opening.passbook == row.passbook and opening.points == row.opening_points for opening in openings)


def _opens(row: HouseholdRow, openings: Sequence[Opening]) -> Draft:
    points, paper = row.opening_points or 0, paper_for(row.passbook, openings)

    def draft(household_id: int, hand: Hand) -> Saying:
        legs = transfer("opening", household_id, points)
        body = OpeningBalancePosted(
            household=household_id, points=points, paper=paper, signer=hand.signer, is_verified=hand.is_verified,
            legs=legs,
        )  # fmt: skip
        return body, None

    return draft


def _change(what: What, row: HouseholdRow, **values: object) -> Change:
    return Change(what, f"{row.group}-{row.house}", values)
