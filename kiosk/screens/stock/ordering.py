"""What leads to an order: wishes that are noted, what to order, and further barcodes of goods, boxes among them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.ledger import FOLDER, folder_for_sheets
from kiosk.screens.modals.quantity import QuantityModal

if TYPE_CHECKING:
    from kiosk.domain.goods import Goods
    from kiosk.domain.ordering import Order, Proposed, Wished
    from kiosk.screens.stock.screen import StockScreen


async def wish(screen: "StockScreen", goods: "Goods | None" = None, code: str | None = None) -> None:
    """Note that somebody wishes goods, or what a barcode nobody knows stands for."""
    from db.facts.shop import GoodsWished
    from kiosk.domain.ordering import note_wish

    body = GoodsWished(code=code) if goods is None else GoodsWished(item=goods.item_id)
    await screen.station.do(note_wish, body)
    _tell_wish(screen, (code or "").lstrip("0") if goods is None else goods.name)


async def wish_sort(screen: "StockScreen") -> None:
    """Note that somebody wishes goods of a sort, for which there is no barcode at hand."""
    from db.facts.shop import GoodsWished
    from kiosk.domain.ordering import note_wish, sorts

    names = [screen.say(f"stock.sort.{sort}") for sort in sorts()]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("stock.ask.sort"), names))
    if chosen is not None:
        await screen.station.do(note_wish, GoodsWished(sort=sorts()[chosen]))
        _tell_wish(screen, names[chosen])


async def join_code(screen: "StockScreen", code: str, goods: "Goods") -> None:
    """Let a code nobody knew be a further one of goods; how many lie behind it is asked."""
    from kiosk.domain.ordering import add_code

    title = screen.say("stock.ask.per_box", item=goods.name, unit=goods.unit)
    quantity = await screen.ask(QuantityModal(screen.station, title, goods.unit))
    if quantity is None:
        return
    await screen.station.do(add_code, goods.item_id, code, quantity * goods.per)
    told = ("stock.code_added", {"item": goods.name, "amount": screen.amount_of(goods, quantity * goods.per)})
    screen.go(replace(screen.state, joining=None, told=(told,)))


async def show_order(screen: "StockScreen") -> None:
    """Show what to order and what people wish; the first choice writes it as an Excel file."""
    from kiosk.domain.ordering import propose_order

    order = await screen.station.read(propose_order)
    if not order.proposed and not order.wished:
        raise Refused("nothing_to_order")
    rows = [
        screen.say("stock.order.write"),
        *(_proposed(screen, each) for each in order.proposed),
        *(_wished(screen, each) for each in order.wished),
    ]
    if await screen.ask(ChoiceModal(screen.station, screen.say("stock.ask.order"), rows)) == 0:
        await _write(screen, order)


async def _write(screen: "StockScreen", order: "Order") -> None:
    from kiosk.locale import Texts
    from kiosk.sheets.order_tab import write_order
    from kiosk.sheets.places import free_name

    folder, key = await folder_for_sheets(screen)
    if folder is None:
        return
    day = screen.station.day or ""
    out = free_name(folder, screen.say("stock.order.file_name", day=day))
    texts = Texts(screen.station.settings.language)
    await screen.station.aside(write_order, out, order, day, texts)
    words = screen.say(key, name=out.name, folder=FOLDER)
    screen.go(replace(screen.state, told=(("stock.told", {"words": words}),)))


def _proposed(screen: "StockScreen", each: "Proposed") -> str:
    goods = each.goods
    shown = {
        "item": goods.name, "amount": screen.amount_of(goods, each.quantity), "boxes": each.boxes,
        "stock": screen.amount_of(goods, goods.stock), "used": screen.amount_of(goods, each.used),
    }  # fmt: skip
    row = screen.say("stock.order.boxes" if each.boxes else "stock.order.line", **shown)
    return f"{row}  {screen.say('stock.order.wishes', count=each.wishes)}" if each.wishes else row


def _wished(screen: "StockScreen", each: "Wished") -> str:
    name = (each.code or "").lstrip("0") if each.sort is None else screen.say(f"stock.sort.{each.sort}")
    return f"{name}  {screen.say('stock.order.wishes', count=each.wishes)}"


def _tell_wish(screen: "StockScreen", name: str) -> None:
    told = ("stock.wished", {"item": name})
    screen.go(replace(screen.state, asked=None, unknown=None, told=(told, *screen.state.told[:4])))
