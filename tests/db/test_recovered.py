"""What a recovered fact says happened: ids, places and seats of a branch at their place in another log."""

import base64
import random
import zlib
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from db import projections
from db.engine import open_sqlite, transaction
from db.facts import UnknownFactError
from db.facts.meeting import MeetingEnded
from db.facts.people import HouseholdRegistered, HouseholdRenamed
from db.facts.shop import StockCounted
from db.facts.terminal import LogBegun, Place, Recovered, SeatTaken
from db.hub import create_hub_store
from db.journal import Carried, Sealed, store
from db.line import LONGEST_LINE, Fact, Private, entity_id, parse
from db.recovered import carry, line_of, original, shape_of
from db.store import Store
from db.tables.statement import table_of
from db.tables.terminal import LogBegun as LogRow
from db.tables.terminal import Unprojected
from tests.bodies import WeatherNoted, award, redemption
from tests.ledger import IN_MEMORY, NOW, VILLAGE, lines_of, new_store, write
from tests.oracle.lines import parse_line
from tests.oracle.recovered import what_happened

OLD = 900
NEW = 7
COMMON = 2


@pytest.fixture
def branch() -> Store:
    """A log whose first two lines are common, and which named things of the branch and of before."""
    made = new_store(OLD)
    write(made, LogBegun(till=1, program="kiosk"), SeatTaken(seat=1))
    return made


def lines(branch: Store) -> list[Sealed]:
    """The lines of the branch."""
    with branch.read() as connection:
        return lines_of(connection, VILLAGE, OLD, COMMON)


def recover(branch: Store, seat: int | None = 4) -> tuple[Store, list[Fact]]:
    """Write the branch again in a log of its own, behind two other facts."""
    made = new_store(NEW)
    write(made, LogBegun(till=2, program="kiosk", continues=Place(log=OLD, seq=COMMON)), SeatTaken(seat=4))
    sayings = [
        (carry(sealed, COMMON, seat), Carried(parse(sealed.line).private, sealed.private)) for sealed in lines(branch)
    ]
    with made.write(now=NOW, by=None) as act:
        return made, act.append_many(sayings)


def test_ids_of_the_branch_are_moved_and_others_are_left_when_it_is_read(branch: Store) -> None:
    """The third line of the old log is the third of the new one here; what stood before the fork keeps its id."""
    before = entity_id(OLD, COMMON)
    (made,) = write(branch, HouseholdRegistered(group=3, house=1), private={"name": "王明"})
    write(branch, HouseholdRenamed(household=made.id), award(before, 5), by=made.id)
    _new, facts = recover(branch)
    first, renamed, awarded = map(original, facts)
    assert (first.id, first.kind, first.private) == (entity_id(NEW, 3), "household_registered", made.private)
    assert (renamed.body["household"], renamed.op) == (entity_id(NEW, 3), entity_id(NEW, 3))
    assert awarded.body["household"] == before
    assert [fact.seq for fact in (first, renamed, awarded)] == [3, 4, 5]
    assert (renamed.day, renamed.at, renamed.rank) == (made.day, made.at, facts[1].rank)


def test_goods_are_counted_in_the_new_seats_order_when_a_count_was_recovered(branch: Store) -> None:
    """Its number stands in the fact; where the new log has no seat, nothing is changed."""
    write(branch, StockCounted(seat=1, item=5, quantity=9))
    assert original(recover(branch)[1][0]).body["seat"] == 4
    assert original(recover(branch, None)[1][0]).body["seat"] == 1


def test_what_an_end_had_seen_is_two_places_when_it_was_recovered(branch: Store) -> None:
    """Of the old log up to the last common line, of the new one up to where the branch stands now."""
    (end,) = write(branch, ended([Place(log=OLD, seq=2), Place(log=3, seq=8)]))
    assert original(recover(branch)[1][0]).body["closing"] == end.body["closing"]
    (_first,) = write(branch, ended([Place(log=OLD, seq=3), Place(log=3, seq=8)]))
    assert original(recover(branch)[1][1]).body["closing"] == [
        {"log": OLD, "seq": 2}, {"log": NEW, "seq": 3}, {"log": 3, "seq": 8},
    ]  # fmt: skip


def ended(closing: list[Place]) -> MeetingEnded:
    """A meeting ended."""
    return MeetingEnded(
        meeting=entity_id(OLD, 1), expected=0, present=0, late=0, leave=0, absent=0, observers=0, awards=0, points=0,
        closing=tuple(closing),
    )  # fmt: skip


def test_branch_of_a_branch_is_read_when_a_log_with_recovered_facts_was_copied_too(branch: Store) -> None:
    """Each step moves its own ids, and no other."""
    (made,) = write(branch, HouseholdRegistered(group=3, house=1), private={"name": "王明"})
    write(branch, HouseholdRenamed(household=made.id))
    once, _facts = recover(branch)
    with once.read() as connection:
        held = lines_of(connection, VILLAGE, NEW, 3)
    twice = new_store(8)
    write(twice, LogBegun(till=3, program="kiosk"))
    with twice.write(now=NOW, by=None) as act:
        (fact,) = act.append_many([(carry(held[0], 3, None), Carried(None, None))])
    assert original(fact).body["household"] == entity_id(NEW, 3)
    with twice.write(now=NOW, by=None) as act:
        (fact,) = act.append_many([(carry(held[0], 2, None), Carried(None, None))])
    assert original(fact).body["household"] == entity_id(8, 2)


def test_line_is_packed_when_it_finds_no_room_in_another(branch: Store) -> None:
    """The longest redemption there can be is carried whole, and read the same by both programs."""
    long = redemption(5, 6, 1, 3)
    line = long.lines[0]
    filled = long.model_copy(update={"lines": (line,) * 205})
    write(branch, award(5, 100_000), filled)
    sealed = lines(branch)[-1]
    assert LONGEST_LINE - 2_500 < len(sealed.line) <= LONGEST_LINE
    _new, (_award, fact) = recover(branch)
    assert (fact.body["line"], line_of(fact)) == (None, sealed.line)
    assert original(fact).body["lines"] == parse(sealed.line).body["lines"]


def test_both_programs_read_the_same_when_anything_is_recovered(branch: Store) -> None:
    """The terminal's reading and the separate program's, field by field."""
    (made,) = write(branch, HouseholdRegistered(group=3, house=1), private={"name": "王明"})
    write(branch, award(made.id, 5), redemption(made.id, 6, 1, 3), ended([Place(log=OLD, seq=4)]), WeatherNoted())
    new, facts = recover(branch)
    with new.read() as connection:
        held = lines_of(connection, VILLAGE, NEW, 2)
    for fact, sealed in zip(facts, held, strict=True):
        other = what_happened(parse_line(sealed.line))
        assert other is not None
        read = original(fact)
        assert all(getattr(other, name) == getattr(read, name) for name in Fact.__dataclass_fields__ if name != "rank")


@pytest.mark.parametrize(
    "change",
    [
        {"line": "{}"},
        {"line": None, "packed": None},
        {"line": None, "packed": "!"},
        {"line": None, "packed": base64.b64encode(b"no stream").decode()},
        {"line": None, "packed": base64.b64encode(zlib.compress(b" " * 2**20)).decode()},
        {"after": 3},
        {"line": "of another village"},
        {"line": "of the county"},
        {"line": "of this log"},
    ],
)  # fmt: skip
def test_recovered_fact_is_kept_unread_when_it_carries_no_line_of_a_terminal(
    branch: Store, change: dict[str, Any]
) -> None:
    """Rubbish has no consequence, and stops nothing; both programs say so."""
    write(branch, award(5, 5))
    (sealed,) = lines(branch)
    places = {"of another village": b'"village":124', "of the county": b'"log":0', "of this log": b'"log":7'}
    if (place := places.get(str(change.get("line")))) is not None:
        field = b'"village":123' if b"village" in place else b'"log":900'
        change = {"line": sealed.line.replace(field, place, 1).decode()}
    body = carry(sealed, COMMON, None).model_copy(update=change)
    new = new_store(NEW)
    (fact,) = write(new, body)
    with pytest.raises(UnknownFactError, match="body"):
        original(fact)
    with new.read() as connection:
        held = connection.execute(select(table_of(Unprojected).c.kind, table_of(Unprojected).c.reason)).all()
    assert held == [("recovered", "body")]


def test_recovered_beginning_of_a_log_says_nothing_of_the_new_one(branch: Store) -> None:
    """Till and lineage of the new log are those its own first line says."""
    new = new_store(NEW)
    with branch.read() as connection:
        first = lines_of(connection, VILLAGE, OLD)[0]
    write(new, LogBegun(till=2, program="kiosk"), carry(first, 0, None))
    with new.read() as connection:
        assert connection.execute(select(table_of(LogRow).c.till)).scalars().all() == [2]


def test_tables_are_the_same_when_a_branch_and_its_like_come_in_any_order(branch: Store) -> None:
    """The new log before the old one, line by line or at once."""
    (made,) = write(branch, HouseholdRegistered(group=3, house=1), private={"name": "王明"})
    write(branch, HouseholdRenamed(household=made.id), award(made.id, 5), WeatherNoted(), private={"name": "王亮"})
    new, _facts = recover(branch)
    other = new_store(OLD, seed=9)
    write(other, LogBegun(till=1, program="kiosk"), SeatTaken(seat=1))
    write(other, HouseholdRegistered(group=3, house=2), private={"name": "李秀"})
    pieces = []
    for log, source in ((OLD, other), (NEW, new)):
        with source.read() as connection:
            pieces.append([(log, sealed) for sealed in lines_of(connection, VILLAGE, log)])
    assert len({folded(pieces, seed) for seed in range(6)}) == 1


def folded(pieces: list[list[tuple[int, Sealed]]], seed: int) -> str:
    """Deliver two logs in some order to a county and return what its tables hold."""
    chance, left = random.Random(seed), [list(piece) for piece in pieces]
    engine = open_sqlite(IN_MEMORY)
    create_hub_store(engine)
    while any(left):
        piece = chance.choice([each for each in left if each])
        log, sealed = piece.pop(0)
        with transaction(engine, is_write=True) as connection:
            store(connection, VILLAGE, log, [sealed])
            if chance.random() < 0.5:
                projections.project(connection, VILLAGE)
    with transaction(engine, is_write=True) as connection:
        projections.project(connection, VILLAGE)
        return projections.digest(connection, VILLAGE)


def test_text_is_erased_in_both_when_it_was_erased_before(branch: Store) -> None:
    """Only the digest goes on; the chain holds."""
    write(branch, HouseholdRegistered(group=3, house=1), private={"name": "王明"})
    (sealed,) = lines(branch)
    assert isinstance(sealed.private, Private)
    new = new_store(NEW)
    body = carry(replace(sealed, private=None), COMMON, None)
    with new.write(now=NOW, by=None) as act:
        (fact,) = act.append_many([(body, Carried(sealed.private.digest, None))])
    assert fact.private == sealed.private.digest
    with new.read() as connection:
        assert lines_of(connection, VILLAGE, NEW)[0].private is None


def test_every_field_that_names_an_entity_is_found_when_a_kind_has_one() -> None:
    """Also in parts and in lists of parts; numbers that look like ids are not."""
    assert shape_of(Recovered) == {}
    assert set(shape_of(MeetingEnded)) == {"meeting", "signer", "closing"}
