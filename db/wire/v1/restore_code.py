"""The one-time code by which a new terminal comes in the place of a dead one: sixteen digits, read over the telephone.

Four of the village, ten drawn, two check digits (ISO 7064 mod 97-10), so that a slip of the tongue is noticed at once.
"""

from collections.abc import Callable
from typing import Final

DRAWN_DIGITS: Final = 10
_VILLAGE_DIGITS: Final = 4
_CODE_DIGITS: Final = 16
_GROUP: Final = 4


def make_restore_code(village: int, entropy: Callable[[int], bytes]) -> str:
    """Return a fresh code of a village."""
    from stdnum.iso7064 import mod_97_10

    drawn = int.from_bytes(entropy(16), "big") % 10**DRAWN_DIGITS
    body = f"{village:0{_VILLAGE_DIGITS}}{drawn:0{DRAWN_DIGITS}}"
    return body + mod_97_10.calc_check_digits(body)


def read_restore_code(said: str) -> tuple[int, str] | None:
    """Return the village and the digits of a code, however they were grouped; None where it is none."""
    from stdnum.iso7064 import mod_97_10

    digits = "".join(character for character in said if character.isascii() and character.isdigit())
    if len(digits) != _CODE_DIGITS or mod_97_10.calc_check_digits(digits[:-2]) != digits[-2:]:
        return None
    return int(digits[:_VILLAGE_DIGITS]), digits


def in_groups(code: str) -> str:
    """Return a code as it is read aloud."""
    return " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
