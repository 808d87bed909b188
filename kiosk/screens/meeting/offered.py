"""Which keys mean something at the meeting desk at a moment. Pure."""

from kiosk.screens.meeting.state import DeskState, Phase


def offered(state: DeskState) -> dict[str, bool]:
    """Say of every key of the desk whether it is offered."""
    phase = state.phase
    is_signing, is_forgotten, is_over = (phase is each for each in (Phase.SIGNING, Phase.FORGOTTEN, Phase.OVER))
    has_ended = is_over and state.meeting is not None and state.meeting.state == "ended"
    is_counted = state.heads is not None
    has_something_last = bool(state.typed) or (is_signing and state.last is not None)
    return {
        "call": phase is Phase.LIST,
        "open": phase is Phase.CALLED,
        "begin": is_signing and not state.is_begun,
        "begin_again": is_signing and state.is_begun and not state.is_timed and not state.typed,
        "end": is_forgotten or (is_signing and state.is_begun and (state.is_timed or bool(state.typed))),
        "done": is_over,
        "take_back": has_something_last and not is_counted,
        "count_again": is_counted,
        "go_on": is_forgotten,
        "roll": is_signing or is_forgotten or has_ended,
        "only_missing": phase is Phase.ROLL and not state.is_only_missing,
        "everybody": phase is Phase.ROLL and state.is_only_missing,
        "without_card": is_signing,
        "find": phase is Phase.ROLL,
        "print": has_ended,
        "more": phase is Phase.CALLED or is_signing or is_forgotten or has_ended,
        "back": not has_something_last and not is_counted,
    }
