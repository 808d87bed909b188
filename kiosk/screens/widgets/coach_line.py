"""Two rows on the practice desk: which of the six things to do now and how, or that it was right."""

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Static

from kiosk.coach import STEPS, Step

if TYPE_CHECKING:
    from kiosk.coach import Coach
    from kiosk.station import Station

LOOK_SECONDS: Final = 0.3
PRAISE_SECONDS: Final = 2.5


class CoachLine(Static):
    """Looks by itself what was done, and goes on to the next thing a moment after it was right."""

    DEFAULT_CSS = "CoachLine { height: 2; width: 100%; background: $demo; color: $on-signal; padding: 0 1; }"

    def __init__(self, station: "Station", coach: "Coach") -> None:
        """Follow ``coach`` at the practice desk ``station``."""
        super().__init__(markup=False)
        self._station = station
        self._coach = coach
        self._is_looking = False

    def on_mount(self) -> None:
        """Look again and again."""
        self._draw()
        self.set_interval(LOOK_SECONDS, self._begin_to_look)

    def _begin_to_look(self) -> None:
        if self.is_attached:
            self.app.run_worker(self._look())  # it goes home at last, and this line ends with the screen that is left

    async def _look(self) -> None:
        from kiosk.demo.practice import last_slip, what_was_done

        if self._is_looking or not self.is_attached or not self.screen.is_current or self._station.store is None:
            return
        self._is_looking = True
        coach = self._coach
        if not coach.has_paper:
            coach.has_paper = True
            await self._print_codes()
        coach.follow(await self._station.read(what_was_done))
        coach.slip = await self._station.read(last_slip)
        if coach.has_praised(monotonic(), PRAISE_SECONDS) and self._station.shell.is_at_rest:
            await self._go_on()
        self._is_looking = False
        if self.is_attached:
            self._draw()

    async def _go_on(self) -> None:
        """Ask the next thing at the menu; after the sign-in the meeting is over, after the last there is a paper."""
        from kiosk.demo.practice import end_practice_meeting, what_was_done

        station, coach = self._station, self._coach
        if coach.step is Step.SIGN_IN:
            now = station.clock.now()
            await station.read(partial(end_practice_meeting, secretary=coach.papers.secretary, now=now))
        if coach.go_on(await station.read(what_was_done)):
            station.shell.go_home()
            if coach.step is None:
                await self._print()

    async def _print_codes(self) -> None:
        from kiosk.paper.practice_slip import codes_slip

        codes, texts = self._coach.papers.codes, self._station.texts
        await self._station.slips.print("practice-codes", lambda _columns: codes_slip(codes, texts))

    async def _print(self) -> None:
        from kiosk.paper.practice_slip import learned_slip

        station = self._station
        operator = station.operator.name if station.operator is not None else ""
        day, texts = station.day or "", station.texts
        await station.slips.print(
            "practice-learned", lambda columns: learned_slip(operator, day, STEPS, texts, columns)
        )

    def _draw(self) -> None:
        say, coach = self._station.texts, self._coach
        if coach.step is None:
            self.update(Content(f"{say('practice.learned')}\n{say('practice.leave')}"))
            return
        place = say("practice.place", place=coach.place + 1, count=len(STEPS))
        if coach.is_praising:
            self.update(Content(f"{place}  {say('practice.right')}\n{say(f'practice.praise.{coach.step}')}"))
        else:
            title, how = say(f"practice.step.{coach.step}"), say(f"practice.how.{coach.step}")
            self.update(Content(f"{place}  {title}\n{how}"))
