"""What is wrong or left over at this desk, each with its next step, the worst first: for home.

``look`` reads, ``notices_of`` judges; the words of code ``clock_unset`` are ``home.notice.clock_unset`` and
``home.notice.clock_unset_next``. What the doctor finds is said in the doctor's own words.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.doctor import LOW_DISK_BYTES, MOST_OUTSIDE_LINES, Finding, Level, shown_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.line import Stamp
    from db.store import Store
    from kiosk.domain.continuation import WentOn
    from kiosk.domain.glance import Glance
    from kiosk.errors import Refused
    from kiosk.health import Saved
    from kiosk.locale import Texts

TROUBLED_PRINTER: Final = ("paper_out", "cover_open", "offline", "silent")


@dataclass(frozen=True)
class Sight:
    """A desk as home sees it: the books, the disk (free bytes), backups, and what the last quiet look found.

    `went_on` is there while the desk writes a log that it began by itself in the place of another one.
    """

    books: "Glance"
    free_bytes: int
    inside: "Saved"
    outside: "Saved"
    faults: int = 0
    went_on: "WentOn | None" = None


@dataclass(frozen=True)
class Beside:
    """What stands beside the store: how scanner and printer are, and why the last quiet look could not be had.

    Nobody need save a demo village.
    """

    scanner: str
    printer: str
    trouble: "Refused | None" = None
    is_demo: bool = False


@dataclass(frozen=True)
class Notice:
    """What is the matter and what to do now, both ready texts."""

    what: str
    next: str


def look(store: "Store", home: Path, now: "Stamp") -> Sight:
    """Look at a desk. Raises OSError where the disk does not answer."""
    from db.engine import free_bytes
    from kiosk.domain.continuation import went_on
    from kiosk.domain.glance import glance_at_desk
    from kiosk.health import backups_known

    inside, outside = backups_known(home, store)
    with store.read() as connection:
        begun = went_on(connection, store.village)
    books = glance_at_desk(store, now)
    return Sight(books, free_bytes(home), inside, outside, len(store.standing.faults), begun)


def notices_of(sight: Sight, beside: Beside, texts: "Texts") -> list[Notice]:
    """Say what is wrong or left over, the worst first."""
    notices = [_noted(code, texts, **values) for code, values in _grave(sight)]
    if beside.trouble is not None:
        refusal = texts.refusal(beside.trouble)
        notices.append(Notice(refusal.reason, refusal.next))
    notices += [_noted(code, texts, **values) for code, values in _left(sight, beside)]
    unsaved = () if beside.is_demo else _unsaved(sight)
    return notices + [Notice(found.text(texts), found.advice(texts)) for found in unsaved]


def _noted(code: str, texts: "Texts", **values: object) -> Notice:
    return Notice(texts(f"home.notice.{code}", **values), texts(f"home.notice.{code}_next", **values))


def _grave(sight: Sight) -> "Iterator[tuple[str, dict[str, object]]]":
    """Name what stops the desk, or soon will, and what it could only half put right by itself."""
    if sight.faults:
        yield "faults", {"count": sight.faults}
    if sight.free_bytes < LOW_DISK_BYTES:
        yield "disk", {"free_bytes": sight.free_bytes}
    if sight.went_on is not None:
        yield f"log_{sight.went_on.cause}", {"till": sight.went_on.till}


def _left(sight: Sight, beside: Beside) -> "Iterator[tuple[str, dict[str, object]]]":
    """Name what somebody at the desk puts right: clock, day, devices, what was left open."""
    books = sight.books
    if books.clock.doubt is not None:
        yield f"clock_{books.clock.doubt}", {"day": books.clock.day}
    elif books.is_day_over:
        yield "day_over", {"day": books.days.open_day}
    if beside.scanner == "missing":
        yield "scanner", {}
    if beside.printer in TROUBLED_PRINTER:
        yield f"printer_{beside.printer}", {}
    if books.county_words:
        yield "county_words", {"count": books.county_words}
    if books.has_basket:
        yield "basket", {}
    if books.slips_owed:
        yield "slips", {"count": books.slips_owed}


def _unsaved(sight: Sight) -> "Iterator[Finding]":
    """Say that much was written since the last backup, in lines and never in days: clocks jump."""
    if sight.inside.newer_lines > MOST_OUTSIDE_LINES:
        state = "none" if sight.inside.last is None else "old"
        yield Finding("backup", Level.WARN, state, _saved(sight.inside))
    if sight.outside.newer_lines > MOST_OUTSIDE_LINES:
        state = "none" if sight.outside.last is None else "old"
        yield Finding("outside", Level.WARN, state, _saved(sight.outside))


def _saved(saved: "Saved") -> dict[str, object]:
    taken = "" if saved.last is None else shown_moment(saved.last.taken)
    return {"taken": taken, "lines": saved.newer_lines}
