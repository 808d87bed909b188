"""The slip that explains one entry of an account line by line, and the slip of a reversal."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.clock import EARLIEST_PLAUSIBLE_AT
from kiosk.domain.explanation import Explained, ExplainedLine, Later
from kiosk.domain.goods import per_of
from kiosk.domain.meeting_template import label_of
from kiosk.domain.objection import ObjectionShown
from kiosk.domain.shop import RedeemedLine
from kiosk.domain.statement import Entry
from kiosk.locale import Texts
from kiosk.locale.amount import amount
from kiosk.locale.figures import points, signed, time_of_day
from kiosk.paper.elements import Align, Big, Cut, Element, Feed, Rule, Text, pair, priced
from kiosk.paper.slip import Household, shown_household, signature

KILOGRAM: Final = 1_000


@dataclass(frozen=True)
class EntryTold:
    """What a slip about an entry tells: whose village, the entry explained, and the objections to it.

    ``what`` names an entry in few words.
    """

    village: str
    explained: Explained
    objections: tuple[ObjectionShown, ...]
    what: Callable[[Entry], str]


def entry_slip(told: EntryTold, texts: Texts) -> list[Element]:
    """Give the slip that explains an entry."""
    return [
        *_head(told, texts, "paper.entry.title"),
        *entry_rows(told, texts),
        Rule(),
        pair(texts("paper.entry.now"), points(told.explained.household.redeemable_points)),
        Text(texts("paper.entry.advice")),
        Cut(),
    ]


def entry_rows(told: EntryTold, texts: Texts) -> list[Element]:
    """Give what the slip of an entry says about it: what it rests on, who did it, and what became of it."""
    explained = told.explained
    return [
        *_made(explained.entry, told.what(explained.entry), texts),
        *_rests_on(explained, told.what, texts),
        pair(texts("paper.entry.change"), signed(explained.entry.points)),
        *_signers(explained, texts),
        *([Text(texts("paper.entry.twice"))] if not explained.entry.is_counted else []),
        *(row for later in explained.later for row in _later(later, texts)),
        *(row for objection in told.objections for row in objection_rows(objection, texts)),
    ]


def reversal_slip(told: EntryTold, texts: Texts, columns: int) -> list[Element]:
    """Give the slip of a reversal: what was taken back, by whom and why, and what is left, for a paper of ``columns``.

    Raises:
        ValueError: the entry takes nothing back.
    """
    explained, before = told.explained, told.explained.before
    if before is None:
        raise ValueError("an entry that takes nothing back has no slip of a reversal")
    entry = explained.entry
    return [
        *_head(told, texts, "paper.reversal.title"),
        pair(texts("paper.reversal.what"), told.what(before)),
        pair(texts("paper.reversal.made"), before.day or ""),
        *([pair(texts("paper.entry.paper"), before.paper_number)] if before.paper_number else []),
        pair(texts("paper.reversal.was"), signed(before.points)),
        Rule(),
        pair(texts("paper.reversal.day"), _day(entry.day, entry.at)),
        pair(texts("paper.entry.by"), entry.operator_name or ""),
        pair(texts("paper.entry.why"), texts(f"statement.reversal.{explained.reason or 'other'}")),
        pair(texts("paper.reversal.taken" if entry.points <= 0 else "paper.reversal.given"), points(abs(entry.points))),
        pair(texts("paper.entry.now"), points(explained.household.redeemable_points)),
        Feed(),
        signature(texts("paper.slip.signature"), columns),
        Feed(),
        Cut(),
    ]


def objection_rows(objection: ObjectionShown, texts: Texts) -> list[Element]:
    """Give an objection and what became of it."""
    rows: list[Element] = [
        pair(texts("paper.objection.number"), objection.number),
        Text(
            texts("paper.objection.of", day=objection.day or "", reason=texts(f"objection.reason.{objection.reason}"))
        ),
    ]
    answer = objection.answer
    if answer is None:
        return [*rows, Text(texts("paper.objection.waits"))]
    key = "paper.objection.upheld" if answer.is_upheld else "paper.objection.declined"
    said = texts(key, reply=texts(f"objection.reply.{answer.reply}"))
    return [*rows, Text(said), Text(texts("paper.objection.by", day=answer.day or "", name=answer.signer_name))]


def _head(told: EntryTold, texts: Texts, title: str) -> list[Element]:
    household = told.explained.household
    place = texts("till.place", group=household.place.group, house=household.place.house)
    return [
        Big(told.village),
        Text(texts(title), Align.CENTRE),
        Feed(),
        pair(texts("paper.entry.household"), shown_household(Household(place, household.name))),
    ]


def _made(entry: Entry, what: str, texts: Texts) -> Iterator[Element]:
    yield pair(texts("paper.entry.day"), _day(entry.day, entry.at))
    yield pair(texts("paper.entry.what"), what)
    if entry.paper_number:
        yield pair(texts("paper.entry.paper"), entry.paper_number)
    if entry.evidence_code:
        yield pair(texts("paper.entry.evidence"), texts(f"statement.evidence.{entry.evidence_code}"))
    if entry.operator_name:
        yield pair(texts("paper.entry.by"), entry.operator_name)
    yield Rule()


def _rests_on(explained: Explained, what: Callable[[Entry], str], texts: Texts) -> Iterator[Element]:
    if explained.slip is not None:
        yield pair(texts("paper.entry.slip"), explained.slip)
    if explained.meeting is not None:
        meeting = label_of(explained.meeting.template, texts.language)
        yield pair(texts("paper.entry.meeting"), f"{explained.meeting.day} {meeting}")
    is_return = explained.entry.kind == "goods_returned"
    for line in explained.lines:
        yield from _goods(line, texts, is_return=is_return)
    yield from _ruled(explained, texts)
    if explained.before is not None:
        yield pair(texts("paper.entry.takes_back"), what(explained.before))
        yield pair(texts("paper.reversal.made"), explained.before.day or "")
    if explained.reason is not None:
        reasons = "stock.reason" if is_return else "statement.reversal"
        yield pair(texts("paper.entry.why"), texts(f"{reasons}.{explained.reason}"))


def _goods(line: ExplainedLine, texts: Texts, *, is_return: bool) -> Iterator[Element]:
    goods = line.goods
    quantity = line.returned if is_return else goods.quantity
    how_much = amount(texts, quantity, goods.unit, is_weighed=goods.is_weighed)
    yield priced(f"{goods.name} {how_much}", "" if is_return else points(goods.points))
    yield Text(texts("paper.entry.each", unit=_unit(goods, texts), each_points=goods.each_points))
    if line.returned and not is_return:
        back = amount(texts, line.returned, goods.unit, is_weighed=goods.is_weighed)
        yield Text(texts("paper.entry.returned", amount=back))


def _unit(goods: RedeemedLine, texts: Texts) -> str:
    """Name what the price of a line was for: the unit of the goods, a weight where they have another unit by now."""
    if goods.per == KILOGRAM:
        return texts("paper.entry.kilogram")
    if per_of(goods.unit) == goods.per:
        return goods.unit
    return amount(texts, goods.per, goods.unit, is_weighed=goods.is_weighed)


def _ruled(explained: Explained, texts: Texts) -> Iterator[Element]:
    rule = explained.rule
    if rule is None:
        return
    if rule.item is not None:
        unit = rule.item.unit(texts.language) or texts("paper.entry.time")
        yield Text(texts("paper.entry.item", each_points=abs(rule.item.points), unit=unit, quantity=rule.quantity))
    given = abs(explained.entry.points)
    if given < rule.asked_points:
        is_award = explained.entry.kind == "points_awarded"
        key = "paper.entry.capped" if is_award else "paper.entry.not_enough"
        yield Text(texts(key, asked_points=rule.asked_points, given_points=given))
    if rule.item is not None and rule.item.monthly_cap_points is not None:
        yield Text(texts("paper.entry.cap", cap_points=rule.item.monthly_cap_points))


def _signers(explained: Explained, texts: Texts) -> Iterator[Element]:
    if explained.asked_by:
        yield pair(texts("paper.entry.asked"), explained.asked_by)
    if explained.signer_name:
        yield pair(texts("paper.entry.signed"), explained.signer_name)


def _later(later: Later, texts: Texts) -> Sequence[Element]:
    """What became of it, with its points, then when and who."""
    kind = texts(f"statement.kind.{later.kind}")
    said = texts("paper.entry.later_by", day=_day(later.day, later.at), name=later.operator_name)
    return (priced(texts("paper.entry.later", what=kind), signed(later.points)), Text(said))


def _day(day: str | None, at: int) -> str:
    return (day or "") if at < EARLIEST_PLAUSIBLE_AT else f"{day or ''} {time_of_day(at)}"
