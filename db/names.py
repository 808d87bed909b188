"""Names: the only place that reads them from private text, masks them, or makes search keys of them."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, bindparam, select, tuple_

from db.line import entity_id, origin_of
from db.tables.journal import PrivateText
from db.tables.statement import table_of

if TYPE_CHECKING:
    from sqlalchemy import BindParameter

ERASED = ""


def name_of(connection: Connection, village: int, name_id: int | None) -> str:
    """Return the name kept beside the fact that made `name_id`; empty if there is none or it was erased."""
    if name_id is None:
        return ERASED
    log, seq = origin_of(name_id)
    parameters = {"of_village": village, "of_log": log, "of_seq": seq}
    text = connection.execute(_statement(), parameters).scalar_one_or_none()
    return ERASED if text is None else str(json.loads(text).get("name", ERASED))


def names_of(connection: Connection, village: int, name_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names kept beside the facts of `name_ids` by id, read in one statement; empty as in `name_of`."""
    wanted = list(name_ids)
    known = [name_id for name_id in dict.fromkeys(wanted) if name_id is not None]
    names: dict[int | None, str] = dict.fromkeys(wanted, ERASED)
    if known:
        parameters = {"of_village": village, "of_places": [origin_of(name_id) for name_id in known]}
        for log, seq, text in connection.execute(_statement_of_several(), parameters):
            names[entity_id(log, seq)] = ERASED if text is None else str(json.loads(text).get("name", ERASED))
    return names


def mask(name: str) -> str:
    """Return a name for a public sheet: first and last character stay, what is between becomes a star."""
    if len(name) <= 1:
        return name
    if len(name) == 2:  # noqa: PLR2004  because two characters are the shortest name with something to hide
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


@lru_cache(maxsize=1)
def _statement() -> Select[Any]:
    text = table_of(PrivateText).c
    return select(text.text).where(
        text.village == bindparam("of_village"), text.log == bindparam("of_log"), text.seq == bindparam("of_seq")
    )


@lru_cache(maxsize=1)
def _statement_of_several() -> Select[Any]:
    text = table_of(PrivateText).c
    places: BindParameter[Any] = bindparam("of_places", expanding=True)
    return select(text.log, text.seq, text.text).where(
        text.village == bindparam("of_village"), tuple_(text.log, text.seq).in_(places)
    )
