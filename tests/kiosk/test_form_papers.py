"""Paper for an hour without power on its way out: which forms get their numbers, and when."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import form_papers
from kiosk.clock import ManualClock
from kiosk.domain.form import forms_left
from kiosk.domain.goods import NewItem, register_item
from kiosk.domain.price import DatedPrice, set_price
from kiosk.errors import Refused
from kiosk.letterhead import village_of
from kiosk.outlet import Stick
from kiosk.paper import apart
from kiosk.paper.typeset import typeset
from kiosk.settings import Settings
from kiosk.station import Operator, Station
from tests.kiosk.paper.sheet import text_of
from tests.ready import Ready, later, ready_desk
from tests.screens import FixedKeeper, make_station
from tests.village import DAY


@pytest.fixture
def ready(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def station(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """Its station in a village without a name; pages are set in this program."""
    monkeypatch.setattr(apart, "typeset_apart", typeset)
    clock = ManualClock(later().at, mono=9_000_000)
    station = make_station(ready.home, keeper=FixedKeeper(ready.open()), settings=Settings(), clock=clock)
    station.store = station.keeper.open()
    station.operator = Operator(ready.known.operator, "周会计")
    yield station
    station.close()


def issued(station: Station) -> int:
    """How many forms have a number."""
    assert station.store is not None
    return sum(len(forms_left(station.store, use)) for use in form_papers.FORMS)


async def test_no_form_gets_a_number_when_the_page_cannot_be_drawn(station: Station, tmp_path: Path) -> None:
    """Goods with a character that no font has: refused with the name, and all numbers are still there."""
    await station.do(register_item, NewItem("食盐\U0001f9c2", "袋", ("06901234567892",), 300))
    with pytest.raises(Refused, match="glyph_missing"):
        await form_papers.put_out(station, Stick(tmp_path))
    assert issued(station) == 0


async def test_the_page_says_what_was_issued_when_a_price_changes_while_it_is_drawn(
    station: Station, ready: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is drawn once more: what stands on paper is what its numbers mean."""
    drawn = 0

    def slow(*given: object) -> bytes:
        nonlocal drawn
        drawn += 1
        if drawn == 1:
            assert station.store is not None
            set_price(station.store, ready.known.salt, DatedPrice(DAY, 900), now=later(), by=ready.known.operator)
        return typeset(*given)  # type: ignore[arg-type]  # because it is given what typeset is given

    monkeypatch.setattr(apart, "typeset_apart", slow)
    told = await form_papers.put_out(station, Stick(tmp_path))
    text = text_of((tmp_path / str(told.values["file"])).read_bytes())
    assert (drawn, issued(station), "9分/袋" in text, "0123" in text) == (2, 32, True, True)


async def test_paper_of_the_practice_desk_says_so_when_it_is_printed(station: Station) -> None:
    """Nobody takes it for a real one; a village without a name is known by its number."""
    assert village_of(station) == "0123"
    station.coach = object()  # type: ignore[assignment]  # because only whether there is one matters
    assert village_of(station) == "练习"
