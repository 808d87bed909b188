"""The store of the county: the same journal and projections as a terminal's, for all villages, with no log of its own.

Lines go in with `journal.store`, one transaction a log, and are acknowledged; `projections.project` follows, one
transaction a village. Guards belong to desks, and append-only is a matter of the database role.
"""

from sqlalchemy import Engine

from db import migrations, projections
from db.engine import create_triggers, transaction


def create_hub_store(engine: Engine) -> None:
    """Lay out an empty store for many villages."""
    with transaction(engine, is_write=True) as connection:
        migrations.upgrade(connection)
        create_triggers(connection)
        projections.create_projections(connection)
