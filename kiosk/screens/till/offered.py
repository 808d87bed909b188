"""Which keys mean something in a state of the till. Pure."""

from kiosk.screens.till.state import Phase, TillState


def offered(state: TillState, owed: int, *, has_printed: bool) -> dict[str, bool]:
    """Say of each action whether it is offered: `owed` slips are waited for, `has_printed` one that may come again."""
    phase = state.phase
    is_idle = phase is Phase.IDLE and not state.is_typing and state.unknown_code is None
    is_balance = phase is Phase.MEMBER and not state.is_typing
    is_between = phase in (Phase.IDLE, Phase.DONE) and not state.is_typing
    return {
        "accept": state.is_typing or phase is Phase.BASKET,
        "undo": not is_idle and phase is not Phase.CONFIRM,
        "back": is_idle,
        "quantity": bool(state.typed) or phase is Phase.BASKET,
        "balance_slip": is_balance,
        "reprint": not is_balance and (owed > 0 or (has_printed and is_between)),
        "provisional": state.unknown_code is not None,
        "more": state.unknown_code is None and phase is not Phase.CONFIRM,
    }
