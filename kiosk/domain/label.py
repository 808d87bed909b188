"""What stands on labels and price lists, and codes of the shop's own for goods that have none.

A code of its own is within GS1's numbers for use inside a company: 25, the village's four digits, six of a running
number, and the check digit. So goods carried from one village to another are never taken for others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.facts.shop import CodeAdded, ItemRegistered
from db.line import Stamp
from db.store import Act, Store
from db.tables.shop import Item, ItemCode
from db.tables.statement import table_of
from kiosk.codes import IN_STORE, WeighedGoods, read_code
from kiosk.domain.access import Right, require_right
from kiosk.domain.goods import PIECE, Goods, find_goods, show_goods
from kiosk.domain.scheme import current_day
from kiosk.errors import Refused

OWN: Final = IN_STORE[1]
"""The pattern of the codes that the shop gives itself."""
SERIALS: Final = 1_000_000


@dataclass(frozen=True)
class Label:
    """What stands on a label: name, unit, price in hundredths of a point (None: none yet), and the code.

    `code` is a GTIN-14; empty for goods by weight, whose scales print the code, and for goods without one.
    """

    item_id: int
    name: str
    unit: str
    points: int | None
    code: str
    is_own: bool


def list_labels(store: Store) -> tuple[Label, ...]:
    """Return the labels of all goods that are named, by name."""
    with store.read() as connection:
        day = current_day(connection, store.village)
        item = table_of(Item).c
        wanted = select(item.item_id).where(item.village.in_([store.village, 0]), item.name.is_not(None))
        goods = find_goods(connection, store.village, sorted(set(connection.execute(wanted).scalars())), day)
        codes = _codes(connection, store.village, goods)
    labels = (_label(each, codes.get(item_id, [])) for item_id, each in goods.items())
    return tuple(sorted(labels, key=lambda label: (label.name, label.item_id)))


def label_of(store: Store, item_id: int) -> Label:
    """Return the label of some goods. Raises Refused (`item_unknown`)."""
    with store.read() as connection:
        goods = show_goods(connection, store.village, item_id, current_day(connection, store.village))
        return _label(goods, _codes(connection, store.village, [item_id]).get(item_id, []))


def give_own_code(store: Store, item_id: int, *, now: Stamp, by: int) -> str:
    """Give goods a code of the shop's own, and return its GTIN-14; goods that have one keep it.

    Raises:
        Refused: the item is unknown (`item_unknown`), or all numbers are used up (`own_codes_used_up`).
        NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.RECEIVE)
        show_goods(act.connection, act.village, item_id, act.day or "")
        held = [code for code in _codes(act.connection, act.village, [item_id]).get(item_id, []) if _is_own(code)]
        if held:
            return held[0]
        code = _next_code(act)
        act.append(CodeAdded(item=item_id, code=code))
        return code


def register_uncoded(store: Store, name: str, *, now: Stamp, by: int) -> Goods:
    """Make provisional goods of something that has no barcode, with a code of the shop's own.

    `name` is what they are called meanwhile, followed by the running number of their code.

    Raises:
        Refused: all numbers are used up (`own_codes_used_up`); NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.RECEIVE)
        code = _next_code(act)
        called = f"{name}{int(code[-7:-1])}"
        fact = act.append(ItemRegistered(name=called, unit=PIECE, codes=(code,), is_provisional=True))
        return show_goods(act.connection, act.village, fact.id, act.day or "")


def _label(goods: Goods, codes: list[str]) -> Label:
    own = next((code for code in codes if _is_own(code)), None)
    shown = own if own is not None else next((code for code in codes if _is_printed(code)), "")
    return Label(goods.item_id, goods.name, goods.unit, goods.points, shown, own is not None)


def _is_own(code: str) -> bool:
    return code.zfill(14).startswith(f"0{OWN.prefix}")


def _is_printed(code: str) -> bool:
    """Whether a label may carry a code: not that of goods by weight, whose label says how much lies there."""
    return not isinstance(read_code(code), WeighedGoods)


def _codes(connection: Connection, village: int, items: Iterable[int]) -> dict[int, list[str]]:
    """Return the codes of one piece of each item, the first first."""
    held = table_of(ItemCode).c
    wanted, found = set(items), dict[int, list[str]]()
    rows = connection.execute(
        select(held.item_id, held.code, held.quantity)
        .where(held.village.in_([village, 0]))
        .order_by(held.log, held.seq, held.n)
    )
    for row in rows:
        if row.item_id in wanted and (row.quantity or 1) == 1:
            found.setdefault(row.item_id, []).append(row.code)
    return found


def _next_code(act: Act) -> str:
    """Return the first of the village's numbers behind all that are used."""
    first = act.village * SERIALS
    held = table_of(ItemCode).c
    between = (OWN.number(first), OWN.number(first + SERIALS - 1))
    used = act.connection.execute(
        select(held.code).where(held.village == act.village, held.code >= between[0], held.code <= between[1])
    ).scalars()
    serial = max((int(code[-7:-1]) for code in used), default=0) + 1
    if serial >= SERIALS:
        raise Refused("own_codes_used_up")
    return OWN.number(first + serial)
