"""Numbered migrations of what the hub knows beside the store; a chain of its own, because a terminal has none of it."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

HEAD: Final = "0003"
VERSION_TABLE: Final = "county_version"


def current_version(connection: Connection) -> str | None:
    """Return the migration the registry stands at, or None where no migration has run."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one_or_none()  # noqa: S608  because the name is ours
    return version


def upgrade(connection: Connection, to: str = HEAD) -> None:
    """Bring the registry to a version, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
