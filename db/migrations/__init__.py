"""Numbered migrations of journal, private texts and workspace; projections and guards are rebuilt instead.

Reading the version needs one SELECT; Alembic itself is imported only when there is something to do.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

HEAD: Final = "0001"


def current_version(connection: Connection) -> str | None:
    """Return the migration this store stands at, or None where there is no store yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return version


def upgrade(connection: Connection, to: str = HEAD) -> None:
    """Bring journal, private texts and workspace to a version, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
