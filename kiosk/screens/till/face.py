"""What people see of the till: few words, one figure, always the next step. Pure: a state becomes texts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.domain.goods import Goods, ItemToCount
from kiosk.domain.statement import Account
from kiosk.locale import Texts
from kiosk.locale.amount import amount
from kiosk.locale.figures import points
from kiosk.screens.till.state import BasketRow, Phase, Said, TillState
from kiosk.screens.widgets.account import entry_row, total_of, who_of, with_person

if TYPE_CHECKING:
    from kiosk.domain.price import PriceChange
    from kiosk.domain.shop_days import ShopDay

SHOWN_ROWS: Final = 6
SHOWN_CHANGES: Final = 2
UNTOLD: Final = frozenset({Said.NOTHING, Said.CARD})
PRINTER_TROUBLE: Final = frozenset({"paper_out", "cover_open", "offline", "silent"})


@dataclass(frozen=True)
class SlipState:
    """How slips stand: how many people wait for one, and how the printer is (last part of the keys of its texts)."""

    owed: int = 0
    printer: str = "none"

    @property
    def is_in_trouble(self) -> bool:
        """Whether somebody must do something about the printer."""
        return self.owed > 0 and self.printer in PRINTER_TROUBLE


@dataclass(frozen=True)
class Beside:
    """What is shown beside the sale: slips, a parked basket, goods to be counted, what is special about the day."""

    slips: SlipState = SlipState()
    is_parked: bool = False
    to_count: int = 0
    price_changes: "tuple[PriceChange, ...]" = ()
    shop: "ShopDay | None" = None
    on_the_way: int = 0


@dataclass(frozen=True)
class Face:
    """The till as texts: who, label and figure (digits, point, minus, x), unit, message, next step, rows below.

    `tone` is a role of colour for the figure: primary, card (it is done), double or refusal.
    """

    who: str
    label: str
    figure: str
    unit: str
    message: str
    next: str
    rows: tuple[str, ...] = ()
    tone: str = "primary"


def face_of(state: TillState, beside: Beside, texts: Texts) -> Face:
    """Show a state."""
    if state.is_typing:
        return _typing(state, texts)
    match state.phase:
        case Phase.IDLE:
            return _idle(state, beside, texts)
        case Phase.MEMBER:
            return _member(state, texts)
        case Phase.BASKET:
            return _basket(state, texts)
        case Phase.CONFIRM:
            return _confirm(state, texts)
        case Phase.DONE:
            return _done(state, beside.slips, texts)


def amount_of(goods: Goods | ItemToCount, quantity: int, texts: Texts) -> str:
    """Write how many pieces with their unit, or how many kilograms."""
    return amount(texts, quantity, goods.unit, is_weighed=goods.is_weighed)


def printer_line(slips: SlipState, texts: Texts) -> str:
    """Say what is wrong with the printer and what to do, or how many slips are owed."""
    if slips.is_in_trouble:
        return texts(f"till.printer.{slips.printer}")
    return texts("till.printer.owed", count=slips.owed)


def _who(state: TillState, texts: Texts) -> str:
    """Name the household, and beside it the person whose card it is, or who collects for it."""
    if state.household is None:
        return texts("till.who.nobody")
    if state.holder is not None and state.holder.is_to_deliver:
        return texts("till.who.to_deliver", who=who_of(state.household, texts))
    if state.proxy_name:
        return texts("till.who.proxy", who=who_of(state.household, texts), name=state.proxy_name)
    return with_person(state.household, state.person_name, texts)


def _typing(state: TillState, texts: Texts) -> Face:
    who, rows = _who(state, texts), _basket_rows(state.rows, texts)
    if state.multiplier is not None:
        message, step = texts("till.typing.so_many"), texts("till.next.multiplier")
        return Face(who, texts("till.label.quantity"), f"x{state.multiplier}", "", message, step, rows, "double")
    if state.group is not None:
        label, step = texts("till.label.house", group=state.group), texts("till.next.house")
        return Face(who, label, state.typed or "-", "", texts("till.typing.house"), step, rows)
    step = texts("till.next.typed" if state.holder is None else "till.next.typed_with_card")
    return Face(who, texts("till.label.typed"), state.typed, "", texts("till.typing.number"), step, rows)


def _idle(state: TillState, beside: Beside, texts: Texts) -> Face:
    rows = [texts("till.idle.no_card")]
    if beside.slips.owed:
        rows.append(printer_line(beside.slips, texts))
    if beside.is_parked:
        rows.append(texts("till.idle.parked"))
    if beside.to_count:
        rows.append(texts("till.idle.to_count", count=beside.to_count))
    if beside.on_the_way:
        rows.append(texts("till.idle.on_the_way", count=beside.on_the_way))
    rows.extend(_day_rows(beside.shop, texts))
    rows.extend(_price_rows(beside.price_changes, texts))
    message = _told(state, texts) or texts("till.idle.goods_first")
    return Face(texts("till.who.idle"), "", "", "", message, texts("till.next.idle"), tuple(rows))


def _day_rows(shop: "ShopDay | None", texts: Texts) -> tuple[str, ...]:
    """Say how many households were served on an exchange day, or that today is none of the shop's days."""
    if shop is None or (shop.is_open and not shop.is_exchange_day):
        return ()
    if shop.is_exchange_day:
        return (texts("till.idle.exchange_day", count=shop.served),)
    return (texts("till.idle.closed" if shop.is_refused else "till.idle.not_open", day=shop.next_open_day),)


def _price_rows(changes: "tuple[PriceChange, ...]", texts: Texts) -> tuple[str, ...]:
    """Say what costs something else today or soon; of many goods the first ones, and how many more."""
    rows = [
        texts(
            "till.idle.price_change",
            item=each.name,
            day=each.from_day,
            points=each.points,
            before_points=each.before_points,
        )
        for each in changes
    ]
    if len(rows) <= SHOWN_CHANGES:
        return tuple(rows)
    return (*rows[: SHOWN_CHANGES - 1], texts("till.idle.price_more", count=len(rows) - SHOWN_CHANGES + 1))


def _member(state: TillState, texts: Texts) -> Face:
    reason = None if state.holder is None else state.holder.no_card_reason
    step = texts("till.next.lost_card" if reason == "lost" else "till.next.member")
    figure, account = points(state.left_points), state.account
    message = _told(state, texts)
    rows: tuple[str, ...] = ()
    if account is not None:
        message, rows = message or total_of(account, texts), _entry_rows(account, texts)
    return Face(_who(state, texts), texts("till.label.redeemable"), figure, texts("till.unit"), message, step, rows)


def _basket(state: TillState, texts: Texts) -> Face:
    message, rows = _told(state, texts), _basket_rows(state.rows, texts)
    if state.household is None:
        step = texts("till.next.card")
        figure = points(state.points)
        return Face(
            _who(state, texts), texts("till.label.total"), figure, texts("till.unit"), message, step, rows,
            _tone(state),
        )  # fmt: skip
    who, left = _who(state, texts), state.left_points
    if state.told.said is Said.DOUBLE and left >= 0:
        double = f"x{_pieces(state)}"
        return Face(who, texts("till.label.double"), double, "", message, texts("till.next.basket"), rows, "double")
    if left < 0:
        missing, step = points(-left), texts("till.next.missing")
        return Face(who, texts("till.label.missing"), missing, texts("till.unit"), message, step, rows, "refusal")
    step = texts("till.next.basket")
    return Face(who, texts("till.label.left"), points(left), texts("till.unit"), message, step, rows)


def _confirm(state: TillState, texts: Texts) -> Face:
    who = _who(state, texts)
    label, figure = texts("till.label.left"), points(state.left_points)
    return Face(who, label, figure, texts("till.unit"), texts("till.confirm.booking"), texts("till.next.confirm"))


def _done(state: TillState, slips: SlipState, texts: Texts) -> Face:
    done = state.done
    if done is None:
        return _idle(state, Beside(slips), texts)
    if slips.is_in_trouble:
        step = printer_line(slips, texts)
    else:
        step = texts("till.next.done" if slips.printer != "none" else "till.next.done_without_slip")
    message = texts("till.done.redeemed", points=done.points)
    figure = points(done.after_points)
    tone = "refusal" if slips.is_in_trouble else "card"
    return Face(_who(state, texts), texts("till.label.left"), figure, texts("till.unit"), message, step, (), tone)


def _told(state: TillState, texts: Texts) -> str:
    if state.told.said in UNTOLD:
        return ""
    goods = None if state.told.item_id is None else state.goods.get(state.told.item_id)
    if goods is None:
        return texts(f"till.told.{state.told.said}", points=state.told.quantity)
    row = next((row for row in state.rows if row.goods.item_id == goods.item_id), None)
    amount = amount_of(goods, abs(state.told.quantity), texts)
    spent = 0 if row is None else row.points
    told = texts(f"till.told.{state.told.said}", item=goods.name, amount=amount, points=spent)
    if state.told.first_out is None:
        return told
    return texts("till.told.first_out", told=told, day=state.told.first_out)


def _tone(state: TillState) -> str:
    return "double" if state.told.said is Said.DOUBLE else "primary"


def _pieces(state: TillState) -> int:
    """Count the last goods in units, however heavy a unit is."""
    goods = state.goods[state.told.item_id or 0]
    return max(1, round(state.told.quantity / goods.per))


def _basket_rows(rows: tuple[BasketRow, ...], texts: Texts) -> tuple[str, ...]:
    lines = [f"{points(row.points):>7}  {row.goods.name}  {amount_of(row.goods, row.quantity, texts)}" for row in rows]
    if len(lines) <= SHOWN_ROWS:
        return tuple(lines)
    hidden = len(lines) - SHOWN_ROWS + 1
    return (texts("till.rows.more", count=hidden), *lines[hidden:])


def _entry_rows(account: Account, texts: Texts) -> tuple[str, ...]:
    return tuple(entry_row(entry, texts) for entry in account.entries[: SHOWN_ROWS - 1])
