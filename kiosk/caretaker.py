"""The quiet look at the store beside the open till: some time after the start, and when a day was opened or closed."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Event, Timer
from typing import TYPE_CHECKING, Final, TypeVar

from kiosk.errors import Refused

if TYPE_CHECKING:
    from kiosk.store_care import Looked

Outcome = TypeVar("Outcome")

# Long enough after the start that nobody waits for the desk any more.
AFTER_START_SECONDS: Final = 20.0


class Caretaker:
    """Looks at the store on a thread of its own, one look after the other.

    ``trouble`` is why the last look could not be had, or None; ``looked`` what the last one found.
    """

    def __init__(self, look: "Callable[[], Looked]", explain: Callable[[Exception], Refused | None]) -> None:
        """Look by ``look``; ``explain`` gives the refusal for an error. There is no thread before the first look."""
        self._look = look
        self._explain = explain
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="caretaker")
        self._waiting: list[Timer] = []
        self.looked: Looked | None = None
        self.trouble: Refused | None = None

    def look_soon(self, then: "Callable[[Looked], None]", delay: float = 0.0) -> Event:
        """Look after ``delay`` seconds and hand what was found to ``then``, on the caretaker's thread.

        The event is set when this look is over, whatever came of it.
        """
        is_over = Event()
        timer = Timer(delay, self._begin, (partial(self._run, then, is_over),))
        timer.daemon = True
        self._waiting.append(timer)
        timer.start()
        return is_over

    def call(self, function: Callable[[], Outcome]) -> Future[Outcome]:
        """Run something long that opens the store's file itself, when no look is under way."""
        return self._executor.submit(function)

    def close(self) -> None:
        """Finish what has begun, give up what has not, and end the thread."""
        for timer in self._waiting:
            timer.cancel()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _begin(self, run: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the desk closed at this very moment
            self._executor.submit(run)

    def _run(self, then: "Callable[[Looked], None]", is_over: Event) -> None:
        try:
            self.looked = self._look()
            self.trouble = None
            then(self.looked)
        except Refused as refused:
            self.trouble = refused
        except Exception as error:  # noqa: BLE001  because this is the edge of the thread: kept, shown with a code
            self.trouble = self._explain(error) or Refused("unexpected")
        finally:
            is_over.set()
