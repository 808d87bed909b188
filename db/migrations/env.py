"""Alembic runs its steps on the connection, and so in the transaction, that `upgrade` was given."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
