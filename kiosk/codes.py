"""Raw scan text to what it means: a card, goods, two scans in one, a bad reading, or nothing we know.

Pure: no store, no clock, no device. Cards are sixteen digits (type 2, village 4, random 8, ISO 7064 mod 97-10 check 2);
goods are GS1 numbers kept as GTIN-14 text. Length, beginning and check digits tell them apart.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

from kiosk.gs1 import GS1_SYMBOLOGIES, GTIN_DIGITS, check_digit, has_right_check, is_number, read_trade_item

LONGEST: Final = 127
"""Characters a code may have. A scanner driver keeps one more of what it had to cut, so a cut scan is never a code."""
LONGEST_SHOWN: Final = 64
"""Printable characters kept of what nobody knows."""

_CARD_DIGITS: Final = 16
_SERIALS: Final = 10**8
_VILLAGES: Final = 10**4
_ENTROPY_BYTES: Final = 4
_DRAWS: Final = 64
_FEWEST_GOODS_DIGITS: Final = 7
_WHOLE_GOODS_LENGTHS: Final = frozenset({8, 12, 13, 14})
_IN_STORE_LENGTHS: Final = frozenset({8, 13})
_GLUED_AT: Final = {26: (13,), 29: (13, 16), 32: (16,)}

_SYMBOLOGY: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")


class CodeType(IntEnum):
    """The first two digits of every card, book and sheet that the project prints."""

    VILLAGE_SHEET = 24
    HOUSEHOLD_BOOK = 25
    PERSON = 26
    HOUSEHOLD = 27
    SLIP = 28
    COMMAND = 29
    OPERATOR = 30


@dataclass(frozen=True, slots=True)
class Card:
    """Any printed code of the project: ``number`` has 16 digits, ``village`` is 0 to 9999."""

    number: str
    village: int


class VillageSheet(Card):
    """The sheet that names a village at set-up."""

    __slots__ = ()


class BookCode(Card):
    """A line of the household book: opens a household whose card is not at hand."""

    __slots__ = ()


class PersonCard(Card):
    """The card of one person."""

    __slots__ = ()


class HouseholdCard(Card):
    """A card of a household's account."""

    __slots__ = ()


class SlipCode(Card):
    """A slip or a voucher."""

    __slots__ = ()


class CommandCard(Card):
    """A card that stands for a key."""

    __slots__ = ()

    @property
    def command(self) -> int:
        """Give the number of the action, 0 to 99999999."""
        return int(self.number[6:14])


class OperatorBadge(Card):
    """The badge of somebody who works at the desk."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods by number: ``gtin`` has 14 digits; ``best_before`` is a day as ISO text if the code carries one."""

    gtin: str
    best_before: str | None = None
    in_store: bool = False


@dataclass(frozen=True, slots=True)
class WeighedGoods:
    """Goods with their weight: ``item`` as printed, ``gtin`` the number of the same label with weight 0 (14 digits)."""

    item: str
    grams: int
    gtin: str


@dataclass(frozen=True, slots=True)
class Misread:
    """A code of a known shape whose check digit is wrong: to be read again."""

    text: str


@dataclass(frozen=True, slots=True)
class Glued:
    """Two codes that arrived as one scan, in order."""

    first: "Whole"
    second: "Whole"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything else, cut to 64 printable characters."""

    text: str


@dataclass(frozen=True, slots=True)
class FoundHousehold:
    """A household that somebody found on one screen and takes to another; no scan means it."""

    household_id: int


AnyCard: TypeAlias = VillageSheet | BookCode | PersonCard | HouseholdCard | SlipCode | CommandCard | OperatorBadge
Whole: TypeAlias = AnyCard | Goods | WeighedGoods
Code: TypeAlias = Whole | Misread | Glued | Unknown | FoundHousehold

_CARDS: Final[dict[str, type[AnyCard]]] = {
    "24": VillageSheet,
    "25": BookCode,
    "26": PersonCard,
    "27": HouseholdCard,
    "28": SlipCode,
    "29": CommandCard,
    "30": OperatorBadge,
}


@dataclass(frozen=True, slots=True)
class InStorePattern:
    """How the shop numbers its own labels: ``prefix``, item digits, weight digits in grams (none if fixed), check.

    Raises ValueError unless the whole is an EAN-8 or EAN-13 within GS1's range for use inside a company.
    """

    prefix: str
    item_digits: int
    weight_digits: int = 0

    def __post_init__(self) -> None:
        """Refuse a pattern that could take another company's numbers."""
        restricted = ("0", "2") if self.length == min(_IN_STORE_LENGTHS) else ("02", "04", "2")
        if self.length not in _IN_STORE_LENGTHS or not is_number(self.prefix) or self.item_digits < 1:
            raise ValueError(f"{self} is not an EAN-8 or EAN-13")
        if not self.prefix.startswith(restricted) or self.weight_digits < 0:
            raise ValueError(f"{self} is not within the numbers for use inside a company")

    @property
    def length(self) -> int:
        """Give the digits of a whole label, check digit included."""
        return len(self.prefix) + self.item_digits + self.weight_digits + 1

    def read(self, gtin: str) -> Goods | WeighedGoods | None:
        """Read a GTIN-14 with a right check digit, or give None if it is not of this pattern."""
        label = gtin[GTIN_DIGITS - self.length :]
        if not label.startswith(self.prefix) or label.zfill(GTIN_DIGITS) != gtin:
            return None
        if not self.weight_digits:
            return Goods(gtin, in_store=True)
        item, weight = label[len(self.prefix) : -1][: self.item_digits], label[-1 - self.weight_digits : -1]
        body = (self.prefix + item + "0" * self.weight_digits).zfill(GTIN_DIGITS - 1)
        return WeighedGoods(item, int(weight), body + check_digit(body))

    def number(self, item: int) -> str:
        """Give the GTIN-14 of the label that the shop prints for an item of its own, weight 0.

        Raises ValueError for an item that has more digits than the pattern.
        """
        if not 0 <= item < 10**self.item_digits:
            raise ValueError(f"item {item} has more than {self.item_digits} digits")
        body = f"{self.prefix}{item:0{self.item_digits}}{'0' * self.weight_digits}".zfill(GTIN_DIGITS - 1)
        return body + check_digit(body)


IN_STORE: Final = (InStorePattern("21", 5, 5), InStorePattern("25", 10))
"""The patterns of a village that chose none: 21 for weighed goods, 25 for what the shop numbers itself."""


def read_code(text: str, symbology: str | None = None, patterns: Sequence[InStorePattern] = IN_STORE) -> Code:
    """Say what a scanned or typed text is. Never raises.

    ``symbology`` is the AIM identifier if the driver has already taken it off; one that still stands before the text is
    taken off here. Zeros that a sheet or a scanner lost at the front are put back if the check digit proves it.
    """
    if len(text) > LONGEST:
        return _unknown(text)
    plain = _plain(text)
    if symbology is None:
        symbology, plain = split_symbology(plain)
    closed = plain.replace(" ", "")
    if symbology in GS1_SYMBOLOGIES or closed.startswith("(01)"):
        return _read_elements(closed) or _unknown(plain)
    if is_number(closed):
        return _read_number(closed, patterns) or _unknown(plain)
    return (_read_elements(closed) if closed.startswith("01") else None) or _unknown(plain)


def split_symbology(text: str) -> tuple[str | None, str]:
    """Take an AIM identifier such as ``]E0`` off the front: the identifier or None, and the rest."""
    found = _SYMBOLOGY.match(text)
    return (found.group(), text[found.end() :]) if found else (None, text)


def mint(code_type: CodeType, village: int, entropy: Callable[[int], bytes]) -> str:
    """Make a new card number: 16 digits, the middle eight drawn uniformly from ``entropy(count) -> bytes``.

    Raises ValueError for a village outside 0 to 9999, for command cards (their number names an action), and if the
    source gives bytes that cannot be random.
    """
    if code_type is CodeType.COMMAND:
        raise ValueError("the number of a command card names an action and is not drawn")
    limit = 256**_ENTROPY_BYTES // _SERIALS * _SERIALS
    for _ in range(_DRAWS):
        drawn = int.from_bytes(entropy(_ENTROPY_BYTES), "big")
        if drawn < limit:
            return _card_number(code_type, village, drawn % _SERIALS)
    raise ValueError("the source of randomness repeats itself")


def command_number(command: int, village: int = 0) -> str:
    """Give the 16 digits of the card for action ``command`` (0 to 99999999): always the same.

    Raises ValueError for a number out of range.
    """
    return _card_number(CodeType.COMMAND, village, command)


def _card_number(code_type: CodeType, village: int, serial: int) -> str:
    if not 0 <= village < _VILLAGES or not 0 <= serial < _SERIALS:
        raise ValueError(f"village {village} or serial {serial} is out of range")
    body = f"{code_type.value:02}{village:04}{serial:08}"
    return body + _card_check(body)


def _card_check(body: str) -> str:
    from stdnum.iso7064 import mod_97_10

    return mod_97_10.calc_check_digits(body)


def _plain(text: str) -> str:
    """Full-width forms to ASCII; control, format and space characters off both ends."""
    normal = unicodedata.normalize("NFKC", text)
    inner = [index for index, character in enumerate(normal) if unicodedata.category(character)[0] not in "CZ"]
    return normal[inner[0] : inner[-1] + 1] if inner else ""


def _unknown(text: str) -> Unknown:
    return Unknown("".join(character for character in text if character.isprintable())[:LONGEST_SHOWN])


def _read_number(digits: str, patterns: Sequence[InStorePattern]) -> Code | None:
    if len(digits) == _CARD_DIGITS and digits[:2] in _CARDS:
        return _read_card(digits)
    if _FEWEST_GOODS_DIGITS <= len(digits) <= GTIN_DIGITS:
        return _read_goods(digits, patterns)
    elements = _read_elements(digits) if digits.startswith("01") else None
    if isinstance(elements, Goods):
        return elements
    return _read_glued(digits, patterns) or elements


def _read_card(digits: str) -> AnyCard | Misread:
    body, check = digits[:-2], digits[-2:]
    if _card_check(body) != check:
        return Misread(digits)
    return _CARDS[digits[:2]](digits, int(digits[2:6]))


def _read_goods(digits: str, patterns: Sequence[InStorePattern]) -> Goods | WeighedGoods | Misread | None:
    if not int(digits):
        return None
    if not has_right_check(digits):
        return Misread(digits) if len(digits) in _WHOLE_GOODS_LENGTHS else None
    gtin = digits.zfill(GTIN_DIGITS)
    return next((found for pattern in patterns if (found := pattern.read(gtin))), Goods(gtin))


def _read_glued(digits: str, patterns: Sequence[InStorePattern]) -> Glued | None:
    """Two whole codes, if there is exactly one way to part them."""
    ways = []
    for at in _GLUED_AT.get(len(digits), ()):
        first, second = _read_number(digits[:at], patterns), _read_number(digits[at:], patterns)
        if isinstance(first, Whole) and isinstance(second, Whole):
            ways.append(Glued(first, second))
    return ways[0] if len(ways) == 1 else None


def _read_elements(text: str) -> Goods | Misread | None:
    """A GS1 element string, if it names a trade item."""
    item = read_trade_item(text)
    if item is None or not int(item.gtin):
        return None
    return Goods(item.gtin, best_before=item.best_before) if has_right_check(item.gtin) else Misread(item.gtin)
