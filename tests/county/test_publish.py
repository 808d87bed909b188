"""What the county publishes: everything that one file may say, once, all of it or nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from county.hub import Hub, create_hub, open_engine
from county.publish import READERS, Published, PublishError, publish_file
from county.registry import make_code
from db.journal import last_seq
from kiosk.codes import CodeType, mint
from kiosk.domain.shop_days import shop_day, weekdays_on
from tests.village import seeded

SALT = """
[[goods]]
code = "6990103300302"
name = "食盐"
unit = "袋"
points = {points}
from_day = 2026-12-01
"""
NUMBER = mint(CodeType.PERSON, 123, seeded("card"))
OTHER = mint(CodeType.HOUSEHOLD, 124, seeded("card"))
LIMIT = '[[limits]]\nvillage = "all"\ncode = "6990103300302"\nper = "month"\nmost = 2\nfrom_day = 2026-12-01\n'
LOST = f'[[lost_cards]]\nnumber = "{NUMBER}"\n'
FOUND = LOST.replace("lost", "found")
MESSAGE = '[[messages]]\nvillage = "0123"\nday = 2026-12-01\ntext = "周五开会"\n'
SETTING = '[[settings]]\nvillage = "0123"\nname = "award_limit_points"\nvalue = 5000\nfrom_day = 2026-12-01\n'
OPENING = '[[opening_days]]\nvillage = "all"\nweekdays = [5, 1, 5]\nfrom_day = 2026-12-01\n'
EXCHANGE = '[[exchange_days]]\nvillage = "0123"\nday = 2026-12-29\nis_held = true\n'
SCHEME = """
code = "huaxi"
audience = "household"
from_day = "2026-12-01"
zh = "全县积分办法"
en = "County scheme"
[rules]
base_points = 10000
honour_line_points = 15000
routine_cap_points = 3000
value_fen = 100
value_points = 100
[[earn_item]]
code = "sweep"
group = "environment"
zh = "扫路"
en = "Sweeping"
points = 300
[[earn_item]]
code = "plant"
group = "environment"
zh = "种树"
en = "Planting"
points = 500
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty hub on SQLite that knows two villages."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    know(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def quiet_hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """A hub to which nothing is said."""
    made = create_hub(open_engine(tmp_path_factory.mktemp("quiet")), seeded("hub"))
    know(made)
    return made


def know(hub: Hub) -> None:
    """Give two villages a code."""
    with hub.write() as connection:
        for village in (123, 124):
            make_code(connection, village, hub.now(), seeded(f"code {village}"))


def publish(hub: Hub, folder: Path, text: str) -> Published:
    """Publish a file of this text."""
    file = folder / "said.toml"
    file.write_text(text, "utf-8")
    return publish_file(hub, file, seeded("county"))


def lines(hub: Hub) -> tuple[int, int, int]:
    """How many lines the county said to all, and to each of the two villages."""
    with hub.read() as connection:
        return last_seq(connection, 0, 0), last_seq(connection, 123, 0), last_seq(connection, 124, 0)


def test_goods_are_published_once_when_the_same_file_comes_again(hub: Hub, tmp_path: Path) -> None:
    """New goods, nothing, then a price alone, then a name."""
    assert publish(hub, tmp_path, SALT.format(points="3")).counts == {"new goods": 1, "prices": 1}
    assert str(publish(hub, tmp_path, SALT.format(points="3"))) == "nothing new"
    assert publish(hub, tmp_path, SALT.format(points='"2.5"')).counts == {"prices": 1}
    renamed = publish(hub, tmp_path, SALT.format(points='"2.5"').replace("食盐", "加碘食盐"))
    assert (renamed["goods named anew"], renamed["prices"]) == (1, 0)
    assert lines(hub) == (4, 0, 0)


def test_each_is_said_where_it_belongs_when_a_file_mixes_everything(any_hub: Hub, tmp_path: Path) -> None:
    """Goods and the scheme to all, card, message and number to the village; the same file again says nothing."""
    know(any_hub)
    file = SCHEME + SALT.format(points="3") + LOST + MESSAGE + SETTING + MESSAGE.replace("0123", "all")
    done = publish(any_hub, tmp_path, file)
    assert done.counts == {
        "schemes": 1, "items of schemes": 2, "new goods": 1, "prices": 1, "messages": 2, "cards barred": 1,
        "settings": 1,
    }  # fmt: skip
    assert lines(any_hub) == (6, 3, 0)
    assert str(publish(any_hub, tmp_path, file)) == "nothing new"
    assert lines(any_hub) == (6, 3, 0)


def test_item_ends_when_a_scheme_leaves_it_out(hub: Hub, tmp_path: Path) -> None:
    """What differs is said, and no more; a scheme may also lie in a file of its own."""
    (tmp_path / "huaxi.toml").write_text(SCHEME, "utf-8")
    named = '[[schemes]]\nfile = "huaxi.toml"\n'
    assert publish(hub, tmp_path, named)["items of schemes"] == 2
    assert str(publish(hub, tmp_path, SCHEME)) == "nothing new"
    shorter = SCHEME[: SCHEME.rindex("[[earn_item]]")]
    assert publish(hub, tmp_path, shorter).counts == {"schemes": 1, "items of schemes": 1}
    with pytest.raises(PublishError, match="name a later day"):
        publish(hub, tmp_path, SCHEME.replace("2026-12-01", "2026-11-30", 1) + SALT.format(points="3"))
    assert lines(hub) == (5, 0, 0)


def test_limit_is_published_once_and_ended_when_files_say_so(hub: Hub, tmp_path: Path) -> None:
    """Of goods and of all goods, for all and for one village; a festival has its last day; nought ends it."""
    points = LIMIT.replace("6990103300302", "all").replace('"all"\ncode', '"0123"\ncode')
    festival = LIMIT.replace("month", "festival") + "until_day = 2026-12-07\n"
    file = SALT.format(points="3") + LIMIT + points + festival
    assert publish(hub, tmp_path, file)["limits"] == 3
    assert str(publish(hub, tmp_path, file)) == "nothing new"
    assert publish(hub, tmp_path, LIMIT.replace("most = 2", "most = 0")).counts == {"limits": 1}
    assert publish(hub, tmp_path, festival.replace("12-07", "12-09")).counts == {"limits": 1}
    assert lines(hub) == (6, 1, 0)


def test_shop_is_open_as_the_county_says_when_it_published_days(hub: Hub, tmp_path: Path) -> None:
    """Days of the week for all, others for one village, an exchange day, one called off; the same file says nothing."""
    own = OPENING.replace('"all"', '"0123"').replace("[5, 1, 5]", "[2]").replace("12-01", "12-08")
    file = OPENING + own + EXCHANGE
    assert publish(hub, tmp_path, file).counts == {"opening days": 2, "exchange days": 1}
    assert str(publish(hub, tmp_path, file)) == "nothing new"
    with hub.read() as connection:
        assert [weekdays_on(connection, 123, f"2026-{day}") for day in ("11-30", "12-07", "12-08")] == [
            None,
            {1, 5},
            {2},
        ]
        assert set(weekdays_on(connection, 124, "2026-12-08") or ()) == {1, 5}
        assert shop_day(connection, 123, "2026-12-14").next_open_day == "2026-12-15"
        assert shop_day(connection, 123, "2026-12-29").is_exchange_day
    off = EXCHANGE.replace("true", "false")
    assert publish(hub, tmp_path, off).counts == {"exchange days": 1}
    assert str(publish(hub, tmp_path, off + off.replace("12-29", "12-30"))) == "nothing new"
    with hub.read() as connection:
        assert not shop_day(connection, 123, "2026-12-29").is_exchange_day
    assert lines(hub) == (1, 3, 0)


def test_card_is_cleared_and_barred_again_when_files_say_so(hub: Hub, tmp_path: Path) -> None:
    """What was never on the list is not taken off it."""
    assert str(publish(hub, tmp_path, FOUND)) == "nothing new"
    assert publish(hub, tmp_path, LOST)["cards barred"] == 1
    assert str(publish(hub, tmp_path, LOST)) == "nothing new"
    assert publish(hub, tmp_path, FOUND)["cards cleared"] == 1
    assert publish(hub, tmp_path, LOST + LOST.replace(NUMBER, OTHER))["cards barred"] == 2
    assert lines(hub) == (0, 3, 1)


def test_number_is_said_again_when_it_would_not_hold_otherwise(hub: Hub, tmp_path: Path) -> None:
    """Back to an earlier number from a later day on."""
    assert publish(hub, tmp_path, SETTING)["settings"] == 1
    assert publish(hub, tmp_path, SETTING.replace("5000", "6000"))["settings"] == 1
    assert publish(hub, tmp_path, SETTING.replace("2026-12-01", "2027-01-01"))["settings"] == 1
    assert str(publish(hub, tmp_path, SETTING.replace("2026-12-01", "2027-02-01"))) == "nothing new"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[goods]", "cannot be read"),
        ("goods = 3\n", r"write \[\[goods\]\]"),
        (SALT.format(points="3") + "[more]", "more is nothing the county publishes"),
        (SALT.format(points="3").replace("unit", "units"), "must say"),
        (SALT.format(points="3").replace("302", "303"), "is no barcode"),
        (SALT.format(points='"three"'), "like 3 or 2.5"),
        (SALT.format(points="-1"), "between 0"),
        (SALT.format(points='"0.001"'), "two decimals"),
        (SALT.format(points="inf"), "between 0"),
        (SALT.format(points="3").replace("2026-12-01", '"soon"'), "a day like"),
        (SALT.format(points="3").replace('"食盐"', '""'), "a text in quotes"),
        (SALT.format(points="3") * 2, r"\[\[goods\]\] row 2: the same code"),
        (LIMIT, "no goods were published with the code 06990103300302"),
        (LIMIT.replace("month", "week"), "per must be one of visit, day"),
        (LIMIT.replace("month", "festival"), "it must say .*until_day"),
        (LIMIT.replace("= 2\n", "= -2\n"), "most must be"),
        (LIMIT.replace("month", "festival") + "until_day = 2026-11-30\n", "until_day lies before"),
        *((OPENING.replace("[5, 1, 5]", days), "weekdays must be") for days in ("[]", "[0]", "[8]", "[true]", "5")),
        (EXCHANGE.replace('"0123"', '"all"'), "village must be"),
        (EXCHANGE.replace("true", "1"), "is_held must be"),
        (LOST.replace(NUMBER[-1], "x"), "is no card's number"),
        (LOST + LOST.replace("lost", "found"), r"\[\[found_cards\]\] row 1: the same card"),
        (LOST.replace(NUMBER, mint(CodeType.OPERATOR, 123, seeded("b"))), "is no card's number"),
        (LOST.replace(NUMBER, mint(CodeType.PERSON, 999, seeded("b"))), "nobody knows village 0999"),
        (MESSAGE.replace('"0123"', '"many"'), "village must be"),
        (MESSAGE.replace('"0123"', "true"), "village must be"),
        (MESSAGE.replace("周五", "周" * 300), "at most 300"),
        (SETTING.replace("award_limit", "fast_scan"), "nothing the county sets: use award_limit_points"),
        (SETTING.replace("5000", "-1"), "from 100 to"),
        (SETTING.replace("5000", "true"), "from 100 to"),
        ('[[schemes]]\nfile = "gone.toml"', "no file"),
        (SCHEME.replace("\npoints = 300", "\npoints = -300"), "sweep has -300"),
        (SCHEME.replace('code = "plant"', 'code = "sweep"'), "stands there twice"),
        (SCHEME.replace('zh = "扫路"\n', ""), "does not say zh"),
        (SCHEME.replace('en = "Sweeping"', 'en = "Sweeping"\nheight = 3'), "which no scheme says"),
        (SCHEME.replace("base_points = 10000", "base_points = 1.5"), "which cannot be"),
    ],
)
def test_nothing_is_published_when_a_row_cannot_be(quiet_hub: Hub, tmp_path: Path, text: str, sentence: str) -> None:
    """The sentence names table and row; what is right beside it stays unsaid."""
    with pytest.raises(PublishError, match=sentence):
        publish(quiet_hub, tmp_path, text + "\n" + LOST.replace(NUMBER, OTHER))
    assert lines(quiet_hub) == (0, 0, 0)


def test_nothing_is_published_when_a_file_is_empty(quiet_hub: Hub, tmp_path: Path) -> None:
    """It says what it could have said."""
    with pytest.raises(PublishError, match=r"says nothing.*\[\[messages\]\]"):
        publish(quiet_hub, tmp_path, "# nothing yet")


def test_every_wrong_row_is_named_when_there_are_several(hub: Hub, tmp_path: Path) -> None:
    """One reading is enough to mend the file."""
    with pytest.raises(PublishError) as caught:
        publish(hub, tmp_path, LOST + LOST.replace(NUMBER, "1") + MESSAGE.replace("0123", "0"))
    assert [str(fault)[:22] for fault in caught.value.faults] == ["[[lost_cards]] row 2: ", "[[messages]] row 1: vi"]


def test_every_word_is_said_once_when_two_officers_publish_at_the_same_moment(any_hub: Hub, tmp_path: Path) -> None:
    """Both write in one log: whoever comes second begins anew, and neither notices."""
    know(any_hub)

    def send(officer: int) -> int:
        done = 0
        for number in range(6):
            folder = tmp_path / f"{officer}-{number}"
            folder.mkdir()
            done += publish(any_hub, folder, MESSAGE.replace("周五", f"{officer}号第{number}次"))["messages"]
        return done

    with ThreadPoolExecutor(2) as officers:
        assert sum(officers.map(send, (1, 2))) == 12
    assert lines(any_hub) == (0, 12, 0)


def test_page_for_officers_shows_what_may_be_published(hub: Hub, tmp_path: Path) -> None:
    """Its example is a file: every table the program knows, and each row can be."""
    page = (Path(__file__).parents[2] / "docs" / "county-officer.md").read_text("utf-8")
    shown = [line.removeprefix("    ") for line in page.splitlines() if line.startswith("    ") or not line]
    text = "\n".join(shown)
    text = text[text.index("[[goods]]") :]
    example = text[: text.index("county exceptions")]
    example = "\n".join(line for line in example.splitlines() if not line.startswith("county "))
    (tmp_path / "huaxi.toml").write_text(SCHEME, "utf-8")
    assert {f"[[{table}]]" for table in READERS} <= set(example.replace("#", " ").split())
    done = publish(hub, tmp_path, example)
    assert (done["new goods"], done["schemes"], done["messages"], done["settings"]) == (1, 1, 1, 1)
