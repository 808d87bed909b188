"""An invented village with invented people, for trying the terminal out and for tests."""

from typing import Final

VILLAGE: Final = 9999
"""The village of every demo store; enrolment, sync and stick refuse it."""
