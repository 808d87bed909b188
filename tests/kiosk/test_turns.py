"""One thing at a time, in order."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from kiosk.turns import LONGEST_QUEUE, Turns


class Stage:
    """A stack of screens that note what they get, and work that ends when the test says so."""

    def __init__(self) -> None:
        self.screens = ["till"]
        self.got: list[tuple[str, str]] = []
        self.turns: Turns[str] = Turns(self.deliver, lambda: self.screens[-1])
        self.gates: dict[str, asyncio.Event] = {}

    async def deliver(self, item: str) -> None:
        """Note the item; one that begins with ``work`` starts work of the active screen."""
        screen = self.screens[-1]
        self.got.append((screen, item))
        if item.startswith("work"):
            self.gates[item] = asyncio.Event()
            self.turns.begin(self.work(item), screen)

    async def work(self, item: str) -> None:
        """Last until the gate opens."""
        await self.gates[item].wait()
        self.got.append(("done", item))

    def open(self, screen: str) -> None:
        """Put a screen on top."""
        self.screens.append(screen)
        self.turns.notice()

    def close(self) -> None:
        """Take the top screen away."""
        self.screens.pop()
        self.turns.notice()


def played(play: Callable[[Stage], Awaitable[None]]) -> Stage:
    """Run ``play`` beside the queue."""

    async def run() -> Stage:
        stage = Stage()
        running = asyncio.create_task(stage.turns.run())
        try:
            await asyncio.wait_for(play(stage), 5)
        finally:
            running.cancel()
        return stage

    return asyncio.run(run())


async def breathe() -> None:
    """Let everything that can run, run."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_inputs_wait_in_order_when_work_is_under_way() -> None:
    """A confirm key pressed during a lookup comes after the lookup."""

    async def play(stage: Stage) -> None:
        for item in ("work 1", "plus", "minus"):
            stage.turns.put(item)
        await breathe()
        assert stage.got == [("till", "work 1")]
        stage.gates["work 1"].set()
        await breathe()

    assert played(play).got == [("till", "work 1"), ("done", "work 1"), ("till", "plus"), ("till", "minus")]


def test_a_question_hears_when_the_screen_below_waits_for_it() -> None:
    """The answer reaches the question although its screen is at work; the rest waits for the screen."""

    async def play(stage: Stage) -> None:
        stage.turns.put("work 1")
        await breathe()
        stage.turns.put("5")
        stage.open("question")
        await breathe()
        stage.close()
        stage.turns.put("next")
        await breathe()
        stage.gates["work 1"].set()
        await breathe()

    assert played(play).got == [("till", "work 1"), ("question", "5"), ("done", "work 1"), ("till", "next")]


def test_a_question_is_not_overrun_when_it_works_itself() -> None:
    """A question that looks something up holds its own inputs."""

    async def play(stage: Stage) -> None:
        stage.turns.put("work 1")
        await breathe()
        stage.open("question")
        stage.turns.put("work 2")
        stage.turns.put("3")
        await breathe()
        assert stage.got[-1] == ("question", "work 2")
        stage.gates["work 2"].set()
        await breathe()
        assert stage.got[-1] == ("question", "3")

    played(play)


def test_a_handed_on_scan_is_first_when_others_wait() -> None:
    """What the menu hands to the till comes before what was scanned after it."""

    async def play(stage: Stage) -> None:
        stage.turns.put("work 1")
        await breathe()
        stage.turns.put("later")
        stage.turns.put_first("a", "b")
        stage.gates["work 1"].set()
        await breathe()

    assert [item for _, item in played(play).got] == ["work 1", "work 1", "a", "b", "later"]


def test_the_queue_ends_with_the_error_when_work_fails() -> None:
    """A fault of the program is never swallowed: whoever runs the queue gets it."""

    async def run() -> None:
        stage = Stage()

        async def fail() -> None:
            await asyncio.sleep(0)
            raise ZeroDivisionError

        running = asyncio.create_task(stage.turns.run())
        stage.turns.begin(fail(), "till")
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(running, 5)

    asyncio.run(run())


def test_rubbish_is_dropped_when_the_queue_is_full() -> None:
    """Memory is bounded whatever is typed."""

    async def play(stage: Stage) -> None:
        stage.turns.put("work 1")
        await breathe()
        for number in range(LONGEST_QUEUE + 50):
            stage.turns.put(str(number))
        stage.gates["work 1"].set()
        while not stage.turns.is_idle:  # noqa: ASYNC110  because the queue has no event for a second waiter
            await asyncio.sleep(0)

    assert len(played(play).got) == LONGEST_QUEUE + 2
