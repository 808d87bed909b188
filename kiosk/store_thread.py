"""The thread that owns a store: whoever waits for what runs there may go away, and it runs to its end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Outcome = TypeVar("Outcome")


class StoreThread:
    """The one thread that owns the store: what is given to it runs there one after the other, to its end."""

    def __init__(self) -> None:
        """Start no thread before the first call."""
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def call(self, function: Callable[[], Outcome]) -> Outcome:
        """Run ``function`` on the thread; if the waiting for it is cancelled, the running is not."""
        running = asyncio.get_running_loop().run_in_executor(self._executor, function)
        return await asyncio.shield(running)

    def close(self) -> None:
        """Wait until everything given to the thread is done, then end it."""
        self._executor.shutdown(wait=True)
