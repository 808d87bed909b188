"""The registry of actions."""

from collections import Counter

import pytest

from kiosk import keys
from kiosk.codes import CommandCard, command_number, read_code
from kiosk.locale import LANGUAGES, Texts

PAD = {*map(str, range(10)), "plus", "minus", "asterisk", "slash", "full_stop"}


def test_ids_and_cards_are_unique_when_actions_are_registered() -> None:
    """One id is one action, and one command card does one thing for ever."""
    assert [name for name, count in Counter(action.id for action in keys.ACTIONS).items() if count > 1] == []
    cards = [action.card for action in keys.ACTIONS if action.card is not None]
    assert [card for card, count in Counter(cards).items() if count > 1] == []
    assert all(1 <= card < 10**8 for card in cards)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_label_and_tip_when_shown(language: str) -> None:
    """The line of keys, the help and the command cards never show an id."""
    texts = Texts(language)
    assert [action.id for action in keys.ACTIONS if not (texts.has(action.label) and texts.has(action.tip))] == []


def test_every_action_can_be_reached_when_there_is_only_a_number_pad() -> None:
    """No action needs a letter keyboard: a key of the pad, or a command card."""
    assert [action.id for action in keys.ACTIONS if not PAD & set(action.keys) and action.card is None] == []


def test_enter_decides_nothing_when_a_scanner_sends_it() -> None:
    """Scanners end with Enter or Tab, sometimes twice."""
    assert [action.id for action in keys.ACTIONS if {"enter", "tab", "ctrl+j", "ctrl+m"} & set(action.keys)] == []


def test_no_key_with_control_does_anything_when_a_scanner_types_it() -> None:
    """Code 128 carries control characters."""
    assert [action.id for action in keys.ACTIONS for key in action.keys if "+" in key or key.startswith("ctrl")] == []


def test_a_command_card_leads_to_its_action_when_scanned() -> None:
    """The number in the card is the number in the registry."""
    code = read_code(command_number(2))
    assert isinstance(code, CommandCard)
    action = keys.action_of_card(code.command)
    assert action is not None
    assert action.id == "shell.back"
    assert keys.action_of_card(99_999_999) is None


def test_a_binding_carries_all_of_its_action_when_made() -> None:
    """Textual gets id, keys, text and explanation from one row."""
    (binding,) = keys.bindings("shell.back")
    assert not isinstance(binding, tuple)
    assert (binding.key, binding.action, binding.id) == ("minus,escape", "back", "shell.back")
    assert binding.description == "keys.shell.back.label"
    assert binding.tooltip == "keys.shell.back.tip"


def test_an_unknown_action_is_an_error_when_bound() -> None:
    """A screen cannot invent an action beside the registry."""
    with pytest.raises(KeyError):
        keys.bindings("shell.fly")
