"""What follows for the meetings of one village: state, who was expected, who came, and what waits after the end.

As docs/ledger.md says: an act of lowest rank counts, an end outweighs a cancelling, and of the sign-ins of a subject
the first by rank that was not undone and that the end had seen, or that names a request.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from .fold import Entry
from .strict import Json

ACTS: Final = {
    "sign_in_opened": "opened",
    "meeting_begun": "begun",
    "meeting_ended": "ended",
    "meeting_cancelled": "cancelled",
}
STATES: Final = {"ended": "ended", "cancelled": "cancelled", "begun": "begun", "opened": "open"}
"""From the act that weighs most to the one that weighs least."""
CALL: Final = ("template", "counts", "groups", "planned_day", "planned_hour")


@dataclass
class Meeting:
    """A meeting as some of its facts tell it; `lists` has the household and person of each subject expected."""

    id: int
    call: Entry | None = None
    heads: int | None = None
    acts: dict[str, Entry] = field(default_factory=dict)
    lists: dict[int, Json] = field(default_factory=dict)
    leaves: dict[int, str | None] = field(default_factory=dict)
    sign_ins: list[Entry] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)
    awards: dict[int, Entry] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """How far the meeting is."""
        return next((state for act, state in STATES.items() if act in self.acts), "called")

    @property
    def valid(self) -> list[Entry]:
        """Sign-ins that nobody undid."""
        return [entry for entry in self.sign_ins if entry.id not in self.undone]

    @property
    def unseen(self) -> list[Entry]:
        """Sign-ins that the end had not seen and that nobody let in: each waits for a second signature."""
        return [entry for entry in self.valid if entry.body["request"] is None and not self._is_seen(entry)]

    @property
    def counted(self) -> dict[int, Entry]:
        """The sign-in that counts, by subject."""
        found: dict[int, Entry] = {}
        for entry in self.valid:
            if entry.body["request"] is not None or self._is_seen(entry):
                found.setdefault(subject_of(entry.body), entry)
        return found

    def came(self, subject: int, counted: Mapping[int, Entry]) -> str:
        """Say how somebody came to this meeting, or did not."""
        if subject in counted and subject not in self.lists:
            return "observer"
        if subject in counted:
            return "late" if counted[subject].body["is_late"] else "present"
        return "absent" if self.leaves.get(subject) is None else "leave"

    def figures(self) -> Json:
        """Return the figures of an end: late ones are among those present."""
        counted = self.counted
        came = [self.came(subject, counted) for subject in self.lists | counted]
        by = {each: came.count(each) for each in ("present", "late", "leave", "absent", "observer")}
        figures = {"expected": len(self.lists), "present": by["present"] + by["late"], "late": by["late"]}
        return figures | {"leave": by["leave"], "absent": by["absent"], "observers": by["observer"]}

    def earning(self) -> dict[int, Entry]:
        """Return the sign-in by which each household earns: of somebody expected, one on time before a late one."""
        best: dict[int, Entry] = {}
        for subject, entry in sorted(self.counted.items(), key=lambda each: each[1].rank):
            household = entry.body["household"]
            if subject not in self.lists:
                continue
            if household not in best or (best[household].body["is_late"] and not entry.body["is_late"]):
                best[household] = entry
        return best

    def _is_seen(self, entry: Entry) -> bool:
        if "ended" not in self.acts:
            return True
        closing = {place["log"]: place["seq"] for place in self.acts["ended"].body["closing"]}
        return entry.line.seq <= int(closing.get(entry.line.log, 0))


def subject_of(body: Json) -> int:
    """Return whom a body is about: the person, or the household where no person is named."""
    return int(body["household"] if body["person"] is None else body["person"])


def gather(entries: Iterable[Entry]) -> dict[int, Meeting]:
    """Return every meeting that facts sorted by rank, lowest first, tell of."""
    found: dict[int, Meeting] = {}
    for entry in entries:
        if (key := meeting_of(entry)) is not None:
            _take(found.setdefault(key, Meeting(key)), entry)
    return found


def meeting_of(entry: Entry) -> int | None:
    """Return the meeting that a fact belongs to; null where it belongs to none, and where it only asks."""
    if entry.kind == "meeting_called":
        return entry.id
    return None if entry.kind == "sign_in_requested" else entry.body.get("meeting")


def unseen(entries: Iterable[Entry]) -> list[Entry]:
    """Return every sign-in that is a request: the end of its meeting had not seen it."""
    return [entry for meeting in gather(entries).values() for entry in meeting.unseen]


def meetings(entries: Iterable[Entry]) -> list[Json]:
    """Return every meeting with its figures, and how each subject came; points in hundredths, counted awards only."""
    return [_row(meeting) for _, meeting in sorted(gather(entries).items())]


def _take(meeting: Meeting, entry: Entry) -> None:
    if entry.kind in ACTS:
        meeting.acts.setdefault(ACTS[entry.kind], entry)
    elif entry.kind == "meeting_called":
        meeting.call = entry
    elif entry.kind == "heads_counted":
        meeting.heads = entry.body["heads"]
    else:
        _take_one(meeting, entry, entry.body)


def _take_one(meeting: Meeting, entry: Entry, body: Json) -> None:
    """Take a fact about those who are expected or came."""
    if entry.kind == "expected_listed":
        meeting.lists |= {subject_of(each): each for each in body["attendees"]}
    elif entry.kind == "signed_in":
        meeting.sign_ins.append(entry)
    elif entry.kind == "sign_in_undone":
        meeting.undone.add(body["sign_in"])
    elif entry.kind == "leave_set":
        meeting.leaves[subject_of(body)] = body["reason"]
    elif entry.kind == "attendance_awarded":
        meeting.awards.setdefault(body["household"], entry)


def _row(meeting: Meeting) -> Json:
    call, opened = meeting.call, meeting.acts.get("opened")
    said = {name: call.body[name] if call else None for name in CALL} | {"topic": call.name if call else None}
    acts = {act: meeting.acts[act].id if act in meeting.acts else None for act in ACTS.values()}
    posted = {"awards": len(meeting.awards), "points": sum(each.body["points"] for each in meeting.awards.values())}
    return (
        {"id": meeting.id, **said, "state": meeting.state, "day": opened.line.day if opened else None, **acts}
        | meeting.figures()
        | {"heads": meeting.heads, **posted, "unseen": sorted(each.id for each in meeting.unseen)}
        | {"attendance": sorted(_attendance(meeting), key=lambda row: int(row["subject"]))}
    )


def _attendance(meeting: Meeting) -> Iterator[Json]:
    counted = meeting.counted
    for subject in meeting.lists | counted:
        entry = counted.get(subject)
        who = meeting.lists.get(subject) or (entry.body if entry else {})
        award = meeting.awards.get(entry.body["household"]) if entry else None
        is_paid = award is not None and entry is not None and award.body["sign_in"] == entry.id
        yield {
            "subject": subject, "household": who["household"], "person": who["person"],
            "came": meeting.came(subject, counted), "late_minutes": entry.body["late_minutes"] if entry else None,
            "sign_in": entry.id if entry else None, "leave": None if entry else meeting.leaves.get(subject),
            "points": award.body["points"] if award and is_paid else 0,
        }  # fmt: skip
