"""What people see of the meeting desk: a name, the count, how many are expected, and the next step. Pure."""

from dataclasses import dataclass

from kiosk.domain.meeting import MeetingShown
from kiosk.domain.meeting_template import templates
from kiosk.locale import Texts
from kiosk.locale.figures import time_of_day
from kiosk.screens.meeting.state import DeskState, Entered, Notice, Phase, Tone
from kiosk.screens.meeting.wording import banner_of, day_of, entered_row, kind_of, marks_of, tally_line


@dataclass(frozen=True)
class Face:
    """The desk as texts: title, large name with a sentence below it on a colour, count, message, next step, rows."""

    title: str
    name: str
    under: str
    figure: str
    label: str
    unit: str
    message: str
    next: str
    rows: tuple[str, ...] = ()
    tone: Tone = Tone.QUIET


def notice_of(entered: Entered, texts: Texts, *, is_again: bool) -> Notice:
    """Say that somebody signed in: since when, and what is unusual about it."""
    marks = "  ".join(marks_of(entered, texts))
    clock = time_of_day(entered.at)
    if is_again:
        return Notice(entered.name, "meeting.signed.again", {"clock": clock}, Tone.DOUBLE)
    if marks:
        return Notice(entered.name, "meeting.signed.marked", {"clock": clock, "marks": marks}, Tone.DOUBLE)
    return Notice(entered.name, "meeting.signed.plain", {"clock": clock}, Tone.CARD)


def told(notice: Notice, texts: Texts) -> str:
    """Give the sentence of a notice."""
    return texts(notice.key, **notice.values)


def named(notice: Notice, texts: Texts) -> str:
    """Give name and sentence of a notice on one line."""
    return "  ".join(part for part in (notice.name, told(notice, texts)) if part)


def face_of(state: DeskState, today: str | None, texts: Texts) -> Face:
    """Show a state in which one meeting stands on the screen."""
    match state.phase:
        case Phase.CALLED:
            return _called(state, today, texts)
        case Phase.FORGOTTEN:
            return _forgotten(state, today, texts)
        case Phase.OVER:
            return _over(state, texts)
        case _:
            return _signing(state, texts)


def _signing(state: DeskState, texts: Texts) -> Face:
    notice = state.notice or _waiting(state, texts)
    figure, label = _count(state, texts)
    if state.heads is not None and state.tally is not None:
        notice = heads_notice(state.heads, state.tally.present + state.tally.observers, texts)
    return Face(
        _title(state, texts), notice.name, told(notice, texts), figure, label, _unit(state, texts),
        _tally(state, texts), _next_of_signing(state, texts), _latest(state, texts), notice.tone,
    )  # fmt: skip


def _waiting(state: DeskState, texts: Texts) -> Notice:
    """Nobody has just come: say who was the last, also after a power cut."""
    if not state.latest:
        return Notice(texts("meeting.signed.nobody"), "meeting.signed.ready", {}, Tone.QUIET)
    last = state.latest[0]
    values = {"name": last.name, "clock": time_of_day(last.at)}
    return Notice(texts("meeting.signed.nobody"), "meeting.signed.last", values, Tone.QUIET)


def _next_of_signing(state: DeskState, texts: Texts) -> str:
    if state.heads is not None:
        return texts("meeting.next.differs")
    if state.typed:
        return texts("meeting.next.counted", count=int(state.typed))
    if not state.is_begun:
        return texts("meeting.next.open")
    if not state.is_timed:
        return texts("meeting.next.restarted" if state.is_restarted else "meeting.next.begun_elsewhere")
    begun = state.meeting.acts["begun"] if state.meeting is not None else None
    clock = time_of_day(begun.stamp.at) if begun is not None else ""
    return texts("meeting.next.begun", clock=clock)


def _called(state: DeskState, today: str | None, texts: Texts) -> Face:
    meeting = state.meeting
    if meeting is None:
        return Face("", "", "", "", "", "", "", "")
    day = day_of(meeting.day, today, texts)
    under = " ".join(part for part in (day, meeting.planned_hour or "") if part)
    message = texts("meeting.called.today") if meeting.day == today else texts("meeting.called.other", day=day)
    if state.notice is not None:
        message = named(state.notice, texts)
    return Face(
        _title(state, texts), kind_of(meeting, texts), under, "", "", "", message, texts("meeting.next.called"), (),
        Tone.CARD,
    )  # fmt: skip


def _forgotten(state: DeskState, today: str | None, texts: Texts) -> Face:
    meeting = state.meeting
    day = day_of(meeting.day, today, texts) if meeting is not None else ""
    figure, label = _count(state, texts)
    key = "meeting.next.counted" if state.typed else "meeting.next.forgotten"
    return Face(
        _title(state, texts), texts("meeting.forgotten.title", day=day), texts("meeting.forgotten.why"), figure, label,
        _unit(state, texts), _tally(state, texts), texts(key, count=int(state.typed or 0)),
        _latest(state, texts), Tone.REFUSAL,
    )  # fmt: skip


def _over(state: DeskState, texts: Texts) -> Face:
    meeting, tally = state.meeting, state.tally
    end = meeting.acts.get("ended") if meeting is not None else None
    if meeting is None or tally is None or end is None:
        return _cancelled(state, texts)
    name, under = _earned(meeting, end.row.awards or 0, end.row.points or 0, texts)
    rows = [named(state.notice, texts)] if state.notice is not None else []
    if end.row.heads is not None:
        rows.append(named(heads_notice(end.row.heads, tally.present + tally.observers, texts), texts))
    if state.over is not None and state.over.capped:
        rows.append(texts("meeting.over.capped", count=state.over.capped))
    return Face(
        _title(state, texts), name, under, str(tally.present), texts("meeting.label.present"), _unit(state, texts),
        tally_line(tally, texts, is_over=True), texts("meeting.next.over"), tuple(rows), Tone.CARD,
    )  # fmt: skip


def _earned(meeting: MeetingShown, awards: int, given: int, texts: Texts) -> tuple[str, str]:
    """Say how many households earned points, or that coming to this kind of meeting brings none."""
    template = templates().get(meeting.template)
    if template is not None and not template.earns:
        return texts("meeting.over.ended"), texts("meeting.over.earns_nothing")
    return texts("meeting.over.title", count=awards), texts("meeting.over.given", given_points=given)


def _cancelled(state: DeskState, texts: Texts) -> Face:
    act = state.meeting.acts.get("cancelled") if state.meeting is not None else None
    reason = texts(f"meeting.cancel.{act.row.reason_code}") if act is not None else ""
    return Face(
        _title(state, texts), texts("meeting.over.cancelled"), reason, "", "", "", texts("meeting.over.no_points"),
        texts("meeting.next.cancelled"), (), Tone.QUIET,
    )  # fmt: skip


def heads_notice(heads: int, signed: int, texts: Texts) -> Notice:
    """Compare the heads counted with those who signed in."""
    key = "same" if heads == signed else "more" if heads > signed else "fewer"
    values = {"count": abs(heads - signed)}
    return Notice(texts("meeting.heads.counted", heads=heads), f"meeting.heads.{key}", values, Tone.DOUBLE)


def _title(state: DeskState, texts: Texts) -> str:
    return banner_of(state.meeting, texts) if state.meeting is not None else texts("meeting.title")


def _count(state: DeskState, texts: Texts) -> tuple[str, str]:
    """Give the tall figure and what it counts: heads that are being typed, else who is present."""
    if state.typed:
        return state.typed, texts("meeting.label.heads")
    return str(state.tally.present if state.tally is not None else 0), texts("meeting.label.present")


def _unit(state: DeskState, texts: Texts) -> str:
    """Say beside the count how many are expected, beside a head count how many signed in."""
    tally = state.tally
    if tally is None:
        return ""
    if state.typed:
        return texts("meeting.of_signed", signed=tally.present + tally.observers)
    return texts("meeting.of_expected", expected=tally.expected)


def _tally(state: DeskState, texts: Texts) -> str:
    return tally_line(state.tally, texts) if state.tally is not None else ""


def _latest(state: DeskState, texts: Texts) -> tuple[str, ...]:
    return tuple(entered_row(each, texts) for each in state.latest)
