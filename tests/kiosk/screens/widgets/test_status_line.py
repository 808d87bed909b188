"""The top line: what the county has not heard of, and since when, is always there."""

from pathlib import Path

import pytest

from kiosk.health import Unsent
from kiosk.locale import CHINESE, ENGLISH, LANGUAGES, Texts
from kiosk.screens.widgets.unsent import age_of, sentences, short_words
from kiosk.settings import Settings
from kiosk.station import Operator, Station
from tests.screens import LARGE, NINE_O_CLOCK, SMALL, FixedKeeper, desk, make_station, standing_store

A_DAY = 24 * 3_600_000
TEN_TO_NINE = NINE_O_CLOCK - 600_000


class CountedStation(Station):
    """A station that knows what is unsent."""

    said = Unsent(12, TEN_TO_NINE - A_DAY)

    @property
    def unsent(self) -> Unsent:
        """What the test says."""
        return self.said


def counted(folder: Path, language: str, unsent: Unsent) -> CountedStation:
    """Give a station whose menu opens at once."""
    settings = Settings(language=language, village_name="云岭村")
    station = make_station(folder, keeper=FixedKeeper(standing_store()), settings=settings)
    station.__class__ = CountedStation
    assert isinstance(station, CountedStation)
    station.said = unsent
    return station


@pytest.mark.parametrize(
    ("last_at", "chinese", "english"),
    [
        (None, "待上报12·未报过", "Unsent 12, never yet"),
        (TEN_TO_NINE, "待上报12·08:50", "Unsent 12, 08:50"),
        (TEN_TO_NINE - A_DAY, "待上报12·昨天08:50", "Unsent 12, yesterday 08:50"),
        (TEN_TO_NINE - 3 * A_DAY, "待上报12·3天前", "Unsent 12, 3 days ago"),
        (TEN_TO_NINE + 2 * A_DAY, "待上报12·2026-11-24", "Unsent 12, 2026-11-24"),
    ],
)
def test_the_age_is_said_in_words_when_something_is_unsent(last_at: int | None, chinese: str, english: str) -> None:
    """Never, today's time, yesterday, so many days; a clock that was set back is not counted with."""
    for language, words in ((CHINESE, chinese), (ENGLISH, english)):
        assert short_words(Unsent(12, last_at), NINE_O_CLOCK, Texts(language), is_short=False) == words


def test_yesterday_is_the_day_before_when_midnight_has_just_passed() -> None:
    """Days are counted by the calendar, not by hours."""
    midnight = NINE_O_CLOCK - 9 * 3_600_000
    assert age_of(midnight - 1, midnight, Texts(CHINESE), is_short=True) == "昨天"
    assert age_of(midnight, midnight, Texts(CHINESE), is_short=True) == "00:00"


def test_the_sentences_calm_when_nothing_was_ever_sent() -> None:
    """How many, that it does no harm, and what will happen."""
    texts = Texts(CHINESE)
    assert sentences(Unsent(12, None), NINE_O_CLOCK, texts) == ("待上报12条，不影响使用", "还没上报过，联网后会报")
    assert sentences(Unsent(12, None, is_enrolled=True), NINE_O_CLOCK, texts)[1] == "还没上报过，用U盘上报"
    assert sentences(Unsent(12, None, is_enrolled=True, has_line=True), NINE_O_CLOCK, texts)[1].endswith("联网后会报")
    assert sentences(Unsent(0, TEN_TO_NINE), NINE_O_CLOCK, texts) == ("没有待上报的", "上次上报 08:50")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scanner", ["wedge", "missing"])
@pytest.mark.parametrize("printer", ["none", "ready", "paper_out", "cover_open", "offline", "silent"])
async def test_count_age_and_devices_fit_when_the_screen_is_small(
    tmp_path: Path, language: str, scanner: str, printer: str
) -> None:
    """At 80 columns, however long the other words are: the weekday goes first, then the village."""
    station = counted(tmp_path, language, Unsent(1_234, TEN_TO_NINE - A_DAY))
    station.operator = Operator(7, "欧阳光明")
    async with desk(station, SMALL) as at:
        at.devices.scanner_state, at.devices.printer_state = scanner, printer
        await at.open("settings")
        row = at.lines()[0]
        assert short_words(station.said, NINE_O_CLOCK, station.texts, is_short=True) in row
        for shown in (station.texts(f"common.scanner.{scanner}"), station.texts(f"common.printer.{printer}")):
            assert shown in row
        assert "22" in row


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everything_is_said_in_full_when_there_is_room(tmp_path: Path, language: str) -> None:
    """Village, weekday, operator, and the time of the last answer."""
    station = counted(tmp_path, language, Unsent(12, TEN_TO_NINE - A_DAY))
    async with desk(station, LARGE) as at:
        words = [short_words(station.said, NINE_O_CLOCK, station.texts, is_short=False), "云岭村", "李红"]
        assert [each for each in (*words, station.texts("common.weekday.7")) if each not in at.lines()[0]] == []


async def test_nothing_is_said_of_sending_when_it_is_the_demo_village(tmp_path: Path) -> None:
    """What is practised is never sent."""
    station = make_station(tmp_path, keeper=FixedKeeper(standing_store(9999)))
    async with desk(station) as at:
        assert "演示村" in at.lines()[0]
        assert "上报" not in at.lines()[0]
