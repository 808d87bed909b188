"""What follows from the facts of one village, as docs/ledger.md says: who is there, what counts once, what is in force.

Every function takes facts sorted by rank, lowest first: the last one seen holds an aspect, the first one a key.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from .body import UnreadError, read_body
from .chain import name_in
from .lines import Key, Line, Rank
from .recovered import what_happened
from .strict import Json

OnceKey: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact that was read: its line, its body with every field, and the name in its personal text.

    What a recovered fact carries was written in another log, and is read at the place where it was written again.
    """

    line: Line
    body: Json
    name: str | None
    is_recovered: bool = False

    @property
    def kind(self) -> str:
        """What happened."""
        return self.line.kind

    @property
    def id(self) -> int:
        """The id of what this fact created."""
        return self.line.id

    @property
    def rank(self) -> Rank:
        """Authority, turn, log, seq."""
        return self.line.rank


@dataclass(frozen=True, slots=True)
class Aspect:
    """What one kind says of one thing: which fields, of the thing that `of` names (null: the one created here)."""

    thing: str
    of: str | None
    fields: tuple[str, ...] = ()
    fixed: tuple[tuple[str, str | None], ...] = ()


THINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "household": ("group", "house", "residents", "name", "state", "into"),
    "person": ("household", "name", "birth_year", "sex", "homonym"),
    "member": ("person", "class_code", "joined_year", "standing"),
    "operator": ("badge", "role", "person", "name", "state", "from_day", "until_day", "reason"),
    "card": ("number", "holder", "household", "person", "state"),
    "item": ("name", "unit", "is_provisional", "monthly_limit", "best_before"),
}
"""What is known of each thing; null where no fact that was read says it."""

_NEW_CARD: Final = Aspect("card", None, ("number", "holder", "household", "person"), (("state", "live"),))
_NO_SUSPENSION: Final = (("from_day", None), ("until_day", None), ("reason", None))
ASPECTS: Final[Mapping[str, tuple[Aspect, ...]]] = {
    "household_registered": (Aspect("household", None, ("group", "house", "residents", "name"), (("state", "open"),)),),
    "household_renamed": (Aspect("household", "household", ("name",)),),
    "household_moved": (Aspect("household", "household", ("group", "house")),),
    "household_counted": (Aspect("household", "household", ("residents",)),),
    "household_merged": (Aspect("household", "household", ("into",), (("state", "merged"),)),),
    "household_left": (Aspect("household", "household", (), (("state", "left"), ("into", None))),),
    "household_arrived": (Aspect("household", None, ("group", "house", "residents", "name"), (("state", "open"),)),),
    "person_registered": (Aspect("person", None, ("household", "name", "birth_year", "sex", "homonym")),),
    "person_renamed": (Aspect("person", "person", ("name",)),),
    "person_moved": (Aspect("person", "person", ("household",)),),
    "person_corrected": (Aspect("person", "person", ("birth_year", "sex", "homonym")),),
    "member_registered": (Aspect("member", None, ("person", "class_code", "joined_year", "standing")),),
    "member_corrected": (Aspect("member", "member", ("person", "class_code", "joined_year", "standing")),),
    "operator_added": (Aspect("operator", None, ("badge", "role", "person", "name"), (("state", "active"),)),),
    "operator_state_changed": (Aspect("operator", "operator", ("state",)),),
    "operator_suspended": (Aspect("operator", "operator", ("from_day", "until_day", "reason")),),
    "suspension_lifted": (Aspect("operator", "operator", (), _NO_SUSPENSION),),
    "card_issued": (_NEW_CARD,),
    "card_replaced": (_NEW_CARD, Aspect("card", "card", (), (("state", "replaced"),))),
    "card_bound": (Aspect("card", "card", ("holder", "household", "person")),),
    "card_state_changed": (Aspect("card", "card", ("state",)),),
    "item_registered": (Aspect("item", None, ("name", "unit", "is_provisional")),),
    "item_renamed": (Aspect("item", "item", ("name", "unit", "is_provisional")),),
    "code_added": (Aspect("item", "item"),),
    "monthly_limit_set": (Aspect("item", "item", ("monthly_limit",)),),
    "best_before_set": (Aspect("item", "item", ("best_before",)),),
}
_FIELDS_CALLED_OTHERWISE: Final = {"monthly_limit": "quantity", "best_before": "day"}


def read_entries(lines: Iterable[Line], texts: Mapping[Key, str]) -> tuple[list[Entry], list[Json]]:
    """Return the facts of known kinds by rank, and how many of each other kind, version or body are kept unread."""
    entries: list[Entry] = []
    unread: dict[tuple[str, int, str], int] = defaultdict(int)
    for line in lines:
        said: Line | None = line
        try:
            said = what_happened(line)
            if said is not None:
                body, name = read_body(said.kind, said.kv, said.body), name_in(texts.get(line.key))
                entries.append(Entry(said, body, name, is_recovered=said is not line))
        except UnreadError as error:
            of = said or line
            unread[of.kind, of.kv, str(error)] += 1
    unknown = [
        {"kind": kind, "kv": kv, "reason": reason, "count": count}
        for (kind, kv, reason), count in sorted(unread.items())
    ]
    return sorted(entries, key=lambda entry: (entry.rank, entry.line.village)), unknown


def things(entries: Iterable[Entry], thing: str) -> list[Json]:
    """Return every household, person, member, operator, card or item with the value of each aspect."""
    found: dict[int, Json] = {}
    for entry in entries:
        for aspect in ASPECTS.get(entry.kind, ()):
            if aspect.thing == thing:
                key = entry.body[aspect.of] if aspect.of else entry.id
                row = found.setdefault(key, {"id": key} | dict.fromkeys(THINGS[thing]))
                row.update(_said(entry, aspect))
    return [found[key] for key in sorted(found)]


def items(entries: Iterable[Entry]) -> list[Json]:
    """Return every item with all codes that name it."""
    entries = list(entries)
    codes: dict[int, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.kind == "item_registered":
            codes[entry.id].update(entry.body["codes"])
        elif entry.kind == "code_added":
            codes[entry.body["item"]].add(entry.body["code"])
    return [row | {"codes": sorted(codes[row["id"]])} for row in things(entries, "item")]


ONCE = {
    "points_awarded": ("award of request", "request"),
    "attendance_awarded": ("points of meeting and household", "meeting", "household"),
    "suggestion_awarded": ("points of suggestion", "suggestion"),
    "suggestion_answered": ("answer to suggestion", "suggestion"),
    "award_reversed": ("reversal of award", "award"),
    "deduction_reversed": ("reversal of deduction", "deduction"),
    "household_left": ("leaving of household", "household"),
    "household_arriving": ("announcement of village and household", "from_village", "from_household"),
    "household_arrived": ("arrival of village and household", "from_village", "from_household"),
    "opening_balance_posted": ("opening of household and paper", "household", "paper"),
    "opening_reversed": ("reversal of opening", "opening"),
    "fund_reversed": ("reversal of money", "received"),
    "stock_lowered": ("lowering of request", "request"),
    "redemption_voided": ("void of redemption", "redemption"),
    "request_answered": ("answer to request", "request"),
    "objection_answered": ("answer to request", "objection"),
    "slip_recovered": ("slip of till and number", "till", "number"),
}
"""What a kind may do only once: its name, and the fields of the body that say of what."""


ASKING: Final = (
    "award_requested", "card_replaced", "sign_in_requested", "suggestion_award_requested", "void_requested",
    "stock_lowering_requested", "return_requested", "objection_raised",
)  # fmt: skip
"""Kinds that always ask for a second signature."""


def once_key(entry: Entry) -> OnceKey | None:
    """Return what a fact may do only once, or null where every fact counts."""
    name, *fields = ONCE.get(entry.kind, ("",))
    if not fields or entry.body[fields[0]] is None:
        return None
    return name, *(entry.body[field] for field in fields)


def counted_once(entries: Iterable[Entry]) -> dict[OnceKey, list[Entry]]:
    """Return the facts of each key: the first counts, the others are duplicates."""
    found: dict[OnceKey, list[Entry]] = defaultdict(list)
    made: dict[OnceKey, Entry] = {}
    for entry in entries:
        if (key := once_key(entry)) is not None:
            found[key].append(entry)
        if entry.kind == "redemption_made":
            made.setdefault((ONCE["slip_recovered"][0], entry.body["till"], entry.body["number"]), entry)
    return {key: [made[key], *same] if key in made else same for key, same in found.items()}


def counting(entries: Iterable[Entry]) -> list[Entry]:
    """Return the facts that count: all but the duplicates of a key."""
    entries = list(entries)
    duplicates = {entry.id for same in counted_once(entries).values() for entry in same[1:]}
    duplicates |= returned_twice(entries)
    return [entry for entry in entries if entry.id not in duplicates]


def returned_twice(entries: Iterable[Entry]) -> set[int]:
    """Return the returns that do not count: of what is void, or not going on where those of their line ended."""
    entries = list(entries)
    void = {entry.body["redemption"] for entry in entries if entry.kind == "redemption_voided"}
    through: dict[tuple[int, int], int] = defaultdict(int)
    found = set()
    for entry in entries:
        if entry.kind == "goods_returned":
            line = entry.body["redemption"], entry.body["line"]
            if line[0] in void or entry.body["before"] != through[line]:
                found.add(entry.id)
            else:
                through[line] += entry.body["quantity"]
    return found


def one_by_then(household: int, merges: Iterable[Entry]) -> set[int]:
    """Return a household and all that had joined it, or one of those, by some facts."""
    into = {each.body["household"]: each.body["into"] for each in merges if each.kind == "household_merged"}
    found = {household}
    while more := {each for each, other in into.items() if other in found} - found:
        found |= more
    return found


def balances(entries: Iterable[Entry]) -> dict[int, int]:
    """Return hundredths of a point by household: the sum of its counted legs."""
    sums: dict[int, int] = defaultdict(int)
    for leg in _counted_legs(entries):
        if leg["account"] == "household" and leg["household"] is not None:
            sums[leg["household"]] += leg["points"]
    return dict(sorted(sums.items()))


def accounts(entries: Iterable[Entry]) -> dict[str, int]:
    """Return hundredths of a point by account; `household` is all households together."""
    sums: dict[str, int] = defaultdict(int)
    for leg in _counted_legs(entries):
        sums[leg["account"]] += leg["points"]
    return dict(sorted(sums.items()))


def requests(entries: Iterable[Entry], more: Iterable[Entry] = ()) -> list[Json]:
    """Return every request, waiting until the answer of lowest rank approves or declines it.

    `more` are facts that ask by what happened elsewhere; `award` and `sign_in` are what fulfilled a request.
    """
    entries = list(entries)
    once = counted_once(entries)
    asked = {entry.id: entry.kind for entry in (*(entry for entry in entries if _asks(entry)), *more)}
    answered = {int(key[1]): same[0] for key, same in once.items() if key[0] == "answer to request"}
    fulfilled = {int(key[1]): same[0].id for key, same in once.items() if key[0] == "award of request"}
    entered: dict[int, int] = {}
    for entry in entries:
        if entry.kind == "signed_in" and entry.body["request"] is not None:
            entered.setdefault(entry.body["request"], entry.id)
    return [
        _request(key, asked.get(key), answered.get(key)) | {"award": fulfilled.get(key), "sign_in": entered.get(key)}
        for key in sorted(asked | answered)
    ]


def _asks(entry: Entry) -> bool:
    is_unsigned = entry.kind == "people_imported" and entry.body["openings"] > 0 and entry.body["signer"] is None
    body = entry.body
    is_moved = entry.kind == "day_opened" and body.get("signer", 0) is None and body["day"] != body["clock_day"]
    return is_unsigned or is_moved or entry.kind in ASKING


def _request(key: int, kind: str | None, answer: Entry | None) -> Json:
    body = answer.body if answer else {"is_approved": None, "signer": None, "is_verified": None}
    state = {None: "waiting", True: "approved", False: "declined"}[body.get("is_approved", body.get("is_upheld"))]
    signed = {"signer": body["signer"], "is_verified": body["is_verified"]}
    return {"id": key, "kind": kind, "state": state, "answer": answer.id if answer else None, **signed}


def _said(entry: Entry, aspect: Aspect) -> Json:
    said: Json = dict(aspect.fixed)
    for field in aspect.fields:
        is_private = field == "name" and aspect.thing != "item"
        said[field] = entry.name if is_private else entry.body[_FIELDS_CALLED_OTHERWISE.get(field, field)]
    return said


def _counted_legs(entries: Iterable[Entry]) -> list[Json]:
    return [leg for entry in counting(entries) for leg in entry.body.get("legs", ())]
