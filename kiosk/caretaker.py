"""The quiet look at the store beside the open till: some time after the start, and when a day was opened or closed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused

if TYPE_CHECKING:
    from kiosk.store_care import Looked

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
        self._closing = Event()
        self.looked: Looked | None = None
        self.trouble: Refused | None = None

    def look_soon(self, then: "Callable[[Looked], None]", delay: float = 0.0) -> None:
        """Look after ``delay`` seconds and hand what was found to ``then``, on the caretaker's thread."""
        if not self._closing.is_set():
            self._executor.submit(self._run, then, delay)

    def close(self) -> None:
        """Finish a look that has begun, give up those that have not, and end the thread."""
        self._closing.set()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _run(self, then: "Callable[[Looked], None]", delay: float) -> None:
        if self._closing.wait(delay):
            return
        try:
            self.looked = self._look()
            self.trouble = None
            then(self.looked)
        except Refused as refused:
            self.trouble = refused
        except Exception as error:  # noqa: BLE001  because this is the edge of the thread: kept, shown with a code
            self.trouble = self._explain(error) or Refused("unexpected")
