"""What one terminal is set to: a TOML file in its data folder, written by the settings screen and by installers.

Machine matters only. Numbers of the village (limits, expiry, late minutes) are dated rules and never stand here.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, Self

from db.durable import write_durably
from kiosk.errors import BadInput, NotWritable

FILE_NAME: Final = "settings.toml"
LIGHT: Final = "light"
DARK: Final = "dark"
SOUNDS: Final = ("tones", "bell", "silent")

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {"language": ("zh_CN", "en"), "theme": (LIGHT, DARK), "sound": SOUNDS}
_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "scanner_gap_milliseconds": (5, 500),
    "lock_minutes": (0, 60),
}


@dataclass(frozen=True)
class Settings:
    """The settings of one terminal; every field has a value that works on a desk without a file.

    ``scanner_gap_milliseconds`` is the longest pause inside one scan; ``scanner_prefix`` a character the scanner is
    set to send first, or nothing; ``scanner_port`` a serial device, or nothing for a keyboard scanner;
    ``slip_printer`` a printer target as ``kiosk.devices.printer`` names it; ``lock_minutes`` without a key or a scan
    lock the desk, 0 never does.
    """

    language: str = "zh_CN"
    theme: str = LIGHT
    is_large: bool = False
    sound: str = "tones"
    village_name: str = ""
    help_phone: str = ""
    scanner_gap_milliseconds: int = 50
    scanner_prefix: str = ""
    scanner_port: str = ""
    slip_printer: str = ""
    lock_minutes: int = 3

    def changed(self, **values: Any) -> Self:  # noqa: ANN401  because each value is checked against its own field
        """Give a copy with some values changed. Raises BadInput for a value that its field does not take."""
        for name, value in values.items():
            _check(name, value)
        return replace(self, **values)


def load_settings(folder: Path) -> Settings:
    """Read the settings of ``folder``; without a file they are the defaults.

    Raises BadInput ``settings_unreadable`` (not TOML) or ``settings_value`` (a value its field does not take).
    """
    known = {field.name for field in fields(Settings)}
    return Settings().changed(**{name: value for name, value in _read(folder / FILE_NAME).items() if name in known})


def save_settings(folder: Path, settings: Settings) -> None:
    """Write the settings of ``folder`` in one step; keys this version does not know, and comments, are kept.

    Raises NotWritable ``settings_not_written``, and BadInput if the file that is there cannot be read.
    """
    import tomlkit

    file = folder / FILE_NAME
    _read(file)
    document = tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()
    defaults = asdict(Settings())
    for name, value in asdict(settings).items():
        if name in document or value != defaults[name]:
            document[name] = value
    try:
        write_durably(file, tomlkit.dumps(document).encode())
    except OSError as error:
        raise NotWritable("settings_not_written", file=str(file)) from error


def set_aside(folder: Path) -> Path:
    """Rename a settings file that cannot be read, so that the terminal starts with defaults; give its new name."""
    file = folder / FILE_NAME
    aside = file.with_suffix(".bad")
    try:
        file.replace(aside)
    except OSError as error:
        raise NotWritable("settings_not_written", file=str(file)) from error
    return aside


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadInput("settings_unreadable", file=str(file), detail=str(error)) from error


def _check(name: str, value: object) -> None:
    expected = type(getattr(Settings, name))
    if type(value) is not expected or not _is_allowed(name, value):
        raise BadInput("settings_value", name=name, value=str(value))


def _is_allowed(name: str, value: object) -> bool:
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name in _RANGES and isinstance(value, int):
        least, most = _RANGES[name]
        return least <= value <= most
    if name == "scanner_prefix":
        return isinstance(value, str) and len(value) <= 1
    return not isinstance(value, str) or value.isprintable()
