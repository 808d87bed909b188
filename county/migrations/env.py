"""Alembic runs its steps on the connection, and so in the transaction, that `upgrade` was given."""

from alembic import context

from county.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], transaction_per_migration=False, version_table=VERSION_TABLE
)
context.run_migrations()
