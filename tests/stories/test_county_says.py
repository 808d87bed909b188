"""The county says something in one file, and it is so at the desk: scheme, lost card, message, number of the rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from county.exceptions import list_exceptions, settle_exceptions
from county.hub import create_hub, open_engine
from county.publish import publish_file
from db import projections
from db.journal import Writer, append, last_seq
from kiosk.domain.basket import BasketLine
from kiosk.domain.counter import recognise_card
from kiosk.domain.county_word import list_words, mark_read
from kiosk.domain.points import recipient_of_card
from kiosk.domain.shop import redeem_basket
from kiosk.domain.waiting import count_waiting
from kiosk.errors import Refused
from kiosk.sync.client import Client
from kiosk.sync.session import Session, run_session
from tests.bodies import redemption
from tests.county.test_publish import LOST, MESSAGE, NUMBER, SCHEME, SETTING
from tests.hub import HubProcess, Served, let_in, served
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, seeded

ENOUGH_SECONDS = 30


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Served]:
    """A hub behind a port, its store in a folder where the officer's command finds it too."""
    home = tmp_path / "county"
    home.mkdir()
    hub = create_hub(open_engine(home), seeded("hub"))
    with served(hub) as running:
        yield running
    hub.close()


@pytest.fixture
def office(tmp_path: Path, county: Served) -> Iterator[StaffedOffice]:
    """A village that was let in and has reported."""
    made = office_in(tmp_path / "desk", StaffedOffice)
    let_in(made.store, county.hub, county.address)
    report(made, county)
    yield made
    made.close()


def report(office: StaffedOffice, county: Served) -> Session:
    """Report to the county and take in what it says."""
    with Client(county.address) as client:
        return run_session(office.store, client, office.now, lambda *_: None)


def written(folder: Path, text: str) -> Path:
    """A file of this text."""
    file = folder / "said.toml"
    file.write_text(text, "utf-8")
    return file


async def test_desk_does_as_the_county_says_when_it_has_reported(
    office: StaffedOffice, county: Served, tmp_path: Path
) -> None:
    """One file: the lost card is refused, the county's item is offered, its limit asks for a signature."""
    text = SCHEME + LOST.replace(NUMBER, office.wang_card) + MESSAGE + MESSAGE.replace('"0123"', '"all"') + SETTING
    text = text.replace("2026-12-01", "2026-11-01").replace("value = 5000", "value = 200")
    said = HubProcess(tmp_path / "county").run("publish", str(written(tmp_path, text)))
    assert said == "Published: 1 schemes, 2 items of schemes, 2 messages, 1 cards barred, 1 settings.\n"
    report(office, county)
    with office.store.read() as connection:
        assert (last_seq(connection, 0, 0), last_seq(connection, VILLAGE, 0)) == (4, 3)
    async with office.at_desk("till") as at:
        await at.scan(office.wang_card)
        assert (at.refusal(), "这张卡在县里的挂失名单上" in at.text()) == ("card_barred", True)
        await at.scan(office.wang_other_card)
        assert "王明" in at.text()
        await at.open("award")
        assert "扫路  3分" in at.text()
        await at.keys("1")
        await at.scan(office.li_card)
        await at.keys("plus")
    assert count_waiting(office.store) == 1
    assert_the_same(office, county)
    found = recompute(office.store, tmp_path)
    assert (found.faults, found.village["barred"]) == ([], [office.wang_card])


async def test_words_are_read_at_the_desk_when_the_county_sent_some(
    office: StaffedOffice, county: Served, tmp_path: Path
) -> None:
    """Home says that there are some, the waiting list shows them, one key each; the county sees that they were read."""
    publish_file(county.hub, written(tmp_path, MESSAGE + MESSAGE.replace('"0123"', '"all"')), seeded("county"))
    report(office, county)
    async with office.at_desk("home") as at:
        assert "县里有2件事要看" in at.text()
        await at.open("waiting_list")
        assert [words for words in ("周五开会", "县里 12-01 的消息") if words not in at.text()] == []
        await at.keys("plus")
        office.clock.advance(1_000)
        await at.keys("plus")
        assert "没有要签字的事" in at.text()
        await at.keys("minus")
        assert "县里有" not in at.text()
    assert list_words(office.store) == ()
    assert_the_same(office, county)
    assert [row["is_read"] for row in recompute(office.store, tmp_path).village["messages"]] == [True, True]


def assert_the_same(office: StaffedOffice, county: Served) -> None:
    """Both sides have the same tables when the village has reported."""
    report(office, county)
    assert county.projector.settle(ENOUGH_SECONDS)
    with office.store.read() as here, county.hub.read() as there:
        assert projections.digest(here, VILLAGE) == projections.digest(there, VILLAGE)


async def test_card_is_taken_again_when_the_county_has_cleared_it(
    office: StaffedOffice, county: Served, tmp_path: Path
) -> None:
    """Both must be clear: here the village never said anything against it; the card desk says what the county says."""
    lost = LOST.replace(NUMBER, office.wang_card)
    publish_file(county.hub, written(tmp_path, lost), seeded("county"))
    report(office, county)
    async with office.at_desk("card_desk") as at:
        await at.scan(office.wang_card)
        assert "县里已挂失" in at.text()
    publish_file(county.hub, written(tmp_path, lost.replace("lost", "found")), seeded("county"))
    report(office, county)
    async with office.at_desk("till") as at:
        await at.scan(office.wang_card)
        assert (at.refusal(), "王明" in at.text()) == (None, True)


def test_nothing_is_handed_out_when_the_word_comes_between_card_and_confirmation(
    office: StaffedOffice, county: Served, tmp_path: Path
) -> None:
    """The card is read again in the transaction that hands out; nor does it sign in or get points any more."""
    office.give(office.wang)
    salt = office.goods("食盐", "06990103300302", 300)
    holder = recognise_card(office.store, office.wang_card, "card").holder
    publish_file(county.hub, written(tmp_path, LOST.replace(NUMBER, office.wang_card)), seeded("county"))
    report(office, county)
    with pytest.raises(Refused) as caught:
        redeem_basket(office.store, holder, (BasketLine(salt, 1),), now=office.now, by=office.operator)
    assert (caught.value.code, office.balance(office.wang)) == ("card_barred", 500)
    with pytest.raises(Refused) as caught:
        recipient_of_card(office.store, office.wang_card, VILLAGE)
    assert caught.value.code == "card_barred"


def test_old_words_to_all_are_left_out_when_a_village_begins_later(
    office: StaffedOffice, county: Served, tmp_path: Path
) -> None:
    """Of before its first business day; what was said to the village itself stays."""
    own, old = MESSAGE.replace("2026-12-01", "2026-11-21"), MESSAGE.replace("2026-12-01", "2026-11-21")
    to_all = old.replace('"0123"', '"all"') + MESSAGE.replace('"0123"', '"all"').replace("2026-12-01", DAY)
    publish_file(county.hub, written(tmp_path, own + to_all), seeded("county"))
    report(office, county)
    assert [(word.is_common, word.day) for word in list_words(office.store)] == [(True, DAY), (False, "2026-11-21")]


def test_words_are_read_once_when_two_hands_press(office: StaffedOffice, county: Served, tmp_path: Path) -> None:
    """The second one is told."""
    publish_file(county.hub, written(tmp_path, MESSAGE), seeded("county"))
    report(office, county)
    (word,) = list_words(office.store)
    assert (word.words, word.day, word.is_common) == ("周五开会", "2026-12-01", False)
    mark_read(office.store, word, now=office.now, by=office.operator)
    with pytest.raises(Refused) as caught:
        mark_read(office.store, word, now=office.now, by=office.operator)
    assert caught.value.code == "county_word_read_before"


async def test_desk_reads_that_it_was_looked_at_when_the_county_settled_an_exception(
    office: StaffedOffice, county: Served
) -> None:
    """A copied device redeemed too: the county sees it below zero, a person settles it, the village reads so."""
    office.give(office.wang)
    report(office, county)
    with county.hub.write() as connection:
        copied = Writer(VILLAGE, 9, office.now, None, None, seeded("copy"))
        append(connection, copied, redemption(office.wang, 1, 7, 100, seat=2))
    assert [each.detail for each in list_exceptions(county.hub)["balance_overdrawn"]] == ["-200"]
    assert settle_exceptions(county.hub, "balance_overdrawn", (), "村里说明过", seeded("county")) == {VILLAGE: 1}
    assert list_exceptions(county.hub) == {}
    report(office, county)
    async with office.at_desk("waiting_list") as at:
        assert "县里已核对1处：分数成了负数" in at.text()
        assert "县里看过：村里说明过" in at.text()
        await at.keys("plus")
    assert list_words(office.store) == ()
