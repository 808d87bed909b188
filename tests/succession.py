"""A village whose terminal is replaced or gets a second one beside it: a hub behind a port, terminals with stores.

with story_in(folder) as story:
    new = story.come(folder / "new", story.replace(story.desk.home))
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from county.hub import Hub, create_hub, open_engine
from county.succession import Officers, Replacement, replace_terminal
from db import journal, projections
from db.engine import open_sqlite
from db.store import Store, open_store, own_log, store_file
from db.wire.v1.signed import fingerprint
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.people import balance_of
from kiosk.domain.period import open_day
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.errors import Refused
from kiosk.succession import Came, come_in
from kiosk.sync.read_back import Invitation
from kiosk.sync.session import Session, report_to_county
from tests.hub import Served, let_in, served
from tests.ready import Ready, later, ready_desk
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, seeded

OFFICERS: Final = Officers("孙主任", "钱科长")


@dataclass
class Story:
    """A village with one ready terminal that reports to a hub, and what was redeemed so far."""

    folder: Path
    county: Served
    desk: Ready
    redeemed: list[Redeemed] = field(default_factory=list)

    @property
    def hub(self) -> Hub:
        """The county's hub."""
        return self.county.hub

    @property
    def check(self) -> str:
        """The county's check digits."""
        return fingerprint(self.hub.key.public)

    def redeem(self, home: Path, pieces: int = 1) -> Redeemed:
        """王明 redeems salt at a terminal."""
        with opened(home) as store:
            basket = (BasketLine(self.desk.known.salt, pieces),)
            holder = Holder(self.desk.known.wang, "card")
            made = redeem_basket(store, holder, basket, now=later(), by=self.desk.known.operator)
        self.redeemed.append(made)
        return made

    def refused(self, home: Path) -> str:
        """The code with which a terminal refuses to redeem."""
        with pytest.raises(Refused) as caught:
            self.redeem(home)
        return caught.value.code

    def report(self, home: Path) -> Session:
        """A terminal reports."""
        with opened(home) as store:
            return report_to_county(store, now=later(), advance=quiet)

    def replace(self, home: Path) -> Replacement:
        """Two officers order that a new terminal comes in the place of one."""
        return replace_terminal(self.hub, VILLAGE, log_at(home), OFFICERS)

    def come(self, home: Path, order: Replacement, old: Path | None = None, address: str | None = None) -> Came:
        """A new machine comes with the code of an order."""
        invitation = Invitation(VILLAGE, address or self.county.address, self.check, order.code, replaces_dead=True)
        return come_in(home, invitation, old, now=later(), advance=quiet)

    def join(self, home: Path, code: str) -> Came:
        """A second machine comes beside the first."""
        invitation = Invitation(VILLAGE, self.county.address, self.check, code, replaces_dead=False)
        return come_in(home, invitation, now=later(), advance=quiet)

    def open_day(self, home: Path) -> None:
        """A day begins at a terminal."""
        with opened(home) as store:
            open_day(store, DAY, now=later(), by=self.desk.known.operator)

    def assert_right(self, *homes: Path) -> None:
        """Everywhere the same lines and tables, each slip's number once, its points taken once, no fault."""
        assert self.county.projector.settle(30)
        assert len({(each.till, each.number) for each in self.redeemed}) == len(self.redeemed)
        left = 420_000 - sum(each.points for each in self.redeemed)
        for home in homes:
            with opened(home) as store, store.read() as here, self.hub.read() as there:
                assert journal.heads(here, VILLAGE) == journal.heads(there, VILLAGE)
                assert projections.digest(here, VILLAGE) == projections.digest(there, VILLAGE)
                assert balance_of(here, VILLAGE, self.desk.known.wang) == left
            with opened(home) as store:
                assert recompute(store, self.folder).faults == []


class opened:  # noqa: N801  because it reads as a word of a sentence
    """A terminal's store for as long as a block lasts."""

    def __init__(self, home: Path) -> None:
        """Remember which."""
        self._home = home

    def __enter__(self) -> Store:
        """Open it."""
        self._store = open_store(open_sqlite(store_file(self._home)))
        return self._store

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        self._store.close()


@contextmanager
def story_in(folder: Path) -> Iterator[Story]:
    """Give a terminal that has redeemed twice, and reported to a hub laid out in the folder."""
    hub = create_hub(open_engine(folder), seeded("hub"))
    desk = ready_desk(folder / "first")
    with served(hub) as county:
        made = Story(folder, county, desk)
        with opened(desk.home) as store:
            let_in(store, hub, county.address)
        made.redeem(desk.home)
        made.redeem(desk.home, 2)
        made.report(desk.home)
        yield made
    hub.close()


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def log_at(home: Path) -> int:
    """The log a terminal writes."""
    with opened(home) as store, store.read() as connection:
        return own_log(connection, VILLAGE)
