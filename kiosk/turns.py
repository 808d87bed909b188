"""One thing at a time: scans and keys reach the screens strictly in the order in which they happened.

Whatever a screen does on a scan or a key that takes longer than a moment is a *piece of work*. While work of the active
screen is under way the next scan and the next key wait, so a confirm key pressed after a scan is handled after that
scan, and a second confirm after the first has been booked. A modal on top of a working screen gets the scans and keys
meanwhile: it is asking for that screen.
"""

import asyncio
import contextvars
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, Generic, TypeVar

Input = TypeVar("Input")

# Rubbish beyond this many waiting inputs is dropped: nobody scans so far ahead of the screen.
LONGEST_QUEUE: Final = 10_000


class Turns(Generic[Input]):
    """A queue of inputs and the pieces of work that hold it up.

    ``deliver`` hands one input to the active screen, ``active`` names that screen (any hashable object).
    """

    def __init__(self, deliver: Callable[[Input], Awaitable[None]], active: Callable[[], object]) -> None:
        """Build an empty queue; nothing is delivered until ``run`` runs."""
        self._deliver = deliver
        self._active = active
        self._waiting: deque[Input] = deque()
        self._working: dict[asyncio.Task[None], object] = {}
        self._changed = asyncio.Event()
        self._context: contextvars.Context | None = None
        self._is_delivering = False
        self._failure: BaseException | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits, and the active screen is at no work: at most others wait for its answer."""
        return not self._waiting and not self._is_delivering and self._active() not in self._working.values()

    def put(self, item: Input) -> None:
        """Queue one input."""
        if len(self._waiting) < LONGEST_QUEUE:
            self._waiting.append(item)
            self._changed.set()

    def put_first(self, *items: Input) -> None:
        """Queue inputs before all others: a screen hands them on to the screen it opens."""
        self._waiting.extendleft(reversed(items))
        self._changed.set()

    def begin(self, work: Coroutine[Any, Any, None], screen: object) -> None:
        """Start a piece of work of ``screen``; it runs to its end even if the screen is left meanwhile."""
        context = self._context.copy() if self._context is not None else None
        task = asyncio.create_task(work, context=context)
        self._working[task] = screen
        task.add_done_callback(self._end)

    def notice(self) -> None:
        """Look again who is active: a screen was opened or closed."""
        self._changed.set()

    async def run(self) -> None:
        """Deliver inputs for ever. Raises what a piece of work raised."""
        self._context = contextvars.copy_context()
        while True:
            await self._until_free()
            self._is_delivering = True
            await self._deliver(self._waiting.popleft())
            self._is_delivering = False

    async def _until_free(self) -> None:
        while not self._waiting or self._active() in self._working.values():
            self._changed.clear()
            if self._failure is not None:
                raise self._failure
            await self._changed.wait()
        if self._failure is not None:
            raise self._failure

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._working[task]
        if not task.cancelled() and task.exception() is not None:
            self._failure = task.exception()
        self._changed.set()
