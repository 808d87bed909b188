"""Version 1: frames of whole lines, signed messages, and what each side does next."""

from typing import Final

VERSION: Final = 1
