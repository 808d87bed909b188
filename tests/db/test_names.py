"""Names beside their facts: read, masked, and kept findable only as long as their text is there."""

import subprocess
from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from db.engine import transaction
from db.facts.people import HouseholdRegistered, HouseholdRenamed, PersonRegistered
from db.line import origin_of
from db.names import mask, name_of, names_of, refresh_name_keys
from db.pinyin import keys_of
from db.store import Store
from db.tables.journal import PrivateText
from db.tables.statement import table_of
from db.tables.workspace import NameKey
from tests.ledger import VILLAGE, bring, new_store, write


def made_here(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Keys without a program of its own."""
    return [keys_of(name) for name in names]


def keys_in(store: Store) -> set[str]:
    """Every key that is kept."""
    with store.read() as connection:
        return set(connection.execute(select(table_of(NameKey).c.key)).scalars())


def registered(store: Store, name: str = "王明") -> int:
    """A household with a head."""
    return write(store, HouseholdRegistered(group=3, house=12), private={"name": name})[0].id


def erase(store: Store, name_id: int) -> None:
    """Take a name's text away, as an erasure does."""
    text, (log, seq) = table_of(PrivateText), origin_of(name_id)
    with transaction(store.engine, is_write=True) as connection:
        place = (text.c.village == VILLAGE, text.c.log == log, text.c.seq == seq)
        connection.execute(update(text).where(*place).values(text=None, salt=None))


@pytest.mark.parametrize(
    ("name", "masked"), [("王", "王"), ("王明", "王*"), ("王明家", "王*家"), ("欧阳修文", "欧**文")]
)
def test_name_is_masked_when_it_goes_on_a_wall(name: str, masked: str) -> None:
    """First and last character stay."""
    assert mask(name) == masked


def test_names_are_read_in_one_go_when_several_logs_wrote_them() -> None:
    """Own and foreign names alike; what is no name is empty."""
    store, sibling = new_store(7), new_store(8, seed=2)
    own, other = registered(store, "王明"), registered(sibling, "李秀")
    bring(sibling, store)
    with store.read() as connection:
        assert names_of(connection, VILLAGE, [own, None, other, other + 1]) == {
            own: "王明", None: "", other: "李秀", other + 1: "",
        }  # fmt: skip
        assert name_of(connection, VILLAGE, other) == "李秀"


def test_keys_are_made_once_when_names_are_registered() -> None:
    """A second look finds nothing to do."""
    store = new_store(7)
    household = registered(store)
    write(store, PersonRegistered(household=household), private={"name": "陈芳"})
    assert refresh_name_keys(store.engine, VILLAGE, made_here) == 2
    assert {"wm", "cf", "王明", "陈芳"} <= keys_in(store)
    assert refresh_name_keys(store.engine, VILLAGE, made_here) == 0


def test_a_new_name_gets_keys_when_somebody_is_renamed() -> None:
    """The renaming fact holds the name now."""
    store = new_store(7)
    household = registered(store)
    refresh_name_keys(store.engine, VILLAGE, made_here)
    write(store, HouseholdRenamed(household=household), private={"name": "周立"})
    assert refresh_name_keys(store.engine, VILLAGE, made_here) == 1
    assert "zl" in keys_in(store)


def test_received_names_get_keys_when_another_log_brought_them() -> None:
    """A restored or sibling log is searched like the own one."""
    store, sibling = new_store(7), new_store(8, seed=2)
    registered(sibling, "李秀")
    bring(sibling, store)
    assert refresh_name_keys(store.engine, VILLAGE, made_here) == 1
    assert "lx" in keys_in(store)


def test_keys_go_when_the_text_is_erased() -> None:
    """Nothing in the store tells an erased name, not even its initials."""
    store = new_store(7)
    household = registered(store)
    refresh_name_keys(store.engine, VILLAGE, made_here)
    erase(store, household)
    assert refresh_name_keys(store.engine, VILLAGE, made_here) == 0
    assert keys_in(store) == set()


def test_a_name_without_letters_is_looked_at_once_when_it_has_no_key() -> None:
    """It is not handed to the program again at every search."""
    store = new_store(7)
    registered(store, "·")
    assert refresh_name_keys(store.engine, VILLAGE, made_here) == 1
    assert refresh_name_keys(store.engine, VILLAGE, made_here) == 0


def test_keys_made_before_stay_when_the_program_fails_midway(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written is good; the rest is made at the next search."""
    store = new_store(7)
    for name in ("王明", "李秀"):
        registered(store, name)
    monkeypatch.setattr("db.names.NAMES_AT_ONCE", 1)
    asked = 0

    def fails_at_the_second(names: Sequence[str]) -> list[tuple[str, ...]]:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise subprocess.TimeoutExpired("python", 60)
        return made_here(names)

    with pytest.raises(subprocess.TimeoutExpired):
        refresh_name_keys(store.engine, VILLAGE, fails_at_the_second)
    assert "wm" in keys_in(store)
    assert refresh_name_keys(store.engine, VILLAGE, made_here) == 1
