"""The settings file of a terminal."""

import os
from pathlib import Path

import pytest

from kiosk.errors import BadInput, NotWritable
from kiosk.settings import Settings, load_settings, save_settings, set_aside


def write(folder: Path, text: str) -> Path:
    """Put a settings file into ``folder``."""
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_hold_when_there_is_no_file(tmp_path: Path) -> None:
    """A desk works before anybody has set anything."""
    assert load_settings(tmp_path) == Settings()


def test_settings_come_back_when_they_were_saved(tmp_path: Path) -> None:
    """What one start saves the next one has."""
    chosen = Settings().changed(
        language="en", theme="dark", is_large=True, village_name="云岭村", scanner_gap_milliseconds=80
    )
    save_settings(tmp_path, chosen)
    assert load_settings(tmp_path) == chosen


def test_unknown_keys_and_comments_stay_when_settings_are_saved(tmp_path: Path) -> None:
    """A later version's settings survive a visit of this one."""
    file = write(tmp_path, '# by the installer\nlanguage = "en"\nshelf_scale = "COM3"\n[later]\ndepth = 2\n')
    save_settings(tmp_path, load_settings(tmp_path).changed(theme="dark"))
    text = file.read_text(encoding="utf-8")
    assert "# by the installer" in text
    assert 'shelf_scale = "COM3"' in text
    assert "depth = 2" in text
    assert load_settings(tmp_path).theme == "dark"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("language = ", "settings_unreadable"),
        ("\x00", "settings_unreadable"),
        ('language = "fr"', "settings_value"),
        ('theme = "purple"', "settings_value"),
        ('is_large = "yes"', "settings_value"),
        ("is_large = 1", "settings_value"),
        ("scanner_gap_milliseconds = 0", "settings_value"),
        ("scanner_gap_milliseconds = 9000", "settings_value"),
        ("scanner_gap_milliseconds = 50.5", "settings_value"),
        ('scanner_prefix = "ab"', "settings_value"),
        ("scanner_gap_milliseconds = -1", "settings_value"),
        ('village_name = "a\\u0007b"', "settings_value"),
    ],
)
def test_a_file_is_refused_with_its_reason_when_it_holds_nonsense(tmp_path: Path, text: str, code: str) -> None:
    """A bad value never becomes a surprising desk."""
    write(tmp_path, text)
    with pytest.raises(BadInput) as refused:
        load_settings(tmp_path)
    assert refused.value.code == code


def test_bytes_that_are_no_utf8_are_refused_when_the_file_is_read(tmp_path: Path) -> None:
    """A file saved in another encoding gets the same clear answer."""
    (tmp_path / "settings.toml").write_bytes('village_name = "云岭"'.encode("gb18030"))
    with pytest.raises(BadInput, match="settings_unreadable"):
        load_settings(tmp_path)


def test_a_bad_file_is_kept_under_another_name_when_it_is_set_aside(tmp_path: Path) -> None:
    """Going on with defaults loses nothing an installer wrote."""
    write(tmp_path, "language = ")
    aside = set_aside(tmp_path)
    assert aside.read_text(encoding="utf-8") == "language = "
    assert load_settings(tmp_path) == Settings()


def test_saving_is_refused_when_the_folder_is_gone(tmp_path: Path) -> None:
    """A change that is not on the disk is not reported as saved."""
    with pytest.raises(NotWritable, match="settings_not_written"):
        save_settings(tmp_path / "missing", Settings())


def test_the_old_file_stands_when_writing_breaks_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut while saving leaves the settings of before, whole."""
    save_settings(tmp_path, Settings(village_name="云岭村"))

    def fail(_descriptor: int) -> None:
        raise OSError

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(NotWritable):
        save_settings(tmp_path, Settings(village_name="石桥村"))
    assert load_settings(tmp_path).village_name == "云岭村"
