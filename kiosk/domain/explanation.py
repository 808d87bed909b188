"""One entry of an account explained: what it rests on line by line, who entered and signed it, what became of it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select

from db.facts import read_body
from db.facts.body import Body
from db.facts.meeting import AttendanceAwarded
from db.facts.points import AwardReversedFor, DeductionReversedFor, OpeningReversedFor, PointsAwarded, PointsDeducted
from db.facts.returning import GoodsReturned
from db.journal import read_since
from db.line import entity_id, origin_of, read
from db.recovered import original
from db.store import Store
from db.tables.meeting import Meeting, MeetingAct
from db.tables.points import Posting
from db.tables.statement import table_of
from db.tables.waiting import Answer, Request
from kiosk.domain.joined import joined_household
from kiosk.domain.operators import operator_names
from kiosk.domain.people import HouseholdShown, show_household
from kiosk.domain.redemption import show_redemption_in
from kiosk.domain.returned import returned_quantities
from kiosk.domain.scheme import Item, items_on
from kiosk.domain.shop import RedeemedLine
from kiosk.domain.statement import Entry, entry_of
from kiosk.errors import Refused

LINKS: Final = ("reverse", "reverse_deduction", "reverse_opening", "void", "return")
"""What an entry's number stands behind in the key of a later entry about it."""
_REVERSALS: Final = (AwardReversedFor, DeductionReversedFor, OpeningReversedFor)


@dataclass(frozen=True)
class ExplainedLine:
    """Goods of a redemption: the line as it was booked, and how much of it came back (pieces or grams)."""

    goods: RedeemedLine
    returned: int = 0


@dataclass(frozen=True)
class Rule:
    """What an award or a deduction was reckoned by: the item of the scheme, how many units, what that asks for.

    Points are hundredths; where fewer were given the month's cap of the item or its scheme was near, where fewer were
    taken the account had no more.
    """

    item: Item | None
    quantity: int
    asked_points: int


@dataclass(frozen=True)
class MeetingNamed:
    """The meeting that points were for: its template, and the day on which its sign-in opened, else it was called."""

    template: str
    day: str


@dataclass(frozen=True)
class Later:
    """What became of an entry: the kind of fact, when, signed points, who did it, and why, where that is known."""

    entry_id: int
    kind: str
    day: str | None
    at: int
    points: int
    operator_name: str
    reason: str | None


@dataclass(frozen=True)
class Explained:
    """An entry of an account with everything it rests on; `household` has the account now.

    `before` is the entry that this one takes back, `slip` the number of the redemption it is about, `meeting` the one
    that points were for. `asked_by` and `signer_name` are whoever asked for it and whoever signed, empty where nobody
    did.
    """

    entry: Entry
    household: HouseholdShown
    lines: tuple[ExplainedLine, ...]
    rule: Rule | None
    reason: str | None
    before: Entry | None
    slip: str | None
    meeting: MeetingNamed | None
    asked_by: str
    signer_name: str
    later: tuple[Later, ...]


def explain_entry(store: Store, entry_id: int) -> Explained:
    """Return one entry of an account with everything it rests on. Raises Refused (`entry_unknown`)."""
    with store.read() as connection:
        return explain_in(connection, store.village, entry_id)


def explain_in(connection: Connection, village: int, entry_id: int) -> Explained:
    """Return one entry of an account with everything it rests on. Raises Refused (`entry_unknown`)."""
    entry, household_id = entry_of(connection, village, entry_id)
    body = body_at(connection, village, entry_id)
    household = show_household(connection, village, joined_household(connection, village, household_id))
    asked_by, signer = _signed(connection, village, getattr(body, "request", None), getattr(body, "signer", None))
    return Explained(
        entry, household, _lines(connection, village, entry, body), _rule(connection, village, entry, body),
        _reason(body), _taken_back(connection, village, entry), _slip(connection, village, entry),
        _meeting(connection, village, body), asked_by, signer, _later(connection, village, entry_id),
    )  # fmt: skip


def body_at(connection: Connection, village: int, entry_id: int) -> Body:
    """Return what a fact said, whether it stands in its own log or was written again in another."""
    log, seq = origin_of(entry_id)
    lines = read_since(connection, village, log, seq - 1, 1)
    if not lines:
        raise Refused("entry_unknown")
    fact = read(lines[0])
    return read_body(original(fact) if fact.kind == "recovered" else fact)


def _lines(connection: Connection, village: int, entry: Entry, body: Body) -> tuple[ExplainedLine, ...]:
    of = {"redemption_made": entry.entry_id, "redemption_voided": entry.target_id, "goods_returned": entry.target_id}
    redemption_id = of.get(entry.kind)
    if redemption_id is None:
        return ()
    try:
        redeemed = show_redemption_in(connection, village, redemption_id).redeemed
    except Refused:
        return ()
    if isinstance(body, GoodsReturned):
        found = redeemed.lines[body.line : body.line + 1]
        return tuple(ExplainedLine(line, body.quantity) for line in found)
    back = returned_quantities(connection, village, redemption_id) if entry.kind == "redemption_made" else {}
    return tuple(ExplainedLine(line, back.get(n, 0)) for n, line in enumerate(redeemed.lines))


def _rule(connection: Connection, village: int, entry: Entry, body: Body) -> Rule | None:
    if not isinstance(body, PointsAwarded | PointsDeducted):
        return None
    found = items_on(connection, village, body.scheme, entry.day or "")
    item = next((each for each in found if each.code == body.item), None)
    if isinstance(body, PointsDeducted):
        return Rule(item, body.quantity, body.asked)
    return Rule(item, body.quantity, body.points if item is None else item.points * body.quantity)


def _reason(body: Body) -> str | None:
    if isinstance(body, GoodsReturned):
        return body.reason
    return body.reason if isinstance(body, _REVERSALS) else None


def _taken_back(connection: Connection, village: int, entry: Entry) -> Entry | None:
    if entry.target_id is None or not entry.kind.endswith("_reversed"):
        return None
    return entry_of(connection, village, entry.target_id)[0]


def _slip(connection: Connection, village: int, entry: Entry) -> str | None:
    if entry.kind not in ("redemption_voided", "goods_returned") or entry.target_id is None:
        return None
    try:
        return show_redemption_in(connection, village, entry.target_id).redeemed.shown_number
    except Refused:
        return None


def _meeting(connection: Connection, village: int, body: Body) -> MeetingNamed | None:
    if not isinstance(body, AttendanceAwarded):
        return None
    meeting, act = table_of(Meeting).c, table_of(MeetingAct).c
    opened = (
        select(act.day)
        .where(act.village == village, act.meeting_id == body.meeting, act.act == "opened")
        .order_by(act.rank)
        .limit(1)
        .scalar_subquery()
    )
    row = connection.execute(
        select(meeting.template, meeting.called_day, opened.label("opened")).where(
            meeting.village == village, meeting.meeting_id == body.meeting
        )
    ).one_or_none()
    return None if row is None else MeetingNamed(row.template or "", row.opened or row.called_day or "")


def _signed(connection: Connection, village: int, request_id: int | None, signer_id: int | None) -> tuple[str, str]:
    """Name who asked and who signed: as the request was answered, or as the entry itself says."""
    asked_id = None
    if request_id is not None:
        parameters = {"of_village": village, "of_request": request_id}
        log, seq = origin_of(request_id)
        row = connection.execute(_request_statement(), parameters | {"of_log": log, "of_seq": seq}).one_or_none()
        asked_id, signer_id = (None, None) if row is None else (row.operator_id, row.signer_id)
    names = operator_names(connection, village, (asked_id, signer_id))
    return names.get(asked_id, ""), names.get(signer_id, "")


def _later(connection: Connection, village: int, entry_id: int) -> tuple[Later, ...]:
    keys = [f"{link}:{entry_id}" for link in LINKS]
    rows = connection.execute(_later_statement(), {"of_village": village, "of_keys": keys}).all()
    names = operator_names(connection, village, (row.operator_id for row in rows))
    return tuple(_one_later(connection, village, row, names) for row in rows)


def _one_later(connection: Connection, village: int, row: Row[Any], names: dict[int | None, str]) -> Later:
    later_id = entity_id(row.log, row.seq)
    reason = _reason(body_at(connection, village, later_id))
    return Later(later_id, row.kind, row.day, row.at or 0, row.points, names.get(row.operator_id, ""), reason)


@lru_cache(maxsize=1)
def _request_statement() -> Select[Any]:
    request, answer = table_of(Request).c, table_of(Answer).c
    signer = (
        select(answer.signer_id)
        .where(answer.village == request.village, answer.request_id == bindparam("of_request"))
        .order_by(answer.rank)
        .limit(1)
    )
    return select(request.operator_id, signer.scalar_subquery().label("signer_id")).where(
        request.village == bindparam("of_village"),
        request.log == bindparam("of_log"),
        request.seq == bindparam("of_seq"),
    )


@lru_cache(maxsize=1)
def _later_statement() -> Select[Any]:
    posting = table_of(Posting).c
    return (
        select(posting.log, posting.seq, posting.kind, posting.day, posting.at, posting.points, posting.operator_id)
        .where(
            posting.village == bindparam("of_village"), posting.once_key.in_(bindparam("of_keys", expanding=True)),
            posting.household_id.is_not(None), posting.is_counted == 1,
        )
        .order_by(posting.rank)
    )  # fmt: skip
