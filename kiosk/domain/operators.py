"""Who stands at the desk: people of the village are appointed with a role and a badge, and leave it again."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.facts.terminal import OperatorStateChanged
from db.line import Stamp
from db.names import names_of
from db.store import Act, Store
from db.tables.statement import table_of
from db.tables.terminal import Operator
from kiosk.domain.access import Right, require_right
from kiosk.domain.person import name_of_person
from kiosk.domain.terminal import OperatorMade, write_operator
from kiosk.errors import NotAllowed, Refused


@dataclass(frozen=True)
class OperatorListed:
    """Somebody who may act at the desk: the name is empty if it was erased; `badge` is what the badge carries.

    `suspended_until` is the last day of a suspension, over or not, as ISO text.
    """

    operator_id: int
    name: str
    role: str
    badge: str
    person_id: int | None
    suspended_until: str | None = None


def list_operators(store: Store) -> tuple[OperatorListed, ...]:
    """Return who may act at the desk, longest known first."""
    with store.read() as connection:
        return _operators(connection, store.village)


def operator_names(connection: Connection, village: int, operator_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return what operators are called by their ids, those who are gone too; "" for a name that was erased."""
    operator, wanted = table_of(Operator).c, {each for each in operator_ids if each is not None}
    rows = connection.execute(
        select(operator.operator_id, operator.name_id).where(
            operator.village == village, operator.operator_id.in_(wanted)
        )
    ).all()
    names = names_of(connection, village, [row.name_id for row in rows])
    return {row.operator_id: names[row.name_id] for row in rows}


def appoint_operator(store: Store, person_id: int, role: str, *, now: Stamp, by: int) -> OperatorMade:
    """Let a person of the village act at the desk, with a badge of their own.

    Raises:
        Refused: nobody here has this id (`person_unknown`), they may act already (`operator_exists`), or there is no
            such role (`role_unknown`).
        NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.APPOINT)
        name = name_of_person(act.connection, act.village, person_id)
        if any(each.person_id == person_id for each in _operators(act.connection, act.village)):
            raise Refused("operator_exists", name=name)
        return write_operator(act, name, role, person_id)


def end_operator(store: Store, operator_id: int, *, now: Stamp, by: int) -> None:
    """Let somebody act at the desk no longer; their badge opens nothing from now on.

    Raises:
        Refused: nobody active has this id (`operator_unknown`).
        NotAllowed: as `require_right`, or it is the operator at the desk (`operator_is_self`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.APPOINT)
        _require_active(act, operator_id)
        if operator_id == by:
            raise NotAllowed("operator_is_self")
        act.append(OperatorStateChanged(operator=operator_id, state="ended"))


def _require_active(act: Act, operator_id: int) -> None:
    if all(each.operator_id != operator_id for each in _operators(act.connection, act.village)):
        raise Refused("operator_unknown")


def _operators(connection: Connection, village: int) -> tuple[OperatorListed, ...]:
    operator = table_of(Operator).c
    rows = connection.execute(
        select(
            operator.operator_id,
            operator.name_id,
            operator.role,
            operator.badge,
            operator.person_id,
            operator.suspended_until,
        )
        .where(operator.village == village, operator.state == "active")
        .order_by(operator.operator_id)
    ).all()
    names = names_of(connection, village, [row.name_id for row in rows])
    return tuple(
        OperatorListed(
            row.operator_id, names[row.name_id], row.role or "", row.badge or "", row.person_id, row.suspended_until
        )
        for row in rows
    )
