"""From which day something new may hold: never from a day that is closed."""

from db.store import Act
from kiosk.calendar import days_after
from kiosk.domain.period import day_state
from kiosk.errors import Refused


def require_not_closed(act: Act, from_day: str, code: str) -> None:
    """Let something hold from the open day on or later; with none open, from the day after the one closed last.

    Raises:
        Refused: the day is closed (`code`, with the earliest day there may be).
    """
    state = day_state(act.connection, act.village)
    earliest = state.open_day
    if earliest is None and state.latest_day is not None:
        earliest = days_after(state.latest_day, 1)
    if earliest is not None and from_day < earliest:
        raise Refused(code, day=from_day, earliest=earliest)
