"""What no desk may have written of a meeting, each fact judged by what its own desk had seen.

The numbers of a village stand here a second time: who counts as late, and what coming brings.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from .fold import Entry
from .hearing import Case, Hearing, closing_of, hearing_of
from .lines import Fault
from .meeting import subject_of
from .sight import Sight

MINUTE: Final = 60_000
LATE_AFTER: Final = 5
"""Whole minutes after the beginning; more of them make somebody late."""
FAST_WITHIN: Final = 1_500
"""Milliseconds after the scan before it: whoever is sooner is marked."""
BY_LATENESS: Final = {False: "meeting_on_time", True: "meeting_late"}
IS_EARNING: Final = {
    "committee_meeting": False,
    **dict.fromkeys(("villagers_meeting", "villagers_by_person", "members_meeting", "group_meeting"), True),
    **dict.fromkeys(("party_lecture", "theme_day"), True),
}
"""Whether coming brings points, by template; of others nobody here knows."""
OPEN_ONLY: Final = ("signed_in", "sign_in_undone", "meeting_begun", "heads_counted", "meeting_ended")
LIVE: Final = (*OPEN_ONLY, "sign_in_opened", "meeting_cancelled", "leave_set")
FIGURES: Final = ("expected", "present", "late", "leave", "absent", "observers", "heads")


Finding: TypeAlias = Iterator[tuple[str, str]]


def find_meeting_faults(entries: Iterable[Entry], common: Iterable[Entry] = ()) -> list[Fault]:
    """Return every broken rule of the meetings of one village; `common` is what the county says to all."""
    hearing = hearing_of(entries, common)
    return [
        entry.line.fault(code, detail)
        for case in hearing.cases.values()
        for entry in case.entries
        for check in CHECKS
        for code, detail in check(hearing, case, entry)
    ]


def in_order(hearing: Hearing, case: Case, entry: Entry) -> Finding:
    """Nothing goes on in a meeting that was over, and little in one that is not open."""
    sight = hearing.eyes.sight_of(entry)
    if entry.kind not in LIVE or (entry.kind == "signed_in" and entry.body["request"] is not None):
        return
    for over in case.over:
        if sight.surely(over):
            yield "meeting_was_over", f"{over.kind} is {over.id}"
    if entry.kind in OPEN_ONLY and not any(map(sight.perhaps, case.of["sign_in_opened"])):
        yield "meeting_not_open", "nobody opened sign-in"
    if entry.kind == "meeting_ended" and not any(map(sight.perhaps, case.of["meeting_begun"])):
        yield "meeting_not_begun", "nobody began it"


def at_its_desk(hearing: Hearing, case: Case, entry: Entry) -> Finding:
    """The log that opened sign-in, or one that continues it, ends a meeting, and holds no other."""
    sight, own = hearing.eyes.sight_of(entry), hearing.eyes.lineage(entry.line.log)
    if entry.kind in ("meeting_ended", "meeting_cancelled"):
        seen = [each for each in case.of["sign_in_opened"] if sight.perhaps(each)]
        if any(map(sight.surely, seen)) and not any(each.line.log in own for each in seen):
            yield "meeting_elsewhere", f"sign-in was opened by log {seen[0].line.log}"
    if entry.kind == "sign_in_opened":
        for meeting, other in hearing.cases.items():
            opened = [each for each in other.of["sign_in_opened"] if each.line.log in own and sight.surely(each)]
            if other is not case and opened and not any(map(sight.perhaps, other.over)):
                yield "meeting_left_open", f"meeting {meeting} was open"
        listed = sum(len(each.body["attendees"]) for each in case.of["expected_listed"] if sight.surely(each))
        if listed != entry.body["expected"]:
            yield "expected_differs", f"{entry.body['expected']} are said, {listed} were listed"


def as_late(hearing: Hearing, case: Case, entry: Entry) -> Finding:
    """Nobody is late before somebody said so at the desk since its last start; a correction says how it was."""
    if entry.kind != "signed_in" or entry.body["request"] is not None:
        return
    sight = hearing.eyes.sight_of(entry)
    head = entry.line
    here = [each.line for each in case.of["meeting_begun"] if sight.surely(each)]
    since = next((each.mono for each in here if (each.log, each.boot) == (head.log, head.boot)), None)
    minutes = None if since is None else max(head.mono - since, 0) // MINUTE
    said, is_late = entry.body["late_minutes"], entry.body["is_late"]
    set_here = hearing.number_set("meeting", "late_after_minutes", entry.line.day, sight)
    late_after = LATE_AFTER if set_here is None else set_here
    if said != minutes or is_late != (said is not None and said > late_after):
        yield "lateness_differs", f"late {is_late}, minutes {said}, by the clock of the desk {minutes}"


def as_fast(hearing: Hearing, case: Case, entry: Entry) -> Finding:
    """A card is marked that came within a breath of the one before it at the same desk, as a stack of cards does."""
    if entry.kind != "signed_in":
        return
    body, last = entry.body, hearing.before.get(entry.id)
    is_same = last is not None and (last.body["meeting"], last.line.boot) == (case.id, entry.line.boot)
    passed = entry.line.mono - last.line.mono if last else 0
    is_scanned = body["entry"] != "found" and body["request"] is None
    if body["is_fast"] != (is_same and is_scanned and 0 <= passed < FAST_WITHIN):
        yield "pace_differs", f"fast {body['is_fast']}, {passed} ms after the one before"


def as_expected(hearing: Hearing, case: Case, entry: Entry) -> Finding:
    """Whoever was expected is no observer, and is entered once."""
    if entry.kind != "signed_in":
        return
    sight, subject, asks = hearing.eyes.sight_of(entry), subject_of(entry.body), entry.body["request"]
    lists = case.lists(subject)
    if entry.body["is_observer"] not in {not any(map(sight.surely, lists)), not any(map(sight.perhaps, lists))}:
        yield "observer_differs", f"observer {entry.body['is_observer']}, subject {subject}"
    for other in case.signed[subject]:
        is_undone = any(map(sight.perhaps, case.undone[other.id]))
        if sight.surely(other) and not is_undone and (asks is None or other.body["request"] is not None):
            yield "signed_in_twice", f"subject {subject} was entered by {other.id}"


def as_signed(hearing: Hearing, _case: Case, entry: Entry) -> Finding:
    """A sign-in after the end is what was asked for, and somebody approved it."""
    if entry.kind != "signed_in" or entry.body["request"] is None:
        return
    sight = hearing.eyes.sight_of(entry)
    asked = hearing.by_id.get(entry.body["request"])
    answers = [each for each in hearing.answers[entry.body["request"]] if sight.surely(each)]
    if not any(each.body["is_approved"] for each in answers):
        yield "sign_in_unsigned", f"request {entry.body['request']}"
    fields = ("meeting", "household", "person", "is_late")
    if asked and any(asked.body.get(name) != entry.body[name] for name in fields):
        yield "sign_in_not_as_asked", f"request {asked.id}"


def as_counted(hearing: Hearing, case: Case, entry: Entry) -> Finding:
    """An end tells the figures and the points that follow from what it had seen, and how far it had read."""
    if entry.kind != "meeting_ended":
        return
    body, meeting = entry.body, case.seen_by(entry)
    figures = meeting.figures() | {"heads": meeting.heads}
    if wrong := [f"{name} {body[name]} not {figures[name]}" for name in FIGURES if body[name] != figures[name]]:
        yield "meeting_figures_differ", ", ".join(wrong)
    posted = [each for awards in case.awards.values() for each in awards if hearing.eyes.ends.get(each.id) is entry]
    points = sum(each.body["points"] for each in posted)
    if (body["awards"], body["points"]) != (len(posted), points):
        yield "meeting_awards_differ", f"{body['awards']} of {body['points']} are said, {len(posted)} of {points} made"
    closing, heads = closing_of(entry), hearing.eyes.sight_of(entry).heads
    wrong = [f"log {log} at {closing.get(log, 0)}" for log, seq in heads.items() if closing.get(log, 0) < seq]
    wrong += [f"log {log} at {seq}" for log, seq in closing.items() if not hearing.may_have_read(entry, log, seq)]
    if wrong:
        yield "closing_differs", ", ".join(wrong)


def as_earned(hearing: Hearing, case: Case, entry: Entry) -> Finding:
    """Every household that came to a meeting that earns has its points once it ended, or no room for them."""
    if entry.kind != "meeting_ended" or not IS_EARNING.get(case.template or ""):
        return
    sight, day = hearing.eyes.sight_of(entry), entry.line.day or ""
    for household, sign_in in case.seen_by(entry).earning().items():
        if any(map(sight.perhaps, case.awards[household])):
            continue
        account, code = hearing.accounts(household, sight)[0], BY_LATENESS[sign_in.body["is_late"]]
        offers = [(book, book.item(code)) for book in hearing.books(day, sight)]
        ranges = [hearing.earned.brings(book, item, account, day, sight) for book, item in offers if item]
        if len(ranges) == len(offers) and all(each[0] > 0 for each in ranges):
            yield "attendance_missing", f"household {household} came by {sign_in.id}"


def by_sign_in(hearing: Hearing, case: Case, entry: Entry) -> Finding:
    """Points for coming follow from a sign-in that counts, when the meeting has ended, once a household."""
    if entry.kind != "attendance_awarded":
        return
    sight, body = hearing.eyes.sight_of(entry), entry.body
    sign_in, end = hearing.by_id.get(body["sign_in"]), hearing.eyes.ends.get(entry.id)
    if any(map(sight.surely, case.awards[body["household"]])):
        yield "attendance_twice", f"household {body['household']}"
    if sign_in is None or sign_in.kind != "signed_in" or not _is_backed(case, entry, sign_in, end, sight):
        yield "attendance_without_sign_in", f"household {body['household']}, sign-in {body['sign_in']}"
    elif sign_in.body["request"] is None and end is None and not hearing.eyes.is_last(entry):
        yield "attendance_without_end", f"meeting {body['meeting']}"
    if IS_EARNING.get(case.template or "") is False:
        yield "attendance_not_earned", f"template {case.template}"


def by_scheme(hearing: Hearing, _case: Case, entry: Entry) -> Finding:
    """They are those of the scheme's item on that day, less only where a cap leaves less, for the account there is."""
    if entry.kind != "attendance_awarded":
        return
    sight, body, day = hearing.eyes.sight_of(entry), entry.body, entry.line.day or ""
    sign_in = hearing.by_id.get(body["sign_in"])
    accounts = hearing.accounts(body["household"], sight)
    paid = {leg["household"]: leg["points"] for leg in body["legs"] if leg["household"] is not None}
    account = next(iter(paid), None)
    if len(paid) != 1 or account not in accounts or paid[account] != body["points"]:
        yield "attendance_misplaced", f"household {body['household']}, paid {paid}"
        return
    is_late = bool(sign_in and sign_in.body.get("is_late"))
    offers = [(book, book.item(BY_LATENESS[is_late])) for book in hearing.books(day, sight)]
    allowed = [
        each
        for book, item in offers
        if item and (book.scheme, item["code"]) == (body["scheme"], body["item"])
        for each in hearing.earned.brings(book, item, account, day, sight)
    ]
    if body["points"] not in allowed or body["points"] <= 0:
        yield "attendance_points_differ", f"{body['item']} {body['points']}, allowed {allowed[:1]} to {allowed[-1:]}"


CHECKS: Final[tuple[Callable[[Hearing, Case, Entry], Finding], ...]] = (
    *(in_order, at_its_desk, as_late, as_fast, as_expected, as_signed),
    *(as_counted, as_earned, by_sign_in, by_scheme),
)


def _is_backed(case: Case, entry: Entry, sign_in: Entry, end: Entry | None, sight: Sight) -> bool:
    body = entry.body
    if any(sign_in.body[name] != body[name] for name in ("meeting", "household", "person")):
        return False
    if end is not None:
        return case.seen_by(end).earning().get(body["household"]) is sign_in
    is_undone = any(map(sight.surely, case.undone[sign_in.id]))
    is_listed = any(map(sight.perhaps, case.lists(subject_of(sign_in.body))))
    return sight.surely(sign_in) and not is_undone and is_listed
