"""PINs: whoever has one proves it, and nobody gets more tries than ten."""

from pathlib import Path

import pytest

from kiosk.domain import pin as pins
from kiosk.domain.pin import badge_has_pin, check_pin, clear_pin, has_pin, set_pin
from kiosk.domain.terminal import add_operator
from kiosk.errors import NotAllowed, Refused, TryAgain
from tests.village import Village

RIGHT = "2718"
WRONG = "2817"
MINUTE = 60_000


class Desk:
    """A village whose volunteer has a PIN."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.helper = add_operator(village.store, "李红", "attendant", now=village.now, by=village.operator)
        set_pin(village.store, RIGHT, now=village.now, by=self.helper.operator_id)

    def try_pin(self, pin: str) -> None:
        """Type a PIN."""
        check_pin(self.village.store, self.helper.operator_id, pin, self.village.now)

    def refusal(self, pin: str = WRONG) -> str:
        """Type a PIN that is refused; give the code."""
        with pytest.raises(Refused) as refused:
            self.try_pin(pin)
        return refused.value.code


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk; hashing takes less of a test's time than of a thief's."""
    monkeypatch.setattr(pins, "MEMORY_KIBIBYTES", 64)
    return Desk(tmp_path / "desk")


def test_the_right_pin_opens_and_nothing_of_it_is_kept_readable(desk: Desk) -> None:
    """Only a hash lies in the store."""
    desk.try_pin(RIGHT)
    assert has_pin(desk.village.store, desk.helper.operator_id)
    assert badge_has_pin(desk.village.store, desk.helper.badge) == desk.helper.operator_id
    assert f'"{RIGHT}"'.encode() not in desk.village.file.read_bytes()
    assert b"$argon2id$" in desk.village.file.read_bytes()


def test_nobody_is_asked_when_they_have_no_pin(desk: Desk) -> None:
    """A village begins without any."""
    assert not has_pin(desk.village.store, desk.village.operator)
    check_pin(desk.village.store, desk.village.operator, WRONG, desk.village.now)


def test_tries_are_counted_waited_for_and_ended_when_they_are_wrong(desk: Desk) -> None:
    """Five: a minute. Eight: an hour. Ten: locked, until the secretary clears it."""
    assert [desk.refusal() for _ in range(5)] == ["pin_wrong"] * 5
    assert desk.refusal(RIGHT) == "pin_waits"
    for _ in range(3):
        desk.village.clock.advance(MINUTE)
        assert desk.refusal() == "pin_wrong"
    desk.village.clock.advance(MINUTE)
    assert desk.refusal(RIGHT) == "pin_waits"
    for _ in range(2):
        desk.village.clock.advance(60 * MINUTE)
        assert desk.refusal() == "pin_wrong"
    desk.village.clock.advance(600 * MINUTE)
    assert desk.refusal(RIGHT) == "pin_locked"
    village = desk.village
    clear_pin(village.store, desk.helper.operator_id, now=village.now, by=village.operator)
    assert not has_pin(village.store, desk.helper.operator_id)
    desk.try_pin(WRONG)


def test_the_count_begins_anew_when_the_right_one_comes(desk: Desk) -> None:
    """Four slips of the finger a day lock nobody."""
    for _ in range(5):
        for _ in range(4):
            assert desk.refusal() == "pin_wrong"
        desk.try_pin(RIGHT)


def test_a_restart_gives_no_more_tries_when_there_is_a_wait(desk: Desk) -> None:
    """The wait begins anew with the machine."""
    for _ in range(5):
        desk.refusal()
    desk.village.clock.reboot()
    assert desk.refusal(RIGHT) == "pin_waits"
    desk.village.clock.advance(MINUTE)
    desk.try_pin(RIGHT)


def test_a_try_is_counted_when_the_power_goes_before_it_was_compared(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count is on disk before anything is compared."""

    def go_dark(_hashed: str, _pin: str) -> bool:
        raise RuntimeError("dark")

    with monkeypatch.context() as dark:
        dark.setattr(pins, "_is_right", go_dark)
        for _ in range(5):
            with pytest.raises(RuntimeError, match="dark"):
                desk.try_pin(RIGHT)
    with pytest.raises(TryAgain, match="pin_waits"):
        desk.try_pin(RIGHT)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "1111", "1234", "8765", "12a4", "²²³³"])
def test_a_pin_is_not_taken_when_it_is_easy_to_guess(desk: Desk, pin: str) -> None:
    """Too short, too long, all the same, a row of digits, no digits."""
    with pytest.raises(Refused, match="pin_too_simple"):
        set_pin(desk.village.store, pin, now=desk.village.now, by=desk.helper.operator_id)
    desk.try_pin(RIGHT)


def test_a_pin_is_cleared_only_by_the_secretary(desk: Desk) -> None:
    """A volunteer frees nobody."""
    with pytest.raises(NotAllowed, match="right_missing"):
        clear_pin(desk.village.store, desk.helper.operator_id, now=desk.village.now, by=desk.helper.operator_id)
