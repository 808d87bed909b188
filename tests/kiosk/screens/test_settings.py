"""The settings screen."""

from pathlib import Path

from kiosk.settings import load_settings
from tests.screens import FixedKeeper, desk, make_station, standing_store


async def test_a_setting_holds_at_once_and_later_when_its_digit_is_pressed(tmp_path: Path) -> None:
    """Language, colours and size change on the open screen, and digits go on working after each."""
    station = make_station(tmp_path, keeper=FixedKeeper(standing_store()))
    async with desk(station) as at:
        await at.open("settings")
        await at.keys("1")
        await at.until(lambda: "Settings: a digit switches" in at.text())
        await at.keys("2")
        await at.until(lambda: at.app.theme == "dark")
        await at.keys("3")
        await at.until(lambda: at.app.has_class("-large"))
        await at.keys("4")
        await at.until(lambda: "bell only" in at.text())
        await at.keys("minus")
        await at.until(lambda: "What is to be done" in at.text())
    saved = load_settings(tmp_path)
    assert (saved.language, saved.theme, saved.is_large, saved.sound) == ("en", "dark", True, "bell")


async def test_a_refusal_is_shown_when_a_setting_cannot_be_saved(tmp_path: Path) -> None:
    """What is not on the disk is not pretended."""
    station = make_station(tmp_path, keeper=FixedKeeper(standing_store()))
    (tmp_path / "settings.toml").mkdir()
    async with desk(station) as at:
        await at.open("settings")
        await at.keys("2")
        assert at.refusal() == "settings_unreadable"
