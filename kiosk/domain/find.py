"""Finding people: by group and household number, by name, by pinyin or initials. Merged households are not found."""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Connection,
    Row,
    Select,
    bindparam,
    literal,
    null,
    select,
    union_all,
)

from db import names
from db.line import ENTITIES_PER_LOG
from db.names import KeyMaker, name_in, names_of
from db.pinyin import plain
from db.store import Store
from db.tables.journal import PrivateText
from db.tables.people import Household, Person
from db.tables.statement import table_of
from db.tables.workspace import NameKey
from kiosk.errors import Refused, TryAgain

MOST: Final = 20
POINT: Final = "."

_KEYS_LOOKED_AT: Final = 200
_ESCAPE: Final = "!"
_AFTER_EVERY_LETTER: Final = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """A household, or a person of it, with what tells namesakes apart: group, house number, year of birth.

    `person_id` and `birth_year` are None for the household itself, whose name is its head's.
    """

    household_id: int
    person_id: int | None
    name: str
    group: int
    house: int
    birth_year: int | None


def find_typed(store: Store, typed: str) -> tuple[Found, ...]:
    """Return what somebody typed may mean: digits are a place, with or without a point (`3.12`, `312`); else a name.

    `3.` is the whole of group 3. Without a point every way to part the digits that meets a household counts, and if
    none does, the group of that number. Search keys that are lacking are made first.

    Raises:
        Refused: no household has the place (`place_empty` with `text`), nobody the name (`name_not_found`).
        TryAgain: as `refresh_name_keys`.
    """
    typed = typed.strip()
    if typed and all(sign in "0123456789." for sign in typed):
        found = _find_place(store, typed)
        if not found:
            raise Refused("place_empty", text=typed)
    else:
        _follow_names(store)
        found = search_people(store, typed)
        if not found:
            raise Refused("name_not_found", text=typed)
    return found


def groups(store: Store) -> tuple[int, ...]:
    """Return the numbers of the groups that have households, in order."""
    household = table_of(Household).c
    statement = (
        select(household.group_number)
        .where(household.village == store.village, household.state == "open", household.group_number.is_not(None))
        .distinct()
        .order_by(household.group_number)
    )
    with store.read() as connection:
        return tuple(connection.execute(statement).scalars())


def people_of(store: Store, household_id: int) -> tuple[Found, ...]:
    """Return the persons of a household, the oldest registration first."""
    with store.read() as connection:
        rows = connection.execute(_people_statement(), {"of_village": store.village, "of_household": household_id})
        return _named(connection, store.village, rows.all())


def search_people(store: Store, typed: str, most: int = MOST) -> tuple[Found, ...]:
    """Return at most `most` persons and heads of households by a part of the name, by pinyin or by initials.

    Whole matches come first, then usual readings before unusual ones, then by place. A head who is registered as a
    person too is found once, as the person.
    """
    wanted = plain(typed)
    if not wanted or most < 1:
        return ()
    if wanted.isascii():
        statement, sought = _spelled_statement(), {"wanted": wanted, "beyond": wanted + _AFTER_EVERY_LETTER}
    else:
        statement, sought = _written_statement(), {"pattern": f"%{_literally(wanted)}%"}
    with store.read_in_pieces() as connection:
        rows = connection.execute(statement, {"of_village": store.village} | sought).all()
    found = (_found(row, name_in(row.text)) for row in _best(rows, wanted)[: 2 * most])
    return tuple(_once(list(found)))[:most]


def refresh_name_keys(store: Store, make_keys: KeyMaker | None = None) -> int:
    """Make the search keys that names registered or received since lack; return how many names got theirs.

    It looks at every name of the village: after an import, and before a search if a name may have come in.

    Raises:
        TryAgain: the program that makes them did not answer (`name_search_not_ready`).
    """
    try:
        return names.refresh_name_keys(store.engine, store.village, make_keys)
    except (subprocess.SubprocessError, OSError) as error:
        raise TryAgain("name_search_not_ready", detail=str(error)) from error


def _follow_names(store: Store) -> None:
    """Make the keys that lack if a private text came in here since the last time, or another program wrote."""
    with store.read_in_pieces() as connection:
        written_by_others: int = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
    now = written_by_others, store.standing.texts
    if store.standing.named != now:
        refresh_name_keys(store)
        store.standing.named = now


def _find_place(store: Store, typed: str) -> tuple[Found, ...]:
    group, point, house = typed.partition(POINT)
    with store.read() as connection:
        if point:
            if not group or POINT in house:
                return ()
            if not house:
                return _in_group(connection, store.village, int(group))
            return _at(connection, store.village, [(int(group), int(house))])
        ways = [(int(typed[:at]), int(typed[at:])) for at in range(1, len(typed)) if typed[at] != "0"]
        return _at(connection, store.village, ways) or _in_group(connection, store.village, int(typed))


def _at(connection: Connection, village: int, places: Sequence[tuple[int, int]]) -> tuple[Found, ...]:
    rows: list[Row[Any]] = []
    for group, house in places:
        parameters = {"of_village": village, "of_group": group, "of_house": house}
        rows += connection.execute(_place_statement(), parameters).all()
    return _named(connection, village, rows)


def _in_group(connection: Connection, village: int, group: int) -> tuple[Found, ...]:
    rows = connection.execute(_group_statement(), {"of_village": village, "of_group": group})
    return _named(connection, village, rows.all())


def _literally(words: str) -> str:
    """Take what LIKE means by % and _ out of a text."""
    return "".join(_ESCAPE + sign if sign in f"%_{_ESCAPE}" else sign for sign in words)


def _best(rows: Sequence[Row[Any]], wanted: str) -> list[Row[Any]]:
    """Each person or household by its best key."""

    def distance(row: Row[Any]) -> tuple[object, ...]:
        return (row.key != wanted, row.n > 0, row.n, row.group_number or 0, row.house_number or 0)

    best: dict[tuple[int, int | None], Row[Any]] = {}
    for row in sorted(rows, key=distance):
        best.setdefault((row.household_id, row.person_id), row)
    return list(best.values())


def _named(connection: Connection, village: int, rows: Sequence[Row[Any]]) -> tuple[Found, ...]:
    known = names_of(connection, village, [row.name_id for row in rows])
    return tuple(_found(row, known[row.name_id]) for row in rows)


def _found(row: Row[Any], name: str) -> Found:
    place = row.group_number or 0, row.house_number or 0
    return Found(row.household_id, row.person_id, name, *place, row.birth_year)


def _once(found: Sequence[Found]) -> Iterator[Found]:
    """Leave out erased names, and heads that are there as persons."""
    persons = {(each.household_id, each.name) for each in found if each.person_id is not None}
    for each in found:
        if each.name and (each.person_id is not None or (each.household_id, each.name) not in persons):
            yield each


def _household_columns() -> Select[Any]:
    household = table_of(Household).c
    return select(
        household.household_id, null().label("person_id"), household.name_id, household.group_number,
        household.house_number, null().label("birth_year"),
    ).where(household.village == bindparam("of_village"), household.state == "open")  # fmt: skip


def _person_columns() -> Select[Any]:
    household, person = table_of(Household), table_of(Person)
    lives_in = (household.c.village == person.c.village) & (household.c.household_id == person.c.household_id)
    return (
        select(
            person.c.household_id, person.c.person_id, person.c.name_id, household.c.group_number,
            household.c.house_number, person.c.birth_year,
        )
        .select_from(person.join(household, lives_in))
        .where(person.c.village == bindparam("of_village"), household.c.state == "open", person.c.state == "present")
    )  # fmt: skip


@lru_cache(maxsize=1)
def _place_statement() -> Select[Any]:
    household = table_of(Household).c
    return (
        _household_columns()
        .where(household.group_number == bindparam("of_group"), household.house_number == bindparam("of_house"))
        .order_by(household.household_id)
        .limit(1)
    )


@lru_cache(maxsize=1)
def _group_statement() -> Select[Any]:
    household = table_of(Household).c
    return (
        _household_columns()
        .where(household.group_number == bindparam("of_group"))
        .order_by(household.house_number, household.household_id)
    )


@lru_cache(maxsize=1)
def _people_statement() -> Select[Any]:
    person = table_of(Person).c
    return _person_columns().where(person.household_id == bindparam("of_household")).order_by(person.person_id)


@lru_cache(maxsize=1)
def _spelled_statement() -> CompoundSelect[Any]:
    """Names one of whose keys begins with what was typed, in the order of the keys: the whole ones come first."""
    key = table_of(NameKey).c
    hits = _hits().where(key.key >= bindparam("wanted"), key.key < bindparam("beyond")).order_by(key.key)
    return _holders(hits.limit(_KEYS_LOOKED_AT).cte("hit"))


@lru_cache(maxsize=1)
def _written_statement() -> CompoundSelect[Any]:
    """Names that hold what was typed anywhere."""
    key = table_of(NameKey).c
    hits = _hits().where(key.n == 0, key.key.like(bindparam("pattern"), escape=_ESCAPE))
    return _holders(hits.limit(_KEYS_LOOKED_AT).cte("hit"))


def _hits() -> Select[Any]:
    """Keys and the names they are of: in one statement, because somebody types and waits."""
    key, text = table_of(NameKey), table_of(PrivateText)
    is_text = (text.c.village == key.c.village) & (text.c.log == key.c.log) & (text.c.seq == key.c.seq)
    return (
        select(key.c.log, key.c.seq, key.c.n, key.c.key, text.c.text)
        .select_from(key.join(text, is_text))
        .where(key.c.village == bindparam("of_village"))
    )


def _holders(hits: CTE) -> CompoundSelect[Any]:
    """Whose name a hit is now: of persons and of households."""
    name_id = hits.c.log * literal(ENTITIES_PER_LOG) + hits.c.seq
    person, household = table_of(Person).c, table_of(Household).c
    known = hits.c.n, hits.c.key, hits.c.text
    return union_all(
        _person_columns().add_columns(*known).where(person.name_id == name_id),
        _household_columns().add_columns(*known).where(household.name_id == name_id),
    )
