"""PINs: an operator who has one takes the desk, and signs, with badge and PIN.

They stay with this store and are never sent. A wrong PIN is counted before it is compared, so that pulling the plug
gives nobody another try; waits count on the monotonic clock and begin anew after a start of the machine.
"""

import json
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from db.line import Stamp
from db.store import Store, set_setting, setting
from kiosk.domain.access import Right, require_right
from kiosk.domain.terminal import owner_of_badge
from kiosk.errors import NotAllowed, Refused, TryAgain

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 4
LONGEST: Final = 8
MOST_WRONG: Final = 10
WAITS: Final = ((8, 3_600_000), (5, 60_000))
"""After so many wrong PINs, so many milliseconds to wait before the next."""
MEMORY_KIBIBYTES: Final = 19_456
PASSES: Final = 2
"""Argon2id as OWASP's password storage cheat sheet asks for: 19 MiB, two passes, one lane."""
_NAME: Final = "pin.{operator}"


@dataclass(frozen=True)
class _Kept:
    """A PIN as it is kept: its hash, how many wrong ones there were in a row, and when the last."""

    hash: str
    wrong: int = 0
    boot: int = 0
    mono: int = 0


def has_pin(store: Store, operator_id: int) -> bool:
    """Say whether an operator has a PIN here."""
    with store.read() as connection:
        return pin_is_set(connection, store.village, operator_id)


def pin_is_set(connection: Connection, village: int, operator_id: int) -> bool:
    """Say whether an operator has a PIN, inside a transaction."""
    return _kept(connection, village, operator_id) is not None


def badge_has_pin(store: Store, badge: str) -> int | None:
    """Return whose badge it is if its owner has a PIN here, else None; nobody's badge has none."""
    with store.read() as connection:
        try:
            operator_id = owner_of_badge(connection, store.village, badge)
        except NotAllowed:
            return None
        return operator_id if _kept(connection, store.village, operator_id) is not None else None


def set_pin(store: Store, pin: str, *, now: Stamp, by: int) -> None:
    """Give the operator at the desk a PIN of their own, in place of the one before.

    Raises:
        Refused: it is too short, too long, or too easy to guess (`pin_too_simple`).
    """
    is_digits = pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST
    if not is_digits or len({int(after) - int(before) for before, after in pairwise(pin)}) == 1:
        raise Refused("pin_too_simple", least=SHORTEST, most=LONGEST)
    hashed = _hasher().hash(pin)
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.TAKE_DESK)
        _keep(act.connection, act.village, by, _Kept(hashed))


def clear_pin(store: Store, operator_id: int, *, now: Stamp, by: int) -> None:
    """Take away a PIN that was forgotten, or is locked. Raises NotAllowed: as `require_right`."""
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.APPOINT)
        set_setting(act.connection, act.village, _NAME.format(operator=operator_id), "")


def check_pin(store: Store, operator_id: int, pin: str, now: Stamp) -> None:
    """Let an operator pass whose PIN this is, or who has none.

    Raises:
        NotAllowed: it is another one (`pin_wrong`, with how many tries are left), or there were too many
            (`pin_locked`).
        TryAgain: there were many, and some time must pass first (`pin_waits`, with seconds).
    """
    with store.write(now=now, by=operator_id) as act:
        kept = _kept(act.connection, act.village, operator_id)
        if kept is None:
            return
        _require_patience(kept, now)
        kept = replace(kept, wrong=kept.wrong + 1, boot=now.boot, mono=now.mono)
        _keep(act.connection, act.village, operator_id, kept)
    if not _is_right(kept.hash, pin):
        raise NotAllowed("pin_wrong", left=max(MOST_WRONG - kept.wrong, 0))
    with store.write(now=now, by=operator_id) as act:
        _keep(act.connection, act.village, operator_id, replace(kept, wrong=0))


def _require_patience(kept: _Kept, now: Stamp) -> None:
    if kept.wrong >= MOST_WRONG:
        raise NotAllowed("pin_locked")
    wait = next((wait for wrong, wait in WAITS if kept.wrong >= wrong), 0)
    passed = now.mono - kept.mono if now.boot == kept.boot else now.mono
    if passed < wait:
        raise TryAgain("pin_waits", seconds=(wait - passed + 999) // 1_000)


def _is_right(hashed: str, pin: str) -> bool:
    from argon2.exceptions import VerifyMismatchError

    try:
        return _hasher().verify(hashed, pin)
    except VerifyMismatchError:
        return False


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIBIBYTES, parallelism=1)


def _kept(connection: Connection, village: int, operator_id: int) -> _Kept | None:
    text = setting(connection, village, _NAME.format(operator=operator_id))
    return _Kept(**json.loads(text)) if text else None


def _keep(connection: Connection, village: int, operator_id: int, kept: _Kept) -> None:
    set_setting(connection, village, _NAME.format(operator=operator_id), json.dumps(asdict(kept)))
