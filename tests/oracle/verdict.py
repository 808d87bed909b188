"""The whole verdict on an export, as one object with stable keys and as text for people."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from .body import ACCOUNTS
from .chain import check_chains, read_hashes, read_lines, read_texts
from .cost import books, shelf
from .county import barred, find_county_faults, messages, settled
from .fault import find_faults
from .fold import Entry, accounts, balances, counted_once, items, read_entries, requests, things
from .lines import DAY
from .meeting import meetings, unseen
from .meeting_fault import find_meeting_faults
from .move import find_move_faults
from .objection import find_objection_faults, objections
from .shop import (
    DATED,
    boxes,
    closes,
    dated,
    fund,
    handovers,
    listed,
    logs,
    prices_on,
    redemptions,
    seat_holder,
    stock,
    wishes,
)
from .strict import Json
from .suggestion import suggestions
from .suggestion_fault import find_suggestion_faults
from .terms import SAID_TO_ALL, find_limit_faults, limits, shop_days, undelivered

IN_HUNDREDTHS: Final = ("points", "each", "before", "after")
"""Fields that people read as points."""


def recompute(lines: bytes, texts: bytes = b"", hashes: bytes = b"", day: str | None = None) -> Json:
    """Return everything that follows from the bytes of NAME.lines and NAME.private.

    Points are integers in hundredths, ids are integers, days ISO text. `hashes` are known hashes of any lines;
    with `day`, each village also has the prices in force on it.
    """
    read, faults = read_lines(lines)
    known, hash_faults = read_hashes(hashes)
    kept, heads, chain_faults = check_chains(read, known)
    held, text_faults = read_texts(texts, kept)
    entries, unknown = {}, {}
    for village in sorted({line.village for line in kept}):
        mine = (line for line in kept if line.village == village)
        entries[village], unknown[village] = read_entries(mine, held)
    for village, found in entries.items():
        common = entries.get(0, []) if village else []
        chain_faults += find_faults(village, found) + find_meeting_faults(found, common)
        chain_faults += find_suggestion_faults(found, common) + find_county_faults(found)
        chain_faults += find_objection_faults(found)
        chain_faults += find_limit_faults(found)
    chain_faults += find_move_faults(entries)
    return {
        "lines": len(kept),
        "texts": len(held),
        "texts_missing": sum(1 for line in kept if line.private and line.key not in held),
        "heads": [dict(zip(("village", "log", "seq", "hash"), (*key, heads[key]), strict=True)) for key in heads],
        "villages": [
            _village(village, found, entries.get(0, []), day) | {"unknown": unknown[village]}
            for village, found in entries.items()
        ],
        "faults": [asdict(fault) for fault in faults + hash_faults + text_faults + chain_faults],
    }


def _village(village: int, entries: list[Entry], common: list[Entry], day: str | None) -> Json:
    says = [entry for entry in common if entry.kind in (*DATED, *SAID_TO_ALL) and village]
    ruled = sorted(entries + says, key=lambda entry: (entry.rank, entry.line.village))
    return {
        "village": village,
        "accounts": dict.fromkeys(("household", *ACCOUNTS), 0) | accounts(entries),
        "balances": [{"household": key, "points": points} for key, points in balances(entries).items()],
        "households": things(entries, "household"),
        "persons": things(entries, "person"),
        "members": things(entries, "member"),
        "operators": things(entries, "operator"),
        "cards": things(entries, "card"),
        "items": items(entries),
        "fund": fund(entries),
        "books": books(entries),
        "wishes": wishes(entries),
        "boxes": boxes(entries),
        "shelf": shelf(entries),
        "stock": stock(entries),
        "prices": listed(dated(ruled, "price_set")),
        "prices_in_force": prices_on(ruled, day) if day else None,
        "limits": limits(ruled),
        "shop_days": shop_days(ruled),
        "undelivered": undelivered(entries),
        "scheme_items": listed(dated(ruled, "scheme_item_set")),
        "schemes": listed(dated(ruled, "scheme_loaded")),
        "requests": requests(entries, unseen(entries)),
        "objections": objections(entries),
        "meetings": meetings(entries),
        "suggestions": suggestions(entries),
        "barred": barred(entries),
        "messages": messages(entries, common if village else []),
        "settled": settled(entries),
        "once": _once(entries),
        "seat": seat_holder(entries),
        "logs": logs(entries),
        "closes": closes(entries),
        "handovers": handovers(entries),
        "redemptions": redemptions(entries),
    }


def _once(entries: list[Entry]) -> list[Json]:
    return [
        {"rule": key[0], "of": list(key[1:]), "counted": same[0].id, "duplicates": [each.id for each in same[1:]]}
        for key, same in sorted(counted_once(entries).items(), key=lambda each: each[0])
    ]


def points(hundredths: int) -> str:
    """Return hundredths of a point as people write them: 4250 is 42.5."""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}" + (f".{rest:02d}".rstrip("0") if rest else "")


def render(verdict: Json) -> str:
    """Return a verdict as text for people; points as people write them, ids as they are."""
    text = [f"{verdict['lines']} lines, {verdict['texts']} personal texts, {verdict['texts_missing']} not here"]
    text += [f"log {head['village']}/{head['log']} to {head['seq']}: {head['hash']}" for head in verdict["heads"]]
    for village in verdict["villages"]:
        text += ["", f"== village {village['village']}", *_render_village(village)]
    text += ["", f"== faults: {len(verdict['faults'])}"]
    text += [
        f"{each['code']} {each['village']}/{each['log']}/{each['seq']}: {each['detail']}" for each in verdict["faults"]
    ]
    return "\n".join(text) + "\n"


def _render_village(village: Json) -> Iterator[str]:
    yield "accounts: " + ", ".join(f"{name} {points(sums)}" for name, sums in village["accounts"].items())
    yield f"seat: {_row(village['seat'] or {})}"
    balance = {row["household"]: row["points"] for row in village["balances"]}
    stocks = {row["item"]: row["quantity"] for row in village["stock"]}
    yield from _table("households", village["households"], lambda row: f"balance {points(balance.pop(row['id'], 0))}")
    yield from (f"  balance without a household: {key} {points(sums)}" for key, sums in balance.items())
    for name in (
        *("persons", "members", "operators", "cards", "requests", "logs", "closes", "scheme_items", "schemes"),
        *("objections", "messages", "settled", "unknown"),
    ):  # fmt: skip
        yield from _table(name, village[name])
    yield from _table("items", village["items"], lambda row: f"stock {stocks.pop(row['id'], 0)}")
    yield from (f"  stock without an item: {key} {quantity}" for key, quantity in stocks.items())
    yield from _table("prices", village["prices"] if village["prices_in_force"] is None else village["prices_in_force"])
    yield from _table("redemptions", village["redemptions"])
    yield f"barred numbers: {len(village['barred'])}"
    yield from _render_meetings(village["meetings"])
    yield from _table("suggestions", village["suggestions"])
    yield from _table("counted once, with duplicates", [row for row in village["once"] if row["duplicates"]])


def _render_meetings(meetings: list[Json]) -> Iterator[str]:
    yield f"meetings: {len(meetings)}"
    for meeting in meetings:
        yield f"  {_row({name: value for name, value in meeting.items() if name != 'attendance'})}"
        yield from (f"    {_row(row)}" for row in meeting["attendance"])


def _table(title: str, rows: Sequence[Json], more: Callable[[Json], str] = lambda _: "") -> Iterator[str]:
    yield f"{title}: {len(rows)}"
    yield from (f"  {_row(row)} {more(row)}".rstrip() for row in rows)


def _row(row: Json) -> str:
    return ", ".join(f"{name} {_shown(name, value)}" for name, value in row.items() if value is not None)


def _shown(name: str, value: object) -> str:
    if isinstance(value, list):
        return "[" + "; ".join(_shown(name, each) for each in value) + "]"
    if isinstance(value, dict):
        return _row(value)
    return points(value) if name in IN_HUNDREDTHS and isinstance(value, int) else str(value)


def main(arguments: list[str]) -> int:
    """Read the named files, print the verdict and return 0 without fault, 1 with faults, 2 if a file is unreadable."""
    parser = argparse.ArgumentParser(prog="recompute.py", description="Recomputes a village from its exported journal.")
    parser.add_argument("lines", type=Path, metavar="NAME.lines")
    parser.add_argument("private", type=Path, nargs="?", metavar="NAME.private")
    parser.add_argument("--hashes", type=Path, help='known hashes, one {"village","log","seq","hash"} a line')
    parser.add_argument("--day", type=_day, metavar="DAY", help="also the prices in force on this day, YYYY-MM-DD")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    named = parser.parse_args(arguments)
    try:
        lines, texts, hashes = (_content(path) for path in (named.lines, named.private, named.hashes))
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    verdict = recompute(lines, texts, hashes, named.day)
    print(json.dumps(verdict, ensure_ascii=False, indent=1) if named.json else render(verdict), end="")
    return 1 if verdict["faults"] else 0


def _day(text: str) -> str:
    if not DAY.fullmatch(text):
        raise argparse.ArgumentTypeError("a day is written YYYY-MM-DD")
    return text


def _content(path: Path | None) -> bytes:
    return path.read_bytes() if path else b""
