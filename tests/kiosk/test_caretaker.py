"""The quiet look: on its own thread, given up when the desk closes, its trouble kept."""

from threading import Event

import pytest

from db.fault import Fault
from kiosk.caretaker import Caretaker
from kiosk.errors import NotWritable, Refused, StoreFailed
from kiosk.store_care import Looked

FOUND = Looked((Fault("copy_not_sound", "page 7"),), None)


def explain(error: Exception) -> Refused | None:
    """Know an error of the disk and no other."""
    return StoreFailed("store_failed") if isinstance(error, OSError) else None


def test_what_was_found_is_handed_on_when_the_look_is_done() -> None:
    """Closing waits for a look that has begun."""
    caretaker, heard = Caretaker(lambda: FOUND, explain), list[Looked]()
    assert caretaker.look_soon(heard.append).wait(10)
    caretaker.close()
    assert heard == [FOUND]
    assert (caretaker.looked, caretaker.trouble) == (FOUND, None)


def test_look_is_given_up_when_the_desk_closes_before_it() -> None:
    """Nobody waits twenty seconds for a look that has not begun."""
    looks = list[int]()

    def look() -> Looked:
        looks.append(1)
        return FOUND

    caretaker = Caretaker(look, explain)
    caretaker.look_soon(lambda _found: None, delay=60)
    caretaker.close()
    caretaker.look_soon(lambda _found: None)
    assert looks == []


def test_work_waits_its_turn_when_a_look_is_under_way() -> None:
    """Two copies of the store at a time would be one too many."""
    begun, go_on, order = Event(), Event(), list[str]()

    def look() -> Looked:
        begun.set()
        assert go_on.wait(10)
        order.append("look")
        return FOUND

    caretaker = Caretaker(look, explain)
    caretaker.look_soon(lambda _found: None)
    assert begun.wait(10)
    work = caretaker.call(lambda: order.append("work"))
    go_on.set()
    work.result(10)
    caretaker.close()
    assert order == ["look", "work"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(NotWritable("disk_reserve"), "disk_reserve"), (OSError(5, "x"), "store_failed"), (KeyError("x"), "unexpected")],
)
def test_trouble_is_kept_when_a_look_fails(error: Exception, code: str) -> None:
    """A look that fails stops nobody, and the next good one clears it."""
    failing, tried = [error], Event()

    def look() -> Looked:
        if failing:
            raise failing.pop()
        return FOUND

    caretaker = Caretaker(look, explain)
    assert caretaker.look_soon(lambda _found: pytest.fail("found something")).wait(10)
    assert caretaker.trouble is not None
    assert caretaker.trouble.code == code
    caretaker.look_soon(lambda _found: tried.set())
    assert tried.wait(10)
    caretaker.close()
    assert caretaker.trouble is None
