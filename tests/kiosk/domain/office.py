"""A village office with three hands at the desk, for the tests of awards and of what waits for a signature."""

import copy
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine

from db.engine import open_sqlite
from db.store import open_store, store_file
from kiosk.domain.people import balance_of
from kiosk.domain.points import Booked, Earning, Recipient, award_points, deduct_points
from kiosk.domain.statement import Account, show_account
from kiosk.domain.terminal import OperatorMade, add_operator
from tests.ledger import IN_MEMORY, copy_database
from tests.village import VILLAGE, Village, seeded

LANE = "public_cleaning"
ADVICE = "suggestion_adopted"
UNIVERSITY = "university"
LITTER = "littering"
AnOffice = TypeVar("AnOffice", bound="Office")


class Office(Village):
    """Households of Wang and Li; the volunteer belongs to Li's, the secretary and the supervisor to none."""

    def __init__(self, folder: Path) -> None:
        """Lay the store out and let two more people act at the desk."""
        super().__init__(folder)
        self.wang = self.household(3, 12, "王明")
        self.li = self.household(3, 13, "李秀")
        self.helper_person = self.person(self.li, "李小花", 1959)
        self.secretary = self.operator
        self.helper = self.add("李小花", "attendant", self.helper_person)
        self.supervisor = self.add("赵监督", "supervisor")

    def add(self, name: str, role: str, person: int | None = None) -> OperatorMade:
        """Let one more person act."""
        return add_operator(self.store, name, role, person, now=self.now, by=self.operator)

    def give(self, *households: int, item: str = ADVICE, by: int | None = None, **earning: object) -> Booked:
        """Award an item to households."""
        pile = tuple(Recipient(household) for household in households)
        about = Earning(item, **earning)  # type: ignore[arg-type]  # because tests name any field of it
        return award_points(self.store, pile, about, now=self.now, by=by or self.operator)

    def take(self, household: int, item: str = LITTER, **earning: object) -> Booked:
        """Deduct an item from a household."""
        about = Earning(item, **earning)  # type: ignore[arg-type]  # because tests name any field of it
        return deduct_points(self.store, (Recipient(household),), about, now=self.now, by=self.operator)

    def balance(self, household: int) -> int:
        """Redeemable points in hundredths."""
        with self.store.read() as connection:
            return balance_of(connection, VILLAGE, household)

    def account(self, household: int, shown: int = 5) -> Account:
        """The household's account."""
        return show_account(self.store, household, shown)


def office_in(folder: Path, kind: type[AnOffice]) -> AnOffice:
    """Give an office in a folder of its own; laying one out takes ten times longer than copying it."""
    office = _copied(kind)
    folder.mkdir(parents=True)
    office.folder, file = folder, store_file(folder)
    shutil.copy(office.file, file)
    office.file = file
    office.store = open_store(open_sqlite(file), seeded("copied"))
    return office


def office_in_memory() -> Office:
    """Give an office whose store waits for no disk; the one given before is gone with it."""
    return kept_in_memory(Office)


def kept_in_memory(kind: type[AnOffice]) -> AnOffice:
    """Give an office of a kind whose store waits for no disk; the one given before, of any kind, is gone with it."""
    office = _copied(kind)
    laid_out = open_sqlite(office.file)
    copy_database(laid_out, _memory())
    laid_out.dispose()
    office.store = open_store(_memory(), seeded("copied"))
    return office


@cache
def _memory() -> Engine:
    """One engine for all tests: it keeps the statements it has compiled."""
    return open_sqlite(IN_MEMORY)


def _copied(kind: type[AnOffice]) -> AnOffice:
    if kind not in _LAID_OUT:
        home = tempfile.TemporaryDirectory(prefix="office-")
        _LAID_OUT[kind] = home, kind(Path(home.name))
        _LAID_OUT[kind][1].close()
    office = copy.copy(_LAID_OUT[kind][1])
    assert isinstance(office, kind)
    office.clock = copy.deepcopy(office.clock)
    return office


_LAID_OUT: dict[type[Office], tuple[tempfile.TemporaryDirectory[str], Office]] = {}
