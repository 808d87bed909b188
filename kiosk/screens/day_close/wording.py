"""What the screen says in each state: figures only where nobody can count by them any more."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from kiosk.locale.amount import amount
from kiosk.locale.figures import short_number, time_of_day
from kiosk.screens.day_close.state import Step

if TYPE_CHECKING:
    from kiosk.domain.day_close import CashedUp, SlipListed
    from kiosk.domain.day_figures import DayFigures
    from kiosk.locale import Texts
    from kiosk.screens.day_close.state import CloseState


def title(state: "CloseState", texts: "Texts") -> str:
    """Name the day that is being closed."""
    if state.day is None:
        return texts("day_close.title")
    day = date.fromisoformat(state.day.day)
    weekday = texts(f"common.weekday.{day.isoweekday()}")
    key = "day_close.closed" if state.step is Step.DONE else "day_close.title_of"
    return texts(key, month=day.month, day=day.day, weekday=weekday)


def lines(state: "CloseState", texts: "Texts") -> list[str]:
    """Say what was found so far."""
    found = list(_spot(state, texts))
    if state.step is Step.AGAIN:
        found.append(texts("day_close.again", counted=state.counted))
    if state.step is Step.DIFFERENCE and state.figures is not None:
        found += _difference(state.counted or 0, state.figures, texts)
    if state.step is Step.DONE and state.cashed_up is not None:
        found.append(_done(state.cashed_up, texts))
    elif state.meeting_is_open and state.step not in {Step.LOOKING, Step.CLOSED, Step.SPOT}:
        found.append(texts("day_close.meeting_open"))
    return found


def figures_of(state: "CloseState", texts: "Texts", *, has_printer: bool) -> Iterator[str]:
    """Give the figures of the day once they may be seen."""
    figures = state.figures
    if figures is None:
        return
    yield texts("day_close.redeemed", count=figures.redemptions, points=figures.redeemed_points)
    yield texts("day_close.issued", count=figures.awards, points=figures.issued_points)
    if figures.voids:
        yield texts("day_close.voids", count=figures.voids, points=figures.voided_points)
    if figures.returns:
        yield texts("day_close.returns", count=figures.returns, points=figures.returned_points)
    if figures.forms:
        yield texts("day_close.forms", count=figures.forms)
    if figures.slips_missing and has_printer:
        yield texts("day_close.missing", count=figures.slips_missing)


def waits_of(state: "CloseState", texts: "Texts") -> str:
    """Name in one line what is left to be done; empty if nothing is."""
    waits = state.waits
    if waits is None:
        return ""
    counts = {
        "signatures": waits.signatures,
        "counts": waits.counts,
        "provisional": waits.provisional,
        "costs": waits.costs,
        "deliveries": waits.deliveries,
    }
    return "  ".join(texts(f"day_report.waits.{name}", count=count) for name, count in counts.items() if count)


def slip_listed(slip: "SlipListed", texts: "Texts") -> str:
    """Give a slip that should lie in the box, with what happened to it."""
    number = short_number(slip.shown_number)
    said = texts(
        "day_close.slip", number=number, clock=time_of_day(slip.at), name=slip.household.name, points=slip.points
    )
    marks = {"missing": slip.is_missing, "void": slip.is_void, "form": slip.is_form, "copied": slip.is_copied}
    return said + "".join(texts(f"day_close.mark.{name}") for name, is_so in marks.items() if is_so)


def _spot(state: "CloseState", texts: "Texts") -> Iterator[str]:
    """Ask for the number of goods without the book's own; once all are written down say what they differ by."""
    spot, goods = state.spot, state.asked_goods
    if goods is not None and spot is not None:
        yield texts(
            "day_close.spot.ask", place=len(state.numbers) + 1, count=len(spot.goods), item=goods.name, unit=goods.unit
        )
        if spot.skipped is not None and not state.numbers:
            reason = texts(f"day_close.spot.reason.{spot.skipped.reason}")
            yield texts("day_close.spot.skipped", day=spot.skipped.day[5:], reason=reason)
    for each in state.spotted if state.step in {Step.COUNT, Step.UNCOUNTED} else ():
        kind = "less" if each.waits else "right" if each.counted == each.booked else "more"
        shown = {
            name: amount(texts, quantity, each.goods.unit, is_weighed=each.goods.is_weighed)
            for name, quantity in (("counted", each.counted), ("booked", each.booked))
        }
        yield texts(f"day_close.spot.{kind}", item=each.goods.name, **shown)


def _difference(counted: int, figures: "DayFigures", texts: "Texts") -> Iterator[str]:
    differing = counted - figures.slips_booked
    key = "day_close.too_many" if differing > 0 else "day_close.too_few"
    yield texts("day_close.counted", counted=counted, booked=figures.slips_booked)
    yield texts(key, count=abs(differing))


def _done(closed: "CashedUp", texts: "Texts") -> str:
    """Say in one line how many redemptions there were, and how the slips agreed."""
    count, slips, booked = closed.figures.redemptions, closed.slips_counted, closed.figures.slips_booked
    if slips is None:
        return texts("day_close.done", count=count)
    if closed.difference == 0:
        return texts("day_close.done_right", count=count, slips=slips)
    return texts("day_close.done_differs", count=count, slips=slips, booked=booked)
