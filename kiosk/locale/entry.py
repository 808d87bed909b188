"""What an entry of an account was, in few words and in full. On screens and on paper alike."""

from typing import TYPE_CHECKING

from kiosk.locale.amount import amount

if TYPE_CHECKING:
    from kiosk.domain.statement import Entry
    from kiosk.locale import Texts


def what_of(entry: "Entry", texts: "Texts", *, is_masked: bool = False) -> str:
    """Say in few words what an entry was, and who collected it: masked on a paper that others may see."""
    from db.names import mask

    name = entry.proxy_name or ""
    return _collected(_in_few_words(entry, texts), mask(name) if is_masked else name, texts)


def full_what_of(entry: "Entry", texts: "Texts") -> str:
    """Say what an entry was: the scheme's item, or how much of which goods, and who collected them.

    Goods that were redeemed need no other word beside their points; where they came back it says so.
    """
    kind = texts(f"statement.kind.{entry.kind}")
    if not entry.goods:
        return entry.label(texts.language) or entry.item_code or kind
    goods = texts("till.entry.and").join(
        f"{each.name} {amount(texts, each.quantity, each.unit, is_weighed=each.is_weighed)}" for each in entry.goods
    )
    return _collected(f"{kind} {goods}" if entry.points > 0 else goods, entry.proxy_name or "", texts)


def _in_few_words(entry: "Entry", texts: "Texts") -> str:
    label = entry.label(texts.language)
    if label:
        return label
    if entry.goods:
        key = "goods_returned" if entry.kind == "goods_returned" else "redemption_made"
        return texts(f"till.entry.{key}", goods=texts("till.entry.and").join(each.name for each in entry.goods))
    key = f"till.entry.{entry.kind}"
    return texts(key if texts.has(key) else "till.entry.other")


def _collected(what: str, name: str, texts: "Texts") -> str:
    return texts("till.entry.by_proxy", what=what, name=name) if name else what
