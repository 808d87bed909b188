"""What an examination of the hub finds, and whom it examines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from county.hub import Hub

SILENT_DAYS: Final = 3


class Level(StrEnum):
    """How bad a finding is: nothing to do, something to do soon, or the hub must be mended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What one check found: a sentence, what to do (empty where there is nothing to do), and the figures."""

    check: str
    level: Level
    text: str
    advice: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Patient:
    """A hub as the checks see it. `is_quick` leaves out what reads every village's tables."""

    hub: Hub
    home: Path
    is_quick: bool = False
    silent_days: int = SILENT_DAYS
