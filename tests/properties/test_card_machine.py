"""Whatever is done at a card desk in whatever order: one live card a number, one a person, and a dead card is dead.

A plain model says what each act must do, be it to work or to be refused; the tables must say the same after every act.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from db.invariants import find_faults
from db.projections import digest
from db.store import rebuild
from kiosk.domain.card import CardHolder, bind_card, change_card, find_card, issue_card, replace_card
from kiosk.domain.card_state import TASKS, TRANSITIONS, CardTask
from kiosk.domain.card_stock import issue_blank_cards
from kiosk.errors import Refused
from tests.kiosk.domain.office import Office, office_in_memory
from tests.village import VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.facts.people import HolderKind

SIMPLE_TASKS: Final = [task for task in CardTask if task is not CardTask.REPLACE]


@dataclass
class ModelCard:
    """What a card must be: whose, in what state."""

    card_id: int
    number: str
    kind: "HolderKind"
    holder: CardHolder | None
    state: str = "live"


class CardMachine(RuleBasedStateMachine):
    """A desk with two households and three people, and everything its hands may do with cards."""

    office: Office

    @initialize()
    def open_office(self) -> None:
        """Two households; one person of Li's, two of Wang's."""
        self.office = office_in_memory()
        people = [self.office.person(self.office.wang, name) for name in ("王明", "陈芳")]
        self.holders = [
            CardHolder(self.office.wang),
            CardHolder(self.office.li, self.office.helper_person),
            *(CardHolder(self.office.wang, person) for person in people),
        ]
        self.cards: list[ModelCard] = []

    @rule(place=st.integers(0, 3))
    def issue(self, place: int) -> None:
        """A new card for somebody."""
        holder = self.holders[place]

        def act(store: Any, *, now: Any, by: int) -> ModelCard:  # noqa: ANN401  because it stands for a domain function
            with store.write(now=now, by=by) as writing:
                made = issue_card(writing, holder)
            return ModelCard(made.card_id, made.number, self._kind(holder), holder)

        made = self._try(act, refusal=self._busy(holder))
        if made is not None:
            self.cards.append(made)

    @rule(count=st.integers(1, 2))
    def print_blanks(self, count: int) -> None:
        """Blank cards for the drawer."""
        for made in issue_blank_cards(self.office.store, count, now=self.office.now, by=self.office.operator):
            self.cards.append(ModelCard(made.card_id, made.number, "blank", None))

    @precondition(lambda self: self.cards)
    @rule(which=st.integers(0, 30), place=st.integers(0, 3))
    def bind(self, which: int, place: int) -> None:
        """Any card given to anybody: only a blank one may be."""
        card, holder = self._card(which), self.holders[place]
        refusal = self._busy(holder) or self._not_blank(card.number)
        if self._try(bind_card, card.number, holder, refusal=refusal) is not None:
            bound = self._live(card.number)
            assert bound is not None
            bound.kind, bound.holder = self._kind(holder), holder

    @precondition(lambda self: self.cards)
    @rule(which=st.integers(0, 30), task=st.sampled_from(SIMPLE_TASKS))
    def change(self, which: int, task: CardTask) -> None:
        """Lost, found, handed in, stopped."""
        card = self._card(which)
        refusal = self._wrong(card, task)
        if refusal is None and task is CardTask.FOUND and self._has_live(card.holder):
            refusal = "card_holds_already"
        if self._try(change_card, card.card_id, task, refusal=refusal) is not None:
            card.state = TRANSITIONS[task].after

    @precondition(lambda self: self.cards)
    @rule(which=st.integers(0, 30), blank=st.none() | st.integers(0, 30))
    def replace(self, which: int, blank: int | None) -> None:
        """A new card for an old one, from the printer or from the drawer."""
        card = self._card(which)
        number = None if blank is None else self._card(blank).number
        refusal = self._wrong(card, CardTask.REPLACE)
        if refusal is None and card.state == "lost" and self._has_live(card.holder):
            refusal = "card_holds_already"
        if refusal is None and number is not None:
            refusal = self._not_blank(number)
        done = self._try(replace_card, card.card_id, number, refusal=refusal)
        if done is not None:
            taken = None if number is None else self._live(number)
            if taken is not None:
                taken.state = "stopped"
            card.state = "replaced"
            self.cards.append(ModelCard(done.card.card_id, done.card.number, card.kind, card.holder))

    @invariant()
    def every_number_opens_what_the_model_says(self) -> None:
        """A dead card opens nothing, a live one its holder's household, and there is one live card at most."""
        with self.office.store.read() as connection:
            for number in {card.number for card in self.cards}:
                live = self._live(number)
                if live is not None and live.holder is not None:
                    held = find_card(connection, VILLAGE, number)
                    found = (held.card_id, held.household_id, held.person_id)
                    assert found == (live.card_id, live.holder.household_id, live.holder.person_id)
                else:
                    with pytest.raises(Refused) as refused:
                        find_card(connection, VILLAGE, number)
                    assert (refused.value.code == "card_blank") == (live is not None)
            assert find_faults(connection, VILLAGE) == []

    def teardown(self) -> None:
        """Folding the journal again ends in the same tables."""
        if hasattr(self, "office"):
            with self.office.store.read() as connection:
                before = digest(connection, VILLAGE)
            rebuild(self.office.store)
            with self.office.store.read() as connection:
                assert digest(connection, VILLAGE) == before

    def _try(self, function: "Callable[..., Any]", *arguments: object, refusal: str | None) -> Any:  # noqa: ANN401  because outcomes differ
        hand = {"now": self.office.now, "by": self.office.operator}
        if refusal is None:
            return function(self.office.store, *arguments, **hand)
        with pytest.raises(Refused) as refused:
            function(self.office.store, *arguments, **hand)
        assert refused.value.code == refusal
        return None

    def _card(self, which: int) -> ModelCard:
        return self.cards[which % len(self.cards)]

    def _live(self, number: str) -> ModelCard | None:
        live = [card for card in self.cards if card.number == number and card.state == "live"]
        assert len(live) <= 1
        return live[0] if live else None

    def _states(self, holder: CardHolder | None) -> set[str]:
        return {card.state for card in self.cards if card.holder == holder and holder is not None}

    def _has_live(self, holder: CardHolder | None) -> bool:
        return holder is not None and holder.person_id is not None and "live" in self._states(holder)

    def _busy(self, holder: CardHolder) -> str | None:
        if self._has_live(holder):
            return "card_holds_already"
        return "card_to_replace" if "lost" in self._states(holder) else None

    def _not_blank(self, number: str) -> str | None:
        live = self._live(number)
        if live is not None:
            return None if live.kind == "blank" else "card_not_blank"
        return f"card_not_live.{self._latest_state(number)}"

    def _latest_state(self, number: str) -> str:
        with self.office.store.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT state FROM card WHERE number = ? ORDER BY state_rank DESC", (number,)
            )
            state: str = rows.scalars().first() or ""
        assert state in {card.state for card in self.cards if card.number == number}
        return state

    @staticmethod
    def _kind(holder: CardHolder) -> "HolderKind":
        return "household" if holder.person_id is None else "person"

    @staticmethod
    def _wrong(card: ModelCard, task: CardTask) -> str | None:
        if task not in TASKS[card.kind]:
            return "card_task_unknown"
        if card.state in TRANSITIONS[task].before:
            return None
        return "card_is_live" if card.state == "live" else f"card_not_live.{card.state}"


TestCardMachine = CardMachine.TestCase
TestCardMachine.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
