"""Consequences of the family points: postings, balances, requests and answers, schemes."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, case, func, literal, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from db.facts import points as facts
from db.facts.body import Leg
from db.line import Fact
from db.projections.batch import Batch, Recompute
from db.projections.waiting import ask
from db.tables.points import Balance, Objection, ObjectionAnswer, Posting, Scheme, SchemeItem, SchemeRule
from db.tables.statement import table_of, upsert
from db.tables.waiting import Answer

DESCRIPTION: Final = ("scheme", "item_code", "person_id", "target_id", "paper_number", "evidence_code")


def post(
    fact: Fact,
    legs: Iterable[Leg],
    batch: Batch,
    *,
    once_key: str | None = None,
    recount: Recompute | None = None,
    **entry: Any,  # noqa: ANN401  because entries describe themselves
) -> None:
    """Add the legs of a fact's postings; what carries a `once_key` counts once, by lowest rank or as `recount` says.

    `entry` names what a statement shows: any of DESCRIPTION.
    """
    for n, leg in enumerate(legs):
        row = dict.fromkeys(DESCRIPTION) | entry
        batch.insert(
            Posting, fact, n=n, account=leg.account, household_id=leg.household, points=leg.points, rank=fact.rank,
            once_key=once_key, is_counted=1, kind=fact.kind, operator_id=fact.op, day=fact.day, at=fact.at, **row,
        )  # fmt: skip
        if leg.household is not None:
            batch.touch(recompute_balances, leg.household)
    if once_key is not None:
        batch.touch(recount or recount_once, once_key)


def points_awarded(fact: Fact, body: facts.PointsAwarded, batch: Batch) -> None:
    """The award's postings; an award that fulfils a request counts once for it."""
    once_key = None if body.request is None else f"request:{body.request}"
    post(fact, body.legs, batch, once_key=once_key, target_id=body.request, **_what(body))


def award_requested(fact: Fact, body: facts.AwardRequested, batch: Batch) -> None:
    """An entry of the waiting list."""
    what = {"household_id": body.household, "quantity": body.quantity, "points": body.points}
    ask(fact, batch, f"award_{body.reason}", **what, **_what(body))


def points_deducted(fact: Fact, body: facts.PointsDeducted, batch: Batch) -> None:
    """The deduction's postings."""
    post(fact, body.legs, batch, **_what(body))


def request_answered(fact: Fact, body: facts.RequestAnswered, batch: Batch) -> None:
    """An answer; the reader lets the lowest rank count."""
    batch.insert(
        Answer, fact, request_id=body.request, is_approved=int(body.is_approved), signer_id=body.signer,
        is_verified=int(body.is_verified), rank=fact.rank,
    )  # fmt: skip


def award_reversed(fact: Fact, body: facts.AwardReversed, batch: Batch) -> None:
    """The reversal's postings, once for the award it names."""
    post(fact, body.legs, batch, once_key=f"reverse:{body.award}", target_id=body.award)


def deduction_reversed(fact: Fact, body: facts.DeductionReversed, batch: Batch) -> None:
    """The reversal's postings, once for the deduction it names."""
    post(fact, body.legs, batch, once_key=f"reverse_deduction:{body.deduction}", target_id=body.deduction)


def opening_balance_posted(fact: Fact, body: facts.OpeningBalancePosted, batch: Batch) -> None:
    """The opening postings, once for household and passbook."""
    post(fact, body.legs, batch, once_key=f"opening:{body.household}:{body.paper}", paper_number=body.paper)


def opening_reversed(fact: Fact, body: facts.OpeningReversed, batch: Batch) -> None:
    """The reversal's postings, once for the opening balance it names."""
    post(fact, body.legs, batch, once_key=f"reverse_opening:{body.opening}", target_id=body.opening)


def balance_swept(fact: Fact, body: facts.BalanceSwept, batch: Batch) -> None:
    """Credit moved on from a merged household."""
    post(fact, body.legs, batch, target_id=body.into)


def scheme_item_set(fact: Fact, body: facts.SchemeItemSet, batch: Batch) -> None:
    """A dated item."""
    batch.insert(
        SchemeItem, fact, rank=fact.rank, scheme=body.scheme, code=body.code, group_code=body.group,
        position=body.position, label_zh=body.label_zh, label_en=body.label_en, points=body.points,
        unit_zh=body.unit_zh, unit_en=body.unit_en, monthly_cap_points=body.monthly_cap,
        is_routine=int(body.is_routine), needs_evidence=int(body.needs_evidence), is_active=int(body.is_active),
        from_day=body.from_day,
    )  # fmt: skip


def scheme_loaded(fact: Fact, body: facts.SchemeLoaded, batch: Batch) -> None:
    """The scheme and its dated numbers."""
    batch.insert(
        Scheme, fact, rank=fact.rank, scheme=body.scheme, audience=body.audience, label_zh=body.label_zh,
        label_en=body.label_en, digest=body.digest, from_day=body.from_day,
    )  # fmt: skip
    for n, rule in enumerate(body.rules):
        values = {"rank": fact.rank, "scheme": body.scheme, "name": rule.name, "value": rule.value}
        batch.insert(SchemeRule, fact, n=n, from_day=body.from_day, **values)


def objection_raised(fact: Fact, body: facts.ObjectionRaised, batch: Batch) -> None:
    """The objection, and its place on the waiting list."""
    batch.insert(
        Objection, fact, household_id=body.household, entry_id=body.entry, till=body.till, number=body.number,
        points=body.points, reason_code=body.reason, rank=fact.rank, operator_id=fact.op, day=fact.day, at=fact.at,
    )  # fmt: skip
    number = f"{fact.village:04}-{body.till}-{body.number:06}"
    ask(
        fact, batch, "objection", household_id=body.household, points=body.points, reason_code=body.reason,
        paper_number=number,
    )  # fmt: skip


def objection_answered(fact: Fact, body: facts.ObjectionAnswered, batch: Batch) -> None:
    """An answer, also to what waited; the reader lets the lowest rank count."""
    batch.insert(
        ObjectionAnswer, fact, objection_id=body.objection, is_upheld=int(body.is_upheld), reply_code=body.reply,
        reversal_id=body.reversal, signer_id=body.signer, rank=fact.rank, day=fact.day, at=fact.at,
    )  # fmt: skip
    batch.insert(
        Answer, fact, request_id=body.objection, is_approved=int(body.is_upheld), signer_id=body.signer,
        is_verified=int(body.is_verified), rank=fact.rank,
    )  # fmt: skip


def recount_once(connection: Connection, village: int, keys: list[str]) -> None:
    """Let the lowest rank of each key count, and no other; then set the balances it concerns.

    Hardly any key is ever said twice, and what is said once counts already.
    """
    twice = connection.execute(_twice_statement(), {"of_village": village, "of_keys": keys}).scalars().all()
    if twice:
        changed = connection.execute(_count_once_statement(), {"of_village": village, "of_keys": twice}).scalars()
        recompute_balances(connection, village, sorted({each for each in changed if each is not None}))


def recompute_balances(connection: Connection, village: int, households: list[int]) -> None:
    """Set each household's balance to the sum of its counted postings."""
    statement = _balance_statement(connection.dialect.name)
    connection.execute(statement, {"of_village": village, "of_households": households})


@cache
def _twice_statement() -> Select[Any]:
    table = table_of(Posting).c
    is_touched = table.once_key.in_(bindparam("of_keys", expanding=True))
    return (
        select(table.once_key)
        .where(table.village == bindparam("of_village"), is_touched)
        .group_by(table.once_key)
        .having(func.min(table.rank) != func.max(table.rank))
    )


@cache
def _count_once_statement() -> ReturningUpdate[Any]:
    table = table_of(Posting).c
    first = table_of(Posting).alias("first")
    lowest = (
        select(func.min(first.c.rank))
        .where(first.c.village == table.village, first.c.once_key == table.once_key)
        .scalar_subquery()
    )
    is_touched = table.once_key.in_(bindparam("of_keys", expanding=True))
    return (
        update(table_of(Posting))
        .where(table.village == bindparam("of_village"), is_touched)
        .values(is_counted=case((table.rank == lowest, 1), else_=0))
        .returning(table.household_id)
    )


@cache
def _balance_statement(dialect: str) -> Any:  # noqa: ANN401  because upsert() is untyped
    posting = table_of(Posting).c
    balance = table_of(Balance)
    sums = (
        select(posting.village, posting.household_id, func.sum(posting.points * posting.is_counted))
        .where(
            posting.village == bindparam("of_village"),
            posting.household_id.in_(bindparam("of_households", expanding=True)),
            literal(True),  # noqa: FBT003  because it is an SQL literal: SQLite needs a WHERE before ON CONFLICT
        )
        .group_by(posting.village, posting.household_id)
    )
    statement = upsert(dialect, balance).from_select(["village", "household_id", "redeemable_points"], sums)
    return statement.on_conflict_do_update(
        index_elements=["village", "household_id"],
        set_={"redeemable_points": statement.excluded.redeemable_points},
    )


def _what(body: facts.PointsAwarded | facts.AwardRequested | facts.PointsDeducted) -> dict[str, Any]:
    return {
        "scheme": body.scheme,
        "item_code": body.item,
        "person_id": body.person,
        "paper_number": body.paper,
        "evidence_code": body.evidence,
    }
