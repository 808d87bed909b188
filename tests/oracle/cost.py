"""What the goods of a village cost, in fen: on the shelf, handed out, lost; and the books of its fund.

The goods of an item lie in a row, delivery behind delivery. `taken` says how many of the row are gone; a cost is that
of the pieces between two such places. What was never delivered cost nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from .fold import Entry, counting
from .lines import Fault
from .shop import MOVING
from .strict import Json

Lot: TypeAlias = tuple[int, int]
"""Pieces or grams, and what they cost together."""

TERMS: Final = ("shelf", "redeemed", "lost")
WORDS: Final = {"goods_received": "received", "stock_lowered": "lost"}


def deliveries(entries: Iterable[Entry]) -> list[Json]:
    """Return every delivery: its source, its cost if it is known, and the ids of its goods with what fell on them."""
    entries = sorted(counting(entries), key=lambda each: each.id)
    said: dict[int, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda each: each.rank):
        if entry.kind == "delivery_cost_set":
            said[entry.body["delivery"]].append(entry)
    came: dict[int, list[Entry]] = defaultdict(list)
    rows: list[Json] = []
    for entry in entries:
        if entry.kind == "goods_received":
            came[entry.line.log].append(entry)
        elif entry.kind == "delivery_received":
            goods = came[entry.line.log][-entry.body["kinds"] :]
            last = said[entry.id][-1] if entry.id in said else entry
            rows.append(_delivery(entry, last.body, goods, _split_of(entry, said.get(entry.id, []))))
    return rows


def shelf(entries: Iterable[Entry]) -> list[Json]:
    """Return what each item cost: what lies on the shelf, what was handed out and did not come back, what was lost."""
    entries = list(entries)
    costs = {goods: cost for row in deliveries(entries) for goods, cost in row["goods"]}
    moves: dict[int, list[tuple[tuple[object, ...], str, int, int]]] = defaultdict(list)
    for entry in counting(entries):
        for number, (item, word, quantity) in enumerate(_moves(entry)):
            order = _order(entry, is_count=word == "counted", number=number)
            moves[item].append((order, word, quantity, costs.get(entry.id) or 0))
    return [{"item": item, **_of_item(sorted(rows))} for item, rows in sorted(moves.items())]


def books(entries: Iterable[Entry]) -> Json:
    """Return the terms of the fund in fen, and what is missing between its two sides: nothing."""
    entries = counting(entries)
    wrong = {entry.body["received"] for entry in entries if entry.kind == "fund_reversed"}
    found = {"received": 0, "given": 0, "spent": 0, **dict.fromkeys(TERMS, 0)}
    for entry in entries:
        if entry.kind == "fund_received" and entry.id not in wrong:
            found["received"] += entry.body["amount"]
    for row in deliveries(entries):
        found["spent" if row["source"] == "purchase" else "given"] += row["cost"] or 0
    for item in shelf(entries):
        for term in TERMS:
            found[term] += item[term]
    there = found["received"] - found["spent"] + sum(found[term] for term in TERMS)
    return found | {"missing": found["received"] + found["given"] - there}


def costs_differ(entries: Iterable[Entry]) -> Iterator[Fault]:
    """A delivery falls on its goods whole: a figure for each kind, and their sum is what it cost."""
    entries = list(entries)
    kinds = {entry.id: entry.body["kinds"] for entry in entries if entry.kind == "delivery_received"}
    for entry in entries:
        costs, cost = entry.body.get("costs"), entry.body.get("cost")
        if costs is None or (cost is None and not costs):
            continue
        many = entry.body["kinds"] if entry.kind == "delivery_received" else kinds.get(entry.body["delivery"])
        if many not in (None, len(costs)) or sum(costs) != cost:
            yield entry.line.fault("delivery_costs_differ", f"{costs} of {many} kinds, {cost} in all")


def _split_of(made: Entry, said: list[Entry]) -> list[int]:
    """What was said last of how the cost falls on the goods: by the fact of highest rank that says so."""
    saying = [each for each in (made, *said) if each.body.get("costs")]
    return list(max(saying, key=lambda each: each.rank).body["costs"]) if saying else []


def _delivery(made: Entry, costed: Json, goods: list[Entry], split: list[int]) -> Json:
    cost = costed["cost"]
    if cost is None:
        parts: list[int | None] = [None] * len(goods)
    elif len(split) == len(goods) and sum(split) == cost:
        parts = list(split)
    else:
        ends = [_share(cost, number, len(goods)) for number in range(len(goods) + 1)]
        parts = [ends[number + 1] - ends[number] for number in range(len(goods))]
    named = [(each.id, part) for each, part in zip(goods, parts, strict=True)]
    return {"id": made.id, "source": made.body["source"], "cost": cost, "goods": named}


def _moves(entry: Entry) -> list[tuple[int, str, int]]:
    """Item, what happened, and how many: below zero for what left."""
    body = entry.body
    if entry.kind == "stock_counted":
        return [(body["item"], "counted", body["quantity"])]
    is_waste = body.get("to") == "waste"
    if body.get("to") == "waste":
        return [(body["item"], "redeemed", body["quantity"]), (body["item"], "lost", -body["quantity"])]
    word, sign = WORDS.get(entry.kind, "redeemed"), 0 if is_waste else MOVING.get(entry.kind, 0)
    lines = body.get("lines", (body,)) if sign else ()
    return [(line["item"], word, sign * line["quantity"]) for line in lines]


def _order(entry: Entry, *, is_count: bool, number: int) -> tuple[object, ...]:
    rank: tuple[object, ...] = tuple(entry.rank) if is_count else ()
    return entry.body["seat"], entry.line.seq, is_count, rank, entry.line.log, number


def _of_item(moves: list[tuple[tuple[object, ...], str, int, int]]) -> Json:
    lots: list[Lot] = [(quantity, cost) for _order, word, quantity, cost in moves if word == "received"]
    came = taken = 0
    found = {"redeemed": 0, "lost": 0}
    for _order, word, quantity, _cost in moves:
        if word == "received":
            came += quantity
            continue
        change = quantity - (came - taken) if word == "counted" else quantity
        found["redeemed" if word == "redeemed" else "lost"] += _upto(lots, taken - change) - _upto(lots, taken)
        taken -= change
    return {"shelf": sum(cost for _quantity, cost in lots) - _upto(lots, taken), **found}


def _upto(lots: list[Lot], count: int) -> int:
    """What the first `count` of a row cost."""
    total = 0
    for quantity, cost in lots:
        if count <= 0:
            break
        total += cost if count >= quantity else _share(cost, count, quantity)
        count -= quantity
    return total


def _share(cost: int, part: int, whole: int) -> int:
    """Half away from zero."""
    return (2 * cost * part + whole) // (2 * whole)
