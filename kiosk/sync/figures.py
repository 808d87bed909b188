"""What the county is told of the desk at every report. Measuring it is the caller's matter: reporting knows no shop."""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import Connection

from db.store import Store

Figures: TypeAlias = Callable[[Connection, Store], dict[str, int]]
"""Measures the desk for the county, by the names of `db.wire.v1.figures`; whole numbers, and no name of anything."""


def no_figures(_connection: Connection, _store: Store) -> dict[str, int]:
    """Tell the county nothing of the desk."""
    return {}
