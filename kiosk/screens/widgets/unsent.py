"""What the county has not heard of yet, in words: short for the top line, as sentences for home."""

from datetime import date
from typing import TYPE_CHECKING

from kiosk.clock import local_day
from kiosk.locale import figures

if TYPE_CHECKING:
    from kiosk.health import Unsent
    from kiosk.locale import Texts


def age_of(last_at: int | None, now_at: int, texts: "Texts", *, is_short: bool) -> str:
    """Say when the county last acknowledged something: today's time, yesterday, so many days ago, or never.

    Both in wall milliseconds of this desk; what lies ahead of a clock that was set back is said as a date.
    """
    if last_at is None:
        return texts("common.unsent.never")
    days = (date.fromisoformat(local_day(now_at)) - date.fromisoformat(local_day(last_at))).days
    if days < 0:
        return local_day(last_at)
    if days == 0:
        return texts("common.unsent.today", clock=figures.time_of_day(last_at))
    if days == 1:
        clock = "" if is_short else figures.time_of_day(last_at)
        return texts("common.unsent.yesterday", clock=clock).rstrip()
    return texts("common.unsent.days", days=days)


def short_words(unsent: "Unsent", now_at: int, texts: "Texts", *, is_short: bool) -> str:
    """Say how many lines are unsent and how old the last answer is, for a line that is always there."""
    age = age_of(unsent.last_at, now_at, texts, is_short=is_short)
    key = "common.unsent.line" if unsent.lines else "common.unsent.line_none"
    return texts(key, count=unsent.lines, age=age)


def sentences(unsent: "Unsent", now_at: int, texts: "Texts") -> tuple[str, str]:
    """Say how many lines are unsent and that it does no harm; then when the county last answered."""
    count = texts("common.unsent.sentence" if unsent.lines else "common.unsent.sentence_none", count=unsent.lines)
    if unsent.last_at is None:
        by_stick = unsent.is_enrolled and not unsent.has_line
        return count, texts("common.unsent.sentence_never_stick" if by_stick else "common.unsent.sentence_never")
    return count, texts("common.unsent.sentence_last", age=age_of(unsent.last_at, now_at, texts, is_short=False))
