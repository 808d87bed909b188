"""What the county says to a village: barred cards, messages and whether they were read, numbers, settled exceptions.

Facts come sorted by rank; `common` are those of village 0.
"""

from collections.abc import Iterable

from .fold import Entry, things
from .lines import Fault
from .strict import Json

BARS = {"card_barred": True, "card_cleared": False}
READ = {"message_sent": "sent", "exception_settled": "settled"}
COUNTY_KINDS = (*BARS, *READ, "rule_set", "household_arriving")


def barred(entries: Iterable[Entry]) -> list[str]:
    """Return the numbers on the list of lost cards."""
    found = {entry.body["number"]: BARS[entry.kind] for entry in entries if entry.kind in BARS}
    return sorted(number for number, is_barred in found.items() if is_barred)


def messages(entries: Iterable[Entry], common: Iterable[Entry]) -> list[Json]:
    """Return what there is to read, the county's word to all first, each with whether the desk has read it."""
    entries = list(entries)
    read = {(e.body["is_common"], e.body["seq"]) for e in entries if e.kind == "message_read"}
    return [
        {
            "is_common": is_common,
            "seq": entry.line.seq,
            "kind": READ[entry.kind],
            "is_read": (is_common, entry.line.seq) in read,
        }
        for is_common, said in ((True, common), (False, entries))
        for entry in said
        if entry.kind in READ and not entry.line.log
    ]


def rule_on(entries: Iterable[Entry], common: Iterable[Entry], rules: str, name: str, day: str) -> int | None:
    """Return the number that the county set and that holds on a day; null where it set none."""
    for said in (entries, common):
        held = [
            (entry.body["from_day"], entry.rank, entry.body["value"])
            for entry in said
            if entry.kind == "rule_set" and (entry.body["rules"], entry.body["name"]) == (rules, name)
            and entry.body["from_day"] <= day
        ]  # fmt: skip
        if held:
            return int(max(held)[2])
    return None


def settled(entries: Iterable[Entry]) -> list[Json]:
    """Return every exception that was settled, with how it stood."""
    return [
        {"cause": entry.body["cause"], **subject}
        for entry in entries
        if entry.kind == "exception_settled"
        for subject in entry.body["subjects"]
    ]


def find_county_faults(entries: Iterable[Entry]) -> list[Fault]:
    """Return every fact by which a terminal says what only the county may say, or hands out on a card it knew barred.

    A redemption had seen what `ref` counts of the county's log of the village.
    """
    entries = list(entries)
    alien = [
        entry.line.fault("not_the_county", f"{entry.kind} is the county's to say")
        for entry in entries
        if entry.kind in COUNTY_KINDS and entry.line.log
    ]
    numbers = {card["id"]: card["number"] for card in things(entries, "card")}
    return alien + [
        entry.line.fault("card_was_barred", f"card {entry.body['card']}")
        for entry in entries
        if entry.kind == "redemption_made" and numbers.get(entry.body["card"]) in _barred_at(entries, entry.line.ref[1])
    ]


def _barred_at(entries: Iterable[Entry], seq: int) -> list[str]:
    return barred(entry for entry in entries if not entry.line.log and entry.line.seq <= seq)
