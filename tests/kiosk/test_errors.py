"""Refusals and exit codes."""

import pytest

from kiosk.errors import BadInput, ExitCode, NotAllowed, NotWritable, Refused, StoreFailed, TryAgain


def test_a_refusal_shows_code_and_parameters_when_written_to_a_log() -> None:
    """Whoever reads a log sees what was refused and about what."""
    assert str(Refused("points_missing", missing_points=350)) == "points_missing missing_points=350"


@pytest.mark.parametrize(
    ("kind", "number"),
    [(Refused, 1), (BadInput, 65), (NotWritable, 73), (StoreFailed, 74), (TryAgain, 75), (NotAllowed, 77)],
)
def test_a_command_ends_with_a_fixed_number_when_it_is_refused(kind: type[Refused], number: int) -> None:
    """Scripts of installers rely on these numbers; they never change."""
    refusal = kind("code")
    assert refusal.exit_code == number
    assert isinstance(refusal, Refused)


def test_numbers_are_unique_when_a_command_ends() -> None:
    """Two ways to end are never told by one number."""
    assert len({code.value for code in ExitCode}) == len(ExitCode.__members__)
    assert ExitCode.DONE.value == 0
    assert ExitCode.USAGE.value == 2
