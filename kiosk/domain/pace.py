"""The pace at which goods and points go out: over how many weeks it is taken, for orders and for the fund alike."""

from typing import Final

PACE_WEEKS: Final = 8
PACE_DAYS: Final = 7 * PACE_WEEKS
