"""Figures that fault tests print: `record_property("figure", sentence)` shows a sentence at the end of the run."""

from collections.abc import Callable
from typing import TypeAlias

Recorder: TypeAlias = Callable[[str, object], None]
"""What pytest's `record_property` is."""
