"""Numbered paper forms for hours without power: their numbers, and what was printed on them.

A number is the till's, the count of its forms, and a check digit, all digits: a slip of the finger is told from another
form, and no two terminals print the same number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from db.facts.form import FormsPrinted, FormUse
from db.line import Stamp
from db.store import Store, own_log
from db.tables.form import FormBlock, FormEntry, FormGoods
from db.tables.shop import Item, Price
from db.tables.statement import table_of
from db.tables.terminal import LogBegun
from kiosk.domain.access import Right, require_right
from kiosk.domain.goods import Goods, find_goods
from kiosk.domain.scheme import current_day
from kiosk.errors import Refused

RUNNING: Final = 100_000
"""So many numbers a till has; a replaced terminal begins anew under its own."""
MOST_AT_ONCE: Final = 200
MOST_GOODS: Final = 99
SHORTEST: Final = 7


@dataclass(frozen=True)
class FormNumber:
    """The number of a form: the till that printed it, and its place among the till's forms."""

    till: int
    number: int

    @property
    def digits(self) -> str:
        """What is typed: till, five digits, a check digit."""
        from stdnum import damm

        plain = f"{self.till * RUNNING + self.number}"
        return plain + damm.calc_check_digit(plain)

    @property
    def shown(self) -> str:
        """The number as people read it: `1-00012-7`."""
        digits = self.digits
        return f"{digits[:-6]}-{digits[-6:-1]}-{digits[-1]}"


@dataclass(frozen=True)
class FormsIssued:
    """Forms that may be printed now, each once, and the goods in the order of their numbers on them, from 1."""

    use: FormUse
    numbers: tuple[FormNumber, ...]
    goods: tuple[Goods, ...]


@dataclass(frozen=True)
class FormShown:
    """A form that may be entered: its number, and what the numbers of goods on it mean."""

    number: FormNumber
    goods: tuple[Goods, ...]


def read_number(typed: str) -> FormNumber:
    """Read the digits of a form's number. Raises Refused (`form_number_wrong`): too few, or one is another."""
    from stdnum import damm

    if len(typed) < SHORTEST or not typed.isdecimal() or not damm.is_valid(typed):
        raise Refused("form_number_wrong", number=typed)
    return FormNumber(*divmod(int(typed[:-1]), RUNNING))


def issue_forms(store: Store, use: FormUse, count: int, *, now: Stamp, by: int) -> FormsIssued:
    """Give so many new forms their numbers; forms for redemptions also number the goods that have a price.

    Raises:
        Refused: not between 1 and 200 (`number_out_of_range`), or the till's numbers are used up (`forms_used_up`).
        NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by, uses_reserve=True) as act:
        require_right(act.connection, act.village, by, Right.CLOSE_DAY)
        if not 1 <= count <= MOST_AT_ONCE:
            raise Refused("number_out_of_range", least=1, most=MOST_AT_ONCE)
        issued = _numbered(act.connection, act.village, act.log, {use: count})[0]
        first, items = issued.numbers[0], tuple(each.item_id for each in issued.goods)
        act.append(FormsPrinted(use=use, till=first.till, first=first.number, count=count, goods=items))
    return issued


def next_forms(store: Store, counts: Mapping[FormUse, int]) -> tuple[FormsIssued, ...]:
    """Return the forms that will be issued next, so many of each use one after the other; none is given away by this.

    Raises Refused (`forms_used_up`).
    """
    with store.read() as connection:
        return _numbered(connection, store.village, own_log(connection, store.village), counts)


def forms_left(store: Store, use: FormUse) -> tuple[FormNumber, ...]:
    """Return the numbers that were printed for a use and not entered yet, in their order."""
    block, entry = table_of(FormBlock).c, table_of(FormEntry).c
    with store.read() as connection:
        blocks = connection.execute(
            select(block.till, block.first, block.count)
            .where(block.village == store.village, block.use == use)
            .order_by(block.till, block.first)
        ).all()
        entered = set(connection.execute(select(entry.till, entry.number).where(entry.village == store.village)).all())
    printed = ((row.till, number) for row in blocks for number in range(row.first, row.first + row.count))
    return tuple(FormNumber(*each) for each in dict.fromkeys(printed) if each not in entered)


def show_form(store: Store, number: FormNumber, use: FormUse) -> FormShown:
    """Return a form that may be entered. Raises Refused as `require_form`."""
    with store.read() as connection:
        items = require_form(connection, store.village, number, use)
        known = find_goods(connection, store.village, sorted(set(items)), current_day(connection, store.village))
        return FormShown(number, tuple(known[item] for item in items))


def require_form(connection: Connection, village: int, number: FormNumber, use: FormUse) -> tuple[int, ...]:
    """Return the goods in the order of their numbers on a form that may be entered.

    Raises:
        Refused: nobody printed it here (`form_not_issued`), it is for something else (`form_of_other_use`), it was
            entered before (`form_entered_before`, with the business day of that), or two desks printed its number with
            other goods (`form_printed_twice`).
    """
    block, entry = table_of(FormBlock), table_of(FormEntry).c
    within = (block.c.first <= number.number) & (block.c.first + block.c.count > number.number)
    rows = connection.execute(select(block).where(block.c.village == village, block.c.till == number.till, within))
    blocks = rows.all()
    if not blocks:
        raise Refused("form_not_issued", number=number.shown)
    meanings = {_items_of(connection, village, each) for each in blocks if each.use == use}
    if not meanings:
        raise Refused("form_of_other_use", number=number.shown)
    same = (entry.village == village, entry.till == number.till, entry.number == number.number)
    before = connection.execute(select(entry.day).where(*same).order_by(entry.rank).limit(1)).one_or_none()
    if before is not None:
        raise Refused("form_entered_before", number=number.shown, day=before.day or "")
    if len(meanings) > 1:
        raise Refused("form_printed_twice", number=number.shown)
    return meanings.pop()


def _items_of(connection: Connection, village: int, block: Row[Any]) -> tuple[int, ...]:
    """Return the goods in the order in which a block of forms numbers them."""
    said = table_of(FormGoods).c
    place = (said.village == village, said.log == block.log, said.seq == block.seq)
    return tuple(connection.execute(select(said.item_id).where(*place).order_by(said.n)).scalars())


def _numbered(connection: Connection, village: int, log: int, counts: Mapping[FormUse, int]) -> tuple[FormsIssued, ...]:
    """Return the next forms of a log's till. Raises Refused (`forms_used_up`)."""
    till = _till_of(connection, village, log)
    first, numbered = _next_number(connection, village, till), []
    for use, count in counts.items():
        if first + count > RUNNING:
            raise Refused("forms_used_up")
        goods = _goods_offered(connection, village) if use == "redemption" else ()
        numbers = tuple(FormNumber(till, number) for number in range(first, first + count))
        numbered.append(FormsIssued(use, numbers, goods))
        first += count
    return tuple(numbered)


def _till_of(connection: Connection, village: int, log: int) -> int:
    begun = table_of(LogBegun).c
    statement = select(begun.till).where(begun.village == village, begun.log == log)
    return connection.execute(statement).scalar_one_or_none() or 0


def _next_number(connection: Connection, village: int, till: int) -> int:
    block = table_of(FormBlock).c
    highest = select(func.max(block.first + block.count)).where(block.village == village, block.till == till)
    return connection.execute(highest).scalar_one() or 1


def _goods_offered(connection: Connection, village: int) -> tuple[Goods, ...]:
    """Return the goods that have a price, by name; what finds no room on a form is left out."""
    item, price = table_of(Item).c, table_of(Price).c
    items = connection.execute(
        select(item.item_id).where(item.village.in_([village, 0]), item.item_id.in_(select(price.item_id))).distinct()
    ).scalars()
    found = find_goods(connection, village, sorted(items), current_day(connection, village))
    priced = [each for each in found.values() if each.points is not None and not each.is_provisional]
    return tuple(sorted(priced, key=lambda each: (each.name, each.item_id))[:MOST_GOODS])
