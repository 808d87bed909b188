"""Hub stores on both engines, emptied for every delivery."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from tests.postgres import ONE_WORKER, Server
from tests.properties.delivery import Target, sqlite_target


@pytest.fixture(scope="module")
def sqlite() -> Target:
    """A hub store on SQLite."""
    return sqlite_target()


@pytest.fixture(scope="module")
def postgresql(postgres_server: Server) -> Iterator[Target]:
    """A hub store on PostgreSQL; its one connection is kept, because hundreds of deliveries would open thousands."""
    with postgres_server.database() as engine:
        kept = create_engine(engine.url, poolclass=StaticPool, isolation_level="REPEATABLE READ")
        yield Target(kept)
        kept.dispose()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=ONE_WORKER)])
def target(request: pytest.FixtureRequest) -> Target:
    """A hub store on each of the two engines."""
    found: Target = request.getfixturevalue(request.param)
    return found
