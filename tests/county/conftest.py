"""A hub on both engines."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from county.hub import Hub, create_hub, open_engine
from tests.postgres import ONE_WORKER
from tests.village import seeded

if TYPE_CHECKING:
    from tests.postgres import Server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ONE_WORKER)])
def any_hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    """An empty hub on SQLite, and one on PostgreSQL."""
    if request.param == "sqlite":
        hub = create_hub(open_engine(tmp_path), seeded("hub"))
        yield hub
        hub.close()
        return
    server: Server = request.getfixturevalue("postgres_server")
    with server.database() as engine:
        yield create_hub(engine, seeded("hub"))
