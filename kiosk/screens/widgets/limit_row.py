"""A limit in one line: how much of what, in which time, until when, and whose word it is."""

from typing import TYPE_CHECKING

from kiosk.locale.amount import amount

if TYPE_CHECKING:
    from kiosk.domain.allowance import Limit
    from kiosk.domain.goods import Goods
    from kiosk.domain.limit import NewLimit
    from kiosk.locale import Texts


def limit_row(limit: "Limit", goods: "Goods | None", texts: "Texts") -> str:
    """Say a limit that holds, of goods or (`goods` None) of all goods, and whether the county said so."""
    said = {"span": _span(limit, texts), "amount": _amount(limit.quantity, goods, texts)}
    key = "terms.limit_visit" if limit.span == "visit" else "terms.limit_now"
    shown = texts(key, day=limit.last_day, **said)
    return texts("terms.limit_county", limit=shown) if limit.is_county else shown


def coming_limit_row(new: "NewLimit", goods: "Goods | None", texts: "Texts") -> str:
    """Say a limit that holds from a day on, and whether the county said so."""
    shown = _amount(new.quantity, goods, texts)
    row = texts("terms.limit_coming", span=_span(new, texts), amount=shown, day=new.from_day)
    return texts("terms.limit_county", limit=row) if new.is_county else row


def _span(limit: "Limit | NewLimit", texts: "Texts") -> str:
    if limit.festival is not None:
        return texts(f"terms.festival.{limit.festival}")
    return texts(f"terms.span.{limit.span}")


def _amount(quantity: int, goods: "Goods | None", texts: "Texts") -> str:
    if goods is None:
        return texts("terms.points", points=quantity)
    return amount(texts, quantity, goods.unit, is_weighed=goods.is_weighed)
