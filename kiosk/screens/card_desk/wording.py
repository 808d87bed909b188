"""What people read of the card desk: few words, and always the next step. Pure: a state becomes texts."""

from typing import TYPE_CHECKING

from kiosk.screens.card_desk.state import DeskState, Phase
from kiosk.screens.modals.find_household import found_line

if TYPE_CHECKING:
    from kiosk.domain.card_desk import CardsOfHolder, HeldCard
    from kiosk.domain.people import HouseholdShown
    from kiosk.locale import Texts


def title_of(state: DeskState, texts: "Texts") -> str:
    """Say whom it is about."""
    if state.household is None:
        return texts("card_desk.title")
    household = state.household.household
    if state.holder is None or state.holder.holder.person_id is None:
        return texts("card_desk.who.household", name=household.name, place=place_of(household, texts))
    return texts("card_desk.who.person", name=state.holder.name, place=place_of(household, texts))


def line_of(state: DeskState, texts: "Texts") -> str:
    """Say how things stand."""
    if state.told is not None:
        return state.told.said(texts)
    if state.phase is Phase.HOLDER and state.held is not None:
        return texts(
            "card_desk.card", state=texts(f"card_desk.state.{state.held.shown_state}"), digits=last_digits(state.held)
        )
    if state.phase in {Phase.IDLE, Phase.FOUND, Phase.HOUSEHOLD} and state.blank is not None:
        return texts("card_desk.blank_in_hand", digits=state.blank[-4:])
    return ""


def next_of(state: DeskState, texts: "Texts") -> str:
    """Say what to do now."""
    if state.phase is Phase.WORKING:
        return ""
    if state.phase is Phase.GIVING:
        return texts("card_desk.next.scan_blank")
    if state.phase is Phase.DONE:
        return _after(state, texts)
    if state.phase is Phase.HOLDER:
        return texts("card_desk.next.holder")
    if state.phase is Phase.IDLE:
        return texts("card_desk.next.whose" if state.blank else "card_desk.next.idle")
    return texts("card_desk.next.choose")


def choices_of(state: DeskState, texts: "Texts") -> list[str]:
    """Give the lines under the digits."""
    if state.phase is Phase.FOUND:
        return [found_line(texts, each) for each in state.found]
    if state.phase is Phase.HOUSEHOLD and state.household is not None:
        return [_holder_line(each, texts) for each in state.household.holders]
    return [texts(f"card_desk.choice.{choice.value}") for choice in state.choices]


def place_of(household: "HouseholdShown", texts: "Texts") -> str:
    """Say where a household lives."""
    return texts("card_desk.paper.place", group=household.place.group, house=household.place.house)


def last_digits(card: "HeldCard") -> str:
    """Give what tells a card from others at a glance."""
    return card.number[-4:]


def _after(state: DeskState, texts: "Texts") -> str:
    paper = state.paper_card
    if paper is not None and not paper.is_out:
        digits = " ".join(paper.number[start : start + 4] for start in range(0, len(paper.number), 4))
        return texts("card_desk.next.not_printed", number=digits)
    ready = texts("card_desk.next.take_paper_card") if paper is not None else ""
    return ready + texts("card_desk.next.done_waiting" if state.is_waiting else "card_desk.next.done")


def _holder_line(holder: "CardsOfHolder", texts: "Texts") -> str:
    if holder.holder.person_id is None:
        who = texts("card_desk.holder.household")
    elif holder.birth_year is None:
        who = holder.name
    else:
        who = texts("card_desk.holder.person", name=holder.name, year=holder.birth_year)
    card = holder.current
    if card is None:
        return texts("card_desk.holder.without", who=who)
    state = texts(f"card_desk.state.{card.shown_state}")
    return texts("card_desk.holder.with", who=who, state=state, digits=last_digits(card))
