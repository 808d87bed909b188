"""On what terms the shop of a village hands out, as docs/ledger.md says: limits by day, and who went beyond them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from .fold import Entry, counting, one_by_then
from .lines import Fault
from .strict import Json

SAID_TO_ALL: Final = ("redemption_limit_set", "opening_days_set", "exchange_day_set")
"""Kinds that the county may say to all villages."""
MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


def limits(entries: Iterable[Entry]) -> list[Json]:
    """Return what was said of each limit, item, span and first day: the village's word beside the county's."""
    found: dict[tuple[bool, int, str, str], Entry] = {}
    for entry in entries:
        if entry.kind == "redemption_limit_set":
            body = entry.body
            found[entry.line.log == 0, body["item"] or 0, body["span"], body["from_day"]] = entry
    return [
        {"is_county": key[0], **entry.body, "fact": entry.id}
        for key, entry in sorted(found.items(), key=lambda each: each[0])
        if entry.body["quantity"] is not None
    ]


def shop_days(entries: Iterable[Entry]) -> Json:
    """Return the days of the week by the day from which they hold, and the exchange days that are held."""
    opening: dict[str, list[int]] = {}
    exchange: dict[str, bool] = {}
    for entry in entries:
        if entry.kind == "opening_days_set":
            opening[entry.body["from_day"]] = entry.body["weekdays"]
        elif entry.kind == "exchange_day_set":
            exchange[entry.body["day"]] = entry.body["is_held"]
    return {"opening": dict(sorted(opening.items())), "exchange": sorted(day for day, held in exchange.items() if held)}


def undelivered(entries: Iterable[Entry]) -> list[int]:
    """Return the redemptions that are to be brought home, were not, are not void, and did not come back whole."""
    entries = list(entries)
    back: dict[int, int] = defaultdict(int)
    for entry in counting(entries):
        if entry.kind == "goods_returned":
            back[entry.body["redemption"]] += entry.body["quantity"]
    over = {each.body["redemption"] for each in entries if each.kind in ("redemption_delivered", "redemption_voided")}
    made = (each for each in entries if each.kind == "redemption_made" and each.body.get("is_to_deliver"))
    out = (each for each in made if sum(line["quantity"] for line in each.body["lines"]) > back[each.id])
    return sorted(each.id for each in out if each.id not in over)


def find_limit_faults(entries: Sequence[Entry]) -> list[Fault]:
    """Return the redemptions by which a household had more than a limit that its own log had set before."""
    logs: dict[int, list[Entry]] = {}
    for entry in sorted(entries, key=lambda each: each.id):
        logs.setdefault(entry.line.log, []).append(entry)
    return [
        made.line.fault("redemption_over_limit", f"{had} of {limit['quantity']} a {limit['span']}")
        for log in logs.values()
        for place, made in enumerate(log)
        if made.kind == "redemption_made" and made.line.day and not made.is_recovered
        for limit in _in_force(log[:place], made.line.day)
        if (had := _had(log[: place + 1], made, limit)) > limit["quantity"]
    ]


def _in_force(before: Sequence[Entry], day: str) -> list[Json]:
    held: dict[tuple[object, ...], Json] = {}
    said = [entry.body for entry in before if entry.kind == "redemption_limit_set" and entry.body["from_day"] <= day]
    for limit in sorted(said, key=lambda each: str(each["from_day"])):
        begun = limit["from_day"] if limit["span"] == "festival" else None
        held[limit["item"], limit["span"], begun] = limit
    return [each for each in held.values() if each["quantity"] is not None and day <= (each["until_day"] or day)]


def _had(log: Sequence[Entry], made: Entry, limit: Json) -> int:
    """Return what the household and those that joined it had in the period, this redemption included.

    What went back meanwhile they had not.
    """
    first, last = _period(limit, str(made.line.day))
    void = {entry.body["redemption"] for entry in log if entry.kind == "redemption_voided"}
    theirs, sums = one_by_then(made.body["household"], log), 0
    for entry in [made] if limit["span"] == "visit" else log:
        is_theirs = entry.kind == "redemption_made" and entry.body["household"] in theirs
        if is_theirs and entry.id not in void and first <= str(entry.line.day) <= last:
            sums += _of_one(entry, limit) - _returned(log, entry, limit)
    return sums


def _of_one(entry: Entry, limit: Json) -> int:
    if limit["item"] is None:
        return int(entry.body["points"])
    return sum(line["quantity"] for line in entry.body["lines"] if line["item"] == limit["item"])


def _returned(log: Sequence[Entry], made: Entry, limit: Json) -> int:
    back = [each.body for each in log if each.kind == "goods_returned" and each.body["redemption"] == made.id]
    if limit["item"] is None:
        return sum(each["points"] for each in back)
    return sum(each["quantity"] for each in back if each["item"] == limit["item"])


def _period(limit: Json, day: str) -> tuple[str, str]:
    if limit["span"] == "festival":
        return limit["from_day"], limit["until_day"]
    if limit["span"] not in MONTHS:
        return day, day
    today, months = date.fromisoformat(day), MONTHS[limit["span"]]
    first = date(today.year, (today.month - 1) // months * months + 1, 1)
    last = date(first.year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1) - timedelta(1)
    return first.isoformat(), last.isoformat()
