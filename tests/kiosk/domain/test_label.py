"""Codes of the shop's own, and what stands on labels."""

from pathlib import Path

import pytest

from kiosk.codes import IN_STORE, Goods, read_code
from kiosk.domain.goods import NewItem, find_items, register_item
from kiosk.domain.label import Label, give_own_code, label_of, list_labels, register_uncoded
from kiosk.domain.ordering import add_code
from kiosk.domain.terminal import add_operator
from kiosk.errors import NotAllowed, Refused
from tests.village import VILLAGE, Village

SALT = "06990103300302"


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village with an open day."""
    return Village(tmp_path / "desk")


def own(village: Village, item: int) -> str:
    """Give goods a code of the shop's own."""
    return give_own_code(village.store, item, now=village.now, by=village.operator)


def test_goods_get_a_code_of_the_shop_when_they_have_none(village: Village) -> None:
    """Village and running number, check digit right; asked again it is the same."""
    baskets = register_item(village.store, NewItem("竹篮", "个", (), 2_000), now=village.now, by=village.operator)
    brooms = register_item(village.store, NewItem("扫把", "把", (), 800), now=village.now, by=village.operator)
    first, second = own(village, baskets), own(village, brooms)
    assert [code[:13] for code in (first, second)] == ["0250123000001", "0250123000002"]
    assert own(village, baskets) == first
    assert read_code(first[1:]) == Goods(first, in_store=True)
    with village.store.read() as connection:
        assert find_items(connection, VILLAGE, first) == [baskets]
    assert label_of(village.store, baskets) == Label(baskets, "竹篮", "个", 2_000, first, is_own=True)


def test_something_without_a_code_becomes_provisional_goods_when_it_comes(village: Village) -> None:
    """It can be received at once; name and price follow."""
    goods = register_uncoded(village.store, "临时物品", now=village.now, by=village.operator)
    assert (goods.name, goods.is_provisional, goods.points) == ("临时物品1", True, None)
    assert label_of(village.store, goods.item_id).code.startswith("0250123000001")


def test_a_label_has_the_code_of_one_piece_when_goods_have_several(village: Village) -> None:
    """Not that of the box, not that of the scales; the shop's own before all."""
    salt = village.goods("食盐", SALT, 300)
    add_code(village.store, salt, "16990103300309", 20, now=village.now, by=village.operator)
    item = NewItem("土豆", "公斤", ("02100042000001",), 200)
    register_item(village.store, item, now=village.now, by=village.operator)
    assert [(label.name, label.code) for label in list_labels(village.store)] == [("土豆", ""), ("食盐", SALT)]
    code = own(village, salt)
    assert label_of(village.store, salt).code == code


def test_a_code_is_refused_when_it_cannot_be_given(village: Village) -> None:
    """Unknown goods, somebody who may not, no number left."""
    salt = village.goods("食盐", SALT, 300)
    with pytest.raises(Refused, match="item_unknown"):
        own(village, 7)
    by = village.operator
    signer = add_operator(village.store, "赵监督", "supervisor", now=village.now, by=by).operator_id
    with pytest.raises(NotAllowed, match="right_missing"):
        give_own_code(village.store, salt, now=village.now, by=signer)
    with pytest.raises(NotAllowed, match="right_missing"):
        register_uncoded(village.store, "临时物品", now=village.now, by=signer)
    village.goods("最后", IN_STORE[1].number(123_999_999), 100)
    with pytest.raises(Refused, match="own_codes_used_up"):
        own(village, salt)
