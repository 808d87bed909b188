"""The store: created, opened, rebuilt; one action is one transaction; foreign lines come in with their consequences."""

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, MetaData, insert, select, text, update

from db import guard, projections
from db import store as stores
from db.engine import open_sqlite, transaction
from db.facts.body import Body
from db.facts.people import HouseholdRegistered
from db.facts.period import DayOpened
from db.facts.terminal import LogBegun, OperatorAdded
from db.guard import GuardError
from db.journal import ForkError, GapError, Sealed, heads, private_texts, verify
from db.line import LARGEST_LOG, MalformedLineError, Stamp
from db.projections import digest
from db.store import (
    LogEndedError,
    Store,
    StoreError,
    begin_own_log,
    create_store,
    open_store,
    own_log,
    rebuild,
    set_setting,
    setting,
    store_file,
)
from db.tables.points import Balance
from db.tables.statement import table_of
from db.tables.workspace import OwnLog, ParkedBasket
from tests.bodies import WeatherNoted, award, redemption
from tests.ledger import NOW, VILLAGE, bring, lines_of, new_store, write

HOUSEHOLD = 77


def village_digest(store: Store) -> str:
    """The digest of the village's tables."""
    with store.read() as connection:
        return digest(connection, VILLAGE)


def held(store: Store) -> dict[int, int]:
    """How far each log of the village is held."""
    with store.read() as connection:
        return {log: head.seq for log, head in heads(connection, VILLAGE).items()}


def on_disk(folder: Path, *bodies: Body) -> Engine:
    """A store in a file that holds some facts; its engine is open."""
    engine = open_sqlite(store_file(folder))
    write(create_store(engine, VILLAGE, Random(1).randbytes), *bodies)
    return engine


def test_new_store_has_a_log_of_its_own_when_created(tmp_path: Path) -> None:
    """A number drawn from the entropy given, and not one fact in it."""
    engine = open_sqlite(store_file(tmp_path))
    store = create_store(engine, VILLAGE, lambda _count: b"\x01\x02\x03")
    with store.read() as connection:
        assert own_log(connection, VILLAGE) == 0x10203 & LARGEST_LOG
        assert heads(connection, VILLAGE) == {}


def test_two_stores_have_different_logs_when_created_with_the_default_entropy(tmp_path: Path) -> None:
    """The number comes from the machine's secure source."""
    logs = set()
    for name in "abcdefgh":
        store = create_store(open_sqlite(tmp_path / name), VILLAGE)
        with store.read() as connection:
            logs.add(own_log(connection, VILLAGE))
        store.close()
    assert len(logs) > 1


def test_store_stays_as_it_is_when_created_again(tmp_path: Path) -> None:
    """A second creation is a mistake and changes nothing."""
    engine = on_disk(tmp_path, award(HOUSEHOLD, 100))
    store = open_store(engine)
    before = village_digest(store), held(store)
    for village in (VILLAGE, 124):
        with pytest.raises(StoreError) as caught:
            create_store(engine, village)
        assert caught.value.code == "present"
    assert (village_digest(store), held(store)) == before


def test_store_is_the_same_when_opened_again(tmp_path: Path) -> None:
    """Facts, tables, own log and the open day outlive the process."""
    engine = on_disk(tmp_path, DayOpened(day="2026-11-22"), award(HOUSEHOLD, 100))
    before = open_store(engine)
    expected = village_digest(before), held(before)
    engine.dispose()
    store = open_store(open_sqlite(store_file(tmp_path)))
    assert (village_digest(store), held(store)) == expected
    with store.write(now=NOW, by=None) as act:
        assert (act.village, act.log, act.day, act.stamp) == (VILLAGE, next(iter(held(before))), "2026-11-22", NOW)
        assert act.append(award(HOUSEHOLD, 1)).seq == 3


def test_store_is_absent_when_the_file_is_empty(tmp_path: Path) -> None:
    """Opening makes nothing."""
    with pytest.raises(StoreError) as caught:
        open_store(open_sqlite(store_file(tmp_path)))
    assert caught.value.code == "absent"


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("schema", "UPDATE alembic_version SET version_num = '0000'"),
        ("schema", "UPDATE alembic_version SET version_num = '9999'"),
        ("absent", "DELETE FROM alembic_version"),
    ],
)
def test_store_is_not_opened_when_it_is_not_what_this_program_expects(
    tmp_path: Path, code: str, statement: str
) -> None:
    """Another schema is refused with its own code."""
    engine = on_disk(tmp_path)
    with transaction(engine, is_write=True) as connection:
        connection.execute(text(statement))
    with pytest.raises(StoreError) as caught:
        open_store(engine)
    assert caught.value.code == code


def test_tables_are_rebuilt_when_the_program_folds_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of an older program is folded anew at opening, once, and says so in its settings."""
    engine = on_disk(tmp_path, award(HOUSEHOLD, 100))
    expected = village_digest(open_store(engine))
    with transaction(engine, is_write=True) as connection:
        connection.execute(update(table_of(Balance)).values(redeemable_points=5))
    spoiled = village_digest(open_store(engine))
    assert spoiled != expected
    monkeypatch.setattr(projections, "FOLD_VERSION", projections.FOLD_VERSION + 1)
    assert village_digest(open_store(engine)) == expected
    rebuilt: list[Store] = []
    monkeypatch.setattr(stores, "rebuild", rebuilt.append)
    open_store(engine)
    assert rebuilt == []


def test_tables_are_rebuilt_when_their_files_say_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that gained a column is noticed at opening, by the files it is declared in."""
    engine = on_disk(tmp_path, award(HOUSEHOLD, 100))
    rebuilt: list[Store] = []
    monkeypatch.setattr(stores, "rebuild", rebuilt.append)
    monkeypatch.setattr(projections, "_TABLE_FILES", tmp_path)
    monkeypatch.setattr(projections, "projection_version", lambda _connection: "with another column")
    open_store(engine)
    assert len(rebuilt) == 1


def test_tables_stay_when_only_words_in_their_files_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the definitions are compared, once; from the next opening on the files alone are looked at again."""
    engine = on_disk(tmp_path, award(HOUSEHOLD, 100))
    rebuilt: list[Store] = []
    monkeypatch.setattr(stores, "rebuild", rebuilt.append)
    monkeypatch.setattr(projections, "_TABLE_FILES", tmp_path)
    (tmp_path / "shop.py").write_text("# other words", "utf-8")
    open_store(engine)
    monkeypatch.setattr(projections, "projection_version", lambda _connection: 1 / 0)
    open_store(engine)
    assert rebuilt == []


def test_projection_and_guard_tables_are_made_new_when_rebuilt(store: Store) -> None:
    """A column of an older program does not survive, in neither class."""
    write(store, award(HOUSEHOLD, 100))
    before = village_digest(store)
    with store.write(now=NOW, by=None) as act:
        for table in ("balance", "guard_redeemable"):
            act.connection.execute(text(f"ALTER TABLE {table} ADD COLUMN older INTEGER"))
    assert rebuild(store) == 1
    with store.read() as connection:
        for table in ("balance", "guard_redeemable"):
            said = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
            assert "older" not in said.scalar_one()
    assert village_digest(store) == before


def test_old_tables_stay_when_a_rebuild_is_cut(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dropped, created and filled in one transaction."""
    write(store, award(HOUSEHOLD, 100))
    before = village_digest(store)

    def cut(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(guard, "reset_guards", cut)
    with pytest.raises(ZeroDivisionError):
        rebuild(store)
    assert village_digest(store) == before


def test_workspace_stays_when_rebuilt(store: Store) -> None:
    """The parked basket and the settings belong to the device and to no fact."""
    with store.write(now=NOW, by=None) as act:
        act.connection.execute(insert(table_of(ParkedBasket)).values(village=VILLAGE, content="[]", at=1))
        set_setting(act.connection, VILLAGE, "language", "en")
        set_setting(act.connection, VILLAGE, "language", "zh_CN")
    rebuild(store)
    with store.read() as connection:
        assert connection.execute(select(table_of(ParkedBasket).c.content)).scalar_one() == "[]"
        assert setting(connection, VILLAGE, "language") == "zh_CN"
        assert setting(connection, 124, "language") is setting(connection, VILLAGE, "other") is None


def test_nothing_is_written_when_an_action_raises(store: Store) -> None:
    """Facts, tables, guards and workspace rows of one action are there together or not at all."""
    write(store, award(HOUSEHOLD, 100))
    before = village_digest(store)
    with suppress(ZeroDivisionError), store.write(now=NOW, by=None) as act:
        act.append(award(HOUSEHOLD, 100), {"note": "雨"})
        set_setting(act.connection, VILLAGE, "language", "en")
        raise ZeroDivisionError
    assert village_digest(store) == before
    with store.read() as connection:
        assert private_texts(connection, VILLAGE, 11, 0, 9) == {}
        assert setting(connection, VILLAGE, "language") is None
    assert write(store, award(HOUSEHOLD, 1))[0].seq == 2


def test_action_knows_its_facts_when_several_are_written(store: Store) -> None:
    """In their order, each by the operator of the action."""
    with store.write(now=Stamp(5, "s", 2, 9), by=8) as act:
        facts = [act.append(award(HOUSEHOLD, 1)), act.append(award(HOUSEHOLD, 2))]
        assert act.facts == facts
    assert {(fact.op, fact.at, fact.clock, fact.boot, fact.mono) for fact in facts} == {(8, 5, "s", 2, 9)}


def test_nothing_is_written_when_the_own_log_has_ended(store: Store) -> None:
    """A copied device that learned of it writes again only in a new log."""
    write(store, LogBegun(till=1, program="kiosk"))
    with store.write(now=NOW, by=None) as act:
        act.connection.execute(update(table_of(OwnLog)).values(is_ended=1))
    with pytest.raises(LogEndedError), store.write(now=NOW, by=None):
        pytest.fail("the action began")
    with store.write(now=NOW, by=None, begins_log=True) as act:
        begin_own_log(act.connection, VILLAGE, 12)
        act.change_log(12)
        act.append(LogBegun(till=2, program="kiosk"))
    write(store, award(HOUSEHOLD, 1))
    assert held(store) == {11: 1, 12: 2}


def sibling(*bodies: Body, log: int = 12) -> Store:
    """Another terminal of the village that wrote some facts."""
    other = new_store(log)
    write(other, *bodies, private={"note": "雨"})
    return other


def sent(store: Store, log: int = 12) -> list[Sealed]:
    """What a store sends of a log."""
    with store.read() as connection:
        return lines_of(connection, store.village, log)


def test_foreign_lines_have_their_consequences_when_received(store: Store) -> None:
    """Journal, texts and tables, in any pieces; repeats are successes."""
    lines = sent(sibling(award(HOUSEHOLD, 100), award(HOUSEHOLD, 50), WeatherNoted()))
    assert store.receive(VILLAGE, 12, lines[:1]) == 1
    assert store.receive(VILLAGE, 12, lines) == 2
    assert store.receive(VILLAGE, 12, lines) == 0
    assert store.receive(VILLAGE, 12, []) == 0
    with store.read() as connection:
        assert connection.execute(select(table_of(Balance).c.redeemable_points)).scalar_one() == 150
        assert list(verify(connection, VILLAGE, 12)) == []
        assert len(private_texts(connection, VILLAGE, 12, 0, 9)) == 3
    write(store, redemption(HOUSEHOLD, 5, 1, 150))
    with pytest.raises(GuardError):
        write(store, redemption(HOUSEHOLD, 5, 1, 1))


def test_nothing_changes_when_foreign_lines_are_refused(store: Store) -> None:
    """Gap, fork, malformed, another village's: the store is as before."""
    lines = sent(sibling(award(HOUSEHOLD, 100), award(HOUSEHOLD, 50), award(HOUSEHOLD, 25)))
    fork = sent(sibling(award(HOUSEHOLD, 100), award(HOUSEHOLD, 51), award(HOUSEHOLD, 25)))
    store.receive(VILLAGE, 12, lines[:2])
    before = village_digest(store), held(store)
    with pytest.raises(GapError):
        store.receive(VILLAGE, 13, [Sealed(line.line.replace(b'"log":12', b'"log":13')) for line in lines[1:]])
    with pytest.raises(ForkError):
        store.receive(VILLAGE, 12, fork)
    with pytest.raises(MalformedLineError):
        store.receive(VILLAGE, 12, [*lines, Sealed(b"{}")])
    with pytest.raises(StoreError) as caught:
        store.receive(124, 12, lines)
    assert caught.value.code == "other_village"
    assert (village_digest(store), held(store)) == before


def test_common_lines_of_the_county_are_taken_when_received(store: Store) -> None:
    """Village 0 has tables of its own beside the village's."""
    county = new_store(0, village=0)
    write(county, award(HOUSEHOLD, 100))
    before = village_digest(store)
    bring(county, store)
    with store.read() as connection:
        assert {log: head.seq for log, head in heads(connection, 0).items()} == {0: 1}
        balance = table_of(Balance).c
        assert connection.execute(select(balance.village, balance.redeemable_points)).all() == [(0, 100)]
    assert village_digest(store) == before
    assert rebuild(store) == 1


def test_private_name_stands_in_no_line_and_no_table_when_written(store: Store) -> None:
    """Names live beside the lines, and projections hold ids."""
    name = "欧阳𠮷祥"
    write(store, HouseholdRegistered(group=3, house=12), private={"name": name})
    write(store, OperatorAdded(badge="3001231234567894", role="secretary"), private={"name": name})
    with store.read() as connection:
        there = MetaData()
        there.reflect(connection)
        for table in there.sorted_tables:
            found = repr(connection.execute(select(table)).all())
            assert (name in found) == (table.name == "private_text")
            assert name.encode().hex() not in found
        assert all(name.encode() not in each.line for each in lines_of(connection, VILLAGE, 11))
