"""What the tests of the store share."""

from collections.abc import Iterator
from functools import cache

import pytest
from sqlalchemy import Engine

from db.engine import open_sqlite
from db.hub import create_hub_store
from db.store import Store
from tests.ledger import IN_MEMORY, copy_database, new_store
from tests.postgres import ONE_WORKER


@cache
def _empty_hub() -> Engine:
    engine = open_sqlite(IN_MEMORY)
    create_hub_store(engine)
    return engine


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store of the village that writes log 11."""
    made = new_store(11)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ONE_WORKER)])
def hub(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty hub store, on each of the two engines."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgres")
        return
    engine = open_sqlite(IN_MEMORY)
    copy_database(_empty_hub(), engine)
    yield engine
    engine.dispose()
