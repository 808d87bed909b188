"""From an empty folder to a slip, an export and a figure that a separate program agrees with."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.backup import copy_store, make_backup
from db.engine import open_sqlite
from db.export import export_journal, read_export
from db.invariants import find_faults
from db.line import entity_id
from db.projections import digest
from db.store import open_store, rebuild, store_file
from kiosk.codes import Goods as GoodsCode
from kiosk.codes import PersonCard, read_code
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.card import find_card
from kiosk.domain.goods import find_items, show_goods
from kiosk.domain.people import balance_of
from kiosk.domain.period import open_day
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.terminal import continue_terminal
from kiosk.errors import Refused
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, Village, seeded

if TYPE_CHECKING:
    from db.store import Store

SALT = "6990103300302"
SOAP = "6990102200207"


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """Two households, three people, two goods."""
    village = Village(tmp_path / "desk")
    village.goods("食盐", "06990103300302", 300)
    village.goods("香皂", "06990102200207", 300)
    return village


def redeem(village: Village, store: "Store", card: str, *goods: str) -> Redeemed:
    """Redeem from texts as a scanner gives them."""
    code = read_code(card)
    assert isinstance(code, PersonCard)
    with store.read() as connection:
        held = find_card(connection, VILLAGE, code.number)
        codes = [read_code(text) for text in goods]
        items = [find_items(connection, VILLAGE, each.gtin)[0] for each in codes if isinstance(each, GoodsCode)]
    holder = Holder(held.household_id, "card", held.person_id, held.card_id)
    basket = tuple(BasketLine(item, 1) for item in items)
    return redeem_basket(store, holder, basket, now=village.now, by=village.operator)


def test_household_redeems_goods_when_it_has_points(village: Village, tmp_path: Path) -> None:
    """Card and goods as text become a slip, and the oracle finds the same balance and stock."""
    wang = village.household(3, 12, "王明")
    li = village.household(3, 13, "李秀")
    first, second, third = village.person(wang, "王明"), village.person(wang, "王小𠮷"), village.person(li, "李秀")
    card = village.card(first)
    village.card(second)
    village.card(third)
    village.award(wang, 4_200)
    village.award(li, 250)
    redeemed = redeem(village, village.store, card.number, SALT, SOAP)
    assert (redeemed.points, redeemed.before_points, redeemed.after_points) == (600, 4_200, 3_600)
    with village.store.read() as connection:
        assert balance_of(connection, VILLAGE, wang) == 3_600
        assert show_goods(connection, VILLAGE, redeemed.lines[0].item_id, DAY).stock == -1
        assert find_faults(connection, VILLAGE) == []
    found = recompute(village.store, tmp_path)
    assert found.faults == []
    assert found.balances == {wang: 3_600, li: 250}
    assert sorted(found.stock.values()) == [-1, -1]


def test_redemption_is_refused_when_points_are_missing(village: Village) -> None:
    """Nothing is written, and the refusal says how many are missing."""
    wang = village.household(3, 12, "王明")
    card = village.card(village.person(wang, "王明"))
    village.award(wang, 250)
    with pytest.raises(Refused) as refused:
        redeem(village, village.store, card.number, SALT)
    assert (refused.value.code, refused.value.parameters) == ("points_missing", {"missing_points": 50})


def test_restored_store_goes_on_in_a_second_log_when_a_backup_is_opened(village: Village, tmp_path: Path) -> None:
    """The tail lost with the old device comes back as a plain file and counts once; slip numbers never repeat."""
    wang = village.household(3, 12, "王明")
    card = village.card(village.person(wang, "王明"))
    village.award(wang, 4_200)
    backup = make_backup(village.file, tmp_path / "backups", "week")
    lost = redeem(village, village.store, card.number, SALT)
    with village.store.read() as connection:
        export_journal(connection, tmp_path / "old")

    new_home = tmp_path / "new"
    new_home.mkdir()
    copy_store(backup.file, store_file(new_home))
    store = open_store(open_sqlite(store_file(new_home)), seeded("new"))
    continue_terminal(store, now=village.now)
    open_day(store, DAY, now=village.now, by=village.operator)
    kept = redeem(village, store, card.number, SOAP)
    assert lost.till == 1 < kept.till
    for of_village, log, lines in read_export(tmp_path / "old.lines", tmp_path / "old.private"):
        store.receive(of_village, log, lines)
    with store.read() as connection:
        assert balance_of(connection, VILLAGE, wang) == 4_200 - 600
        before = digest(connection, VILLAGE)
    rebuild(store)
    with store.read() as connection:
        assert digest(connection, VILLAGE) == before
    assert recompute(store, tmp_path).faults == []
    assert entity_id(*divmod(lost.redemption_id, 2**33)) == lost.redemption_id
