"""The answer to a suggestion, and the points an adopted one brings: once, by the scheme, within the month's cap.

Answer and points are one action. Nobody gives their own household points alone: such points, and those above the
limit of a single hand, wait for a second signature.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from db.facts.body import transfer
from db.facts.points import RequestReason
from db.facts.suggestion import ReplyCode, SuggestionAnswered, SuggestionAwarded, SuggestionAwardRequested
from db.line import Stamp, entity_id
from db.projections.suggestion import once_key
from db.rules.in_force import rule_in_force
from db.store import Act, Store
from db.tables.points import Posting
from db.tables.statement import table_of
from kiosk.domain.access import Right, require_right
from kiosk.domain.cap import room_for
from kiosk.domain.joined import joined_household
from kiosk.domain.people import balance_of
from kiosk.domain.period import require_day
from kiosk.domain.scheme import Item, household_scheme, items_on
from kiosk.domain.suggestion import require_unanswered, words_beside
from kiosk.domain.suggestion_list import SuggestionShown, find_suggestion
from kiosk.domain.terminal import operator_by_badge
from kiosk.errors import Refused

ADOPTED_ITEM: Final = "suggestion_adopted"
ADOPTING: Final[tuple[ReplyCode, ...]] = ("will_do", "done", "other")
DECLINING: Final[tuple[ReplyCode, ...]] = ("no_money", "not_ours", "already", "other")
"""The replies that go with yes, and those that go with no, in the order of the screen."""


@dataclass(frozen=True)
class Reply:
    """What is answered: yes or no, a reply from the short list, and words where somebody typed them."""

    is_adopted: bool
    code: ReplyCode
    words: str | None = None


@dataclass(frozen=True)
class SuggestionReplied:
    """An answer that was given: points in hundredths that were posted now, and the balance after them, None if none.

    `waits_for` says which second signature `waiting_points` want; `is_capped` that the month leaves the household less
    than the scheme gives.
    """

    suggestion_id: int
    is_adopted: bool
    points: int = 0
    after_points: int | None = None
    waiting_points: int = 0
    waits_for: RequestReason | None = None
    is_capped: bool = False


def answer_suggestion(
    store: Store, suggestion_id: int, reply: Reply, badge: str | None = None, *, now: Stamp, by: int
) -> SuggestionReplied:
    """Adopt or decline a suggestion; an adopted one brings its household points in the same action.

    `badge` is the number of the badge of somebody who may answer, where the operator may not. Where no scheme is in
    force, or it gives nothing for suggestions, there are no points.

    Raises:
        Refused: no day is open (`day_not_open`), no such suggestion (`suggestion_unknown`), it has its answer
            (`suggestion_answered_before`), there is no such reply (`reply_unknown`), or it is too long
            (`words_too_long`).
        NotAllowed: neither operator nor badge may answer (`right_missing`), or nobody has the badge (`badge_unknown`).
    """
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        signer = None if badge is None else operator_by_badge(act.connection, act.village, badge)
        answerer = require_right(act.connection, act.village, signer or by, Right.ANSWER_SUGGESTION)
        suggestion = require_unanswered(act, suggestion_id)
        if reply.code not in (ADOPTING if reply.is_adopted else DECLINING):
            raise Refused("reply_unknown", reply=reply.code)
        body = SuggestionAnswered(
            suggestion=suggestion_id, is_adopted=reply.is_adopted, reply=reply.code, signer=signer
        )  # fmt: skip
        act.append(body, words_beside(reply.words))
        offer = _offer(act, suggestion, day) if reply.is_adopted else None
        if offer is None:
            return SuggestionReplied(suggestion_id, reply.is_adopted)
        return _give(act, offer, answerer.household_id, day)


def award_after_signature(act: Act, request: Row[Any]) -> int:
    """Post the points of a suggestion that a second signature let through, and return them (hundredths).

    Raises:
        Refused: another desk's answer was first and declines the suggestion (`suggestion_is_declined`).
    """
    suggestion = find_suggestion(act.connection, act.village, request.suggestion_id)
    if suggestion.state == "declined":
        raise Refused("suggestion_is_declined")
    if _was_posted(act.connection, act.village, suggestion.suggestion_id):
        return 0
    household_id = joined_household(act.connection, act.village, request.household_id)
    body = SuggestionAwarded(
        suggestion=suggestion.suggestion_id, household=household_id, person=request.person_id, scheme=request.scheme,
        item=request.item_code, points=request.points, request=entity_id(request.log, request.seq),
        legs=transfer("issued", household_id, request.points),
    )  # fmt: skip
    act.append(body)
    return body.points


@dataclass(frozen=True)
class _Offer:
    """What an adopted suggestion brings now: points of an item (hundredths), as many as the month leaves."""

    suggestion: SuggestionShown
    household_id: int
    item: Item
    points: int


def _offer(act: Act, suggestion: SuggestionShown, day: str) -> _Offer | None:
    """Return what the scheme gives, None where it gives nothing or the points were posted before.

    A household that joined another meanwhile is the one it joined.
    """
    try:
        scheme = household_scheme(act.connection, act.village, day)
    except Refused:
        return None
    items = items_on(act.connection, act.village, scheme.code, day)
    item = next((item for item in items if item.code == ADOPTED_ITEM and item.is_active), None)
    if item is None or _was_posted(act.connection, act.village, suggestion.suggestion_id):
        return None
    household_id = joined_household(act.connection, act.village, suggestion.household_id)
    room = room_for(act.connection, act.village, household_id, item, scheme, day)
    return _Offer(suggestion, household_id, item, room.fit(item.points))


def _give(act: Act, offer: _Offer, answerers_household: int | None, day: str) -> SuggestionReplied:
    """Post what is offered, or ask for the second signature it needs."""
    waits_for = _waits_for(act, offer, answerers_household, day) if offer.points else None
    suggestion_id, item = offer.suggestion.suggestion_id, offer.item
    given = {
        "suggestion": suggestion_id, "household": offer.household_id, "person": offer.suggestion.person_id,
        "scheme": item.scheme, "item": item.code, "points": offer.points,
    }  # fmt: skip
    if waits_for is not None:
        act.append(SuggestionAwardRequested.model_validate(given | {"reason": waits_for}))
    elif offer.points:
        act.append(
            SuggestionAwarded.model_validate(given | {"legs": transfer("issued", offer.household_id, offer.points)})
        )
    is_capped = offer.points < item.points
    if waits_for is not None:
        return SuggestionReplied(
            suggestion_id, is_adopted=True, waiting_points=offer.points, waits_for=waits_for, is_capped=is_capped
        )
    balance = balance_of(act.connection, act.village, offer.household_id)
    return SuggestionReplied(suggestion_id, True, offer.points, balance, is_capped=is_capped)  # noqa: FBT003  because only an adopted suggestion has an offer


def _waits_for(act: Act, offer: _Offer, answerers_household: int | None, day: str) -> RequestReason | None:
    own = None if answerers_household is None else joined_household(act.connection, act.village, answerers_household)
    if own == offer.household_id:
        return "own_household"
    limit = rule_in_force(act.connection, act.village, "points", "award_limit_points", day)
    return "over_limit" if offer.points > limit else None


def _was_posted(connection: Connection, village: int, suggestion_id: int) -> bool:
    posting = table_of(Posting).c
    statement = select(posting.seq).where(posting.village == village, posting.once_key == once_key(suggestion_id))
    return connection.execute(statement.limit(1)).one_or_none() is not None
