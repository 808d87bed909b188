"""What no desk may have written: one function a rule, all found and none repaired."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from .body import ACCOUNTS
from .cost import costs_differ
from .fold import Entry, balances, things
from .lines import Fault
from .shop import seat_said
from .strict import Json

CREATING: Final = (
    *("household_registered", "person_registered", "member_registered", "operator_added", "item_registered"),
    *("household_arrived", "card_issued", "card_replaced", "award_requested", "people_imported"),
    *("suggestion_submitted", "suggestion_award_requested"),
)
"""Kinds that make something which later facts name by its id."""
GIVING: Final = ("points_awarded", "suggestion_awarded", "opening_balance_posted", "deduction_reversed")
AT_SEAT: Final = (
    *("redemption_made", "redemption_voided", "slip_recovered", "goods_received", "stock_lowered", "goods_returned"),
)
TAKING: Final = ("slip_recovered", "points_deducted", "award_reversed", "opening_reversed")


def find_faults(village: int, entries: Iterable[Entry]) -> list[Fault]:
    """Return every broken rule of one village's facts, sorted by rank."""
    entries = list(entries)
    found: list[Fault] = []
    for entry in entries:
        found += _legs(entry)
        found += _points(entry)
        found += _redemption(entry)
        found += _county_entity(village, entry)
    found += _seats(entries)
    found += _days(entries)
    found += _days_back(entries)
    found += _closes(entries)
    found += _voids(entries)
    found += _spots(entries)
    found += _copies(entries)
    found += _forms(entries)
    found += costs_differ(entries)
    found += _returns(entries)
    return found + _negative(village, entries) + _card_numbers(village, entries)


def _legs(entry: Entry) -> Iterator[Fault]:
    legs = entry.body.get("legs", ())
    if total := sum(leg["points"] for leg in legs):
        yield entry.line.fault("legs_unbalanced", f"legs sum to {total}")
    for leg in legs:
        if (leg["account"] in ACCOUNTS) == (leg["household"] is not None):
            yield entry.line.fault("leg_misplaced", f"account {leg['account']}, household {leg['household']}")


def _points(entry: Entry) -> Iterator[Fault]:
    """What gives gives its household the points it names, what takes takes them, and no more than was asked."""
    if entry.kind not in GIVING + TAKING:
        return
    posted = _posted(entry) * (1 if entry.kind in GIVING else -1)
    if posted != entry.body["points"]:
        yield entry.line.fault("points_differ", f"points {entry.body['points']}, legs {posted}")
    if entry.kind == "points_deducted" and entry.body["points"] > entry.body["asked"]:
        yield entry.line.fault("deducted_too_much", f"points {entry.body['points']}, asked {entry.body['asked']}")


def _redemption(entry: Entry) -> Iterator[Fault]:
    if entry.kind != "redemption_made":
        return
    body, posted = entry.body, _posted(entry)
    if body["after"] - body["before"] != posted:
        yield entry.line.fault("before_after_differ", f"{body['before']} to {body['after']}, legs {posted}")
    if body["points"] != -posted:
        yield entry.line.fault("points_differ", f"points {body['points']}, legs {posted}")
    if body["points"] != sum(line["points"] for line in body["lines"]):
        yield entry.line.fault("lines_differ", f"points {body['points']} are not the sum of the lines")
    if body["after"] < 0:
        yield entry.line.fault("redeemed_below_zero", f"after {body['after']}")
    for number, line in enumerate(body["lines"], start=1):
        if line["points"] != (2 * line["each"] * line["quantity"] + line["per"]) // (2 * line["per"]):
            priced = f"{line['quantity']} at {line['each']} for {line['per']}"
            yield entry.line.fault("line_differs", f"line {number}: {priced} is not {line['points']}")


def _voids(entries: list[Entry]) -> Iterator[Fault]:
    """What is made void comes back whole: the same goods, the same points."""
    made = {entry.id: entry.body for entry in entries if entry.kind == "redemption_made"}
    for entry in entries:
        if entry.kind == "redemption_voided" and (of := made.get(entry.body["redemption"])) is not None:
            out, back = (
                sorted((line["item"], line["quantity"]) for line in body["lines"]) for body in (of, entry.body)
            )
            if out != back:
                yield entry.line.fault("void_differs", f"{out} went out, {back} came back")
            if (of["points"], of["points"]) != (entry.body["points"], _posted(entry)):
                yield entry.line.fault("void_points_differ", f"{of['points']} were taken, {_posted(entry)} given back")


def _returns(entries: list[Entry]) -> Iterator[Fault]:
    """What comes back was handed out on that line, and brings back what the line's own price says."""
    made = {entry.id: entry.body for entry in entries if entry.kind == "redemption_made"}
    for entry in entries:
        if entry.kind != "goods_returned" or (of := made.get(entry.body["redemption"])) is None:
            continue
        body, lines = entry.body, of["lines"]
        through = body["before"] + body["quantity"]
        line = lines[body["line"]] if body["line"] < len(lines) else {"item": None, "quantity": 0}
        if line["item"] != body["item"] or line["quantity"] < through:
            yield entry.line.fault("returned_too_much", f"{through} of {body['item']} from {line}")
        elif body["points"] != _points_of(line, through) - _points_of(line, body["before"]):
            yield entry.line.fault("return_points_differ", f"{body['points']} for {body['quantity']} of {line}")
        if body["points"] != _posted(entry):
            yield entry.line.fault("points_differ", f"points {body['points']}, legs {_posted(entry)}")


def _points_of(line: Json, quantity: int) -> int:
    """The points of the first units of a line; of all of them its own."""
    if quantity == line["quantity"]:
        return int(line["points"])
    return (2 * int(line["each"]) * quantity + int(line["per"])) // (2 * int(line["per"]))


def _county_entity(village: int, entry: Entry) -> Iterator[Fault]:
    """Inside a village an id below 2^33 names what village 0 holds, so the county makes nothing elsewhere."""
    if village and not entry.line.log and entry.kind in CREATING:
        yield entry.line.fault("county_entity", f"id {entry.id} means one of village 0, but was made in {village}")


def _seats(entries: list[Entry]) -> Iterator[Fault]:
    """A redemption names the seat its own log took before it, or had read to be given; one log has a seat number."""
    holder: dict[int, int] = {}
    said: dict[int, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda each: each.id):
        log, seat, of = entry.line.log, entry.body.get("seat"), seat_said(entry)
        if of is not None:
            said[of].append(entry)
            if holder.setdefault(entry.body["seat"], of) != of:
                yield entry.line.fault("seat_taken_twice", f"seat {seat} is held by log {holder[entry.body['seat']]}")
        elif entry.kind in AT_SEAT and _seat_at(entry, said[log]) != seat:
            yield entry.line.fault("off_the_seat", f"seat {seat}, log {log} holds {_seat_at(entry, said[log])}")


def _seat_at(entry: Entry, said: list[Entry]) -> int | None:
    """The seat a log held when it wrote a fact: what it took itself before, and what it had read to be given."""
    seats = [each.body["seat"] for each in said if each.line.log or each.line.seq <= entry.line.ref[1]]
    return max(seats, default=None)


def _days(entries: list[Entry]) -> Iterator[Fault]:
    """A log has one business day open at a time."""
    days: dict[int, int] = {}
    for entry in sorted(entries, key=lambda each: each.id):
        if entry.kind == "day_opened":
            if entry.line.log in days:
                yield entry.line.fault("day_left_open", f"day of fact {days[entry.line.log]} was not closed")
            days[entry.line.log] = entry.id
        elif entry.kind == "day_closed":
            days = {log: opened for log, opened in days.items() if opened != entry.body["opened"]}


def _days_back(entries: list[Entry]) -> Iterator[Fault]:
    """A log's business day goes back by a second person's signature only."""
    latest: dict[int, str] = {}
    for entry in sorted(entries, key=lambda each: each.id):
        if entry.kind == "day_opened":
            before = latest.get(entry.line.log, "")
            if entry.body["day"] < before and entry.body.get("signer") is None:
                yield entry.line.fault("day_went_back", f"from {before} to {entry.body['day']}, signed by nobody")
            latest[entry.line.log] = entry.body["day"]


def _closes(entries: list[Entry]) -> Iterator[Fault]:
    """A close names what its log redeemed since its last close, and no more slips than were redeemed since a count.

    One that was recovered names what its first log had redeemed, of which a part was written again.
    """
    redeemed: dict[int, int] = defaultdict(int)
    slips: dict[int, int] = defaultdict(int)
    for entry in sorted(entries, key=lambda each: each.id):
        log, body = entry.line.log, entry.body
        if entry.kind == "redemption_made":
            redeemed[log] += 1
            slips[log] += 1
        elif entry.kind == "day_closed":
            if not entry.is_recovered and body.get("redemptions", redeemed[log]) != redeemed[log]:
                yield entry.line.fault("close_differs", f"{body['redemptions']} are said, {redeemed[log]} were made")
            if not entry.is_recovered and body.get("slips_booked", 0) > slips[log]:
                yield entry.line.fault("too_many_slips", f"{body['slips_booked']} slips of {slips[log]} redemptions")
            redeemed[log] = 0
            slips[log] = 0 if body.get("slips_counted") is not None else slips[log]


def _spots(entries: list[Entry]) -> Iterator[Fault]:
    """A spot count stands behind the counts of its goods: one that is short asks, any other sets the stock."""
    at = {(entry.line.log, entry.line.seq): entry for entry in entries}
    for entry in entries:
        goods = entry.body["goods"] if entry.kind == "spot_counted" else ()
        for place, each in enumerate(goods, start=entry.line.seq - len(goods)):
            kind = "stock_lowering_requested" if each["counted"] < each["booked"] else "stock_counted"
            before = at.get((entry.line.log, place))
            if before is None or (before.kind, before.body["item"]) != (kind, each["item"]):
                yield entry.line.fault("spot_uncounted", f"item {each['item']} at {place} has no {kind}")


def _copies(entries: list[Entry]) -> Iterator[Fault]:
    """Only the slip of a redemption is printed once more."""
    made = {entry.id for entry in entries if entry.kind == "redemption_made"}
    for entry in entries:
        if entry.kind == "slip_copied" and entry.body["redemption"] not in made:
            yield entry.line.fault("copy_of_nothing", f"{entry.body['redemption']} is no redemption")


def _forms(entries: list[Entry]) -> Iterator[Fault]:
    """A form was printed for its use before it was entered, is entered once, and names what it says."""
    printed: dict[tuple[int, int], str] = {}
    of = {entry.id: entry for entry in entries}
    entered: set[tuple[int, int]] = set()
    for entry in entries:
        body = entry.body
        if entry.kind == "forms_printed":
            numbers = range(body["first"], body["first"] + body["count"])
            if any((body["till"], number) in printed for number in numbers):
                yield entry.line.fault("form_printed_twice", f"of till {body['till']} from {body['first']}")
            printed |= {(body["till"], number): body["use"] for number in numbers}
        elif entry.kind == "form_entered":
            form = body["till"], body["number"]
            if printed.get(form) != body["use"]:
                yield entry.line.fault("form_not_printed", f"form {form} was not printed for a {body['use']}")
            if form in entered:
                yield entry.line.fault("form_entered_twice", f"form {form}")
            entered.add(form)
            if not _is_of_form(of.get(body["of"]), body["use"]):
                yield entry.line.fault("form_of_nothing", f"form {form} names no {body['use']} from paper")


def _is_of_form(named: Entry | None, use: str) -> bool:
    kind = {"redemption": "redemption_made", "sign_in": "sign_in_requested"}[use]
    return named is not None and named.kind == kind and named.body.get("entry", "form") == "form"


def _negative(village: int, entries: list[Entry]) -> list[Fault]:
    return [
        Fault("balance_below_zero", village, None, None, f"household {household} has {points}")
        for household, points in balances(entries).items()
        if points < 0
    ]


def _card_numbers(village: int, entries: list[Entry]) -> list[Fault]:
    live: dict[str, list[int]] = defaultdict(list)
    for card in things(entries, "card"):
        if card["state"] == "live" and card["number"] is not None:
            live[card["number"]].append(card["id"])
    return [
        Fault("card_number_twice", village, None, None, f"number {number} is live on {cards}")
        for number, cards in sorted(live.items())
        if len(cards) > 1
    ]


def _posted(entry: Entry) -> int:
    household = entry.body["household"]
    return sum(leg["points"] for leg in entry.body["legs"] if leg["household"] == household)
