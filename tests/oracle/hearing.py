"""The facts of a village's meetings, laid out so that each can be judged by what its own desk had seen."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from .county import rule_on
from .earning import Book, Earned, book_on
from .fold import Entry
from .lines import IDS_OF_A_LOG
from .meeting import Meeting, gather, meeting_of, subject_of
from .shop import DATED
from .sight import Eyes, Sight, eyes_of


@dataclass
class Case:
    """The facts of one meeting, sorted by rank and by what they are about."""

    id: int
    entries: list[Entry] = field(default_factory=list)
    of: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    signed: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    undone: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    awards: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _seen: dict[int, Meeting] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take one more fact, of higher rank than those before."""
        self.entries.append(entry)
        self.of[entry.kind].append(entry)
        if entry.kind == "signed_in":
            self.signed[subject_of(entry.body)].append(entry)
        elif entry.kind == "sign_in_undone":
            self.undone[entry.body["sign_in"]].append(entry)
        elif entry.kind == "attendance_awarded":
            self.awards[entry.body["household"]].append(entry)

    @property
    def template(self) -> str | None:
        """What kind of meeting it is; null where its call is not here."""
        return str(self.of["meeting_called"][0].body["template"]) if self.of["meeting_called"] else None

    @property
    def over(self) -> list[Entry]:
        """Every end and every cancelling."""
        return self.of["meeting_ended"] + self.of["meeting_cancelled"]

    def lists(self, subject: int) -> list[Entry]:
        """Return the lists that somebody stands in."""
        listed = self.of["expected_listed"]
        return [each for each in listed if subject in map(subject_of, each.body["attendees"])]

    def seen_by(self, end: Entry) -> Meeting:
        """Return the meeting as far as its end had read each log."""
        if end.id not in self._seen:
            closing = closing_of(end)
            seen = [each for each in self.entries if each.line.seq <= closing.get(each.line.log, 0)]
            self._seen[end.id] = gather(seen).get(self.id, Meeting(self.id))
        return self._seen[end.id]


@dataclass
class Hearing:
    """All that is known when the facts of a village's meetings are judged.

    `before` is the sign-in that a log wrote before another one, by the id of that one.
    """

    eyes: Eyes
    earned: Earned
    ruled: list[Entry]
    numbers: list[Entry]
    merges: list[Entry]
    answers: Mapping[int, list[Entry]]
    cases: Mapping[int, Case]
    by_id: Mapping[int, Entry]
    before: Mapping[int, Entry]
    _books: dict[tuple[object, ...], Book] = field(default_factory=dict)

    def books(self, day: str, sight: Sight) -> list[Book]:
        """Return what is in force on a day by all that was surely seen, and by all that may have been."""
        return [self._book(day, sight.surely), self._book(day, sight.perhaps)]

    def number_set(self, rules: str, name: str, day: str | None, sight: Sight) -> int | None:
        """Return the number of the rules that the county had set on a day, as far as that was surely seen."""
        seen = [entry for entry in self.numbers if sight.surely(entry)]
        own, common = ([entry for entry in seen if bool(entry.line.village) is is_own] for is_own in (True, False))
        return rule_on(own, common, rules, name, day or "")

    def accounts(self, household: int, sight: Sight) -> list[int]:
        """Return who may have the account of a household: itself, or whom it joined as far as that was seen."""
        sure = self._joined(household, sight.surely)
        chain = self._joined(household, sight.perhaps)
        return chain[chain.index(sure[-1]) :] if sure[-1] in chain else [sure[-1], chain[-1]]

    def may_have_read(self, entry: Entry, log: int, seq: int) -> bool:
        """Tell whether a log can have been read so far: to the line before in the own log, else by a lower turn."""
        last = self.by_id.get(log * IDS_OF_A_LOG + seq)
        if log == entry.line.log:
            return seq == entry.line.seq - 1
        return last is None or last.line.turn < entry.line.turn

    def _book(self, day: str, is_seen: Callable[[Entry], bool]) -> Book:
        world = [entry for entry in self.ruled if is_seen(entry)]
        key = (day, *(entry.line.key for entry in world))
        if key not in self._books:
            self._books[key] = book_on(world, day)
        return self._books[key]

    def _joined(self, household: int, is_seen: Callable[[Entry], bool]) -> list[int]:
        into = {each.body["household"]: each.body["into"] for each in self.merges if is_seen(each)}
        chain = [household]
        while (following := into.get(chain[-1])) is not None and following not in chain:
            chain.append(following)
        return chain


def hearing_of(entries: Iterable[Entry], common: Iterable[Entry]) -> Hearing:
    """Return the hearing of one village, from its facts sorted by rank and from what the county says to all."""
    entries = list(entries)
    cases: dict[int, Case] = {}
    answers: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if (meeting := meeting_of(entry)) is not None:
            cases.setdefault(meeting, Case(meeting)).add(entry)
        if entry.kind == "request_answered":
            answers[entry.body["request"]].append(entry)
    ruled = [entry for entry in (*entries, *common) if entry.kind in DATED]
    ruled.sort(key=lambda entry: (entry.rank, entry.line.village))
    numbers = [entry for entry in (*entries, *common) if entry.kind == "rule_set"]
    merges = [entry for entry in entries if entry.kind == "household_merged"]
    known = {entry.id: entry for entry in entries}
    signed = sorted((entry for entry in entries if entry.kind == "signed_in"), key=lambda entry: entry.id)
    before = {each.id: last for last, each in pairwise(signed) if last.line.log == each.line.log}
    return Hearing(eyes_of(entries), Earned(entries), ruled, numbers, merges, answers, cases, known, before)


def closing_of(end: Entry) -> dict[int, int]:
    """Return how far an end had read each log."""
    return {place["log"]: place["seq"] for place in end.body["closing"]}
