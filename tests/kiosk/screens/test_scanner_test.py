"""What the scanner test tells."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from stdnum.iso7064 import mod_97_10

from kiosk.codes import command_number
from kiosk.screens.scanner_test import visible
from tests.screens import Desk, FixedKeeper, desk, make_station, standing_store

GOODS = "6901234567892"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Desk]:
    """The scanner test, open."""
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()))) as opened:
        await opened.open("scanner_test")
        yield opened


async def test_raw_keys_and_meaning_are_shown_when_a_keyboard_scanner_types(at: Desk) -> None:
    """Terminator, AIM identifier and the pauses between keys: what is needed to set a scanner up."""
    await at.type_fast(f"]E0{GOODS}\r", gap=0.008)
    assert "收到：]E06901234567892<CR>" in at.text()
    assert "内容：6901234567892（13 个字符）" in at.text()
    assert "]E0 EAN/UPC 商品码" in at.text()
    assert "最长间隔 8 毫秒，上限 50 毫秒" in at.text()
    assert "键盘口" in at.text()


async def test_only_the_last_scan_is_shown_when_there_were_several(at: Desk) -> None:
    """Keys of an earlier scan are not counted to this one."""
    await at.type_fast(f"1111111\r{GOODS}\r")
    assert "收到：6901234567892<CR>" in at.text()


async def test_control_characters_are_named_when_they_arrive(at: Desk) -> None:
    """A GS1 separator and a Tab are seen as such."""
    await at.type_fast(f"01{'0'}{GOODS}\x1d10AB\t")
    assert "<GS>10AB<TAB>" in at.text()


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (GOODS, "商品码 06901234567892"),
        ("6901234567893", "没读准"),
        ("2100042007505", "称重商品 00042，0.75 公斤"),
        ("hello", "不认识的码"),
        (command_number(5), "命令卡"),
        *(
            (body + mod_97_10.calc_check_digits(body), meaning)
            for body, meaning in (
                ("26012300000001", "个人卡"),
                ("27012300000001", "户卡"),
                ("25012300000001", "户册"),
                ("24012300000001", "0123 村"),
                ("28012300000001", "小票"),
                ("30012300000001", "工作证"),
            )
        ),
    ],
)
async def test_a_code_is_told_in_plain_words_when_scanned(at: Desk, text: str, meaning: str) -> None:
    """Every kind of code has its own words, and none does anything here."""
    await at.scan(text)
    assert meaning in at.text()
    assert at.refusal() is None


async def test_the_screen_is_empty_again_when_asked(at: Desk) -> None:
    """The star clears what was told."""
    await at.scan(GOODS)
    await at.keys("asterisk")
    assert "还没有扫到" in at.text()
    assert GOODS not in at.text()


async def test_what_was_told_stays_when_the_language_changes(at: Desk) -> None:
    """State is kept in the screen, not in its widgets."""
    await at.scan(GOODS)
    at.app.station.set(language="en")
    at.app.redraw()
    await at.until(lambda: "goods 06901234567892" in at.text())
    assert "Scanner test" in at.text()


def test_every_character_can_be_seen_when_written() -> None:
    """Nothing invisible stays invisible."""
    assert visible("a\x00\x1d\x7f\u200b\u3000中 ") == "a<NUL><GS><DEL><U+200B><U+3000>中 "


async def test_what_is_below_stays_on_the_screen_when_a_code_is_as_long_as_it_can_be(at: Desk) -> None:
    """Characters nobody sees are written out, eight for one; the rest is cut, and said to be."""
    await at.scan("\u200b" * 128)
    assert "…" in at.text()
    assert "（128个字符）" in "".join(at.text().split())
    assert "码制：" in at.text()


async def test_nothing_can_be_emptied_when_nothing_was_scanned(at: Desk) -> None:
    """The key is offered once it means something; a day is told only if the code has one."""
    assert "清空" not in at.lines()[-1]
    await at.scan(GOODS)
    assert "清空" in at.lines()[-1]
    assert "保质期" not in at.text()
    await at.scan(f"01{GOODS.zfill(14)}17270531", symbology="]C1")
    assert "商品码 06901234567892，保质期至 2027-05-31" in at.text()
