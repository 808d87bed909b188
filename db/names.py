"""Names: the only place that reads them from private text, masks them, or keeps search keys of them."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import Connection, Delete, Select, bindparam, delete, literal, select, union

from db.engine import transaction
from db.line import ENTITIES_PER_LOG, entity_id, origin_of
from db.tables.journal import PrivateText
from db.tables.statement import table_of, upsert
from db.tables.workspace import NameKey

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement, Engine, FromClause

KeyMaker: TypeAlias = Callable[[Sequence[str]], Sequence[Sequence[str]]]
"""Gives the search keys of each of some names, the plain name first."""

ERASED: Final = ""
NAME: Final = "name"
WORDS: Final = "words"
"""Fields of private texts: what somebody or something is called, and what somebody said."""
NAMES_AT_ONCE: Final = 1_000
KEY_MAKER_SECONDS: Final = 60


def name_of(connection: Connection, village: int, name_id: int | None) -> str:
    """Return the name kept beside the fact that made `name_id`; empty if there is none or it was erased."""
    if name_id is None:
        return ERASED
    log, seq = origin_of(name_id)
    parameters = {"of_village": village, "of_log": log, "of_seq": seq}
    text = connection.execute(_statement(), parameters).scalar_one_or_none()
    return name_in(text)


def name_in(text: str | None, field: str = NAME) -> str:
    """Return the name, or another field, in a private text; empty if there is no text or it was erased."""
    return ERASED if text is None else str(json.loads(text).get(field, ERASED))


def is_text_of(
    text: "FromClause", village: "ColumnElement[Any]", name_id: "ColumnElement[Any]"
) -> "ColumnElement[bool]":
    """Say in SQL which row of `text` (private texts) stands beside the fact that made `name_id`: for joins."""
    log, seq = name_id // ENTITIES_PER_LOG, name_id % ENTITIES_PER_LOG
    return (text.c.village == village) & (text.c.log == log) & (text.c.seq == seq)


def names_of(
    connection: Connection, village: int, name_ids: Iterable[int | None], field: str = NAME
) -> dict[int | None, str]:
    """Return the names kept beside the facts of `name_ids` by id, in a statement a log; empty as in `name_of`.

    `field` is another field of the private texts than the name.
    """
    names: dict[int | None, str] = dict.fromkeys(name_ids, ERASED)
    by_log: dict[int, list[int]] = {}
    for log, seq in (origin_of(name_id) for name_id in names if name_id is not None):
        by_log.setdefault(log, []).append(seq)
    for log, seqs in by_log.items():
        for start in range(0, len(seqs), NAMES_AT_ONCE):
            parameters = {"of_village": village, "of_log": log, "of_seqs": seqs[start : start + NAMES_AT_ONCE]}
            for seq, text in connection.execute(_statement_of_several(), parameters):
                names[entity_id(log, seq)] = name_in(text, field)
    return names


def mask(name: str) -> str:
    """Return a name for a public sheet: first and last character stay, what is between becomes a star."""
    if len(name) <= 1:
        return name
    if len(name) == 2:  # noqa: PLR2004  because two characters are the shortest name with something to hide
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def refresh_name_keys(engine: "Engine", village: int, make_keys: KeyMaker | None = None) -> int:
    """Give the names that have no search keys yet theirs, and take away those of erased texts; return how many got any.

    Raises:
        OSError, subprocess.SubprocessError: the program that makes the keys did not answer; keys made before stay.
    """
    with transaction(engine, is_write=True) as connection:
        connection.execute(_forgetting(), {"of_village": village})
        lacking = list(connection.execute(_names_without_keys(), {"of_village": village}).scalars())
        names = names_of(connection, village, lacking)
    known = [(name_id, names[name_id]) for name_id in lacking if names[name_id]]
    for start in range(0, len(known), NAMES_AT_ONCE):
        piece = known[start : start + NAMES_AT_ONCE]
        made = (make_keys or keys_by_program)([name for _, name in piece])
        _write_keys(engine, village, {name_id: keys for (name_id, _), keys in zip(piece, made, strict=True)})
    return len(known)


def keys_by_program(names: Sequence[str]) -> list[list[str]]:
    """Let a program of its own make the keys: the dictionary of readings never stays in this one.

    Raises:
        OSError, subprocess.SubprocessError: it did not answer.
    """
    program = [sys.executable, "-m", "db.pinyin"]
    asked = json.dumps(list(names))
    done = subprocess.run(program, input=asked, capture_output=True, text=True, check=True, timeout=KEY_MAKER_SECONDS)
    made: list[list[str]] = json.loads(done.stdout)
    return made


def _write_keys(engine: "Engine", village: int, keys: dict[int, Sequence[str]]) -> None:
    rows = [
        {"village": village, "log": log, "seq": seq, "n": n, "key": key}
        for (log, seq), made in ((origin_of(name_id), made) for name_id, made in keys.items())
        for n, key in enumerate(made or [ERASED])
    ]
    with transaction(engine, is_write=True) as connection:
        connection.execute(upsert(connection.dialect.name, table_of(NameKey)).on_conflict_do_nothing(), rows)


@lru_cache(maxsize=1)
def _names_without_keys() -> Select[Any]:
    """The names in use now, of persons and households, that have no key."""
    from db.tables.people import Household, Person

    person, household, key = table_of(Person).c, table_of(Household).c, table_of(NameKey).c
    of_village: BindParameter[int] = bindparam("of_village")
    used = union(
        select(person.name_id).where(person.village == of_village),
        select(household.name_id).where(household.village == of_village),
    ).subquery()
    has_key = (
        select(literal(1))
        .where(
            key.village == of_village,
            key.log == used.c.name_id // literal(ENTITIES_PER_LOG),
            key.seq == used.c.name_id % ENTITIES_PER_LOG,
            key.n == 0,
        )
        .exists()
    )
    return select(used.c.name_id).where(used.c.name_id.is_not(None), ~has_key).order_by(used.c.name_id)


@lru_cache(maxsize=1)
def _forgetting() -> Delete:
    key, text = table_of(NameKey), table_of(PrivateText).c
    is_there = (
        select(literal(1))
        .where(text.village == key.c.village, text.log == key.c.log, text.seq == key.c.seq, text.text.is_not(None))
        .exists()
    )
    return delete(key).where(key.c.village == bindparam("of_village"), ~is_there)


@lru_cache(maxsize=1)
def _statement() -> Select[Any]:
    text = table_of(PrivateText).c
    return select(text.text).where(
        text.village == bindparam("of_village"), text.log == bindparam("of_log"), text.seq == bindparam("of_seq")
    )


@lru_cache(maxsize=1)
def _statement_of_several() -> Select[Any]:
    """By single numbers of one log: for pairs of log and number SQLite would read the texts of the whole village."""
    text = table_of(PrivateText).c
    seqs: BindParameter[Any] = bindparam("of_seqs", expanding=True)
    return select(text.seq, text.text).where(
        text.village == bindparam("of_village"), text.log == bindparam("of_log"), text.seq.in_(seqs)
    )
