"""Who collects in the place of a household: named by fact, slip and statement, and not for everybody."""

from copy import copy
from pathlib import Path

import pytest

from db.journal import read_since
from db.line import origin_of, read
from kiosk.domain.basket import BasketLine, Holder, KeptBasket, keep_basket, kept_basket
from kiosk.domain.card import issue_household_card
from kiosk.domain.counter import reprice_basket
from kiosk.domain.ledger_of_redemptions import redemption_ledger
from kiosk.domain.person import PersonNamed, person_of_card
from kiosk.domain.redemption import show_redemption
from kiosk.domain.report import Period
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.statement import show_account
from kiosk.domain.void import void_redemption
from kiosk.errors import Refused
from kiosk.locale import Texts
from kiosk.locale.entry import what_of
from kiosk.paper.slip import slip
from kiosk.paper.slip_content import redemption_content
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, Village

MOST = 5


class Shop:
    """A village with seven households of 20 points each; Chen Fang lives in the last and fetches for others."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.homes = [village.household(3, house, f"户{house}") for house in range(1, 8)]
        for home in self.homes:
            village.award(home, 2_000)
        self.chen = village.person(self.homes[-1], "陈芳")
        self.salt = village.goods("食盐", "06990103300302", 300)

    def collect(self, home: int, proxy: int | None = None) -> Redeemed:
        """Let Chen Fang, or somebody else, collect salt for a household."""
        holder = Holder(self.homes[home], "found", no_card_reason="proxy", proxy_id=proxy or self.chen)
        basket = (BasketLine(self.salt, 1),)
        return redeem_basket(self.village.store, holder, basket, now=self.village.now, by=self.village.operator)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop that is laid out once."""
    return Shop(tmp_path_factory.mktemp("made"))


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Shop:
    """A shop of its own for each test."""
    own = copy(made)
    own.village = made.village.copied(tmp_path / "desk")
    return own


def test_fact_slip_and_statement_name_who_collected_when_somebody_did(shop: Shop, tmp_path: Path) -> None:
    """The fact by the person's id; on paper the name is masked like the household's, in the ledger in full."""
    made, store = shop.collect(0), shop.village.store
    log, seq = origin_of(made.redemption_id)
    with store.read() as connection:
        fact = read(read_since(connection, VILLAGE, log, seq - 1, 1)[0])
    assert (fact.kind, fact.kv, fact.body["proxy"]) == ("redemption_made", 2, shop.chen)
    shown, texts = show_redemption(store, made.redemption_id), Texts("zh_CN")
    assert (shown.proxy_name, shown.redeemed.holder.proxy_id) == ("陈芳", shop.chen)
    printed = repr(slip(redemption_content(shown, "云岭村", "3组1号"), texts, 32))
    assert "代领人" in printed
    assert "陈芳" not in printed
    (entry, *_) = show_account(store, shop.homes[0]).entries
    assert (entry.proxy_name, entry.person_name) == ("陈芳", "陈芳")
    assert what_of(entry, texts) == "兑换 食盐（陈芳代领）"
    assert "陈芳" not in what_of(entry, texts, is_masked=True)
    assert [each.proxy for each in redemption_ledger(store, Period(DAY, DAY))] == ["陈芳"]
    found = recompute(store, tmp_path)
    assert (found.rows("redemptions")[made.redemption_id]["proxy"], found.faults) == (shop.chen, [])


def test_nothing_names_a_proxy_when_the_household_came_itself(shop: Shop) -> None:
    """And the fact is the one it always was."""
    holder = Holder(shop.homes[0], "card")
    village = shop.village
    made = redeem_basket(village.store, holder, (BasketLine(shop.salt, 1),), now=village.now, by=village.operator)
    log, seq = origin_of(made.redemption_id)
    with village.store.read() as connection:
        fact = read(read_since(connection, VILLAGE, log, seq - 1, 1)[0])
    assert (fact.kv, "proxy" in fact.body) == (1, False)
    (entry, *_) = show_account(village.store, shop.homes[0]).entries
    assert (entry.proxy_name, show_redemption(village.store, made.redemption_id).proxy_name) == (None, "")


def test_one_person_collects_for_few_households_a_day_when_somebody_fetches_for_all(shop: Shop) -> None:
    """Five are enough; again for one of the five is fine, a void makes room, and somebody else goes on."""
    made = [shop.collect(home) for home in range(MOST)]
    with pytest.raises(Refused, match="proxy_limit_reached") as refused:
        shop.collect(MOST)
    assert refused.value.parameters == {"name": "陈芳", "most": MOST}
    shop.collect(0)
    village = shop.village
    void_redemption(village.store, made[1].redemption_id, now=village.now, by=village.operator)
    shop.collect(MOST)
    wu = village.person(shop.homes[-1], "吴强")
    assert shop.collect(1, wu).points == 300


def test_a_card_names_who_collects_when_it_is_a_persons(shop: Shop) -> None:
    """A household's card names nobody, and nobody unknown collects."""
    village = shop.village
    assert person_of_card(village.store, village.card(shop.chen).number) == PersonNamed(shop.chen, "陈芳")
    blank = issue_household_card(village.store, shop.homes[0], now=village.now, by=village.operator)
    with pytest.raises(Refused, match="card_of_no_person"):
        person_of_card(village.store, blank.number)
    with pytest.raises(Refused, match="person_unknown"):
        shop.collect(0, shop.homes[0])


def test_who_collects_is_still_known_when_the_power_was_cut(shop: Shop) -> None:
    """The kept basket comes back with the name."""
    village = shop.village
    holder = Holder(shop.homes[0], "found", no_card_reason="proxy", proxy_id=shop.chen)
    keep_basket(village.store, KeptBasket(holder, (BasketLine(shop.salt, 1),)), now=village.now, by=village.operator)
    kept = kept_basket(village.store)
    assert kept is not None
    found = reprice_basket(village.store, kept).found
    assert found is not None
    assert (found.proxy_name, found.holder.proxy_id) == ("陈芳", shop.chen)
