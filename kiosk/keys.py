"""Every action of the screens once: its id, its keys, its texts and its command card.

The registry feeds the bindings of the screens, the line of keys at the bottom, the help and the printed command
cards. The texts of ``till.undo`` are ``keys.till.undo.label`` and ``keys.till.undo.tip``.

The keys lie on a number pad, and mean the same on every screen:

    0-9  choose, or a digit          +  yes, go on, confirm          -  back, or take away the last thing
    *    how many                    /  something else               .  decimal point, or print a slip

Enter never decides anything, because scanners end with it, sometimes twice. A command card carries the number of its
action (1 to 99,999,999) where a household's card has its random digits; numbers are never used again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.binding import BindingType

# How keys are written for people, where the name is not the sign on the key.
SIGNS: Final[Mapping[str, str]] = {
    "plus": "+",
    "minus": "-",
    "asterisk": "*",
    "slash": "/",
    "full_stop": ".",
    "escape": "Esc",
    "backspace": "⌫",
    "f1": "F1",
}


@dataclass(frozen=True)
class Action:
    """One thing a person can ask for: ``id`` is ``screen.verb``, ``keys`` are key names, the first one is shown."""

    id: str
    keys: tuple[str, ...]
    card: int | None = None

    @property
    def verb(self) -> str:
        """The name of the method that does it: ``action_<verb>`` of the screen."""
        return self.id.rpartition(".")[2]

    @property
    def label(self) -> str:
        """The key of its short text."""
        return f"keys.{self.id}.label"

    @property
    def tip(self) -> str:
        """The key of its sentence of explanation."""
        return f"keys.{self.id}.tip"

    @property
    def sign(self) -> str:
        """Its first key as people read it."""
        return SIGNS.get(self.keys[0], self.keys[0])


ACTIONS: Final = (
    Action("shell.accept", ("plus",), card=1),
    Action("shell.back", ("minus", "escape"), card=2),
    Action("shell.erase", ("minus", "backspace"), card=3),
    Action("start.again", ("plus",)),
    Action("start.defaults", ("plus",)),
    Action("start.leave", ("0",)),
    Action("start.care", ("slash",)),
    Action("set_up.go_on", ("plus",)),
    Action("set_up.later", ("slash",)),
    Action("set_up.again", ("asterisk",)),
    Action("set_up.finish", ("full_stop",)),
    Action("set_up.replace", ("asterisk",)),
    Action("replace.go_on", ("plus",)),
    Action("replace.again", ("asterisk",)),
    Action("opening.confirm", ("plus",), card=6),
    Action("opening.other_day", ("asterisk",), card=7),
    Action("home.leave", ("0",), card=4),
    Action("home.open_day", ("plus",), card=8),
    Action("home.change_operator", ("asterisk",), card=9),
    Action("home.lock", ("slash",), card=10),
    Action("locked.no_badge", ("asterisk",), card=12),
    Action("practice.begin", ("plus",), card=17),
    Action("opening.practise", ("slash",), card=18),
    Action("balance.redeem", ("plus",), card=11),
    Action("balance.missing", ("slash",), card=13),
    Action("day_close.confirm", ("plus",), card=81),
    Action("day_close.slips", ("slash",), card=82),
    Action("day_close.report", ("full_stop",), card=83),
    Action("day_close.skip", ("slash",), card=84),
    Action("day_close.counted", ("plus",), card=90),
    Action("day_close.emergency", ("asterisk",), card=89),
    Action("forms.confirm", ("plus",), card=85),
    Action("forms.number", ("asterisk",), card=86),
    Action("forms.day", ("slash",), card=87),
    Action("forms.late", ("slash",), card=88),
    Action("award.confirm", ("plus",), card=31),
    Action("award.remove", ("minus", "escape"), card=32),
    Action("award.units", ("asterisk",), card=33),
    Action("award.evidence", ("slash",), card=34),
    Action("award.find", ("full_stop",), card=35),
    Action("card_desk.go_on", ("plus",), card=61),
    Action("card_desk.papers", ("slash",), card=62),
    Action("card_desk.paper_card", ("slash",), card=63),
    Action("card_desk.reprint", ("full_stop",), card=64),
    Action("find.statement", ("plus",), card=71),
    Action("find.cards", ("slash",), card=73),
    Action("find.another", ("asterisk",), card=72),
    Action("find.redeem", ("1",), card=74),
    Action("find.award", ("2",), card=75),
    Action("find.move_out", ("9",), card=76),
    Action("statement.print", ("full_stop",), card=171),
    Action("waiting_list.approve", ("plus",), card=41),
    Action("waiting_list.decline", ("slash",), card=42),
    Action("waiting_list.read", ("plus",), card=43),
    Action("waiting_list.take_in", ("plus",), card=44),
    Action("waiting_list.complete", ("plus",), card=45),
    Action("waiting_list.uphold", ("plus",), card=46),
    Action("waiting_list.reject", ("slash",), card=47),
    Action("suggestions.confirm", ("plus",), card=91),
    Action("suggestions.adopt", ("plus",), card=92),
    Action("suggestions.decline", ("slash",), card=93),
    Action("suggestions.discuss", ("asterisk",), card=94),
    Action("suggestions.find", ("full_stop",), card=95),
    Action("suggestions.print", ("full_stop",), card=96),
    Action("stock.finish", ("plus",), card=141),
    Action("stock.until", ("asterisk",), card=142),
    Action("stock.cost", ("full_stop",), card=143),
    Action("stock.more", ("slash",), card=144),
    Action("stock.same_goods", ("asterisk",), card=145),
    Action("stock.source", ("slash",), card=146),
    Action("stock.sort", ("slash",), card=147),
    Action("terms.price", ("plus",), card=181),
    Action("terms.limit", ("asterisk",), card=182),
    Action("terms.more", ("slash",), card=183),
    Action("fund.receive", ("plus",), card=151),
    Action("fund.take_back", ("slash",), card=152),
    Action("fund.ledger", ("full_stop",), card=153),
    Action("operators.find", ("full_stop",), card=161),
    Action("store_care.go_on", ("plus",), card=51),
    Action("sheets.confirm", ("plus",)),
    Action("sheets.skip_bad", ("slash",)),
    Action("sheets.reasons", ("asterisk",)),
    Action("sheets.more", ("full_stop",)),
    Action("sheets.other_kind", ("0",)),
    Action("sheets.look_again", ("asterisk",)),
    Action("sheets.templates", ("slash",)),
    Action("report.write", ("slash",), card=131),
    Action("report.other_days", ("asterisk",), card=132),
    Action("report.more", ("full_stop",), card=133),
    Action("scanner_test.empty", ("asterisk",), card=5),
    Action("meeting.call", ("plus",), card=111),
    Action("meeting.open", ("plus",), card=112),
    Action("meeting.begin", ("plus",), card=113),
    Action("meeting.begin_again", ("plus",), card=124),
    Action("meeting.end", ("plus",), card=114),
    Action("meeting.done", ("plus",), card=115),
    Action("meeting.take_back", ("minus", "escape"), card=116),
    Action("meeting.count_again", ("minus", "escape"), card=125),
    Action("meeting.go_on", ("full_stop",), card=117),
    Action("meeting.roll", ("asterisk",), card=118),
    Action("meeting.only_missing", ("asterisk",), card=119),
    Action("meeting.everybody", ("asterisk",), card=126),
    Action("meeting.without_card", ("full_stop",), card=120),
    Action("meeting.find", ("full_stop",), card=121),
    Action("meeting.print", ("full_stop",), card=122),
    Action("meeting.more", ("slash",), card=123),
    Action("till.undo", ("minus", "escape"), card=21),
    Action("till.quantity", ("asterisk",), card=22),
    Action("till.balance_slip", ("full_stop",), card=23),
    Action("till.reprint", ("full_stop",), card=24),
    Action("till.provisional", ("slash",), card=25),
    Action("till.more", ("slash",), card=26),
)

_BY_ID: Final = {action.id: action for action in ACTIONS}
_BY_CARD: Final = {action.card: action for action in ACTIONS if action.card is not None}


def action(action_id: str) -> Action:
    """Give the action of this id. Raises KeyError for an id nobody registered."""
    return _BY_ID[action_id]


def action_of_card(number: int) -> Action | None:
    """Give the action a command card stands for, or None for a card of a later version."""
    return _BY_CARD.get(number)


def is_registered(action_id: str) -> bool:
    """Say whether an id belongs to an action of the registry."""
    return action_id in _BY_ID


def name_of(character: str) -> str:
    """Give the name Textual has for the key of one character."""
    names = {sign: name for name, sign in SIGNS.items() if len(sign) == 1}
    return names.get(character, character)


def bindings(*action_ids: str) -> "list[BindingType]":
    """Give the bindings of a screen, in the order in which the line of keys shows them."""
    from textual.binding import Binding

    return [
        Binding(key=",".join(known.keys), action=known.verb, description=known.label, tooltip=known.tip, id=known.id)
        for known in map(action, action_ids)
    ]
