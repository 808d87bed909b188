"""Whether the county and this terminal have a version of the protocol in common, and who is to be upgraded if not."""

from collections.abc import Sequence

from db.wire.v1.message import Answer
from db.wire.versions import Side, agree
from kiosk.errors import ExitCode, Refused


class OutdatedError(Refused):
    """One side's program is too old for the other's; what is stored here stays and is reported after the upgrade."""

    exit_code = ExitCode.PROTOCOL


def require_common(answer: Answer, spoken: Sequence[int]) -> None:
    """Let a session go on in a version that this terminal speaks.

    A county of before there was anything to agree upon says version 1.

    Raises:
        OutdatedError: this terminal's program is too old (`protocol_terminal_old`), or the county's is
            (`protocol_county_old`).
    """
    _require_version(answer.upgrade or agree(spoken, (answer.version,)))


def require_spoken(by_county: Sequence[int], spoken: Sequence[int]) -> None:
    """Let pass what the county put on a stick, if it speaks a version that this terminal speaks. Raises as above."""
    _require_version(agree(spoken, by_county))


def _require_version(agreed: int | Side) -> None:
    if not isinstance(agreed, int):
        raise OutdatedError(f"protocol_{agreed}_old")
