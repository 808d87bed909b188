"""The basket that outlives a power cut, and the one that waits while another household is served."""

from pathlib import Path

import pytest
from sqlalchemy import update

from db.engine import open_sqlite
from db.store import open_store, set_setting
from db.tables.statement import table_of
from db.tables.workspace import ParkedBasket
from kiosk.domain.basket import (
    OPEN_BASKET,
    BasketLine,
    Holder,
    KeptBasket,
    is_basket_parked,
    keep_basket,
    kept_basket,
    park_basket,
    unpark_basket,
)
from kiosk.errors import Refused
from tests.village import VILLAGE, Village

BASKET = KeptBasket(
    Holder(8, "book", no_card_reason="proxy"),
    (BasketLine(5, 1), BasketLine(6, 750), BasketLine(5, 2), BasketLine(5, -1)),
)
OTHER = KeptBasket(None, (BasketLine(5, 4),))


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village."""
    return Village(tmp_path / "desk")


def test_the_basket_on_the_counter_is_there_when_the_program_starts_again(village: Village) -> None:
    """Everything comes back as it was: for whom, how they were recognised, each step in its order."""
    keep_basket(village.store, OTHER, now=village.now, by=village.operator)
    keep_basket(village.store, BASKET, now=village.now, by=village.operator)
    village.close()
    store = open_store(open_sqlite(village.file))
    assert kept_basket(store) == BASKET


def test_nothing_comes_back_when_the_basket_was_emptied(village: Village) -> None:
    """Taking the last thing back is confirmed by nothing being there."""
    assert kept_basket(village.store) is None
    keep_basket(village.store, BASKET, now=village.now, by=village.operator)
    keep_basket(village.store, KeptBasket(BASKET.holder, ()), now=village.now, by=village.operator)
    assert kept_basket(village.store) is None


def test_a_parked_basket_survives_a_restart_when_put_aside(village: Village) -> None:
    """It leaves the counter, waits, and comes back to the counter unconfirmed."""
    keep_basket(village.store, BASKET, now=village.now, by=village.operator)
    park_basket(village.store, BASKET, now=village.now, by=village.operator)
    assert (kept_basket(village.store), is_basket_parked(village.store)) == (None, True)
    village.close()
    store = open_store(open_sqlite(village.file))
    assert unpark_basket(store, now=village.now, by=village.operator) == BASKET
    assert (kept_basket(store), is_basket_parked(store)) == (BASKET, False)


def test_one_basket_is_parked_at_most_when_a_second_is_put_aside(village: Village) -> None:
    """Two would be mixed up by the third household; the first stays as it was."""
    park_basket(village.store, BASKET, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="basket_parked_before"):
        park_basket(village.store, OTHER, now=village.now, by=village.operator)
    assert unpark_basket(village.store, now=village.now, by=village.operator) == BASKET


def test_parking_is_refused_when_there_is_nothing_to_park(village: Village) -> None:
    """Neither nothing can be put aside nor nothing brought back."""
    with pytest.raises(Refused, match="basket_empty"):
        park_basket(village.store, KeptBasket(BASKET.holder, ()), now=village.now, by=village.operator)
    with pytest.raises(Refused, match="no_basket_parked"):
        unpark_basket(village.store, now=village.now, by=village.operator)


@pytest.mark.parametrize(
    "text", ["{}", "no json", '{"holder": {"house": 1}, "steps": []}', '{"holder": null, "steps": [1]}']
)
def test_a_basket_nobody_can_read_is_no_basket_when_another_version_wrote_it(village: Village, text: str) -> None:
    """Nothing in it was confirmed, and a desk that cannot open its till is worse."""
    with village.store.write(now=village.now, by=village.operator) as act:
        set_setting(act.connection, VILLAGE, OPEN_BASKET, text)
    park_basket(village.store, BASKET, now=village.now, by=village.operator)
    with village.store.write(now=village.now, by=village.operator) as act:
        set_setting(act.connection, VILLAGE, OPEN_BASKET, text)
        act.connection.execute(update(table_of(ParkedBasket)).values(content=text))
    assert (kept_basket(village.store), is_basket_parked(village.store)) == (None, False)
    park_basket(village.store, OTHER, now=village.now, by=village.operator)
    assert unpark_basket(village.store, now=village.now, by=village.operator) == OTHER
