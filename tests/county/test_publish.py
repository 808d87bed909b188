"""What the county publishes: goods and prices, once, for all villages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from county.hub import Hub, create_hub, open_engine
from county.publish import Published, PublishError, publish_file
from db.journal import last_seq
from tests.village import seeded

SALT = """
[[goods]]
code = "6990103300302"
name = "食盐"
unit = "袋"
points = {points}
from_day = 2026-12-01
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty hub on SQLite."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    yield made
    made.close()


def publish(hub: Hub, folder: Path, text: str) -> Published:
    """Publish a file of this text."""
    file = folder / "goods.toml"
    file.write_text(text, "utf-8")
    return publish_file(hub, file, seeded("county"))


def test_goods_are_published_once_when_the_same_file_comes_again(hub: Hub, tmp_path: Path) -> None:
    """New goods, nothing, then a price alone."""
    assert publish(hub, tmp_path, SALT.format(points="3")) == Published(1, 0, 1)
    assert publish(hub, tmp_path, SALT.format(points="3")) == Published(0, 0, 0)
    assert publish(hub, tmp_path, SALT.format(points='"2.5"')) == Published(0, 0, 1)
    assert publish(hub, tmp_path, SALT.format(points='"2.5"').replace("食盐", "加碘食盐")) == Published(0, 1, 0)
    with hub.read() as connection:
        assert last_seq(connection, 0, 0) == 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[goods]", "cannot be read"),
        ("goods = 3", "tables"),
        (SALT.format(points="3") + "[more]", "nothing else"),
        (SALT.format(points="3").replace("unit", "units"), "must say"),
        (SALT.format(points="3").replace("302", "303"), "is no barcode"),
        (SALT.format(points='"three"'), "like 3 or 2.5"),
        (SALT.format(points="-1"), "between 0"),
        (SALT.format(points='"0.001"'), "two decimals"),
        (SALT.format(points="inf"), "between 0"),
        (SALT.format(points="3").replace("2026-12-01", '"soon"'), "a day like"),
        (SALT.format(points="3").replace('"食盐"', '""'), "short text"),
        (SALT.format(points="3") * 2, "same code"),
    ],
)
def test_file_is_refused_when_a_row_cannot_be(hub: Hub, tmp_path: Path, text: str, sentence: str) -> None:
    """The sentence names the row; nothing of the file is published."""
    with pytest.raises(PublishError, match=sentence):
        publish(hub, tmp_path, text)
    with hub.read() as connection:
        assert last_seq(connection, 0, 0) == 0
