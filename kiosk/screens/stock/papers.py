"""What the shelf prints: labels for goods and shelf, the price list, and a code of its own for goods without one."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.goods_papers import face_of, set_labels, set_price_list
from kiosk.letterhead import village_of
from kiosk.locale import Texts
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.outlet import ask_outlet
from kiosk.screens.stock.state import Mode, StockState

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.domain.goods import Goods
    from kiosk.domain.label import Label
    from kiosk.screens.stock.screen import StockScreen

PAPERS: Final = ("one", "own", "all", "price_list")


async def choose_paper(screen: "StockScreen") -> None:
    """Ask what to print: one label after the other by scanning, sheets of labels, or the price list."""
    names = [screen.say(f"stock.paper.{name}") for name in PAPERS]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("stock.ask.paper"), names))
    if chosen is None:
        return
    name = PAPERS[chosen]
    if name == "one":
        screen.go(StockState(mode=Mode.LABEL))
        return
    outlet = await ask_outlet(screen)
    if outlet is None:
        return
    sheet = await _sheet(screen, name)
    day = screen.station.day or ""
    file = f"{screen.say(f'stock.paper.file.{name}')}-{day}.pdf"
    told = {"where": screen.say(outlet.told), "file": await screen.station.aside(outlet.put, file, sheet)}
    screen.go(replace(screen.state, told=(("stock.paper.done", told),)))


async def print_label(screen: "StockScreen", goods: "Goods") -> None:
    """Print one label on the slip printer; goods without any code get one of the shop's own first."""
    from kiosk.domain.label import give_own_code, label_of

    label = await screen.station.read(label_of, goods.item_id)
    if not label.code and not goods.is_weighed:
        await screen.station.do(give_own_code, goods.item_id)
        label = await screen.station.read(label_of, goods.item_id)
    await _print(screen, label)


async def begin_uncoded(screen: "StockScreen") -> "Goods":
    """Make goods of what has no barcode, print its label, and give the goods so that somebody says how many."""
    from kiosk.domain.label import label_of, register_uncoded

    goods = await screen.station.do(register_uncoded, screen.say("till.provisional"))
    await _print(screen, await screen.station.read(label_of, goods.item_id))
    return goods


async def _print(screen: "StockScreen", label: "Label") -> None:
    from kiosk.paper.labels import label_slip

    texts = Texts(screen.station.settings.language)
    printed = await screen.station.slips.print(
        f"label-{label.item_id}", lambda _columns: label_slip(face_of(label), texts)
    )
    key = "out" if printed.is_out else "owed" if printed.is_owed else "none"
    told = (f"stock.label.{key}", {"item": label.name, "barcode": label.code.lstrip("0")})
    screen.go(replace(screen.state, told=(told,), unknown=None))


async def _sheet(screen: "StockScreen", name: str) -> bytes:
    from kiosk.domain.label import list_labels

    labels = await screen.station.read(list_labels)
    texts = Texts(screen.station.settings.language)
    if name == "price_list":
        village, day = village_of(screen.station), screen.station.day or ""
        return await screen.station.aside(set_price_list, labels, village, day, texts)
    chosen: Callable[[Label], bool] = (lambda label: label.is_own) if name == "own" else (lambda _label: True)
    return await screen.station.aside(set_labels, [label for label in labels if chosen(label)], texts)
