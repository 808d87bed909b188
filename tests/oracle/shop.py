"""What follows for the shop of one village: stock, what is in force on a day, the seat, open days, redemptions."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, TypeAlias

from .fold import Entry, counting
from .strict import Json

Name: TypeAlias = tuple[str | int, ...]
Dated: TypeAlias = dict[tuple[Name, str], Entry]
"""What was set last for a name and the day from which it holds."""

MOVING: Final = {
    "redemption_made": -1, "redemption_voided": 1, "goods_received": 1, "stock_lowered": -1, "goods_returned": 1,
}  # fmt: skip
"""Whether the lines of a kind, or its one item, leave the shelf or come to it."""

DATED: Final = {"price_set": ("item",), "scheme_item_set": ("scheme", "code"), "scheme_loaded": ("scheme",)}


def stock(entries: Iterable[Entry]) -> list[Json]:
    """Return each item's stock: its latest count, by seat number and seq, and all that went out or came back after it.

    An item never counted starts from nothing.
    """
    entries = list(entries)
    counts = [entry for entry in entries if entry.kind == "stock_counted"]
    anchors: dict[int, Entry] = {}
    for entry in sorted(counts, key=lambda each: (_place(each), each.rank)):
        anchors[entry.body["item"]] = entry
    quantities = {item: anchor.body["quantity"] for item, anchor in anchors.items()}
    for entry in counting(entries):
        for line in entry.body.get("lines", (entry.body,)) if _moves(entry) else ():
            anchor = anchors.get(line["item"])
            if anchor is None or _place(entry) > _place(anchor):
                quantities[line["item"]] = quantities.get(line["item"], 0) + MOVING[entry.kind] * line["quantity"]
    return [
        {"item": item, "quantity": quantity, "anchor": anchors[item].id if item in anchors else None}
        for item, quantity in sorted(quantities.items())
    ]


def fund(entries: Iterable[Entry]) -> Json:
    """Return the money of a village in fen: received, spent on purchases, and purchases whose cost is not known."""
    entries = counting(entries)
    wrong = {entry.body["received"] for entry in entries if entry.kind == "fund_reversed"}
    received = [entry for entry in entries if entry.kind == "fund_received" and entry.id not in wrong]
    said = {entry.body["delivery"]: entry.body["cost"] for entry in entries if entry.kind == "delivery_cost_set"}
    bought = [entry for entry in entries if entry.kind == "delivery_received" and entry.body["source"] == "purchase"]
    costs = [said.get(entry.id, entry.body["cost"]) for entry in bought]
    return {
        "received": sum(entry.body["amount"] for entry in received),
        "spent": sum(cost for cost in costs if cost is not None),
        "uncosted": sum(cost is None for cost in costs),
    }


def wishes(entries: Iterable[Entry]) -> list[Json]:
    """Return what was wished and how often: an item, a barcode nobody knew, or a sort."""
    counted: dict[tuple[str, str, int], int] = {}
    for entry in entries:
        if entry.kind == "goods_wished":
            key = (entry.body["sort"] or "", entry.body["code"] or "", entry.body["item"] or 0)
            counted[key] = counted.get(key, 0) + 1
    return [
        {"item": item or None, "code": code or None, "sort": sort or None, "count": count}
        for (sort, code, item), count in sorted(counted.items())
    ]


def boxes(entries: Iterable[Entry]) -> list[Json]:
    """Return the further codes behind which more than one piece lies."""
    return [
        {"item": entry.body["item"], "code": entry.body["code"], "quantity": entry.body["quantity"]}
        for entry in entries
        if entry.kind == "code_added" and entry.body.get("quantity", 1) > 1
    ]


def dated(entries: Iterable[Entry], kind: str) -> Dated:
    """Return what the facts of a dated kind set, by name and day; of two for one day the highest rank holds."""
    found: Dated = {}
    for entry in entries:
        if entry.kind == kind:
            found[tuple(entry.body[field] for field in DATED[kind]), entry.body["from_day"]] = entry
    return found


def in_force(found: Dated, name: Name, day: str) -> Entry | None:
    """Return what is in force for a name on a day: the one with the latest day not after it."""
    days = [from_day for of, from_day in found if of == name and from_day <= day]
    return found[name, max(days)] if days else None


def price_on(entries: Iterable[Entry], item: int, day: str) -> int | None:
    """Return the price of an item on a day in hundredths of a point; null before its first price."""
    found = in_force(dated(entries, "price_set"), (item,), day)
    return int(found.body["points"]) if found else None


def listed(found: Dated) -> list[Json]:
    """Return dated facts as rows: their fields and the fact that said so."""
    rows = [entry.body | {"fact": entry.id} for _, entry in sorted(found.items(), key=lambda each: each[0])]
    return [{name: value for name, value in row.items() if name != "digest"} for row in rows]


def prices_on(entries: Iterable[Entry], day: str) -> list[Json]:
    """Return every price in force on a day."""
    found = dated(entries, "price_set")
    held = {name: in_force(found, name, day) for name, _ in found}
    return listed({(name, entry.body["from_day"]): entry for name, entry in held.items() if entry})


def logs(entries: Iterable[Entry]) -> list[Json]:
    """Return each log that said something known: its till, what it continues, and the business day open there."""
    entries = list(entries)
    closed = {entry.body["opened"] for entry in entries if entry.kind == "day_closed"}
    rows: dict[int, Json] = {}
    for entry in sorted(entries, key=lambda each: each.id):
        empty = {"log": entry.line.log, "till": None, "continues": None, "open_day": None, "opened": None}
        row = rows.setdefault(entry.line.log, empty)
        if entry.kind == "log_begun" and row["till"] is None:
            row.update(till=entry.body["till"], continues=entry.body["continues"])
        elif entry.kind == "day_opened" and entry.id not in closed:
            row.update(open_day=entry.body["day"], opened=entry.id)
    return [rows[log] for log in sorted(rows)]


def closes(entries: Iterable[Entry]) -> list[Json]:
    """Return every close that says what it closed: redemptions, slips by the book and by hand, and their difference."""
    made = [entry for entry in entries if entry.kind == "day_closed" and "slips_booked" in entry.body]
    rows = [{"id": entry.id, "log": entry.line.log, **entry.body} for entry in sorted(made, key=lambda each: each.id)]
    for row in rows:
        counted = row["slips_counted"]
        row["difference"] = None if counted is None else counted - row["slips_booked"]
    return rows


def handovers(entries: Iterable[Entry]) -> list[Json]:
    """Return who took the desk from whom, and the redemptions of that log since its last close, counted anew."""
    rows: list[Json] = []
    counted: dict[int, int] = defaultdict(int)
    for entry in sorted(entries, key=lambda each: each.id):
        if entry.kind == "redemption_made":
            counted[entry.line.log] += 1
        elif entry.kind == "day_closed":
            counted[entry.line.log] = 0
        elif entry.kind == "desk_handed_over":
            rows.append({"id": entry.id, "day": entry.line.day, **entry.body, "counted": counted[entry.line.log]})
    return rows


def seat_holder(entries: Iterable[Entry]) -> Json | None:
    """Return the highest seat number and the log that holds it; of two that say one number the higher rank is named."""
    taken = [entry for entry in entries if seat_said(entry) is not None]
    last = max(taken, key=lambda entry: (entry.body["seat"], entry.rank), default=None)
    return {"seat": last.body["seat"], "log": seat_said(last), "fact": last.id} if last else None


def seat_said(entry: Entry) -> int | None:
    """Return the log that a fact gives the seat of its number; a village's own log gives it to nobody else."""
    if entry.kind == "seat_granted" and entry.line.log == 0:
        return int(entry.body["log"])
    return entry.line.log if entry.kind == "seat_taken" else None


def redemptions(entries: Iterable[Entry]) -> list[Json]:
    """Return every redemption as it was made, by the id of its fact."""
    made = sorted((entry for entry in entries if entry.kind == "redemption_made"), key=lambda entry: entry.id)
    return [
        {"id": entry.id, "log": entry.line.log, "seq": entry.line.seq, "day": entry.line.day, **entry.body}
        for entry in made
    ]


def _moves(entry: Entry) -> bool:
    """What comes back to be thrown away never reaches the shelf."""
    return entry.kind in MOVING and entry.body.get("to") != "waste"


def _place(entry: Entry) -> tuple[int, int]:
    return entry.body["seat"], entry.line.seq
