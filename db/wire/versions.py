"""Which version of the protocol two sides speak: the terminal names all it knows with its hello, and the hub picks one.

Hello and its answer keep the form of version 1 for good, with fields added and none taken away, and so does what is
said in a parcel or a set-up file before its lines: by them two sides that have nothing else in common still tell each
other which of them is to be upgraded.
"""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from db.wire.v1 import VERSION

Side: TypeAlias = Literal["terminal", "county"]
SPOKEN: Final[tuple[int, ...]] = (VERSION,)
"""What this program speaks, on either side. The hub keeps the newest and two older ones: terminals follow in months."""
NONE: Final = 0


def agree(terminal: Sequence[int], county: Sequence[int]) -> int | Side:
    """Return the newest version both speak, or, where they have none in common, which side is to be upgraded."""
    common = set(terminal) & set(county)
    if common:
        return max(common)
    return "terminal" if max(terminal, default=NONE) < max(county, default=NONE) else "county"
