"""Handing the desk over (交接): whoever takes it sees what is open or owed, and a fact keeps who had it until then."""

from dataclasses import dataclass

from db.facts.terminal import DeskHandedOver
from db.line import Stamp
from db.store import Store
from kiosk.domain.access import Right, require_right
from kiosk.domain.basket import is_basket_parked, kept_basket
from kiosk.domain.day_figures import figures_of
from kiosk.domain.operators import operator_names
from kiosk.domain.period import require_day
from kiosk.domain.slip import slips_owed
from kiosk.domain.stock import watch_stock
from kiosk.domain.waiting import count_waiting


@dataclass(frozen=True)
class HandedOver:
    """What somebody found who took the desk: both names ("" if erased), the business day, and the fact's figures."""

    from_name: str
    to_name: str
    day: str
    found: DeskHandedOver
    low_goods: tuple[str, ...]


def hand_over(store: Store, from_operator: int, *, now: Stamp, by: int) -> HandedOver:
    """Note that operator `by` has the desk now, and had it from another.

    What lies on the counter and waits is counted a moment before; nobody else acts at this desk meanwhile.

    Raises:
        Refused: no day is open (`day_not_open`).
        NotAllowed: as `require_right`.
    """
    baskets = int(is_basket_parked(store)) + int(_has_open_basket(store))
    owed, waiting = len(slips_owed(store)), count_waiting(store)
    low = tuple(each.goods.name for each in watch_stock(store) if each.is_low)
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.TAKE_DESK)
        day = require_day(act)
        figures = figures_of(act.connection, act.village, act.log)
        body = DeskHandedOver(
            from_operator=from_operator, to_operator=by, redemptions=figures.redemptions,
            points=figures.redeemed_points, slips_booked=figures.slips_booked, slips_owed=owed, baskets=baskets,
            waiting=waiting, low_stock=len(low),
        )  # fmt: skip
        act.append(body)
        names = operator_names(act.connection, act.village, (from_operator, by))
    return HandedOver(names.get(from_operator, ""), names.get(by, ""), day, body, low)


def _has_open_basket(store: Store) -> bool:
    kept = kept_basket(store)
    return kept is not None and bool(kept.steps)
