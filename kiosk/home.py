"""Where the data folder is when nobody says so; apart from the settings in it, because every command asks this."""

import os
from pathlib import Path
from typing import Final

HOME_VARIABLE: Final = "KIOSK_HOME"


def default_home() -> Path:
    """Return the data folder that `KIOSK_HOME` names, or `kiosk` in the user's own data folder."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else Path.home() / ".local" / "share" / "kiosk"
