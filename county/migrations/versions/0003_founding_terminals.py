"""Whether a terminal was set up as its village's first."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; of those that are known already nobody can say."""
    op.add_column("terminal", sa.Column("founds", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
