"""An evening in the village hall, written by hand line by line, for the tests of meetings."""

from .desk import Body, Ledger, moved
from .strict import Json
from .verdict import recompute

MINUTE = 60_000
BREATH = 2_000
EVENING = 1_795_329_000_000
DAY = "2026-11-22"
A, B, C = 7, 8, 9
WANG, LI, ZHAO = 1001, 1002, 1003
MING, FANG, XIU, GUO = 2001, 2002, 2003, 2004
FIRST: Json = {"scheme": "z", "label_zh": "办法", "label_en": "scheme", "from_day": "2020-01-01"}
HOME = {MING: WANG, FANG: WANG, XIU: LI, GUO: ZHAO}


class Evening(Ledger):
    """Members' meetings of a village with a scheme: 2 points on time, 1 late, under a cap of 5 a month for routine."""

    def __init__(self, cap: int | None = 500) -> None:
        """Load the scheme and call a meeting."""
        super().__init__()
        self.minutes, self.turn = 0, 0
        for code, points in (("meeting_on_time", 200), ("meeting_late", 100), ("lane", 300)):
            self.item(code, points)
        rules = [] if cap is None else [{"name": "routine_cap_points", "value": cap}]
        self.say("scheme_loaded", **FIRST, audience="household", digest="d", items=3, rules=rules)
        self.meeting = self.call()

    def say(self, kind: str, *, log: int = A, head: Body | None = None, **body: object) -> int:
        """Write a fact that had seen every fact before it, or at least had heard of their turns."""
        self.turn += 1
        passed = self.minutes * MINUTE + self.turn * BREATH
        stamp: Body = {"day": DAY, "at": EVENING + passed, "mono": passed, "boot": 1}
        said: Body = body
        return self.add(kind, log=log, turn=self.turn, head=stamp | (head or {}), **said)

    def item(self, code: str, points: int, from_day: str = "2020-01-01", **other: object) -> int:
        """Set an item of the scheme; it is a routine one."""
        said: Json = FIRST | {"from_day": from_day, "code": code, "group": "g", "position": 1, "points": points}
        return self.say("scheme_item_set", **said | other, is_routine=True)

    def call(self, template: str = "members_meeting") -> int:
        """Call a meeting that counts persons."""
        return self.say("meeting_called", template=template, counts="person")

    def open(self, *persons: int, log: int = A, **other: object) -> None:
        """List whom it expects and open sign-in."""
        attendees = [{"household": HOME[person], "person": person} for person in persons]
        self.say("expected_listed", log=log, meeting=self.meeting, attendees=attendees)
        said: Body = {"meeting": self.meeting, "expected": len(persons)}
        self.say("sign_in_opened", log=log, **said | other)

    def begin(self, log: int = A, head: Body | None = None) -> None:
        """Begin."""
        self.say("meeting_begun", log=log, head=head, meeting=self.meeting)

    def come(self, person: int, late: int | None = None, *, log: int = A, **other: object) -> int:
        """Sign somebody in, so many minutes after the beginning."""
        body: Body = {"meeting": self.meeting, "household": HOME[person], "person": person, "entry": "card"}
        body |= {"late_minutes": late, "is_late": late is not None and late > 5}
        return self.say("signed_in", log=log, **body | other)

    def undo(self, sign_in: int, log: int = A) -> int:
        """Take a sign-in back."""
        return self.say("sign_in_undone", log=log, sign_in=sign_in, meeting=self.meeting, reason="not_here")

    def leave(self, person: int, reason: str | None = "farm", log: int = A) -> None:
        """Note leave, or none."""
        who: Body = {"meeting": self.meeting, "household": HOME[person], "person": person}
        self.say("leave_set", log=log, **who, reason=reason)

    def pay(self, sign_in: int, person: int, points: int = 200, *, log: int = A, **other: object) -> int:
        """Award points for a sign-in."""
        house, item = HOME[person], {200: "meeting_on_time", 100: "meeting_late"}.get(points, "meeting_on_time")
        body: Body = {"meeting": self.meeting, "sign_in": sign_in, "household": house, "person": person, "scheme": "z"}
        body |= {"item": item, "points": points, "legs": moved("issued", house, points)}
        return self.say("attendance_awarded", log=log, **body | other)

    def end(self, *figures: int, log: int = A, closing: dict[int, int] | None = None, **other: object) -> int:
        """End it with the figures expected, present, late, leave, absent, observers, awards and points."""
        names = ("expected", "present", "late", "leave", "absent", "observers", "awards", "points")
        body: Body = {"meeting": self.meeting, **dict(zip(names, figures, strict=True))}
        read = {log: self.head(log)} | (closing or {})
        body["closing"] = [{"log": each, "seq": seq} for each, seq in read.items()]
        return self.say("meeting_ended", log=log, **body | other)

    def head(self, log: int) -> int:
        """How far a log goes."""
        return sum(1 for _, of, _ in self.lines if of == log)

    def row(self) -> Json:
        """What the oracle makes of the meeting."""
        rows = recompute(self.file())["villages"][0]["meetings"]
        found: Json = next(row for row in rows if row["id"] == self.meeting)
        return found

    def came(self) -> dict[int, str]:
        """How each subject came."""
        return {row["subject"]: row["came"] for row in self.row()["attendance"]}

    def faults(self) -> list[str]:
        """The code of every fault."""
        return [each["code"] for each in recompute(self.file())["faults"]]


def opened(*persons: int, cap: int | None = 500) -> Evening:
    """A meeting whose sign-in is open."""
    evening = Evening(cap)
    evening.open(*(persons or (MING, FANG, XIU)))
    return evening


def begun(*persons: int, cap: int | None = 500) -> Evening:
    """A meeting that has begun."""
    evening = opened(*persons, cap=cap)
    evening.begin()
    return evening
