"""What a terminal tells of itself with every report: the names of its figures, and words that travel as numbers.

Whole numbers and no name of anything. A reader leaves aside what it does not know, so a later program may tell more.
"""

from typing import Final

from db.line import CLOCK_QUALITIES, Stamp

FIGURES: Final = ("lines", "unsent", "unsaved", "unsaved_outside", "faults", "free_kib", "slips_owed", "printer")
"""Lines held; those not acknowledged; those since the last backup here and outside; faults found; KiB the disk still
takes; slips that did not come out; how the slip printer is, as its place in `PRINTERS`."""
PRINTERS: Final = ("ok", "unset", "missing", "wrong")
"""There; none was set; set and not plugged in; set to something that nobody knows."""


def clock_sample(now: Stamp) -> tuple[int, ...]:
    """Return a stamp as it travels: wall milliseconds, boots, milliseconds since the boot, place of its quality."""
    return now.at, now.boot, now.mono, CLOCK_QUALITIES.index(now.clock)


def quality_of(clock: tuple[int, ...]) -> int | None:
    """Return the place of a clock's quality in `CLOCK_QUALITIES`, None where an older program left it out."""
    found = clock[3] if len(clock) > 3 else None  # noqa: PLR2004  because the sample has four parts
    return found if found in range(len(CLOCK_QUALITIES)) else None
