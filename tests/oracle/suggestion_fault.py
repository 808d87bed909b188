"""What no desk may have written of a suggestion, each fact judged by what its own desk had seen.

The numbers of a village stand here a second time: which replies go with yes and no, and above what points two sign.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from .fold import Entry
from .hearing import Hearing, hearing_of
from .lines import IDS_OF_A_LOG, Fault
from .sight import Sight
from .suggestion import Matter, gather

ITEM: Final = "suggestion_adopted"
LIMIT: Final = 2_000
"""Hundredths of a point that one hand may give."""
REPLIES: Final = {True: ("will_do", "done", "other"), False: ("no_money", "not_ours", "already", "other")}
PAYING: Final = ("suggestion_awarded", "suggestion_award_requested")

Finding: TypeAlias = Iterator[tuple[str, str]]


@dataclass
class Docket:
    """The facts of a village as its suggestions are judged by them; `homes` says where each person lived."""

    hearing: Hearing
    homes: Mapping[int, list[Entry]]

    def sight_of(self, entry: Entry) -> Sight:
        """Return what the writer of a fact had seen."""
        return self.hearing.eyes.sight_of(entry)

    def beside(self, entry: Entry, step: int) -> Entry | None:
        """Return the fact so many lines further in the same log; null where none is held that can be read."""
        return self.hearing.by_id.get(entry.line.log * IDS_OF_A_LOG + entry.line.seq + step)

    def accounts_of(self, operator: int | None, sight: Sight) -> list[set[int]]:
        """Return which accounts may be an operator's own: by all surely seen, and by all that may have been."""
        added = self.hearing.by_id.get(operator or 0)
        lived = self.homes[added.body["person"]] if added and added.kind == "operator_added" else []
        found: list[set[int]] = []
        for is_seen in (sight.surely, sight.perhaps):
            seen = [each.body["household"] for each in lived if is_seen(each)]
            found.append(set(self.hearing.accounts(seen[-1], sight)) if seen else set())
        return found


def find_suggestion_faults(entries: Iterable[Entry], common: Iterable[Entry] = ()) -> list[Fault]:
    """Return every broken rule of the suggestions of one village; `common` is what the county says to all."""
    entries = list(entries)
    matters = gather(entries)
    if not matters:
        return []
    homes: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind in ("person_registered", "person_moved"):
            homes[entry.id if entry.kind == "person_registered" else entry.body["person"]].append(entry)
    docket = Docket(hearing_of(entries, common), homes)
    return [
        entry.line.fault(code, detail)
        for matter in matters.values()
        for acts in list(matter.acts.values())
        for entry in acts
        for check in CHECKS
        for code, detail in check(docket, matter, entry)
    ]


def in_order(docket: Docket, matter: Matter, entry: Entry) -> Finding:
    """Nobody speaks of what cannot have been heard of, nor goes on with what has its answer."""
    sight = docket.sight_of(entry)
    if matter.submitted is not None and not sight.perhaps(matter.submitted):
        yield "suggestion_unheard", f"suggestion {matter.id}"
    if entry.kind in ("suggestion_discussed", "suggestion_answered"):
        for other in matter.acts["suggestion_answered"]:
            if other is not entry and sight.surely(other):
                yield "suggestion_was_answered", f"by {other.id}"


def as_replied(docket: Docket, matter: Matter, entry: Entry) -> Finding:
    """A reply goes with its answer, and what is adopted brings its points, unless there is no room for them."""
    if entry.kind != "suggestion_answered":
        return
    if entry.body["reply"] not in REPLIES[entry.body["is_adopted"]]:
        yield "reply_misplaced", f"{entry.body['reply']}, adopted {entry.body['is_adopted']}"
    following, sight = docket.beside(entry, 1), docket.sight_of(entry)
    is_paid = following is not None and following.kind in PAYING and following.body["suggestion"] == matter.id
    if not entry.body["is_adopted"] or is_paid or docket.hearing.eyes.is_last(entry):
        return
    if any(map(sight.perhaps, matter.acts["suggestion_awarded"])) or matter.submitted is None:
        return
    ranges = [_brings(docket, entry, account) for account in _accounts(docket, matter, entry)]
    if all(each and each[0] > 0 for each in ranges):
        yield "suggestion_award_missing", f"suggestion {matter.id}"


def as_backed(docket: Docket, matter: Matter, entry: Entry) -> Finding:
    """Points stand behind the answer that brings them, or follow an approved request, and are given once."""
    if entry.kind not in PAYING:
        return
    if any(map(docket.sight_of(entry).surely, matter.acts["suggestion_awarded"])):
        yield "suggestion_paid_twice", f"suggestion {matter.id}"
    if entry.body.get("request") is not None:
        yield from _as_signed(docket, entry)
    elif _answer_of(docket, matter, entry) is None:
        yield "suggestion_award_unbacked", f"suggestion {matter.id}"


def as_earned(docket: Docket, matter: Matter, entry: Entry) -> Finding:
    """They are those of the scheme's item on that day, less only where a cap leaves less, for the account there is."""
    if entry.kind not in PAYING or matter.submitted is None:
        return
    account, points = entry.body["household"], entry.body["points"]
    if account not in _accounts(docket, matter, entry):
        yield "suggestion_misplaced", f"household {account}"
    elif entry.body.get("request") is None and points not in _brings(docket, entry, account):
        yield "suggestion_points_differ", f"points {points}"


def by_two_hands(docket: Docket, matter: Matter, entry: Entry) -> Finding:
    """Nobody gives alone what is above the limit, nor to the own household."""
    answer = _answer_of(docket, matter, entry) if entry.kind in PAYING else None
    if answer is None:
        return
    sight, account, points = docket.sight_of(entry), entry.body["household"], entry.body["points"]
    own = docket.accounts_of(answer.body["signer"] or answer.line.op, sight)
    set_here = docket.hearing.number_set("points", "award_limit_points", entry.line.day, sight)
    limit = LIMIT if set_here is None else set_here
    if entry.kind == "suggestion_award_requested":
        is_needed = points > limit if entry.body["reason"] == "over_limit" else any(account in each for each in own)
        if not is_needed:
            yield "suggestion_request_needless", f"{entry.body['reason']}, points {points}"
    else:
        if points > limit:
            yield "suggestion_over_limit", f"points {points}"
        if all(each == {account} for each in own):
            yield "suggestion_own_household", f"household {account}"


CHECKS: Final = (in_order, as_replied, as_backed, as_earned, by_two_hands)


def _answer_of(docket: Docket, matter: Matter, entry: Entry) -> Entry | None:
    """Return the adopting answer that stands right before points in their log."""
    before = docket.beside(entry, -1)
    is_it = before is not None and before.kind == "suggestion_answered" and before.body["suggestion"] == matter.id
    return before if before is not None and is_it and before.body["is_adopted"] else None


def _as_signed(docket: Docket, entry: Entry) -> Finding:
    request = entry.body["request"]
    asked, answers = docket.hearing.by_id.get(request), docket.hearing.answers[request]
    sight = docket.sight_of(entry)
    if not any(each.body["is_approved"] and sight.surely(each) for each in answers):
        yield "suggestion_award_unsigned", f"request {request}"
    if asked is None:
        return
    fields = ("suggestion", "person", "scheme", "item", "points")
    if asked.kind != "suggestion_award_requested" or any(asked.body[name] != entry.body[name] for name in fields):
        yield "suggestion_award_not_as_asked", f"request {request}"


def _accounts(docket: Docket, matter: Matter, entry: Entry) -> list[int]:
    submitted = matter.submitted
    return [] if submitted is None else docket.hearing.accounts(submitted.body["household"], docket.sight_of(entry))


def _brings(docket: Docket, entry: Entry, account: int) -> range:
    """Return what the item may bring an account; nothing where no scheme in force may have had it."""
    sight, day = docket.sight_of(entry), entry.line.day or ""
    offers = [(book, book.item(ITEM)) for book in docket.hearing.books(day, sight)]
    found = [docket.hearing.earned.brings(book, item, account, day, sight) for book, item in offers if item]
    if not found:
        return range(0)
    least = 0 if len(found) < len(offers) else min(each[0] for each in found)
    return range(least, max(each[-1] for each in found) + 1)
