"""A desk that is ready to sell, laid out once a process and copied as bytes: creating a store takes much longer."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from db.engine import open_sqlite
from db.line import Stamp
from db.store import Store, open_store, store_file
from kiosk.clock import ManualClock
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.points import Award, Earning, Posted, post_award
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.terminal import add_operator
from tests.village import MORNING, Village, seeded

WANG_POINTS = 420_000
LI_POINTS = 300


@dataclass(frozen=True)
class Known:
    """What the ready village holds: ids, and the badges of the secretary at the desk and of a supervisor."""

    operator: int
    badge: str
    supervisor: int
    second_badge: str
    wang: int
    li: int
    person: int
    salt: int
    soap: int
    last_award: int
    lines: int


@dataclass(frozen=True)
class Ready:
    """A copy of the ready desk: 王明 has 4200 points, 李秀 3, salt and soap cost 3 each, the day is open."""

    home: Path
    known: Known

    @property
    def file(self) -> Path:
        """Where its store lies."""
        return store_file(self.home)

    def open(self, seed: str = "ready") -> Store:
        """Open its store; whoever opens it closes it."""
        return open_store(open_sqlite(self.file), seeded(seed))

    def redeem(self, store: Store, quantity: int = 1, *, at: Stamp | None = None) -> Redeemed:
        """王明 redeems salt."""
        holder, basket = Holder(self.known.wang, "card"), (BasketLine(self.known.salt, quantity),)
        return redeem_basket(store, holder, basket, now=at or later(), by=self.known.operator)

    def award(self, store: Store, points: int = 100, *, at: Stamp | None = None) -> Posted:
        """李秀 gets points, hundredths, with a note beside the line."""
        award = Award("zhijin_household", Earning("suggestion_adopted", note="路灯修好了"), points)
        with store.write(now=at or later(), by=self.known.operator) as act:
            return post_award(act, self.known.li, award)


def later() -> Stamp:
    """A stamp after everything in the ready desk."""
    return ManualClock(MORNING + 3_600_000, mono=3_600_000).now()


def ready_desk(home: Path) -> Ready:
    """Put a copy of the ready desk into a folder."""
    content, known = _template()
    home.mkdir(parents=True, exist_ok=True)
    store_file(home).write_bytes(content)
    return Ready(home, known)


@cache
def _template() -> tuple[bytes, Known]:
    with TemporaryDirectory() as folder:
        village = Village(Path(folder))
        second = add_operator(village.store, "吴监督", "supervisor", now=village.now, by=village.operator)
        wang, li = village.household(3, 12, "王明"), village.household(3, 13, "李秀")
        person = village.person(wang, "王明")
        salt, soap = village.goods("食盐", "06990103300302", 300), village.goods("香皂", "06990102200207", 300)
        village.award(wang, WANG_POINTS)
        last = village.award(li, LI_POINTS)
        with village.store.read() as connection:
            badge = connection.exec_driver_sql(
                "SELECT badge FROM operator WHERE operator_id = ?", (village.operator,)
            ).scalar_one()
        village.close()
        known = Known(
            village.operator, badge, second.operator_id, second.badge, wang, li, person, salt, soap, last, last % 2**33
        )
        return village.file.read_bytes(), known
