"""Projections fold facts into tables: what each kind of fact leaves behind."""

from sqlalchemy import Connection, Table, select

from db.facts.people import (
    CardBound,
    CardIssued,
    CardReplaced,
    HouseholdMoved,
    HouseholdRegistered,
    HouseholdRenamed,
    MemberCorrected,
    MemberRegistered,
    PersonCorrected,
    PersonMoved,
    PersonRegistered,
    PersonRenamed,
)
from db.facts.period import DayClosed, DayOpened
from db.facts.points import AwardRequested, RequestAnswered
from db.facts.shop import (
    BestBeforeSet,
    CodeAdded,
    ItemRegistered,
    ItemRenamed,
    MonthlyLimitSet,
    PriceSet,
    StockCounted,
)
from db.facts.terminal import LogBegun, OperatorAdded, OperatorStateChanged, Place, SeatTaken
from db.line import entity_id
from db.store import Store
from db.tables.columns import Declared
from db.tables.people import Card, Household, Member, Person
from db.tables.period import DayAct
from db.tables.points import Balance, Posting
from db.tables.shop import Item, ItemCode, Price, Redemption, RedemptionLine, Stock
from db.tables.statement import table_of
from db.tables.terminal import LogBegun as LogRow
from db.tables.terminal import Operator, Seat
from db.tables.waiting import Answer, Request
from tests.bodies import award, merge, redemption
from tests.ledger import NOW, write

LOG = 11


def rows(store: Store, model: type[Declared], *names: str) -> list[tuple[object, ...]]:
    """The named columns of every row of a table, in the order of its key."""
    with store.read() as connection:
        return selected(connection, table_of(model), *names)


def selected(connection: Connection, table: Table, *names: str) -> list[tuple[object, ...]]:
    """The same inside a transaction."""
    statement = select(*(table.c[name] for name in names)).order_by(*table.primary_key)
    return [tuple(row) for row in connection.execute(statement)]


def test_household_has_place_name_and_state_when_registered(store: Store) -> None:
    """The name is the fact that holds it, never the words."""
    (made,) = write(store, HouseholdRegistered(group=3, house=12), private={"name": "王明"})
    columns = ("household_id", "group_number", "house_number", "name_id", "state", "merged_into_id")
    assert rows(store, Household, *columns) == [(made.id, 3, 12, made.id, "open", None)]


def test_each_aspect_of_a_household_changes_alone_when_a_fact_names_it(store: Store) -> None:
    """Renamed, moved, merged: the other aspects keep their own rank."""
    (made,) = write(store, HouseholdRegistered(group=3, house=12), private={"name": "王明"})
    (renamed,) = write(store, HouseholdRenamed(household=made.id), private={"name": "王亮"})
    moved, merged = write(store, HouseholdMoved(household=made.id, group=4, house=1), merge(made.id, 99, 0))
    columns = (
        "group_number",
        "house_number",
        "place_rank",
        "name_id",
        "name_rank",
        "state",
        "merged_into_id",
        "state_rank",
    )
    assert rows(store, Household, *columns) == [
        (4, 1, moved.rank, renamed.id, renamed.rank, "merged", 99, merged.rank),
    ]  # fmt: skip


def test_person_member_and_operator_hold_what_was_said_last_when_corrected(store: Store) -> None:
    """Each aspect of each of them."""
    person, member, operator = write(
        store,
        PersonRegistered(household=5, birth_year=1961, sex="m", homonym=1),
        MemberRegistered(person=7, class_code="retired", joined_year=1980),
        OperatorAdded(badge="3001231234567894", role="attendant", person=7),
    )
    (renamed,) = write(store, PersonRenamed(person=person.id), private={"name": "王亮"})
    write(
        store,
        PersonMoved(person=person.id, household=6),
        PersonCorrected(person=person.id, birth_year=1962, sex="f"),
        MemberCorrected(member=member.id, person=8, class_code="active", joined_year=1981, standing="probationary"),
        OperatorStateChanged(operator=operator.id, state="ended"),
    )
    assert rows(store, Person, "household_id", "name_id", "birth_year", "sex", "homonym", "state") == [
        (6, renamed.id, 1962, "f", 0, "present"),
    ]  # fmt: skip
    assert rows(store, Member, "member_id", "person_id", "class_code", "joined_year", "standing") == [
        (member.id, 8, "active", 1981, "probationary"),
    ]
    assert rows(store, Operator, "badge", "role", "person_id", "name_id", "state") == [
        ("3001231234567894", "attendant", 7, operator.id, "ended"),
    ]  # fmt: skip


def test_card_has_number_holder_and_state_when_issued_bound_and_replaced(store: Store) -> None:
    """A re-issued card asks for a second signature."""
    (blank,) = write(store, CardIssued(number="2701230000000093", holder="blank"))
    write(store, CardBound(card=blank.id, holder="person", household=5, person=7))
    (again,) = write(
        store, CardReplaced(card=blank.id, number="2701230000000190", holder="person", household=5, person=7)
    )
    assert rows(store, Card, "card_id", "number", "holder_kind", "household_id", "person_id", "state") == [
        (blank.id, "2701230000000093", "person", 5, 7, "replaced"),
        (again.id, "2701230000000190", "person", 5, 7, "live"),
    ]
    assert rows(store, Request, "seq", "kind", "card_id", "household_id") == [(3, "card_reissued", again.id, 5)]


def test_logs_seats_days_and_answers_are_rows_when_facts_say_so(store: Store) -> None:
    """Acts are rows, and the reader computes the state."""
    begun, taken, opened = write(
        store,
        LogBegun(till=2, program="kiosk 1", continues=Place(log=7, seq=40)),
        SeatTaken(seat=3),
        DayOpened(day="2026-11-22"),
    )
    requested, answered = write(
        store,
        AwardRequested(household=5, scheme="zhijin_household", item="volunteer", points=9_000),
        RequestAnswered(request=entity_id(LOG, 4), is_approved=True, signer=8, is_verified=False),
    )
    (closed,) = write(store, DayClosed(day="2026-11-22", opened=opened.id))
    assert rows(store, LogRow, "seq", "till", "continues_log", "continues_seq") == [(begun.seq, 2, 7, 40)]
    assert rows(store, Seat, "seat", "holder", "replaces", "rank") == [(3, LOG, None, taken.rank)]
    assert rows(store, DayAct, "seq", "act", "day", "opened_id") == [
        (opened.seq, "opened", "2026-11-22", opened.id),
        (closed.seq, "closed", "2026-11-22", opened.id),
    ]
    assert rows(store, Request, "seq", "kind", "points") == [(requested.seq, "award_over_limit", 9_000)]
    assert rows(store, Answer, "request_id", "is_approved", "signer_id", "is_verified", "rank") == [
        (requested.id, 1, 8, 0, answered.rank),
    ]  # fmt: skip


def test_goods_have_name_codes_limit_and_price_when_facts_say_so(store: Store) -> None:
    """Name, limit and best-before are aspects; codes and prices are rows."""
    (salt,) = write(store, ItemRegistered(name="食盐", unit="袋", codes=("06990103300302", "06990103300319")))
    (added, priced, *_) = write(
        store,
        CodeAdded(item=salt.id, code="06990103300326"),
        PriceSet(item=salt.id, from_day="2026-11-22", points=300),
        MonthlyLimitSet(item=salt.id, quantity=2),
        BestBeforeSet(item=salt.id, day="2027-01-31"),
        ItemRenamed(item=salt.id, name="加碘盐", unit="包"),
        MonthlyLimitSet(item=salt.id, quantity=None),
    )
    assert rows(store, Item, "name", "unit", "is_provisional", "monthly_limit", "best_before") == [
        ("加碘盐", "包", 0, None, "2027-01-31"),
    ]  # fmt: skip
    assert rows(store, ItemCode, "seq", "n", "code", "item_id") == [
        (salt.seq, 0, "06990103300302", salt.id),
        (salt.seq, 1, "06990103300319", salt.id),
        (added.seq, 0, "06990103300326", salt.id),
    ]
    assert rows(store, Price, "item_id", "from_day", "points", "rank") == [(salt.id, "2026-11-22", 300, priced.rank)]


def test_redemption_moves_points_and_goods_when_made(store: Store) -> None:
    """The rows a slip, a limit, the stock and a statement are read from."""
    write(store, DayOpened(day="2026-11-22"), award(77, 900), StockCounted(seat=1, item=5, quantity=10))
    (made,) = write(store, redemption(77, 5, 2, 300, number=4), by=9)
    assert rows(store, Redemption, "seq", "number", "household_id", "points", "operator_id", "day", "at") == [
        (made.seq, 4, 77, 600, 9, "2026-11-22", NOW.at),
    ]  # fmt: skip
    assert rows(store, RedemptionLine, "n", "item_id", "quantity", "each_points", "points", "household_id", "day") == [
        (0, 5, 2, 300, 600, 77, "2026-11-22"),
    ]  # fmt: skip
    assert rows(store, Stock, "item_id", "quantity") == [(5, 8)]
    assert rows(store, Balance, "household_id", "redeemable_points") == [(77, 300)]
    assert rows(store, Posting, "seq", "n", "account", "household_id", "points") == [
        (2, 0, "household", 77, 900), (2, 1, "issued", None, -900),
        (4, 0, "household", 77, -600), (4, 1, "redeemed", None, 600),
    ]  # fmt: skip
