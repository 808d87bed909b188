"""Many share a data folder, one takes it alone."""

from pathlib import Path

import pytest

from kiosk.errors import TryAgain
from kiosk.hold import alone, share, take


def test_folder_is_shared_when_nobody_wants_it_alone(tmp_path: Path) -> None:
    """The app and a command work side by side."""
    first, second = share(tmp_path), share(tmp_path)
    first.let_go()
    with pytest.raises(TryAgain, match="store_in_use"):
        take(tmp_path)
    second.let_go()
    take(tmp_path).let_go()


def test_nobody_gets_in_when_somebody_has_the_folder_alone(tmp_path: Path) -> None:
    """Neither to share it nor alone, until the block ends; letting go twice is no mistake."""
    with alone(tmp_path):
        for hold in (share, take):
            with pytest.raises(TryAgain, match="store_in_use"):
                hold(tmp_path)
    held = share(tmp_path)
    held.let_go()
    held.let_go()


def test_folder_is_free_when_the_block_fails(tmp_path: Path) -> None:
    """A restore that is refused locks nobody out."""
    with pytest.raises(KeyError), alone(tmp_path):
        raise KeyError
    take(tmp_path).let_go()
