"""A household and its account in words: for the till, and for whoever only asks how many points there are."""

from typing import TYPE_CHECKING, Final

from kiosk.domain.people import HouseholdShown
from kiosk.domain.statement import Account, Entry
from kiosk.letterhead import village_of
from kiosk.locale import Texts
from kiosk.locale.entry import full_what_of, what_of
from kiosk.locale.figures import short_number, signed, time_of_day
from kiosk.paper.slip import balance_slip
from kiosk.paper.slip_content import balance_content

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.domain.objection import ObjectionShown
    from kiosk.paper.elements import Element
    from kiosk.station import Station

POINTS_COLUMNS: Final = 5


def place_of(household: HouseholdShown, texts: Texts) -> str:
    """Name group and house number of a household."""
    return texts("till.place", group=household.place.group, house=household.place.house)


def who_of(household: HouseholdShown, texts: Texts) -> str:
    """Name a household: its head, group and house number."""
    return texts("till.who.household", name=household.name, place=place_of(household, texts))


def with_person(household: HouseholdShown, person_name: str, texts: Texts) -> str:
    """Name a household, and beside it the person whose card it is, unless that is its head."""
    who = who_of(household, texts)
    return who if person_name in ("", household.name) else f"{who}  {person_name}"


def total_of(account: Account, texts: Texts) -> str:
    """Say what the total is made of: base points are never redeemed."""
    return texts(
        "till.member.total",
        total_points=account.total_points,
        base_points=account.base_points,
        redeemable_points=account.redeemable_points,
    )


def entry_row(entry: Entry, texts: Texts) -> str:
    """Give an entry as a row: day, signed points, what."""
    return f"{(entry.day or '')[5:]:5}  {signed(entry.points):>7}  {what_of(entry, texts)}"


def entry_line(entry: Entry, objection: "ObjectionShown | None", texts: Texts) -> str:
    """Write an entry on one line: when, points, what, its marks, whose, by whom, on what paper and evidence.

    Goods stand behind the number of their slip and the marks, because they may be too many.
    """
    paper = texts("statement.paper", number=entry.paper_number) if entry.paper_number else ""
    by = texts("statement.by", name=entry.operator_name) if entry.operator_name else ""
    marks = _marks(entry, objection, texts)
    parts = [
        f"{(entry.day or '')[5:]} {time_of_day(entry.at)}",
        signed(entry.points).rjust(POINTS_COLUMNS),
        paper if entry.goods else "",
        *(marks if entry.goods else ()),
        full_what_of(entry, texts),
        *(() if entry.goods else marks),
        "" if entry.proxy_name else entry.person_name or "",
        by,
        "" if entry.goods else paper,
        texts(f"statement.evidence.{entry.evidence_code}") if entry.evidence_code else "",
    ]
    return "  ".join(part for part in parts if part)


def _marks(entry: Entry, objection: "ObjectionShown | None", texts: Texts) -> list[str]:
    told = [texts(f"statement.mark.{mark}") for mark in entry.marks]
    return told if objection is None else [*told, objection_mark(objection, texts)]


def objection_mark(objection: "ObjectionShown", texts: Texts) -> str:
    """Say in few words how an objection stands, with the end of its number."""
    answer = objection.answer
    state = "waits" if answer is None else "upheld" if answer.is_upheld else "declined"
    return texts(f"objection.mark.{state}", number=short_number(objection.number))


def balance_paper(station: "Station", account: Account) -> "tuple[str, Callable[[int], list[Element]]]":
    """Give the name of the slip that explains an account, and what builds it for a paper of so many columns."""
    texts, household = station.texts, account.household
    content = balance_content(
        account,
        village_of(station),
        place_of(household, texts),
        station.day or "",
        station.clock.now(),
        lambda entry: what_of(entry, texts, is_masked=True),
    )
    return f"balance-{household.household_id}", lambda columns: balance_slip(content, texts, columns)
