"""Guards: what the desk relies on at the moment of decision, for facts written here and for none else."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from db.facts.body import Body
from db.facts.meeting import MeetingCancelled, SignInOpened
from db.facts.people import CardBound, CardIssued, CardReplaced, CardStateChanged, HouseholdRegistered
from db.facts.period import DayClosed, DayOpened
from db.guard import GuardError
from db.journal import heads
from db.line import Fact
from db.store import Store, begin_own_log, rebuild
from db.tables.columns import GuardTable
from db.tables.guard import BALANCE_NOT_NEGATIVE, ONE_LIVE_CARD, ONE_OPEN_DAY, ONE_OPEN_MEETING
from db.tables.statement import tables_of
from tests.bodies import award, card_found, card_lost, merge, opening, person_card, redemption, reversal
from tests.ledger import NOW, VILLAGE, bring, lines_of, new_store, write

NUMBER = "2701231234567891"
HOUSEHOLD = 77
ITEM = 5


def guards(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every guard."""
    with store.read() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(select(table)))
            for table in tables_of(GuardTable)
        }


def refused(store: Store, *bodies: Body) -> str:
    """The name of the guard that refuses these facts; what was held before is still all there is."""
    before, held = guards(store), lines_held(store)
    with pytest.raises(GuardError) as caught:
        write(store, *bodies)
    assert (guards(store), lines_held(store)) == (before, held)
    return caught.value.name


def lines_held(store: Store) -> int:
    """How many lines of the village are held."""
    with store.read() as connection:
        return sum(head.seq for head in heads(connection, VILLAGE).values())


def opened(store: Store, day: str = "2026-11-22") -> Fact:
    """Open a day."""
    return write(store, DayOpened(day=day))[0]


def test_second_day_is_refused_when_one_is_open(store: Store) -> None:
    """One open day at a desk."""
    first = opened(store)
    assert refused(store, DayOpened(day="2026-11-23")) == ONE_OPEN_DAY
    write(store, DayClosed(day="2026-11-22", opened=first.id))
    assert opened(store, "2026-11-23").seq == 3


def test_facts_carry_the_day_when_one_is_open(store: Store) -> None:
    """The day stands in every fact from the one after its opening to its closing."""
    first, inside = write(store, DayOpened(day="2026-11-22"), HouseholdRegistered(group=1, house=1))
    (later,) = write(store, HouseholdRegistered(group=1, house=2))
    closed, after = write(store, DayClosed(day="2026-11-22", opened=first.id), HouseholdRegistered(group=1, house=3))
    assert [fact.day for fact in (first, inside, later, closed, after)] == [
        None, "2026-11-22", "2026-11-22", "2026-11-22", None,
    ]  # fmt: skip


def test_day_of_the_old_log_is_over_when_a_new_log_begins(store: Store) -> None:
    """A day belongs to a log: a restored device opens its own."""
    opened(store)
    with store.write(now=NOW, by=None) as act:
        begin_own_log(act.connection, VILLAGE, 12)
    before = guards(store)
    assert before["guard_open_day"] == []
    rebuild(store)
    assert guards(store) == before


def test_day_of_a_sibling_is_no_day_of_this_desk_when_its_lines_arrive(store: Store) -> None:
    """Each desk opens its own day."""
    sibling = new_store(12)
    opened(sibling)
    bring(sibling, store)
    assert guards(store)["guard_open_day"] == []
    opened(store)
    bring(sibling, store)
    assert [day for _, _, day in guards(store)["guard_open_day"]] == ["2026-11-22"]


def test_second_card_of_a_number_is_refused_when_one_is_live(store: Store) -> None:
    """One live card for a number, whatever kind of fact would bring the second to life."""
    (first,) = write(store, person_card(NUMBER, HOUSEHOLD))
    assert refused(store, person_card(NUMBER, 78)) == ONE_LIVE_CARD
    write(store, card_lost(first.id))
    (second,) = write(store, person_card(NUMBER, 78))
    assert refused(store, card_found(first.id)) == ONE_LIVE_CARD
    replaced = CardReplaced(card=999, number=NUMBER, holder="household", household=HOUSEHOLD)
    assert refused(store, replaced) == ONE_LIVE_CARD
    write(store, CardStateChanged(card=second.id, state="stopped"), card_found(first.id))
    assert guards(store)["guard_live_card"] == [(VILLAGE, first.id, NUMBER)]


def test_number_goes_to_the_new_card_when_one_is_replaced_or_bound(store: Store) -> None:
    """The old card ends in the same fact; binding a blank card keeps it live."""
    (blank,) = write(store, CardIssued(number=NUMBER, holder="blank"))
    write(store, CardBound(card=blank.id, holder="household", household=HOUSEHOLD))
    (again,) = write(store, CardReplaced(card=blank.id, number=NUMBER, holder="household", household=HOUSEHOLD))
    assert guards(store)["guard_live_card"] == [(VILLAGE, again.id, NUMBER)]


@pytest.mark.parametrize(
    "debit",
    [
        lambda: redemption(HOUSEHOLD, ITEM, 1, 301),
        lambda: merge(HOUSEHOLD, 78, 301),
        lambda: reversal(1, HOUSEHOLD, 301),
        lambda: award(HOUSEHOLD, -301),
    ],
    ids=["redemption", "merge", "reversal", "deduction"],
)
def test_debit_is_refused_when_the_balance_would_go_below_zero(store: Store, debit: Callable[[], Body]) -> None:
    """Whatever kind of fact takes the points away; exactly down to zero is allowed."""
    write(store, award(HOUSEHOLD, 300))
    assert refused(store, debit()) == BALANCE_NOT_NEGATIVE
    write(store, redemption(HOUSEHOLD, ITEM, 1, 300))
    assert guards(store)["guard_redeemable"] == [(VILLAGE, HOUSEHOLD, 0)]
    assert refused(store, redemption(HOUSEHOLD, ITEM, 1, 1)) == BALANCE_NOT_NEGATIVE


def test_whole_action_is_refused_when_its_last_fact_breaks_a_guard(store: Store) -> None:
    """What was written before it in the action goes with it."""
    assert refused(store, award(HOUSEHOLD, 300), redemption(HOUSEHOLD, ITEM, 1, 301)) == BALANCE_NOT_NEGATIVE


def test_debit_is_taken_when_the_same_fact_brings_the_credit(store: Store) -> None:
    """Legs of one fact count together."""
    write(store, award(HOUSEHOLD, 300))
    write(store, merge(HOUSEHOLD, HOUSEHOLD, 900))
    assert guards(store)["guard_redeemable"] == [(VILLAGE, HOUSEHOLD, 300)]


def overdrawn() -> Store:
    """A store whose household spent 500 elsewhere that nobody has seen it earn."""
    store, copy = new_store(11), new_store(13)
    write(copy, award(HOUSEHOLD, 500))
    with copy.write(now=NOW, by=None) as act:
        begin_own_log(act.connection, VILLAGE, 14)
    write(copy, redemption(HOUSEHOLD, ITEM, 1, 500))
    with copy.read() as connection:
        lines = lines_of(connection, VILLAGE, 14)
    store.receive(VILLAGE, 14, lines)
    return store


def test_foreign_debit_is_kept_when_it_overdraws_an_account() -> None:
    """What happened elsewhere happened: the account shows it, the guard does not stop the lines."""
    store = overdrawn()
    assert guards(store)["guard_redeemable"] == []
    assert refused(store, redemption(HOUSEHOLD, ITEM, 1, 1)) == BALANCE_NOT_NEGATIVE


def test_credit_is_taken_when_the_account_is_overdrawn() -> None:
    """An award passes at once, and spending begins again when the account is above zero."""
    store = overdrawn()
    write(store, award(HOUSEHOLD, 100))
    assert refused(store, redemption(HOUSEHOLD, ITEM, 1, 1)) == BALANCE_NOT_NEGATIVE
    write(store, opening(HOUSEHOLD, 600, "P-1"))
    assert refused(store, redemption(HOUSEHOLD, ITEM, 1, 201)) == BALANCE_NOT_NEGATIVE
    write(store, redemption(HOUSEHOLD, ITEM, 1, 200))
    assert guards(store)["guard_redeemable"] == [(VILLAGE, HOUSEHOLD, 0)]


def test_reversal_passes_when_it_is_the_second_of_one_award(store: Store) -> None:
    """It does not count, so it takes nothing."""
    (given,) = write(store, award(HOUSEHOLD, 300))
    write(store, reversal(given.id, HOUSEHOLD, 300), reversal(given.id, HOUSEHOLD, 300))
    assert guards(store)["guard_redeemable"] == [(VILLAGE, HOUSEHOLD, 0)]


def test_guards_follow_the_tables_when_foreign_lines_arrive(store: Store) -> None:
    """Credit of a sibling can be spent here; of two live cards of one number the first is the one guarded."""
    sibling = new_store(12)
    (theirs,) = write(sibling, person_card(NUMBER, 78))
    write(sibling, award(HOUSEHOLD, 400))
    (ours,) = write(store, person_card(NUMBER, HOUSEHOLD))
    bring(sibling, store)
    assert guards(store)["guard_redeemable"] == [(VILLAGE, HOUSEHOLD, 400)]
    assert guards(store)["guard_live_card"] == [(VILLAGE, min(ours.id, theirs.id), NUMBER)]
    write(store, redemption(HOUSEHOLD, ITEM, 1, 400))


def test_second_meeting_is_refused_when_one_is_open_here(store: Store) -> None:
    """The end of one, or its cancelling, lets the next be opened; another desk's meeting is no matter of this one."""
    sibling = new_store(12)
    write(sibling, SignInOpened(meeting=65, expected=0))
    bring(sibling, store)
    write(store, SignInOpened(meeting=66, expected=0))
    assert refused(store, SignInOpened(meeting=67, expected=0)) == ONE_OPEN_MEETING
    write(store, MeetingCancelled(meeting=66, reason="mistake"), SignInOpened(meeting=67, expected=0))
    assert guards(store)["guard_open_meeting"] == [(VILLAGE, 67)]


def test_guards_are_the_same_when_rebuilt(store: Store) -> None:
    """They hold nothing that the journal does not say."""
    sibling = new_store(12)
    write(sibling, award(78, 400), person_card("2701230000000093", 78))
    opened(store)
    write(store, award(HOUSEHOLD, 400), person_card(NUMBER, HOUSEHOLD), redemption(HOUSEHOLD, ITEM, 1, 100))
    bring(sibling, store)
    (lost,) = write(store, person_card("2701230000000190", 79))
    write(store, card_lost(lost.id), SignInOpened(meeting=66, expected=0))
    before = guards(store)
    rebuild(store)
    assert guards(store) == before
    assert all(before.values())
